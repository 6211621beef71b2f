"""Calls are followed to their ends with few requests, whatever is in the way."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.rollouts.amounts import ALL, Amount
from ssmtui.rollouts.spec import CommandSpec, RolloutSpec
from ssmtui.rollouts.targets import TagTargets
from ssmtui.simulator.commands import Commands
from tests.rollouts.conftest import a_command
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
