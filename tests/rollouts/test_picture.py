"""Pictures of a rollout: what a board draws, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssmtui.aws.clock import SystemClock
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.commands import CommandFacts
from ssmtui.rollouts.course import Course
from ssmtui.rollouts.dispatch import Dispatcher
from ssmtui.rollouts.gates import Gatekeeper
from ssmtui.rollouts.journal import Sent, Turned
from ssmtui.rollouts.picture import Painter, Throughput
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.spec import RolloutSpec, Waves
from ssmtui.rollouts.state import CallPhase, Phase, WavePhase
from tests.rollouts.conftest import SCOPE, a_command


class HandClock(SystemClock):
    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def course(tmp_path: Path) -> Course:
    spec = RolloutSpec(a_command(70, at_a_time=Amount(10), comment="openssl"), Waves(canary=20))
    record = Records(tmp_path).create(plan(spec), now=1.0, left_out=4)
    return Course(record, {}, clock=HandClock(), now=lambda: 100.0)


@pytest.fixture
def painter(course: Course) -> Painter:
    return Painter(course, Gatekeeper(course, Dispatcher(course, lambda call: None)), {})


def sent(course: Course, number: int, completed: int, targets: int, status: str) -> None:
    course._take(Sent(at=2.0, call=number, command_id=f"c-{number}"))
    course.ledger.calls[number].facts = CommandFacts(
        id=f"c-{number}", status=status, details=status, targets=targets, completed=completed
    )


def test_before_it_is_started(course: Course, painter: Painter) -> None:
    state = painter.state()
    assert (state.title, state.phase, state.bars.waiting) == ("openssl", Phase.PLANNED, 70)
    assert [(wave.number, wave.title, wave.phase) for wave in state.waves] == [
        (1, "canary", WavePhase.WAITING),
        (2, "the rest", WavePhase.WAITING),
    ]
    assert [wave.gate for wave in state.waves] == ["20 of 20 succeed", ""]
    assert state.left_out == 4
    assert (state.per_minute, state.seconds_left) == (None, None)
    assert state.after_quitting == (
        "nothing is sent to the other 70 nodes until this rollout is opened again"
    )


def test_under_way(course: Course, painter: Painter) -> None:
    course._take(Turned(at=2.0, phase=Phase.RUNNING))
    sent(course, 0, 5, 20, "InProgress")
    painter.state()
    course.clock.time = 30.0  # type: ignore[attr-defined]
    sent(course, 0, 15, 20, "InProgress")
    state = painter.state()
    assert (state.bars.ok, state.bars.running, state.bars.waiting) == (15, 5, 50)
    assert state.per_minute == 20.0
    assert state.seconds_left == 165.0
    assert state.waves[0].phase is WavePhase.RUNNING
    assert state.scopes[0].bars == state.bars
    assert state.started == 2.0
    assert state.after_quitting == (
        "1 call on 5 nodes goes on at the service; "
        "nothing is sent to the other 50 nodes until this rollout is opened again"
    )
    assert state.revision == 2


def test_trouble_is_listed_once(course: Course, painter: Painter) -> None:
    problem = Problem(ProblemKind.DENIED, "no", scope=SCOPE)
    course.problems[str(SCOPE)] = problem
    for number in (0, 1):
        course.ledger.calls[number].problem = problem
        course.ledger.calls[number].record.phase = CallPhase.REFUSED
    state = painter.state()
    assert state.problems == (problem,)
    assert state.scopes[0].problem == problem
    assert state.bars.no_answer == 70


def test_throughput_is_of_the_last_minute() -> None:
    seen = Throughput()
    assert seen.per_minute(0.0, 0) is None
    assert seen.per_minute(4.0, 10) is None
    assert seen.per_minute(30.0, 10) == 20.0
    for second in range(31, 200):
        seen.per_minute(float(second), 10 + second)
    pace = seen.per_minute(200.0, 210)
    assert pace == pytest.approx(60.0, rel=0.05)


def test_the_time_left_is_not_told_where_the_last_ones_keep_everybody_waiting() -> None:
    throughput = Throughput()
    throughput.per_minute(0.0, 0)
    pace = throughput.per_minute(20.0, 100)
    assert throughput.seconds_left(20.0, pace, 10) == pytest.approx(2.0)
    assert throughput.seconds_left(29.0, pace, 10) == pytest.approx(2.0)
    assert throughput.seconds_left(31.0, pace, 10) is None
    # What takes long may be quiet for long.
    assert throughput.seconds_left(80.0, pace, 500) == pytest.approx(100.0)
    assert throughput.seconds_left(31.0, None, 10) is None
    pace = throughput.per_minute(40.0, 105)
    assert throughput.seconds_left(40.0, pace, 5) is not None


def test_the_time_for_which_it_was_held_does_not_count(course: Course, painter: Painter) -> None:
    clock, story = course.clock, course.record.story
    assert isinstance(clock, HandClock)
    for phase, at, completed in (
        (Phase.RUNNING, 0.0, 0),
        (Phase.RUNNING, 30.0, 10),
        (Phase.HELD, 31.0, 10),
        (Phase.RUNNING, 600.0, 10),
    ):
        clock.time, story.phase = at, phase
        sent(course, 0, completed, 20, "InProgress")
        state = painter.state()
    assert (state.per_minute, state.seconds_left) == (None, None)
    clock.time = 612.0
    sent(course, 0, 14, 20, "InProgress")
    assert painter.state().per_minute == pytest.approx(20.0)
