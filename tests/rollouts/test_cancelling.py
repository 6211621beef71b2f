"""Cancelling asks the service once, again where it could not be asked, and leaves out the rest."""

from __future__ import annotations

from typing import Any

from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.spec import RolloutSpec
from ssmtui.rollouts.state import CallPhase, Phase
from tests.rollouts.conftest import a_command
from tests.rollouts.test_conduct import reached, until

SLEEP = {"commands": ["sleep 900"]}


async def test_every_call_is_cancelled_once(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(120)
        rollout = await at.begin(
            RolloutSpec(a_command(nodes, parameters=SLEEP, at_a_time=Amount(30)))
        )
        rollout.start()
        await until(rollout, lambda state: all(call.command_id for call in state.calls))
        await rollout.cancel()
        await rollout.cancel()
        state = await rollout.over()
        await rollout.leave()
        assert state.bars.cancelled == len(nodes)
        assert at.fleet.endpoint.calls["ssm:CancelCommand"] == len(state.calls)


async def test_what_the_service_could_not_be_asked_is_asked_again(sea: Any) -> None:
    async with sea(nodes=80, faults=["error ssm:CancelCommand count=4"]) as at:
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(4), parameters=SLEEP)))
        rollout.start()
        await until(rollout, lambda state: state.bars.running > 0)
        await rollout.cancel()
        state = await rollout.over()
        await rollout.leave()
        assert (state.phase, state.bars.cancelled) == (Phase.CANCELLED, 4)
        assert state.problems == ()


async def test_a_call_of_which_no_node_is_left_is_not_sent(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(120)
        command = a_command(nodes, parameters={"commands": ["sleep 5"]}, at_a_time=Amount(2))
        rollout = await at.begin(RolloutSpec(command))
        rollout.start()
        await until(rollout, lambda state: state.bars.ok > 0)
        last = rollout.plan.calls[-1]
        gone = [node.key for node in nodes if node.id in last.ids]
        assert await rollout.cancel(gone) == ()
        state = await rollout.over()
        await rollout.leave()
        assert state.calls[-1].phase is CallPhase.DROPPED
        assert (state.bars.cancelled, state.bars.ok) == (len(gone), len(nodes) - len(gone))
        assert not any(reached(at)[key.id] for key in gone)
