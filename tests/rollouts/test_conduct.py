"""Rollouts from beginning to end over a simulated fleet."""

from __future__ import annotations

from typing import Any

from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.spec import RolloutSpec
from ssmtui.rollouts.state import Phase
from tests.rollouts.conftest import a_command


async def test_a_rollout_runs_to_its_end(sea: Any) -> None:
    async with sea(nodes=150) as at:
        nodes = at.nodes()
        assert len(nodes) > 60
        rollout = await at.run(RolloutSpec(a_command(nodes, at_a_time=Amount(20))))
        state = rollout.state
        assert (state.phase, state.sentence) == (Phase.DONE, "")
        assert state.bars.ok == len(nodes)
        assert all(result.exit_code == 0 for result in rollout.results.values())
        assert all("load average" in result.stdout for result in rollout.results.values())
        reached = [node for ids in at.sent().values() for node in ids]
        assert sorted(reached) == sorted(node.id for node in nodes)
