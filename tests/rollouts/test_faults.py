"""Whatever goes wrong, no result is lost and no command is sent twice to a node."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.core.tasks import spawn
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.conduct import Rollout
from ssmtui.rollouts.spec import RolloutSpec, Waves
from ssmtui.rollouts.state import Bucket, CallPhase, Phase, RolloutState
from tests.rollouts.conftest import a_command
from tests.rollouts.test_conduct import held, reached, until


def once(nodes: Any) -> Counter[str]:
    return Counter(node.id for node in nodes)


@pytest.mark.parametrize("fault", ["reply-lost", "truncate"])
async def test_a_lost_reply_is_found_by_its_marker(sea: Any, fault: str) -> None:
    async with sea(nodes=250, faults=[f"{fault} ssm:SendCommand count=2"]) as at:
        nodes = at.nodes(120)
        rollout = await at.run(RolloutSpec(a_command(nodes)))
        assert rollout.state.bars.ok == len(nodes)
        assert reached(at) == once(nodes)
        assert at.fleet.endpoint.calls["ssm:SendCommand"] == len(rollout.plan.calls)


async def test_what_stays_unknown_is_shown_as_unknown_and_never_sent_again(sea: Any) -> None:
    async with sea(nodes=80, faults=["abort ssm:SendCommand count=1"]) as at:
        nodes = at.nodes(5)
        rollout = await at.run(RolloutSpec(a_command(nodes)))
        state = rollout.state
        assert (state.phase, state.bars.unknown) == (Phase.DONE, 5)
        assert "sent to 5 nodes is unknown" in state.sentence
        assert state.calls[0].phase is CallPhase.UNKNOWN
        assert state.problems[0].kind is ProblemKind.UNKNOWN
        assert {each.bucket for each in rollout.results.values()} == {Bucket.UNKNOWN}
        assert at.fleet.endpoint.calls["ssm:SendCommand"] == 1


async def test_a_lost_reply_is_found_later_when_nothing_could_be_asked(sea: Any) -> None:
    faults = ["reply-lost ssm:SendCommand count=1", "error ssm:ListCommands count=40"]
    async with sea(nodes=80, faults=faults) as at:
        nodes = at.nodes(5)
        rollout = await at.begin(RolloutSpec(a_command(nodes)))
        rollout.start()
        await until(rollout, lambda state: state.bars.unknown == 5)
        state = await rollout.over()
        await rollout.leave()
        assert (state.phase, state.bars.ok) == (Phase.DONE, 5)
        assert reached(at) == once(nodes)


async def test_throttled_half_way_waits_and_goes_on(sea: Any) -> None:
    async with sea(nodes=250, faults=["throttle ssm:SendCommand after=1 count=20"]) as at:
        nodes = at.nodes(150)
        rollout = await at.run(RolloutSpec(a_command(nodes)))
        assert rollout.state.bars.ok == len(nodes)
        assert rollout.state.problems == ()
        assert reached(at) == once(nodes)


async def test_throttled_reads_only_slow_the_following_down(sea: Any) -> None:
    async with sea(nodes=80, faults=["throttle ssm:ListCommand* p=0.5 count=60"]) as at:
        nodes = at.nodes(20)
        rollout = await at.run(RolloutSpec(a_command(nodes)))
        assert rollout.state.bars.ok == 20
        assert all(each.stdout for each in rollout.results.values())


async def test_credentials_that_expire_are_a_state_and_it_goes_on_after_the_login(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(120)
        renewed: list[str | None] = []
        command = a_command(
            nodes, at_a_time=Amount(2), parameters={"commands": ["sleep 5; hostname"]}
        )
        rollout = await at.begin(RolloutSpec(command), renew=renewed.append)
        rollout.start()
        await until(rollout, lambda state: state.bars.ok > 0)
        number = at.fleet.endpoint.faults.add("expired ssm:*")
        state = await until(rollout, lambda state: state.scopes[0].problem is not None)
        assert state.scopes[0].problem
        assert state.scopes[0].problem.kind is ProblemKind.EXPIRED
        assert state.phase is Phase.RUNNING
        began = at.clock.now()
        await until(rollout, lambda _: at.clock.now() > began + 120)
        assert renewed
        forget_fault(at, number)
        state = await rollout.over()
        await rollout.leave()
        assert (state.bars.ok, state.problems) == (len(nodes), ())
        assert reached(at) == once(nodes)


async def test_the_network_lost_for_a_minute_loses_nothing(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(120)
        rollout = await at.begin(RolloutSpec(a_command(nodes, at_a_time=Amount(2))))
        rollout.start()
        await until(rollout, lambda state: state.bars.ok > 0)
        number = at.fleet.endpoint.faults.add("abort *")
        state = await until(rollout, lambda state: state.problems)
        assert state.problems[0].kind is ProblemKind.ENDPOINT
        began = at.clock.now()
        await until(rollout, lambda _: at.clock.now() > began + 60)
        forget_fault(at, number)
        state = await rollout.over()
        await rollout.leave()
        assert state.bars.ok + state.bars.unknown == len(nodes)
        assert all(times == 1 for times in reached(at).values())
        if not state.bars.unknown:
            assert reached(at) == once(nodes)


async def test_one_scope_that_is_denied_leaves_the_others_be(sea: Any) -> None:
    async with sea(nodes=250, regions=2) as at:
        one, other = (scope.key for scope in at.fleet.scopes)
        at.fleet.endpoint.faults.add(f"denied ssm:SendCommand region={one.region}")
        nodes = [*at.nodes(60, scope=one), *at.nodes(20, scope=other)]
        mine = [node for node in nodes if node.scope == other]
        rollout = await at.run(RolloutSpec(a_command(nodes, at_a_time=Amount(2))))
        state = rollout.state
        assert (state.bars.ok, state.bars.no_answer) == (len(mine), len(nodes) - len(mine))
        assert state.scopes[0].problem
        assert "missing ssm:SendCommand" in state.scopes[0].problem.what
        assert state.scopes[1].problem is None
        # The second call of the denied scope is not even tried.
        assert at.fleet.endpoint.calls["ssm:SendCommand"] == 2


async def test_a_scope_that_is_not_armed_any_more_holds_it(sea: Any) -> None:
    async with sea(nodes=80) as at:
        [scope] = at.fleet.scopes
        closed = True
        refuse = scope._refuse_by_mode

        def by_mode(*what: Any) -> None:
            if closed:
                scope._opening.ceiling  # noqa: B018 - the mode is what is asked
                from ssmtui.core.problem import Problem

                raise ProblemError(Problem(ProblemKind.MODE, "Not allowed in connect mode"))
            refuse(*what)

        scope._refuse_by_mode = by_mode
        nodes = at.nodes(3)
        rollout = await at.begin(RolloutSpec(a_command(nodes)))
        rollout.start()
        assert (await held(rollout)).sentence == "Not allowed in connect mode."
        closed = False
        await rollout.go_on()
        assert (await rollout.over()).bars.ok == 3
        await rollout.leave()


async def test_credentials_too_short_for_a_wave_hold_it(sea: Any) -> None:
    async with sea(nodes=80) as at:
        [scope] = at.fleet.scopes
        expires = at.clock.now() + 30
        scope._expires = lambda: expires
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(3))))
        rollout.start()
        state = await held(rollout)
        assert "Wave 1 takes about 1m and the credentials of shop-dev last 30s" in state.sentence
        assert at.sent() == {}
        expires += 3600
        state = await rollout.over()
        await rollout.leave()
        assert state.bars.ok == 3


async def test_whoever_goes_on_with_short_credentials_may(sea: Any) -> None:
    async with sea(nodes=80) as at:
        [scope] = at.fleet.scopes
        expires = at.clock.now() + 30
        scope._expires = lambda: expires
        rollout = await at.begin(RolloutSpec(a_command(at.nodes(3))))
        rollout.start()
        await held(rollout)
        await rollout.go_on()
        assert (await rollout.over()).bars.ok == 3
        await rollout.leave()


# Killed


def kill(rollout: Rollout) -> None:
    """What kill -9 leaves: the record as it is, and no lock."""
    for task in [*rollout._tasks, rollout._drive_task]:
        if task is not None:
            task.cancel()
    rollout._course.record.close()


def opened(state: RolloutState) -> bool:
    """Whether it is known what was sent."""
    return state.phase is not Phase.HELD or state.sentence.endswith("or cancel the rest")


async def attached(at: Any, rollout_id: str) -> Rollout:
    rollout = await Rollout.attach(at.records, rollout_id, at.fleet.scopes, **at.how)
    rollout.start()
    return rollout


@pytest.mark.parametrize("moment", [0, 1, 2, 3, 4, 5, 7, 9, 12, 16, 20, 30, 45])
async def test_killed_at_any_moment_and_opened_again_nothing_is_sent_twice(
    sea: Any, moment: int
) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(120)
        spec = RolloutSpec(a_command(nodes, at_a_time=Amount(2)), Waves(canary=3))
        first = await at.begin(spec)
        first.start()
        for _ in range(moment):
            await first._course.signal.wait()
        kill(first)
        await asyncio.sleep(0)
        second = await attached(at, first.id[:4])
        # A call that nobody can tell of keeps its wave's gate shut: go on by hand there, too.
        going_on = spawn(go_on_whenever_held(second), "go on")
        state = await second.over()
        going_on.cancel()
        await second.leave()
        assert all(times == 1 for times in reached(at).values())
        assert state.bars.ok + state.bars.unknown == len(nodes)
        assert state.phase is Phase.DONE


async def go_on_whenever_held(rollout: Rollout) -> None:
    while True:
        if rollout.state.phase is Phase.HELD and opened(rollout.state):
            await rollout.go_on()
        await rollout._course.signal.wait()


async def test_opened_again_it_is_held_until_somebody_goes_on(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(150)
        first = await at.begin(RolloutSpec(a_command(nodes, at_a_time=Amount(2))))
        first.start()
        await until(first, lambda state: state.bars.ok > 0)
        await first.leave()
        before = sum(reached(at).values())
        second = await attached(at, first.id)
        state = await until(second, opened)
        assert state.phase is Phase.HELD
        assert sum(reached(at).values()) == before
        # What was sent before is followed, and its results are read anew.
        await until(second, lambda state: state.bars.ok >= before)
        await second.go_on()
        state = await second.over()
        await second.leave()
        assert state.bars.ok == len(nodes)
        assert reached(at) == once(nodes)


async def test_opened_again_it_sends_nothing_before_it_knows_what_has_failed(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(120)
        command = a_command(
            nodes,
            at_a_time=Amount(2),
            parameters={"commands": ["sleep 1; exit 1"]},
            allowed_errors=Amount(1),
        )
        first = await at.begin(RolloutSpec(command))
        first.start()
        await until(first, lambda state: sum(bool(call.command_id) for call in state.calls) == 2)
        kill(first)
        # While nobody is watching, both calls spend the whole budget.
        at.fleet.world.clock.advance(300)
        denied = at.fleet.endpoint.faults.add("denied ssm:ListCommands")
        second = await attached(at, first.id)
        await until(second, opened)
        await second.go_on()
        began = at.clock.now()
        await until(second, lambda _: at.clock.now() > began + 60)
        assert sum(reached(at).values()) == 100
        forget_fault(at, denied)
        state = await second.over()
        await second.leave()
        assert state.phase is Phase.STOPPED
        assert sum(reached(at).values()) == 100


async def test_a_record_that_lost_its_last_lines_is_mended_by_the_markers(sea: Any) -> None:
    async with sea(nodes=250) as at:
        nodes = at.nodes(60)
        first = await at.begin(RolloutSpec(a_command(nodes)))
        first.start()
        await until(first, lambda state: all(call.command_id for call in state.calls))
        kill(first)
        journal = at.records.folder / f"{first.id}.jsonl"
        lines = journal.read_bytes().splitlines(keepends=True)
        journal.write_bytes(lines[0] + b'{"line":"sen')
        second = await attached(at, first.id)
        state = await second.over()
        await second.leave()
        assert (state.phase, state.bars.ok) == (Phase.DONE, len(nodes))
        assert reached(at) == once(nodes)


async def test_a_cancel_that_was_under_way_is_taken_up(sea: Any) -> None:
    async with sea(nodes=80) as at:
        command = a_command(at.nodes(4), parameters={"commands": ["sleep 900"]})
        first = await at.begin(RolloutSpec(command))
        first.start()
        await until(first, lambda state: state.bars.running > 0)
        at.fleet.endpoint.faults.add("abort ssm:CancelCommand")
        await first.cancel()
        state = await until(first, lambda state: state.problems)
        assert state.problems[0].operation == "ssm:CancelCommand"
        assert state.phase is Phase.CANCELLING
        kill(first)
        at.fleet.endpoint.faults.clear()
        second = await attached(at, first.id)
        state = await second.over()
        await second.leave()
        assert (state.phase, state.bars.cancelled) == (Phase.CANCELLED, 4)


async def test_two_programs_cannot_run_the_same_rollout(sea: Any) -> None:
    async with sea(nodes=20) as at:
        first = await at.begin(RolloutSpec(a_command(at.nodes(2))))
        with pytest.raises(ProblemError, match="is being run by another ssmtui"):
            await Rollout.attach(at.records, first.id, at.fleet.scopes, **at.how)
        await first.leave()
        second = await Rollout.attach(at.records, first.id, at.fleet.scopes, **at.how)
        await second.leave()


async def test_a_rollout_that_is_done_is_read_again_when_it_is_opened(sea: Any) -> None:
    async with sea(nodes=80) as at:
        nodes = at.nodes(4)
        first = await at.run(RolloutSpec(a_command(nodes)))
        second = await attached(at, first.id)
        state = await second.over()
        await second.leave()
        assert (state.phase, state.bars.ok) == (Phase.DONE, 4)
        assert second.results == first.results


async def test_a_rollout_that_was_stopped_is_read_again_when_it_is_opened(sea: Any) -> None:
    async with sea(nodes=80) as at:
        command = a_command(at.nodes(8), parameters={"commands": ["sleep 2; exit 1"]})
        first = await at.run(RolloutSpec(command))
        assert first.state.phase is Phase.STOPPED
        second = await attached(at, first.id)
        state = await second.over()
        await second.leave()
        assert (state.phase, state.bars) == (Phase.STOPPED, first.state.bars)
        assert second.results == first.results


# Hostile outputs


@pytest.mark.parametrize(
    "script",
    [
        r"printf '\033[2J\033]0;title\007'",
        r"printf '\377\376\200'",
        "head -c 1000000 /dev/zero | tr '\\0' x",
        "true",
    ],
)
async def test_any_output_is_a_result(sea: Any, script: str) -> None:
    async with sea(nodes=40) as at:
        nodes = at.nodes(2)
        rollout = await at.run(RolloutSpec(a_command(nodes, parameters={"commands": [script]})))
        assert rollout.state.bars.ok == 2
        assert all(len(each.stdout) <= 2_600 for each in rollout.results.values())


def forget_fault(at: Any, rule: Any) -> None:
    at.fleet.endpoint.faults.remove(rule.id)
