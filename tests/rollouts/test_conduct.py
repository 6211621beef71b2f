"""Rollouts from beginning to end over a simulated fleet."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.rollouts.amounts import ALL, Amount
from ssmtui.rollouts.spec import CommandSpec, Gate, RolloutSpec, Waves
from ssmtui.rollouts.state import Bucket, CallPhase, Phase, RolloutState, WavePhase
from ssmtui.rollouts.targets import GroupTarget, TagTargets
from tests.rollouts.conftest import a_command


def reached(at: Any) -> Counter[str]:
    """How often a command was sent to each node."""
    return Counter(node for ids in at.sent().values() for node in ids)


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
        assert reached(at) == Counter(node.id for node in nodes)


async def test_every_call_carries_its_marker_and_its_share(sea: Any) -> None:
    async with sea(nodes=150) as at:
        nodes = at.nodes(60)
        spec = RolloutSpec(a_command(nodes, at_a_time=Amount(20), comment="hello"))
        rollout = await at.run(spec)
        assert sorted(at.sent()) == [
            f"ssmtui {rollout.id}-0000 hello",
            f"ssmtui {rollout.id}-0001 hello",
        ]
        calls = rollout.state.calls
        assert [call.at_a_time for call in calls] == ["10", "10"]
        assert all(call.command_id and call.status == "Success" for call in calls)


async def test_scopes_are_followed_side_by_side(sea: Any) -> None:
    async with sea(nodes=150, accounts=2, regions=2) as at:
        nodes = [node for scope in at.fleet.scopes for node in at.nodes(5, scope=scope.key)]
        rollout = await at.run(RolloutSpec(a_command(nodes)))
        assert [scope.bars.ok for scope in rollout.state.scopes] == [5, 5, 5, 5]
        assert len({scope.name for scope in rollout.state.scopes}) == 2


async def test_the_concurrency_is_kept_over_all_calls(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(150)
        most = 0
        rollout = await at.begin(RolloutSpec(a_command(nodes, at_a_time=Amount(12))))

        def watch(state: RolloutState, changed: object) -> None:
            nonlocal most
            most = max(most, sum(call.bars.running for call in state.calls))

        rollout.listen(watch)
        rollout.start()
        state = await rollout.over()
        await rollout.leave()
        assert state.bars.ok == len(nodes)
        assert 6 < most <= 12


async def test_failures_spend_the_budget_and_the_rest_is_cancelled(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(150)
        command = a_command(
            nodes,
            parameters={"commands": ["sleep 3; exit 7"]},
            at_a_time=Amount(2),
            allowed_errors=Amount(4),
        )
        rollout = await at.run(RolloutSpec(command))
        state = rollout.state
        assert state.phase is Phase.STOPPED
        assert state.sentence.startswith("The error budget is spent: ")
        assert state.sentence.endswith(" failed, 4 were allowed")
        assert state.budget.spent
        assert rollout.plan.most_failures is not None
        assert 5 <= state.bars.failed <= rollout.plan.most_failures
        assert state.bars.cancelled + state.bars.failed == len(nodes)
        assert sum(reached(at).values()) < len(nodes)
        failed = [each for each in rollout.results.values() if each.bucket is Bucket.FAILED]
        assert {each.exit_code for each in failed} == {7}


async def test_nodes_that_never_answer_spend_no_budget(sea: Any) -> None:
    async with sea(nodes=60) as at:
        nodes = at.nodes(6)
        at.fleet.world.lose(nodes[0].id)
        command = a_command(nodes, delivery_timeout=60)
        rollout = await at.run(RolloutSpec(command))
        state = rollout.state
        assert (state.phase, state.bars.ok, state.bars.no_answer) == (Phase.DONE, 5, 1)
        assert state.budget.counted == 0
        lost = rollout.results[nodes[0].key]
        assert (lost.status, lost.exit_code) == ("DeliveryTimedOut", None)


async def test_a_canary_that_is_good_lets_the_next_wave_go(sea: Any) -> None:
    async with sea(nodes=80) as at:
        nodes = at.nodes(20)
        gate = Gate(soak=600)
        rollout = await at.begin(RolloutSpec(a_command(nodes), Waves(canary=5, gate=gate)))
        seen: list[tuple[WavePhase, ...]] = []
        rollout.listen(lambda state, _: seen.append(tuple(wave.phase for wave in state.waves)))
        begun = at.clock.now()
        rollout.start()
        state = await rollout.over()
        await rollout.leave()
        assert state.phase is Phase.DONE
        assert state.waves[0].gate == "5 of 5 succeeded, soaked 10m"
        assert (WavePhase.SOAKING, WavePhase.WAITING) in seen
        assert at.clock.now() - begun >= 600


async def test_a_gate_that_stays_shut_holds_until_somebody_goes_on(sea: Any) -> None:
    async with sea(nodes=80) as at:
        nodes = at.nodes(10)
        at.fleet.world.lose(nodes[0].id)
        command = a_command(nodes, delivery_timeout=60)
        rollout = await at.begin(RolloutSpec(command, Waves(canary=3)))
        rollout.start()
        state = await held(rollout)
        assert state.sentence == (
            "The gate behind wave 1 stays shut: 2 of 3 succeeded, and 3 are needed. "
            "Go on by hand, or cancel the rest"
        )
        assert state.waves[0].phase is WavePhase.SHUT
        assert len(at.sent()) == 1
        await rollout.go_on()
        state = await rollout.over()
        await rollout.leave()
        assert state.phase is Phase.DONE
        assert state.waves[0].gate == "2 of 3 succeeded, opened by hand"
        assert state.bars.ok == 9


async def test_a_check_that_fails_keeps_the_gate_shut(sea: Any) -> None:
    async with sea(nodes=80) as at:
        nodes = at.nodes(10)
        waves = Waves(canary=3, gate=Gate(check="exit 1"))
        rollout = await at.begin(RolloutSpec(a_command(nodes), waves))
        rollout.start()
        state = await held(rollout)
        assert "the check failed on 3 nodes" in state.sentence
        assert [call.check for call in state.calls] == [False, False, True]
        # A check's failures are no failures of the rollout.
        assert state.budget.counted == 0
        assert state.bars.total == 10
        await rollout.cancel()
        state = await rollout.over()
        await rollout.leave()
        assert (state.phase, state.bars.ok, state.bars.cancelled) == (Phase.CANCELLED, 3, 7)


async def test_a_check_that_passes_opens_the_gate(sea: Any) -> None:
    async with sea(nodes=80) as at:
        waves = Waves(canary=3, gate=Gate(check="test -d /etc", by_hand=True))
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(10)), waves))
        rollout.start()
        state = await held(rollout)
        assert state.sentence.startswith("Wave 1 is good (3 of 3 succeeded, the check passed)")
        await rollout.go_on()
        assert (await rollout.over()).bars.ok == 10
        await rollout.leave()


async def test_holding_sends_nothing_more_and_going_on_does(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(150)
        rollout = await at.begin(RolloutSpec(a_command(nodes, at_a_time=Amount(2))))
        rollout.start()
        await until(rollout, lambda state: any(call.command_id for call in state.calls))
        await rollout.hold()
        await until(rollout, lambda state: state.budget.overshoot == 0)
        before = sum(reached(at).values())
        assert rollout.state.phase is Phase.HELD
        assert "nothing is sent to the other" in rollout.state.after_quitting
        at.fleet.world.clock.advance(600)
        assert sum(reached(at).values()) == before < len(nodes)
        await rollout.go_on()
        assert (await rollout.over()).bars.ok == len(nodes)
        await rollout.leave()


async def test_cancelling_asks_the_service_and_drops_the_rest(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(150)
        command = a_command(nodes, parameters={"commands": ["sleep 900"]}, at_a_time=Amount(30))
        rollout = await at.begin(RolloutSpec(command))
        rollout.start()
        await until(rollout, lambda state: state.bars.running > 0)
        assert await rollout.cancel() == ()
        state = await rollout.over()
        await rollout.leave()
        assert (state.phase, state.sentence) == (Phase.CANCELLED, "Cancelled by hand")
        assert state.bars.cancelled == len(nodes)
        assert state.after_quitting == ""


async def test_some_nodes_are_cancelled_whether_they_were_sent_or_not(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(120)
        command = a_command(nodes, parameters={"commands": ["sleep 60"]}, at_a_time=Amount(1))
        rollout = await at.begin(RolloutSpec(command))
        rollout.start()
        await until(rollout, lambda state: state.bars.ok > 0)
        sent = {node.id for node in nodes if reached(at)[node.id]}
        some = [node for node in nodes if node.id in sent][40:43]
        others = [node for node in nodes if node.id not in sent][:2]
        assert await rollout.cancel([node.key for node in (*some, *others)]) == ()
        state = await rollout.over()
        await rollout.leave()
        assert (state.bars.ok, state.bars.cancelled) == (115, 5)
        cancelled = {key.id for key, each in rollout.results.items() if each.status == "Cancelled"}
        assert cancelled == {node.id for node in (*some, *others)}
        assert not any(reached(at)[node.id] for node in others)


async def test_tags_are_resolved_by_the_service(sea: Any) -> None:
    async with sea(nodes=80) as at:
        scope = at.fleet.scopes[0]
        key, value = (
            "Role",
            next(
                node.tags["Role"] for node in at.fleet.world.nodes.values() if "Role" in node.tags
            ),
        )
        targets = TagTargets({key: (value,)}, (scope.key,))
        command = CommandSpec(
            document="AWS-RunShellScript",
            targets=targets,
            parameters={"commands": ["hostname"]},
            at_a_time=ALL,
            allowed_errors=ALL,
            delivery_timeout=60,
        )
        rollout = await at.begin(RolloutSpec(command))
        assert rollout.state.bars.total == 0
        rollout.start()
        state = await rollout.over()
        await rollout.leave()
        assert state.bars.total == len(rollout.results) > 0
        assert state.bars.waiting == state.bars.running == 0
        assert state.phase is Phase.DONE


async def test_a_group_that_finds_nothing_ends(sea: Any) -> None:
    async with sea(nodes=20) as at:
        command = CommandSpec(
            document="AWS-RunShellScript",
            targets=TagTargets({"Nobody": ("has this",)}, (at.fleet.scopes[0].key,)),
            parameters={"commands": ["hostname"]},
        )
        rollout = await at.run(RolloutSpec(command))
        assert rollout.state.phase is Phase.DONE
        assert rollout.state.bars.total == 0
        assert GroupTarget("x1", (at.fleet.scopes[0].key,)).request[0]["Values"] == ["x1"]


async def test_nodes_that_the_service_does_not_take_are_left_out(sea: Any) -> None:
    async with sea(nodes=80) as at:
        nodes = at.nodes(8)
        at.fleet.world.deregister(nodes[3].id)
        rollout = await at.run(RolloutSpec(a_command(nodes)))
        state = rollout.state
        assert (state.bars.ok, state.bars.no_answer) == (7, 1)
        assert rollout.results[nodes[3].key].status == "InvalidInstanceId"
        assert reached(at)[nodes[0].id] == 1


async def test_a_refused_call_is_a_problem_and_its_nodes_have_no_answer(sea: Any) -> None:
    async with sea(nodes=80) as at:
        nodes = at.nodes(4)
        rollout = await at.run(RolloutSpec(a_command(nodes, parameters={"colour": ["red"]})))
        state = rollout.state
        assert (state.phase, state.bars.no_answer) == (Phase.DONE, 4)
        assert state.calls[0].phase is CallPhase.REFUSED
        assert "InvalidParameters" in state.problems[0].what
        assert at.sent() == {}


async def test_the_time_to_wait_leaves_the_rest(sea: Any) -> None:
    async with sea(nodes=80) as at:
        command = a_command(at.nodes(4), parameters={"commands": ["sleep 3000"]})
        rollout = await at.begin(RolloutSpec(command, wait=60))
        rollout.start()
        state = await rollout.over()
        assert (state.phase, state.sentence) == (Phase.LEFT, "The time to wait (60 s) is over")
        assert state.after_quitting == "1 call on 4 nodes goes on at the service"
        await rollout.leave()


async def test_listeners_are_told_seldom_and_get_every_change(sea: Any) -> None:
    async with sea(nodes=150) as at:
        nodes = at.nodes(60)
        rollout = await at.begin(RolloutSpec(a_command(nodes, at_a_time=Amount(10))))
        times: list[float] = []
        last = {}

        def hear(state: RolloutState, changed: Any) -> None:
            times.append(at.clock.now())
            last.update({result.key: result for result in changed})

        stop = rollout.listen(hear)
        rollout.start()
        await rollout.over()
        await rollout.leave()
        assert last == dict(rollout.results)
        per_second = Counter(int(time) for time in times)
        assert max(per_second.values()) <= 6
        stop()
        stop()


async def test_a_rollout_is_recorded_before_it_is_started(sea: Any) -> None:
    async with sea(nodes=20) as at:
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(2))), left_out=3)
        [summary] = at.records.all()
        assert (summary.id, summary.phase, summary.nodes) == (rollout.id, Phase.PLANNED, 2)
        assert rollout.state.left_out == 3
        await rollout.leave()


async def test_a_record_that_cannot_be_written_sends_nothing(
    sea: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sea(nodes=20) as at:
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(2))))

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("ssmtui.rollouts.record.append_private", full)
        rollout.start()
        with pytest.raises(ProblemError, match="No space left on device"):
            await rollout.over()
        await rollout.leave()
        assert at.sent() == {}


async def test_cancelling_what_was_never_started_ends_it(sea: Any) -> None:
    async with sea(nodes=20) as at:
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(2))))
        await rollout.cancel()
        assert (rollout.state.phase, rollout.state.bars.cancelled) == (Phase.CANCELLED, 2)
        await rollout.leave()
        assert [summary.open for summary in at.records.all()] == [False]


async def test_a_listener_that_fails_stops_nothing(sea: Any) -> None:
    async with sea(nodes=40) as at:
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(3))))

        def wrong(*_: object) -> None:
            raise ZeroDivisionError

        heard: list[Any] = []
        rollout.listen(wrong)
        rollout.listen(lambda state, _: heard.append(state))
        rollout.start()
        assert (await rollout.over()).bars.ok == 3
        await rollout.leave()
        assert heard


async def test_leaving_does_not_wait_for_the_network(sea: Any) -> None:
    async with sea(nodes=40, faults=["hang ssm:SendCommand"]) as at:
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(3))))
        rollout.start()
        await until(rollout, lambda state: state.calls[0].phase is CallPhase.SENDING)
        begun = at.clock.now()
        async with asyncio.timeout(5):
            await rollout.leave()
        assert at.clock.now() == begun


async def test_a_mistake_of_ours_comes_through(sea: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sea(nodes=20) as at:
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(2))))

        def wrong(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("ssmtui.rollouts.follow.one_command", wrong)
        rollout.start()
        with pytest.raises(ZeroDivisionError):
            await rollout.over()
        await rollout.leave()


async def until(rollout: Any, condition: Any) -> RolloutState:
    """Wait for a state."""
    while not condition(rollout.state):
        assert not rollout.state.over, rollout.state.sentence
        await rollout._course.signal.wait()
    return rollout.state


async def held(rollout: Any) -> RolloutState:
    return await until(rollout, lambda state: state.phase is Phase.HELD)


async def test_what_is_on_its_way_is_waited_for_when_it_is_left_on_purpose(sea: Any) -> None:
    async with sea(nodes=80) as at:
        nodes = at.nodes(5)
        rollout = await at.begin(RolloutSpec(a_command(nodes)))
        rollout.start()
        await until(rollout, lambda state: state.calls[0].phase is CallPhase.SENDING)
        await rollout.leave("Left by hand")
        assert rollout.state.phase is Phase.LEFT
        assert rollout.state.calls[0].phase is CallPhase.SENT
        assert len(at.sent()) == 1


async def test_settled_nothing_more_is_sent_and_the_record_stays_open(sea: Any) -> None:
    async with sea(nodes=200) as at:
        nodes = at.nodes(100)
        rollout = await at.begin(RolloutSpec(a_command(nodes, at_a_time=Amount(100))))
        rollout.start()
        await until(rollout, lambda state: state.calls[0].phase is CallPhase.SENDING)
        assert rollout.on_its_way
        await rollout.settle()
        assert not rollout.on_its_way
        phases = [call.phase for call in rollout.state.calls]
        assert CallPhase.SENDING not in phases
        assert CallPhase.UNKNOWN not in phases
        assert len(at.sent()) == phases.count(CallPhase.SENT) >= 1
        await rollout.leave()
        [summary] = at.records.all()
        assert summary.open
