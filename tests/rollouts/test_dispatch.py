"""Calls go out as their shares come free, each scope at its own pace."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.rollouts.amounts import ALL, Amount
from ssmtui.rollouts.spec import RolloutSpec
from ssmtui.rollouts.state import CallPhase, Phase
from tests.rollouts.conftest import a_command
from tests.rollouts.test_conduct import reached, until


async def test_the_next_call_starts_as_shares_come_free(sea: Any) -> None:
    async with sea(nodes=700) as at:
        nodes = at.nodes(340)
        command = a_command(nodes, at_a_time=Amount(10), parameters={"commands": ["sleep 2"]})
        rollout = await at.begin(RolloutSpec(command))
        most_open = 0

        def watch(state: Any, _: Any) -> None:
            nonlocal most_open
            open_calls = [
                call
                for call in state.calls
                if call.phase is CallPhase.SENT and call.bars.running + call.bars.waiting
            ]
            most_open = max(most_open, len(open_calls))
            assert sum(call.bars.running for call in state.calls) <= 10

        rollout.listen(watch)
        rollout.start()
        state = await rollout.over()
        await rollout.leave()
        assert state.bars.ok == len(nodes) == 340
        assert len(state.calls) == 7
        assert {call.at_a_time for call in state.calls} == {"2"}
        assert most_open in (5, 6)  # one that is nearly over leaves room for the next


async def test_what_is_left_of_the_budget_goes_with_every_call(sea: Any) -> None:
    async with sea(nodes=700) as at:
        nodes = sorted(at.nodes(120), key=lambda node: node.id)
        names = await at.run(RolloutSpec(a_command(nodes, parameters={"commands": ["hostname"]})))
        name = names.results[nodes[0].key].stdout.strip()
        script = f'test "$(hostname)" != "{name}"'
        command = a_command(
            nodes,
            at_a_time=Amount(1),
            allowed_errors=Amount(3),
            parameters={"commands": [script]},
        )
        rollout = await at.run(RolloutSpec(command))
        state = rollout.state
        assert state.bars.failed == 1
        assert [call.allowed_errors for call in state.calls] == ["3", "2", "2"]


async def test_a_scope_in_trouble_does_not_hold_the_others_up(sea: Any) -> None:
    async with sea(nodes=300, regions=2) as at:
        one, other = (scope.key for scope in at.fleet.scopes)
        at.fleet.endpoint.faults.add(f"throttle ssm:SendCommand region={one.region} count=60")
        nodes = [*at.nodes(20, scope=one), *at.nodes(20, scope=other)]
        # One at a time: the first call could keep all others waiting.
        rollout = await at.begin(RolloutSpec(a_command(nodes, at_a_time=Amount(1))))
        rollout.start()
        state = await until(rollout, lambda state: state.scopes[1].bars.ok == 20)
        assert state.scopes[0].bars.ok == 0
        assert state.scopes[0].problem is not None
        state = await rollout.over()
        await rollout.leave()
        assert (state.bars.ok, state.problems) == (40, ())
        assert set(reached(at).values()) == {1}


async def test_a_scope_that_is_not_open_is_a_problem_and_not_a_crash(sea: Any) -> None:
    async with sea(nodes=150, regions=2) as at:
        one, other = at.fleet.scopes
        nodes = [*at.nodes(2, scope=one.key), *at.nodes(2, scope=other.key)]
        from ssmtui.rollouts.conduct import Rollout
        from ssmtui.rollouts.plan import plan

        made = plan(RolloutSpec(a_command(nodes)))
        rollout = await Rollout.begin(at.records, made, [one], **at.how)
        rollout.start()
        state = await rollout.over()
        await rollout.leave()
        assert (state.phase, state.bars.ok, state.bars.no_answer) == (Phase.DONE, 2, 2)
        assert f"{other.key} is not among the contexts that are open" in state.problems[0].what


async def test_a_disk_that_is_full_half_way_holds_it(
    sea: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(120)
        rollout = await at.begin(RolloutSpec(a_command(nodes, at_a_time=Amount(2))))
        rollout.start()
        await until(rollout, lambda state: state.bars.ok > 0)

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("ssmtui.rollouts.record.append_private", full)
            state = await until(rollout, lambda state: state.phase is Phase.HELD)
            assert "No space left on device" in state.sentence
        await rollout.go_on()
        state = await rollout.over()
        await rollout.leave()
        assert state.bars.ok == len(nodes)
        assert set(reached(at).values()) == {1}


async def test_a_call_that_nobody_can_tell_of_does_not_keep_the_others_waiting(sea: Any) -> None:
    async with sea(nodes=250, faults=["abort ssm:SendCommand count=1"]) as at:
        nodes = at.nodes(120)
        rollout = await at.run(RolloutSpec(a_command(nodes, at_a_time=Amount(1))))
        state = rollout.state
        assert (state.bars.unknown, state.bars.ok) == (50, 70)
        assert state.phase is Phase.DONE
        assert set(reached(at).values()) == {1}


async def test_no_more_calls_are_on_their_way_than_the_limiter_lets_through(sea: Any) -> None:
    async with sea(nodes=1900) as at:
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(1000), at_a_time=ALL)))
        most = 0

        rollout.start()
        while not rollout.state.over:
            most = max(most, rollout.on_its_way)
            await rollout._course.signal.wait()
        await rollout.leave()
        assert len(rollout.state.calls) == 20
        assert 1 < most <= 16
