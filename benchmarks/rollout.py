"""One command on 1,000 nodes: requests to follow it, and the time to its folded picture.

The rival is what scripts do: GetCommandInvocation, node by node.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.fleet import Fleet, simulated
from benchmarks.measures import Row
from ssmtui.aws.gateway import Gateway, Selection, Settings
from ssmtui.aws.scope import Scope
from ssmtui.core.columns import UNKNOWN
from ssmtui.core.folding.folder import Folder
from ssmtui.core.problem import ProblemError
from ssmtui.resources.base import Rows
from ssmtui.resources.nodes import nodes
from ssmtui.resources.nodes.row import Node
from ssmtui.rollouts.amounts import ALL
from ssmtui.rollouts.conduct import Rollout
from ssmtui.rollouts.foldable import foldable
from ssmtui.rollouts.plan import plan, send_request
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.spec import SHELL, CommandSpec, RolloutSpec
from ssmtui.rollouts.targets import frozen

NODES = 1_000
FEWER_GOAL = 50
FASTER_GOAL = 10
LATENCY_MS = 30.0
# So fast the nodes' own work takes next to no time, and what is left is asking.
PACE = 60.0
POLL_SECONDS = 2.0
_FOLLOWING = ("ssm:ListCommands", "ssm:ListCommandInvocations", "ssm:GetCommandInvocation")


class Run(NamedTuple):
    """One rollout: how long it took, what was asked, and the sum of what each node has taken."""

    seconds: float
    requests: int
    blocks: int
    polls: float


async def run(*, quick: bool = False) -> list[Row]:
    count = 60 if quick else NODES
    # About half of a fleet's nodes are Linux and online.
    async with (
        simulated(2 * count + 40, latency_ms=LATENCY_MS, pace=PACE if quick else 1) as fleet,
        Gateway(Settings(audit=fleet.folder / "audit.jsonl")) as gateway,
    ):
        scopes, _ = await gateway.resolve(Selection())
        chosen = await _linux(scopes, count)
        followed = await _ours(fleet, scopes, chosen)
        fleet.control("POST", "pace", {"pace": PACE})
        ours = await _ours(fleet, scopes, chosen)
        theirs = await _one_by_one(scopes[0], chosen)
    return [_requests(len(chosen), followed), _picture(len(chosen), ours, theirs)]


def _requests(count: int, followed: Run) -> Row:
    fewer = followed.polls / followed.requests
    return Row(
        what=f"follow a {count:,}-node command to its end",
        ours=followed.requests,
        unit="requests",
        rivals={"GetCommandInvocation per node every 2 s": followed.polls},
        ratio=f"{fewer:.0f} times fewer",
        goal=f"at most 1/{FEWER_GOAL}",
        met=fewer >= FEWER_GOAL,
        how=(
            "Counted at the simulated fleet, in real time, `uname -r` on all nodes at once; the "
            "rival's are computed: one request a node every 2 s until it has ended, one at least."
        ),
    )


def _picture(count: int, ours: Run, theirs: float) -> Row:
    faster = theirs / ours.seconds
    return Row(
        what=f"from SendCommand to the folded picture of {count:,} nodes",
        ours=ours.seconds,
        unit="s",
        rivals={"GetCommandInvocation one by one": theirs},
        ratio=f"{faster:.1f} times faster",
        goal=f"at least {FASTER_GOAL} times",
        met=faster >= FASTER_GOAL,
        how=(
            f"Both send the same calls of 50 and fold what they get; every request takes "
            f"{LATENCY_MS:.0f} ms, and the fleet lives {PACE:.0f} times as fast as real time. "
            f"One run each, {ours.blocks} blocks."
        ),
    )


async def _linux(scopes: Sequence[Scope], count: int) -> list[Node]:
    found: dict[str, Node] = {}
    async for event in nodes().listing(scopes).refresh():
        if isinstance(event, Rows):
            found.update((row.id, row) for row in event.rows)
    chosen = [row for row in found.values() if row.ping == "online" and row.platform == "linux"]
    # A node that EC2 says is being stopped would keep everybody waiting.
    chosen = [row for row in chosen if row.state in (None, UNKNOWN, "running")]
    return chosen[:count]


def _command(chosen: Sequence[Node]) -> CommandSpec:
    return CommandSpec(
        document=SHELL,
        targets=frozen(chosen),
        parameters={"commands": ["uname -r"]},
        at_a_time=ALL,
        allowed_errors=ALL,
    )


async def _ours(fleet: Fleet, scopes: Sequence[Scope], chosen: Sequence[Node]) -> Run:
    records = Records(Path(fleet.folder, "rollouts"))
    rollout = await Rollout.begin(records, plan(RolloutSpec(_command(chosen))), scopes)
    fleet.forget_calls()
    begun = time.perf_counter()
    rollout.start()
    await rollout.over()
    folder = Folder()
    folder.add(foldable(rollout.results.values()))
    folder.drain()
    seconds = time.perf_counter() - begun
    await rollout.leave()
    calls = fleet.calls()
    results = rollout.results.values()
    sent = min(result.started for result in results if result.started is not None)
    polls = sum(
        max(1.0, (result.ended - sent) / POLL_SECONDS)
        for result in results
        if result.ended is not None
    )
    asked = sum(calls.get(name, 0) for name in _FOLLOWING)
    return Run(seconds, asked, len(folder.blocks()), polls)


async def _one_by_one(scope: Scope, chosen: Sequence[Node]) -> float:
    """Send the same calls, and ask node by node until each has ended."""
    made = plan(RolloutSpec(_command(chosen)))
    begun = time.perf_counter()
    outputs: dict[tuple[str, str], list[str]] = {}
    sent: list[tuple[str, str]] = []
    for call in made.calls:
        request = send_request(made, call)
        change = await scope.change("ssm", "SendCommand", request, intent="benchmark")
        sent += [(change.answer["Command"]["CommandId"], node_id) for node_id in call.ids]
    for command_id, node_id in sent:
        text = await _until_over(scope, command_id, node_id)
        outputs.setdefault(text, []).append(node_id)
    return time.perf_counter() - begun


async def _until_over(scope: Scope, command_id: str, node_id: str) -> tuple[str, str]:
    asked = {"CommandId": command_id, "InstanceId": node_id}
    while True:
        try:
            answer = await scope.read("ssm", "GetCommandInvocation", asked)
        except ProblemError as error:
            if error.problem.code != "InvocationDoesNotExist":
                raise
            continue
        if answer["Status"] not in ("Pending", "InProgress", "Delayed"):
            return answer["StandardOutputContent"], answer["StandardErrorContent"]
