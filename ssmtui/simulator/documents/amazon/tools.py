"""Documents that look for trouble: support, checks and logs."""

from __future__ import annotations

from ssmtui.simulator.documents.making import command, script, text
from ssmtui.simulator.documents.model import EVERYWHERE, LINUX, WINDOWS, Document

_BUCKET = text("S3BucketName", "The bucket for what is collected", "")


def documents() -> list[Document]:
    return [
        command(
            "AWSSupport-CheckDiskSpace",
            "Say which file systems are nearly full",
            LINUX,
            (text("Threshold", "Percent from which on a file system is too full", "90",
                  pattern=r"^[1-9][0-9]?$"),),
            script(
                "full=$(df -P | awk 'NR > 1 && int($5) >= {{ Threshold }} {print $6, $5}')",
                'if [ -n "$full" ]; then echo "$full"; exit 1; fi',
                'echo "All file systems are below {{ Threshold }}%"',
                name="checkDiskSpace",
            ),
        ),
        command(
            "AWSSupport-CollectSystemInformation",
            "Collect what support asks for first: versions, load, disks, the latest errors",
            LINUX,
            (text("LogLines", "Lines of the journal", "20", pattern=r"^\d{1,3}$"),),
            script("uname -a", "cat /etc/os-release", name="system"),
            script("uptime", "free -m", "df -h", name="load"),
            script("journalctl -p err -n {{ LogLines }} --no-pager", name="journal"),
        ),
        command(
            "AWSSupport-RunEC2RescueForWindowsTool",
            "Check and repair Windows with EC2Rescue",
            WINDOWS,
            (
                text("Command", "What to do", "CheckAll",
                     ("CheckAll", "FixAll", "CollectLogs", "ResetAccess")),
                text("Parameters", "The tool's parameters", ""),
            ),
            script('Write-Output "EC2Rescue {{ Command }}: no problem was found."',
                   platform="Windows"),
        ),
        command(
            "AWSSupport-SetupIPMonitoringFromVPC",
            "Measure the way from this node to addresses",
            LINUX,
            (text("TargetIPs", "The addresses, separated by commas"), _BUCKET),
            script("for ip in $(echo '{{ TargetIPs }}' | tr ',' ' '); do",
                   "  ping -c 3 $ip",
                   "done"),
        ),
        command(
            "AWS-RunInspecChecks",
            "Run InSpec profiles and report compliance",
            EVERYWHERE,
            (text("sourceType", "The kind of source", "S3", ("GitHub", "S3")),
             text("sourceInfo", "Where the profile is, as JSON", "{}", display="textarea")),
            script("inspec exec '{{ sourceInfo }}'", name="runInspecLinux", platform="Linux"),
            script("inspec exec '{{ sourceInfo }}'", name="runInspecMacOS", platform="MacOS"),
            script("inspec exec '{{ sourceInfo }}'", name="runInspecWindows", platform="Windows"),
        ),
        command(
            "AWS-RunSaltState",
            "Apply a Salt state",
            LINUX,
            (text("stateurl", "The address of the state"),
             text("pillars", "Pillars as JSON", "{}"),
             text("test", "Only say what would be changed", "False", ("True", "False"))),
            script("command -v salt-call >/dev/null || "
                   "{ echo 'salt-call: command not found' >&2; exit 127; }"),
        ),
        command(
            "AWS-Noop",
            "Do nothing",
            EVERYWHERE,
            (),
            script("true", name="noopLinux", platform="Linux"),
            script("$null", name="noopWindows", platform="Windows"),
        ),
    ]  # fmt: skip
