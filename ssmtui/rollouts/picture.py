"""A rollout's course as the immutable state that a board draws."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem
from ssmtui.rollouts.course import Course
from ssmtui.rollouts.follow import Follower
from ssmtui.rollouts.gates import Gatekeeper
from ssmtui.rollouts.state import (
    Bars,
    CallPhase,
    CallState,
    Phase,
    RolloutState,
    ScopeState,
    WavePhase,
    WaveState,
)

# Seconds over which the throughput is measured, and the least that say anything.
_WINDOW: Final = 60.0
_LEAST: Final = 5.0
# Seconds without news for which an estimate holds at least: they come some seconds apart.
_PATIENCE: Final = 10.0


class Throughput:
    """How fast nodes have come to an end lately."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._moved_at = 0.0

    def per_minute(self, now: float, ended: int) -> float | None:
        """Nodes a minute; None while too little has been seen. `now` is in seconds."""
        if not self._seen or self._seen[-1][1] != ended:
            self._moved_at = now
        if not self._seen or self._seen[-1][1] != ended or now - self._seen[-1][0] >= 1:
            self._seen.append((now, ended))
        while len(self._seen) > 2 and now - self._seen[1][0] >= _WINDOW:
            self._seen.popleft()
        begin, before = self._seen[0]
        if now - begin < _LEAST:
            return None
        return (ended - before) / (now - begin) * 60

    def seconds_left(self, now: float, pace: float | None, nodes: int) -> float | None:
        """How long so many nodes still take at that pace; None where nobody knows: those that are
        left keep everybody waiting longer than they should, being offline or slow."""
        if not pace:
            return None
        seconds = nodes / pace * 60
        return seconds if now - self._moved_at <= max(_PATIENCE, seconds) else None


class Painter:
    """Takes pictures of one course."""

    def __init__(
        self, course: Course, keeper: Gatekeeper, followers: dict[ScopeKey, Follower]
    ) -> None:
        self._course = course
        self._keeper = keeper
        self._followers = followers
        self._throughput = Throughput()
        self._revision = 0

    def state(self) -> RolloutState:
        """What the rollout is now."""
        course, story = self._course, self._course.record.story
        self._revision += 1
        calls = tuple(
            call.state(course.marker(number))
            for number, call in sorted(course.ledger.calls.items())
        )
        # What a call has come to is counted once, for there may be hundreds of them.
        rolled = [call for call in calls if not call.check]
        bars = _sum(rolled)
        now = course.clock.now()
        moving = course.phase is Phase.RUNNING
        if not moving:
            self._throughput = Throughput()  # the time for which it is held says nothing
        pace = self._throughput.per_minute(now, bars.ended) if moving else None
        left = bars.waiting + bars.running
        return RolloutState(
            id=course.plan.id,
            title=course.plan.title,
            phase=story.phase,
            sentence=story.sentence,
            bars=bars,
            waves=tuple(self._wave(number, rolled) for number in range(len(course.plan.waves))),
            scopes=tuple(self._scope(key, rolled) for key in self._scope_keys()),
            calls=calls,
            budget=course.ledger.budget,
            after_quitting=self.after_quitting(),
            problems=self._problems(),
            per_minute=pace,
            seconds_left=self._throughput.seconds_left(now, pace, left),
            left_out=course.record.left_out,
            ours=course.record.ours,
            started=story.started,
            ended=story.ended,
            revision=self._revision,
        )

    def after_quitting(self) -> str:
        """What goes on at the service without this program, and what does not: a sentence."""
        calls = self._course.ledger.rolled
        if self._course.phase in (Phase.DONE, Phase.CANCELLED, Phase.STOPPED):
            return ""
        running = [call for call in calls if call.is_open]
        waiting = [call for call in calls if call.phase is CallPhase.WAITING]
        said = []
        if running:
            nodes = sum(call.tally.open for call in running)
            goes = "goes" if len(running) == 1 else "go"
            said.append(f"{_calls(len(running))} on {_nodes(nodes)} {goes} on at the service")
        if waiting:
            nodes = sum(call.size for call in waiting)
            said.append(
                f"nothing is sent to the other {_nodes(nodes)} until this rollout is opened again"
            )
        return "; ".join(said)

    def _scope_keys(self) -> tuple[ScopeKey, ...]:
        return self._course.plan.spec.command.targets.scopes

    def _scope(self, key: ScopeKey, rolled: Iterable[CallState]) -> ScopeState:
        course, scope = self._course, self._course.scopes.get(key)
        follower = self._followers.get(key)
        return ScopeState(
            key=key,
            name=scope.name if scope else str(key),
            bars=_sum(call for call in rolled if call.scope == key),
            expires=scope.expires if scope else None,
            problem=(follower.problem if follower else None) or course.problems.get(str(key)),
        )

    def _problems(self) -> tuple[Problem, ...]:
        found = list(self._course.problems.values())
        found += [each.problem for each in self._followers.values() if each.problem is not None]
        found += [
            call.problem
            for call in self._course.ledger.calls.values()
            if call.problem is not None and call.phase in (CallPhase.REFUSED, CallPhase.UNKNOWN)
        ]
        return tuple(dict.fromkeys(found))

    def _wave(self, number: int, rolled: Iterable[CallState]) -> WaveState:
        course, story = self._course, self._course.record.story
        return WaveState(
            number=number + 1,
            title=course.plan.waves[number].title,
            phase=self._wave_phase(number),
            bars=_sum(call for call in rolled if call.wave == number),
            gate=story.passed.get(number) or course.plan.gate_words(number),
            soaks_until=story.soaking.get(number),
        )

    def _wave_phase(self, number: int) -> WavePhase:
        if phase := self._keeper.phases.get(number):
            return phase
        calls = self._course.ledger.of_wave(number)
        if all(call.settled for call in calls):
            last = number == len(self._course.plan.waves) - 1
            return WavePhase.ENDED if last or self._course.stopping else WavePhase.RUNNING
        begun = any(call.phase is not CallPhase.WAITING or call.reserved for call in calls)
        return WavePhase.RUNNING if begun else WavePhase.WAITING


def _sum(calls: Iterable[CallState]) -> Bars:
    return sum((call.bars for call in calls), Bars())


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count:,} calls"


def _nodes(count: int) -> str:
    return "1 node" if count == 1 else f"{count:,} nodes"
