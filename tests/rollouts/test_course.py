"""The course wakes whoever waits, and writes down before it does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ssmtui.aws.clock import SystemClock
from ssmtui.core.problem import ProblemError
from ssmtui.core.tasks import spawn
from ssmtui.rollouts.course import Course, Signal, StoppedError
from ssmtui.rollouts.journal import Sending, Sent
from ssmtui.rollouts.plan import check_calls, plan
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.spec import RolloutSpec
from ssmtui.rollouts.state import Bars, CallPhase, Phase
from tests.rollouts.conftest import a_command


@pytest.fixture
def course(tmp_path: Path) -> Course:
    record = Records(tmp_path).create(plan(RolloutSpec(a_command(3))), now=1.0)
    return Course(record, {}, clock=SystemClock(), now=lambda: 100.0)


async def test_a_signal_wakes_all_that_wait_and_counts_for_those_who_were_busy() -> None:
    signal = Signal()
    woken: list[int] = []

    async def wait(number: int) -> None:
        await signal.wait()
        woken.append(number)

    tasks = [spawn(wait(number), "wait") for number in range(3)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.sleep(0)
    signal.fire()
    signal.fire()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert sorted(woken) == [1, 2]
    assert signal.fired == 2


async def test_what_is_noted_is_on_disk_in_the_story_and_in_the_book(course: Course) -> None:
    await course.note(Sending(at=1.0, call=0, allowed=0))
    assert course.ledger.calls[0].phase is CallPhase.SENDING
    assert course.ledger.bars(course.ledger.rolled) == Bars(running=3)
    lines = list(course.record._journal.read_bytes().splitlines())
    assert len(lines) == 1
    await course.note_past(Sent(at=2.0, call=0, command_id="c-0"))
    assert course.ledger.calls[0].record.command_id == "c-0"


async def test_a_full_disk_forbids_what_was_to_be_done_and_not_what_was(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ssmtui.rollouts.record.append_private", full)
    with pytest.raises(ProblemError, match="No space left"):
        await course.note(Sending(at=1.0, call=0))
    assert course.ledger.calls[0].phase is CallPhase.WAITING
    await course.note_past(Sent(at=2.0, call=0, command_id="c-0"))
    assert course.ledger.calls[0].phase is CallPhase.SENT
    assert "No space left" in course.problems["record"].what
    monkeypatch.undo()
    await course.turn(Phase.RUNNING)
    assert course.problems == {}


async def test_waiting_ends_when_it_is_stopped(course: Course) -> None:
    waiting = spawn(course.until(lambda: False), "wait")
    await asyncio.sleep(0)
    await course.turn(Phase.CANCELLING, "Enough")
    with pytest.raises(StoppedError):
        await waiting
    with pytest.raises(StoppedError):
        course.require_going()


async def test_a_phase_is_only_written_when_it_is_another(course: Course) -> None:
    await course.turn(Phase.RUNNING)
    await course.turn(Phase.RUNNING)
    assert len(course.record._journal.read_bytes().splitlines()) == 1


async def test_a_pause_ends_by_time_or_by_news(course: Course) -> None:
    await course.pause(0.0)
    pausing = spawn(course.pause(1000.0), "pause")
    await asyncio.sleep(0)
    course.signal.fire()
    await pausing


async def test_checks_on_record_are_in_the_book(tmp_path: Path) -> None:
    from ssmtui.rollouts.journal import Planned

    records = Records(tmp_path)
    made = plan(RolloutSpec(a_command(3)))
    record = records.create(made, now=1.0)
    [check] = check_calls(made, 0, 1, [(key, "AWS-RunShellScript") for key in made.names])
    record.write(Planned(at=1.0, call=check), Sent(at=2.0, call=1, command_id="c-1"))
    record.close()
    again = Course(records.open(made.id), {}, clock=SystemClock(), now=lambda: 1.0)
    assert again.ledger.calls[1].planned.check
    assert again.ledger.calls[1].record.command_id == "c-1"
    assert len(again.ledger.rolled) == 1
