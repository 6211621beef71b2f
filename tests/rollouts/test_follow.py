"""Calls are followed to their ends with few requests, whatever is in the way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ssmtui.rollouts.amounts import ALL, Amount
from ssmtui.rollouts.follow import Follower
from ssmtui.rollouts.journal import CallRecord
from ssmtui.rollouts.ledger import Ledger
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.spec import CommandSpec, RolloutSpec
from ssmtui.rollouts.state import CallPhase
from ssmtui.rollouts.targets import TagTargets
from ssmtui.simulator.commands import Commands
from tests.rollouts.conftest import SCOPE, a_command
from tests.rollouts.test_conduct import until

READS = ("ssm:ListCommands", "ssm:ListCommandInvocations", "ssm:GetCommandInvocation")


def polling_each_node(at: Any, rollout: Any) -> float:
    """How many requests GetCommandInvocation per node every 2 seconds would take: one a node at
    least, from when its call was sent until it has ended."""
    known = at.fleet.world.part(Commands)
    return sum(
        max(1.0, (result.ended - command.requested) / 2)
        for result in rollout.results.values()
        if result.ended is not None
        for command in [known.find(*result.key.scope, rollout.command_id(result))]
    )


@pytest.mark.parametrize(
    ("script", "at_a_time"),
    [("uptime", ALL), ("uptime", Amount(50)), ("sleep 20; uptime", Amount(200))],
)
async def test_a_thousand_nodes_take_a_fiftieth_of_asking_each(
    sea: Any, script: str, at_a_time: Amount
) -> None:
    async with sea(nodes=1900) as at:
        nodes = at.nodes(1000)
        command = a_command(nodes, at_a_time=at_a_time, parameters={"commands": [script]})
        rollout = await at.run(RolloutSpec(command))
        assert rollout.state.bars.ok == len(nodes) == 1000
        asked = sum(at.fleet.endpoint.calls[name] for name in READS)
        assert asked * 50 <= polling_each_node(at, rollout)


async def test_one_large_call_is_read_in_pages_and_not_again_and_again(sea: Any) -> None:
    async with sea(nodes=600) as at:
        scope = at.fleet.scopes[0]
        values = {node.tags.get("Env", "") for node in at.fleet.world.nodes.values()} - {""}
        command = CommandSpec(
            document="AWS-RunShellScript",
            targets=TagTargets({"Env": tuple(sorted(values))[:50]}, (scope.key,)),
            parameters={"commands": ["uptime"]},
            at_a_time=Amount(25),
            allowed_errors=ALL,
            delivery_timeout=60,
        )
        rollout = await at.run(RolloutSpec(command))
        count = len(rollout.results)
        assert count > 300
        assert at.fleet.endpoint.calls["ssm:ListCommandInvocations"] <= 6 * (count // 50 + 1)
        assert rollout.state.bars.ended == count


async def test_failures_are_known_before_the_rest(sea: Any) -> None:
    async with sea(nodes=150) as at:
        nodes = sorted(at.nodes(40), key=lambda node: node.id)
        asked = await at.run(RolloutSpec(a_command(nodes, parameters={"commands": ["hostname"]})))
        # The service begins with one node, in the order of their ids.
        name = asked.results[nodes[0].key].stdout.strip()
        script = f'test "$(hostname)" != "{name}" || exit 9; sleep 300'
        command = a_command(
            nodes, parameters={"commands": [script]}, allowed_errors=ALL, at_a_time=ALL
        )
        rollout = await at.begin(RolloutSpec(command))
        rollout.start()
        state = await until(rollout, lambda state: rollout.results[nodes[0].key].over)
        assert (state.bars.failed, state.bars.ok) == (1, 0)
        assert rollout.results[nodes[0].key].exit_code == 9
        await rollout.over()
        await rollout.leave()


async def test_hiccups_of_the_lists_cost_no_result(sea: Any) -> None:
    faults = [
        "error ssm:ListCommandInvocations p=0.3 count=30",
        "truncate ssm:ListCommands p=0.2 count=20",
    ]
    async with sea(nodes=250, faults=faults) as at:
        nodes = at.nodes(120)
        rollout = await at.run(RolloutSpec(a_command(nodes, at_a_time=ALL)))
        assert rollout.state.bars.ok == len(nodes)
        assert all("load average" in each.stdout for each in rollout.results.values())
        assert rollout.state.problems == ()


async def test_lists_that_are_denied_are_a_problem_of_the_scope(sea: Any) -> None:
    async with sea(nodes=80, faults=["denied ssm:ListCommands"]) as at:
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(3))))
        rollout.start()
        state = await until(rollout, lambda state: state.scopes[0].problem)
        assert state.scopes[0].problem
        assert "missing ssm:ListCommands" in state.scopes[0].problem.what
        at.fleet.endpoint.faults.clear()
        assert (await rollout.over()).bars.ok == 3
        await rollout.leave()


class Lists:
    """A scope in a busy account: `others` commands are newer than ours."""

    def __init__(self, others: int, **ours: Any) -> None:
        self.key = SCOPE
        self.profile = None
        self.asked: list[str] = []
        self._ours = ours
        self._others = others

    async def pages(self, service: str, operation: str, params: Any, **_: Any) -> Any:
        rows = [{"CommandId": f"other-{number}"} for number in range(self._others)]
        rows += list(self._ours.values())
        for at in range(0, len(rows), 50):
            self.asked.append(operation)
            yield {"Commands": rows[at : at + 50]}

    async def read(self, service: str, operation: str, params: Any, **_: Any) -> Any:
        self.asked.append(params["CommandId"])
        return {"Commands": [self._ours[params["CommandId"]]]}


def a_follower(scope: Any, clock: Any, calls: int) -> tuple[Follower, Ledger]:
    ledger = Ledger(plan(RolloutSpec(a_command(50 * calls))), {})
    for number, call in ledger.calls.items():
        call.record = CallRecord(CallPhase.SENT, f"c{number}", sent_at=1e9)
    nothing: Any = lambda *_: None  # noqa: E731
    follower = Follower(scope, ledger, clock=clock, news=nothing, found=nothing)
    return follower, ledger


def fact(number: int, **fields: Any) -> dict[str, Any]:
    return {"CommandId": f"c{number}", "Status": "InProgress", "TargetCount": 50} | fields


class HandClock:
    time = 0.0

    def now(self) -> float:
        return self.time


async def test_in_a_busy_account_no_more_pages_are_read_than_there_are_calls() -> None:
    ours = {f"c{number}": fact(number, CompletedCount=3) for number in range(3)}
    scope = Lists(10_000, **ours)
    follower, ledger = a_follower(scope, HandClock(), 3)
    await follower.look()
    assert scope.asked == ["ListCommands"] * 3 + ["c0", "c1", "c2"]
    assert all(call.completed == 3 for call in ledger.calls.values())


async def test_in_a_quiet_one_a_page_tells_of_all() -> None:
    ours = {f"c{number}": fact(number, CompletedCount=3) for number in range(20)}
    scope = Lists(7, **ours)
    follower, _ = a_follower(scope, HandClock(), 20)
    await follower.look()
    assert scope.asked == ["ListCommands"]


@pytest.mark.parametrize(("calls", "quiet"), [(1, 5), (8, 8), (40, 20)])
async def test_the_fewer_calls_the_sooner_outputs_are_read_while_others_go_on(
    calls: int, quiet: int
) -> None:
    ours = {f"c{number}": fact(number, CompletedCount=3) for number in range(calls)}
    scope, clock = Lists(0, **ours), HandClock()
    follower, _ = a_follower(scope, clock, calls)
    await follower.look()
    clock.time = quiet - 0.1
    await follower.look()
    assert "ListCommandInvocations" not in scope.asked
    clock.time = quiet
    await follower.look()
    assert "ListCommandInvocations" in scope.asked


async def test_counts_that_never_come_do_not_keep_it_waiting_for_ever() -> None:
    scope = Lists(0, c0=fact(0, Status="Success", CompletedCount=49))
    clock = HandClock()
    follower, ledger = a_follower(scope, clock, 1)
    await follower.look()
    [call] = ledger.calls.values()
    assert call.facts
    assert not call.facts.over
    clock.time = 61.0
    await follower._count()
    assert call.facts.over


class Readers(Lists):
    """Counts how many lists of nodes are read side by side."""

    now = most = read = 0

    async def pages(self, service: str, operation: str, params: Any, **how: Any) -> Any:
        if operation == "ListCommands":
            async for page in super().pages(service, operation, params, **how):
                yield page
            return
        self.now, self.read = self.now + 1, self.read + 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        yield {"CommandInvocations": []}


async def test_nodes_of_two_calls_at_most_are_read_side_by_side() -> None:
    over = {f"c{n}": fact(n, Status="Success", CompletedCount=50) for n in range(20)}
    scope = Readers(0, **over)
    follower, _ = a_follower(scope, HandClock(), 20)
    await follower.look()
    assert scope.read == 20
    assert scope.most == 2
