"""What an account has written itself: deployments, restarts, and what goes wrong in documents."""

from __future__ import annotations

from dataclasses import replace

from ssmtui.simulator.documents.making import EXECUTION_TIMEOUT, command, lines, script, step, text
from ssmtui.simulator.documents.model import LINUX, UNIX, WINDOWS, Document, Version
from ssmtui.simulator.documents.parameters import Kind, Parameter

DAY = 86_400.0

_VERSION = text("Version", "The release to deploy", pattern=r"^v?\d+\.\d+\.\d+$")
_ENVIRONMENT = text("Environment", "Where to", "staging", ("dev", "staging", "prod"))
_COMPONENTS = Parameter(
    "Components",
    "The parts to deploy",
    Kind.STRING_LIST,
    ["web"],
    allowed_pattern=r"^[a-z][a-z0-9-]{1,20}$",
    min_items=1,
    max_items=5,
)
_DRY_RUN = Parameter("DryRun", "Only say what would be done", Kind.BOOLEAN, False)
_RETRIES = Parameter("Retries", "How often a download is tried", Kind.INTEGER, 3)
_SETTINGS = Parameter(
    "Settings",
    "Settings to write, as a JSON object",
    Kind.STRING_MAP,
    {"log_level": "info"},
    display="textarea",
)
_DEPLOY = (
    'echo "deploying {{ Version }} of {{ Components }} to {{ Environment }}"',
    'if [ "{{ DryRun }}" = true ]; then echo "nothing done: dry run"; exit 0; fi',
    "sleep 4",
    "mkdir -p /opt/shop && echo '{{ Version }}' > /opt/shop/VERSION",
    'echo "running $(cat /opt/shop/VERSION)"',
)


def documents(account: str, now: float) -> list[Document]:
    """An account's own Command documents; the latest version is a day old."""
    deploy = script(*_DEPLOY, name="deploy", timeoutSeconds="600")
    health = script(
        "sleep 1",
        'echo "health: ok ($(cat /opt/shop/VERSION 2>/dev/null || echo none))"',
        name="health",
    )
    first = Version(
        1, "Deploy the shop", (_VERSION, _ENVIRONMENT), (deploy,), created=now - 200 * DAY
    )
    second = replace(
        first,
        number=2,
        parameters=(_VERSION, _ENVIRONMENT, _COMPONENTS, _DRY_RUN),
        created=now - 30 * DAY,
        name="components",
    )
    third = replace(
        second,
        number=3,
        parameters=(*second.parameters, _RETRIES, _SETTINGS),
        steps=(deploy, health),
        created=now - DAY,
        name="health-check",
    )
    return [
        Document(
            "shop-deploy-app",
            "Command",
            UNIX,
            [first, second, third],
            account,
            format="YAML",
            default=2,
            tags={"Team": "storefront"},
            author=f"arn:aws:iam::{account}:user/jane",
        ),
        *(
            replace(
                each,
                owner=account,
                format="YAML",
                versions=[replace(each.latest, created=now - 60 * DAY)],
            )
            for each in _simple()
        ),
    ]


def _simple() -> list[Document]:
    return [
        command(
            "shop-restart-service",
            "Restart a service and say how it is",
            UNIX,
            (text("Service", "The unit", "app", pattern=r"^[\w@.-]+$"), EXECUTION_TIMEOUT),
            script("systemctl restart {{ Service }}", "systemctl is-active {{ Service }}",
                   timeoutSeconds="{{ executionTimeout }}"),
        ),
        command(
            "shop-recycle-app-pool",
            "Recycle an application pool of IIS",
            WINDOWS,
            (text("AppPool", "The pool", "DefaultAppPool", min_chars=1, max_chars=64),),
            script('Write-Output "Recycled {{ AppPool }}"', platform="Windows"),
        ),
        command(
            "ops-collect-facts",
            "Collect facts of a node, in three steps",
            LINUX,
            (lines("Paths", "Folders to measure", ["/var/log", "/tmp"]),),  # noqa: S108
            script("uname -sr", "uptime", name="system"),
            script("df -h /", "free -m", name="disks"),
            script("for path in $(echo '{{ Paths }}' | tr -d '[]\",'); do ls -ld $path; done",
                   name="folders"),
        ),
        command(
            "ops-safe-restart",
            "Restart a service only where there is room on the disk, and always say how it is",
            LINUX,
            (text("Service", "The unit", "app", pattern=r"^[\w@.-]+$"),),
            script("used=$(df -P / | awk 'NR == 2 {print int($5)}')",
                   'echo "/ is ${used}% full"', 'test "$used" -lt 95',
                   name="check", onFailure="exit"),
            step("aws:runDocument", "restart", {
                "documentType": "SSMDocument",
                "documentPath": "shop-restart-service",
                "documentParameters": '{"Service": "{{ Service }}"}',
                "onFailure": "successAndExit",
            }),
            script("echo restarted", name="confirm"),
            script("systemctl is-active {{ Service }}", "true", name="report", finallyStep=True),
        ),
        command(
            "ops-rotate-certificates",
            "Rotate certificates [bold red]carefully[/] ünïcödé",
            LINUX,
            (Parameter("Hosts", "Hosts as a JSON list", Kind.MAP_LIST, []),
             text("CaSecret", "The name of the secret; never the secret itself")),
            script("sleep 12", "echo rotated", name="rotate"),
        ),
    ]  # fmt: skip
