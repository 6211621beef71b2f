"""What colleagues and their tools have run in the last 30 days: made from the world's seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from uuid import UUID

from ssmtui.simulator.commands.model import Command, Invocation, PluginResult
from ssmtui.simulator.commands.output import NOTHING, Kept
from ssmtui.simulator.commands.plugins import PLUGINS
from ssmtui.simulator.commands.plugins.flow import Flow
from ssmtui.simulator.commands.request import Request, Target
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.documents.library import Library
from ssmtui.simulator.documents.parameters import resolve
from ssmtui.simulator.shell.machine.hashing import fraction
from ssmtui.simulator.world import Scope, World
from ssmtui.simulator.world.catalogue import OWNERS, Weighted
from ssmtui.simulator.world.node import Node

DAY = 86_400.0
_BACK = 30 * DAY
# Commands of a scope: some for every node, but neither none nor thousands.
_LEAST, _MOST = 8, 160
_NODES_A_COMMAND = 4
_MOST_NODES = 50

# Roles and users who send commands: people by name, and what runs at night by its own.
_ROBOTS = ("github-actions", "patch-robot", "nightly-checks")


@dataclass(frozen=True)
class Habit:
    """Something that is run again and again. `works` is the share of nodes on which it does."""

    document: str
    parameters: dict[str, tuple[str, ...]]
    comment: str
    output: Callable[[Node, Random], str]
    error: tuple[int, str] = (1, "")  # what it ends with where it does not work
    works: float = 0.97
    seconds: float = 5.0
    robot: str = ""  # who runs it; "": somebody
    role: str = ""  # on which workload; "": any
    platform: str = "Linux"
    by_tag: bool = False


def _shell(*lines: str) -> dict[str, tuple[str, ...]]:
    return {"commands": lines}


def _disk(node: Node, random: Random) -> str:
    used = random.randrange(12, 96)
    return (
        "Filesystem      Size  Used Avail Use% Mounted on\n"
        f"/dev/nvme0n1p1   30G  {used * 30 // 100}G   {30 - used * 30 // 100}G  {used}% /\n"
    )


def _openssl(node: Node, random: Random) -> str:
    return random.choice(("openssl-3.0.8-12\n", "openssl-3.0.8-12\n", "openssl-3.0.8-7\n"))


def _patched(node: Node, random: Random) -> str:
    count = random.randrange(1, 30)
    return f"Operating system: {node.platform.name}\nInstalled: {count}, failed: 0\n"


_LOCKED = (100, "E: Could not get lock /var/lib/dpkg/lock-frontend\n")
_JOB_FAILED = "Job for app.service failed because the control process exited with error code.\n"

HABITS: Weighted[Habit] = Weighted(
    (
        Habit("AWS-RunPatchBaseline", {"Operation": ("Install",), "RebootOption": ("NoReboot",)},
              "weekly patching", _patched, _LOCKED, 0.94, 190,
              "patch-robot", by_tag=True),
        14.0,
    ),
    (
        Habit("AWS-RunPatchBaseline", {"Operation": ("Scan",)}, "", _patched, works=0.99,
              seconds=40, robot="patch-robot"),
        14.0,
    ),
    (Habit("AWS-UpdateSSMAgent", {}, "", lambda node, random:
           f"amazon-ssm-agent updated successfully to {node.agent_version}\n", seconds=25,
           robot="patch-robot"), 8.0),
    (
        Habit("AWS-RunShellScript", _shell("df -h /"), "disk?", _disk, seconds=2),
        14.0,
    ),
    (
        Habit("AWS-RunShellScript", _shell("rpm -q openssl"), "CVE check", _openssl,
              (1, "package openssl is not installed\n"), 0.92, 2),
        8.0,
    ),
    (
        Habit("AWS-RunShellScript", _shell("systemctl restart app", "systemctl is-active app"),
              "restart after config change", lambda node, random: "active\n",
              (3, _JOB_FAILED), 0.9, 6, role="api"),
        9.0,
    ),
    (
        Habit("AWS-RunShellScript",
              _shell("export DB_PASSWORD=hunter2-not-a-real-one", "/opt/app/migrate --check"),
              "", lambda node, random: "0 pending migrations\n",
              (2, "migrate: 3 pending migrations\n"), 0.8, 9, role="api"),
        3.0,
    ),
    (
        Habit("shop-deploy-app", {"Version": ("4.12.1",), "Environment": ("prod",)},
              "deploy 4.12.1", lambda node, random: "deploying 4.12.1\nrunning 4.12.1\n",
              (1, "curl: (22) The requested URL returned error: 503\n"), 0.95, 14,
              "github-actions", role="web"),
        14.0,
    ),
    (
        Habit("ops-collect-facts", {}, "nightly facts", _disk, works=0.98, seconds=4,
              robot="nightly-checks"),
        8.0,
    ),
    (
        Habit("AWS-RunPowerShellScript", _shell("Get-Service W3SVC"), "is IIS up?",
              lambda node, random: "\r\nStatus   Name\r\n------   ----\r\nRunning  W3SVC\r\n",
              (1, "Get-Service : Cannot find any service with service name 'W3SVC'.\r\n"), 0.8, 4,
              platform="Windows"),
        6.0,
    ),
    (
        Habit("AWS-ConfigureAWSPackage",
              {"action": ("Install",), "name": ("AmazonCloudWatchAgent",)}, "CHG-2041",
              lambda node, random: "Successfully installed AmazonCloudWatchAgent\n", seconds=30),
        4.0,
    ),
)  # fmt: skip


def past_commands(world: World, scope: Scope) -> list[Command]:
    """The commands of a scope's last 30 days, none of which still goes on."""
    random = Random(f"{world.stream(scope)} commands")
    nodes = [node for node in scope.managed if node.registered < world.began - DAY]
    if not nodes:
        return []
    count = max(_LEAST, min(_MOST, len(nodes) // _NODES_A_COMMAND))
    made = [_command(world, scope, random, nodes) for _ in range(count)]
    return [command for command in made if command is not None]


def _command(world: World, scope: Scope, random: Random, nodes: list[Node]) -> Command | None:
    habit = HABITS.draw(random)
    requested = world.began - random.uniform(0.02, 1.0) ** 2 * _BACK
    fitting = [
        node
        for node in random.sample(nodes, min(len(nodes), 4 * _MOST_NODES))
        if node.platform.type == habit.platform
        and habit.role in ("", node.role)
        and node.registered < requested
    ]
    if not fitting:
        return None
    chosen = sorted(fitting[: random.choice((1, 1, 2, 3, 6, 12, 25, _MOST_NODES))],
                    key=lambda node: node.id)  # fmt: skip
    account, region = scope.account.id, scope.region
    document = world.part(Library).find(account, region, habit.document)
    if document is None:
        return None
    version = document.version()
    tagged = habit.by_tag and len(chosen) > 1
    env = chosen[0].tags.get("Env", "prod")
    if tagged:
        chosen = [node for node in chosen if node.tags.get("Env") == env] or chosen
    request = Request(
        document=document,
        version=version,
        node_ids=() if tagged else tuple(node.id for node in chosen),
        targets=(Target("tag:Env", (env,)),) if tagged else (),
        parameters=habit.parameters,
        values=resolve(version.parameters, habit.parameters),
        comment=habit.comment,
        max_concurrency=random.choice(("50", "10%", "25%", "5")),
        max_errors=random.choice(("0", "1", "10%", "100%")),
    )
    command = Command(
        id=str(UUID(int=random.getrandbits(128), version=4)),
        account=account,
        region=region,
        request=request,
        owner=owner(random, account, habit),
        requested=requested,
        steps=version.steps,
        visible=requested,
        target_count=len(chosen),
        resolved=True,
        begun=True,
    )
    _fill(command, habit, chosen)
    return command


def owner(random: Random, account: str, habit: Habit) -> str:
    """The ARN of who sends it."""
    if habit.robot:
        role = {"github-actions": "Deployer"}.get(habit.robot, "Automation")
        return f"arn:aws:sts::{account}:assumed-role/{role}/{habit.robot}"
    name = random.choice(OWNERS)
    if random.random() < 0.2:
        return f"arn:aws:iam::{account}:user/{name}"
    return f"arn:aws:sts::{account}:assumed-role/Operators/{name}"


def _fill(command: Command, habit: Habit, nodes: list[Node]) -> None:
    """How it went on each node: errors stop it where MaxErrors says so."""
    at = command.requested
    cancelled = fraction(command.id, "cancelled") < 0.03 and len(nodes) > 1
    for index, node in enumerate(nodes):
        invocation = Invocation(command, node.id, node, node.tags.get("Name", ""))
        command.invocations[node.id] = invocation
        if cancelled and index >= len(nodes) // 2:
            invocation.detail = Detail.CANCELLED
        elif command.too_many_errors:
            invocation.detail = Detail.TERMINATED
        elif fraction(command.id, node.id, "lost") < 0.02:
            invocation.detail = Detail.DELIVERY_TIMED_OUT
        else:
            at += 0.4 + fraction(command.id, node.id, "apart")
            works = fraction(command.id, node.id, "works") < habit.works
            invocation.detail = Detail.SUCCESS if works else Detail.FAILED
            invocation.delivered = True
            invocation.plugins = _results(command, habit, node, at, works=works)
        command.counts[invocation.detail] += 1
    command.cancelled = cancelled


def _results(
    command: Command, habit: Habit, node: Node, at: float, *, works: bool
) -> tuple[PluginResult, ...]:
    random = Random(f"{command.id} {node.id}")
    code, error = (0, "") if works else habit.error
    results = []
    schema, platform = command.request.version.schema, node.platform.type
    flow = Flow(command.steps, schema, platform, PLUGINS)
    for step in command.steps:
        why, _ = flow.unfit(step, step.inputs) or ("", None)
        skipped = bool(why)
        took = 0.1 if skipped else habit.seconds * random.uniform(0.6, 1.9)
        said = why if skipped else habit.output(node, random) if works else ""
        results.append(
            PluginResult(
                step.name,
                step.action,
                Detail.SUCCESS if skipped or works else Detail.FAILED,
                0 if skipped else code,
                at,
                at + took,
                Kept(said) if said else NOTHING,
                NOTHING if skipped or works else Kept(error),
            )
        )
        at += took
    return tuple(results)
