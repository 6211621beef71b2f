"""Documents about agents, packages, inventory and associations."""

from __future__ import annotations

from ssmtui.simulator.documents.making import YES_OR_NO, command, lines, script, step, text
from ssmtui.simulator.documents.model import EVERYWHERE, LINUX, UNIX, WINDOWS, Document
from ssmtui.simulator.documents.parameters import Kind, Parameter

_ON = ("Enabled", "Disabled")
_DOCKER = "docker {{ action }} {{ container }} {{ image }} {{ cmd }}"
_COLLECTED = (
    ("applications", "installed applications", "Enabled"),
    ("awsComponents", "AWS's own components", "Enabled"),
    ("networkConfig", "network configuration", "Enabled"),
    ("windowsUpdates", "Windows updates", "Enabled"),
    ("instanceDetailedInformation", "details of the instance", "Enabled"),
    ("services", "Windows services", "Enabled"),
    ("windowsRoles", "Windows roles", "Enabled"),
    ("customInventory", "custom inventory", "Enabled"),
    ("billingInfo", "billing information of licences", "Enabled"),
)


def documents() -> list[Document]:
    return [
        command(
            "AWS-UpdateSSMAgent",
            "Update SSM Agent, or set it to a version",
            EVERYWHERE,
            (
                text("version", "The version to have; the latest if none is given", "",
                     pattern=r"^$|^[0-9.]+$|^latest$|^None$"),
                text("allowDowngrade", "Go back to an older version, too", "false",
                     ("true", "false")),
            ),
            step(
                "aws:updateSsmAgent",
                "aws:updateSsmAgent",
                {
                    "agentName": "amazon-ssm-agent",
                    "targetVersion": "{{ version }}",
                    "allowDowngrade": "{{ allowDowngrade }}",
                },
                does="update-agent",
            ),
            schema="1.2",
        ),
        command(
            "AWS-UpdateEC2Config",
            "Update the EC2Config service of old Windows instances",
            WINDOWS,
            (text("version", "The version to have", ""),
             text("allowDowngrade", "Go back to an older version, too", "false",
                  ("true", "false"))),
            script('Write-Output "EC2Config is not installed on this version of Windows."',
                   platform="Windows"),
        ),
        command(
            "AWS-ConfigureAWSPackage",
            "Install or remove a package of Distributor",
            EVERYWHERE,
            (
                text("action", "What to do", None, ("Install", "Uninstall")),
                text("installationType", "How", "Uninstall and reinstall",
                     ("Uninstall and reinstall", "In-place update")),
                text("name", "The package", pattern=r"^[a-zA-Z0-9_:\/.-]{3,128}$"),
                text("version", "The version; the latest if none is given", "",
                     pattern=r"^$|^latest$|^[A-Za-z0-9.]+$"),
                Parameter("additionalArguments", "Further arguments for the package's scripts",
                          Kind.STRING_MAP, {}, display="textarea"),
            ),
            step(
                "aws:configurePackage",
                "configurePackage",
                {
                    "name": "{{ name }}",
                    "action": "{{ action }}",
                    "installationType": "{{ installationType }}",
                    "version": "{{ version }}",
                },
                does="configure-package",
            ),
            schema="2.2",
        ),
        command(
            "AmazonCloudWatch-ManageAgent",
            "Configure, start, stop or ask the CloudWatch agent",
            EVERYWHERE,
            (
                text("action", "What to do", "configure",
                     ("configure", "configure (append)", "configure (remove)", "start", "status",
                      "stop")),
                text("mode", "Where the node is", "ec2", ("ec2", "onPremise", "auto")),
                text("optionalConfigurationSource", "Where its configuration comes from", "ssm",
                     ("ssm", "default", "all")),
                text("optionalConfigurationLocation", "The name of the parameter that holds it",
                     ""),
                text("optionalRestart", "Restart it afterwards", "yes", ("yes", "no")),
            ),
            script(
                "if test -e /opt/aws/amazon-cloudwatch-agent || "
                "rpm -q amazon-cloudwatch-agent >/dev/null 2>&1",
                "then echo '{\"status\": \"running\", \"cwaConfigStatus\": \"configured\"}'",
                "else echo 'amazon-cloudwatch-agent is not installed' >&2; exit 1; fi",
                name="ControlCloudWatchAgentLinux",
                platform="Linux",
            ),
            script('Write-Output "amazon-cloudwatch-agent: running"',
                   name="ControlCloudWatchAgentWindows", platform="Windows"),
        ),
        command(
            "AWS-GatherSoftwareInventory",
            "Collect inventory of the node",
            EVERYWHERE,
            (
                *(text(name, f"Collect {what}", default, _ON)
                  for name, what, default in _COLLECTED),
                text("files", "Files to collect, as a JSON list", "", display="textarea"),
                text("windowsRegistry", "Registry keys to collect, as a JSON list", "",
                     display="textarea"),
            ),
            step("aws:softwareInventory", "collectSoftwareInventoryItems",
                 {name: "{{ " + name + " }}" for name, _, _ in _COLLECTED}, does="inventory"),
            schema="2.0",
        ),
        command(
            "AWS-RefreshAssociation",
            "Run the node's associations now",
            EVERYWHERE,
            (lines("associationIds", "The associations to run; all if none is given", []),),
            step("aws:refreshAssociation", "aws:refreshAssociation",
                 {"associationIds": "{{ associationIds }}"}, does="refresh-associations"),
            schema="1.2",
        ),
        command(
            "AWS-ConfigureDocker",
            "Install or remove Docker",
            EVERYWHERE,
            (text("action", "What to do", None, ("Install", "Uninstall")),),
            step("aws:configureDocker", "configureDocker",
                 {"action": "{{ action }}", "name": "docker"}, does="configure-package"),
        ),
        command(
            "AWS-RunDockerAction",
            "Create, start, run, stop or remove containers and images",
            ("Linux", "Windows"),
            (
                text("action", "What to do", None,
                     ("Create", "Exec", "Images", "Inspect", "Logs", "Ps", "Pull", "Rm", "Rmi",
                      "Run", "Start", "Stats", "Stop")),
                text("container", "The container", ""),
                text("image", "The image", ""),
                text("cmd", "The command to run in it", ""),
            ),
            script(_DOCKER, name="runDockerActionLinux", platform="Linux"),
            script(_DOCKER, name="runDockerActionWindows", platform="Windows"),
        ),
        command(
            "AWS-ConfigureCloudWatch",
            "Send logs and metrics of Windows to CloudWatch (superseded by its agent)",
            WINDOWS,
            (text("status", "Whether it is on", "Enabled", _ON),
             text("properties", "The configuration as JSON", "", display="textarea")),
            script('Write-Output "CloudWatch configuration: {{ status }}"', platform="Windows"),
        ),
        command(
            "AWSFleetManager-GetUsers",
            "List the users of a node",
            ("Linux", "Windows"),
            (),
            script("cat /etc/passwd", name="GetUsersLinux", platform="Linux"),
            script("Get-ChildItem C:\\Users | Select-Object Name", name="GetUsersWindows",
                   platform="Windows"),
        ),
        command(
            "AWSFleetManager-GetFileSystemContent",
            "List what is in a folder of a node",
            ("Linux", "Windows"),
            (text("Path", "The folder", max_chars=4096),),
            script("ls -la {{ Path }}", name="GetFileSystemContentLinux", platform="Linux"),
            script("Get-ChildItem {{ Path }}", name="GetFileSystemContentWindows",
                   platform="Windows"),
        ),
        command(
            "AWSFleetManager-GetProcessDetails",
            "List the processes of a node",
            ("Linux", "Windows"),
            (),
            script("ps aux", name="GetProcessDetailsLinux", platform="Linux"),
            script("Get-Process", name="GetProcessDetailsWindows", platform="Windows"),
        ),
        command(
            "AWSFleetManager-GetGroups",
            "List the groups of a node",
            LINUX,
            (),
            script("cat /etc/group"),
        ),
        command(
            "AWSFleetManager-CreateUser",
            "Create a user on a node",
            UNIX,
            (text("UserName", "The user", pattern=r"^[a-z_][a-z0-9_-]{0,31}$"),
             text("CreateHomeDirectory", "Make a home for it", "True", YES_OR_NO)),
            script("mkdir -p /home/{{ UserName }}",
                   "echo '{{ UserName }}:x:2001:2001::/home/{{ UserName }}:/bin/bash' "
                   ">> /etc/passwd"),
        ),
    ]  # fmt: skip
