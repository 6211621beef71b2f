"""What stands between two waves: successes, a check, time, a key; and credentials that last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ssmtui.core.columns import age
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.rollouts.course import Course
from ssmtui.rollouts.dispatch import UNKNOWN_SECONDS, Dispatcher
from ssmtui.rollouts.journal import Planned, Soaking, WavePassed
from ssmtui.rollouts.ledger import LiveCall
from ssmtui.rollouts.plan import check_calls, needed
from ssmtui.rollouts.spec import POWERSHELL, SHELL
from ssmtui.rollouts.state import Bucket, CallPhase, Phase, WavePhase

# Seconds that credentials have to last beyond a wave's expected end.
MARGIN: Final = 60.0
# Seconds between two looks at them, while they are too short.
_LOOK_AGAIN: Final = 15.0


class Gatekeeper:
    """Opens the gates of one rollout. `phases` are the waves', for the board."""

    def __init__(self, course: Course, dispatcher: Dispatcher) -> None:
        passed = course.record.story.passed
        self.phases: dict[int, WavePhase] = dict.fromkeys(passed, WavePhase.PASSED)
        self._course = course
        self._dispatcher = dispatcher
        self._pace: float | None = None  # seconds that a call has taken so far, at most

    # Before a wave

    async def admit(self, wave: int) -> None:
        """Wait until the credentials of all scopes of a wave last for it, or somebody goes on all
        the same. StoppedError."""
        course = self._course
        sentence = self.too_short(wave)
        if not sentence:
            return
        await course.turn(Phase.HELD, sentence)
        while course.phase is Phase.HELD and self.too_short(wave):
            await course.pause(_LOOK_AGAIN)
            course.require_going()
        if course.phase is Phase.HELD:
            await course.turn(Phase.RUNNING)

    def too_short(self, wave: int) -> str:
        """Why a wave would outlive its credentials, as a sentence; "" if it would not.

        Its time is guessed from the calls so far; before there are any from the execution timeout,
        where one is set.
        """
        course, plan = self._course, self._course.plan
        calls = course.ledger.of_wave(wave)
        open_calls = [call for call in calls if not call.settled]
        size, whole = sum(call.size for call in open_calls), plan.whole or 0
        rounds = -(-size // whole) if whole else 1
        pace = self._pace if self._pace is not None else plan.spec.command.execution_timeout or 0.0
        seconds = rounds * pace + MARGIN
        now = course.now()
        for key in dict.fromkeys(call.planned.scope for call in open_calls):
            scope = course.scopes.get(key)
            expires = scope.expires if scope else None
            if scope is not None and expires is not None and expires - now < seconds:
                lasts = f"last {age(expires - now)}" if expires > now else "have expired"
                return (
                    f"Wave {wave + 1} takes about {age(seconds)} and the credentials of "
                    f"{plain(scope.name)} {lasts}: log in again, or go on all the same"
                )
        return ""

    # After a wave

    async def finish(self, wave: int) -> None:
        """Wait until every call of a wave has come to its end, or stays unknown. StoppedError."""
        await self._ended(self._course.ledger.of_wave(wave))
        times = [
            result.ended - result.started
            for call in self._course.ledger.of_wave(wave)
            for result in self._course.ledger.of_call(call)
            if result.ended is not None and result.started is not None
        ]
        if times:
            self._pace = max(self._pace or 0.0, *times)

    async def open(self, wave: int) -> None:
        """Wait until the gate behind a wave opens. StoppedError."""
        course = self._course
        gate, size = course.plan.spec.waves.gate, course.plan.waves[wave].size or 0
        good = course.ledger.bars(course.ledger.of_wave(wave)).ok
        wanted = needed(gate, size, course.plan.spared(wave))
        words = [f"{good:,} of {size:,} succeeded"]
        if good < wanted:
            await self._shut(wave, f"{words[0]}, and {wanted:,} are needed", words[0])
            return
        if gate.check:
            if failed := await self._check(wave):
                await self._shut(wave, f"the check failed on {failed:,} nodes", words[0])
                return
            words.append("the check passed")
        if gate.soak:
            await self._soak(wave, gate.soak)
            words.append(f"soaked {age(gate.soak)}")
        if gate.by_hand:
            self.phases[wave] = WavePhase.SHUT
            await self._by_hand(f"Wave {wave + 1} is good ({', '.join(words)})")
            words.append("opened by hand")
        await self._passed(wave, ", ".join(words))

    async def _shut(self, wave: int, why: str, words: str) -> None:
        self.phases[wave] = WavePhase.SHUT
        await self._by_hand(f"The gate behind wave {wave + 1} stays shut: {why}")
        await self._passed(wave, f"{words}, opened by hand")

    async def _by_hand(self, what: str) -> None:
        course = self._course
        await course.turn(Phase.HELD, f"{what}. Go on by hand, or cancel the rest")
        await course.until(lambda: course.phase is Phase.RUNNING)

    async def _passed(self, wave: int, words: str) -> None:
        self.phases[wave] = WavePhase.PASSED
        await self._course.note_past(WavePassed(at=self._course.now(), wave=wave, words=words))

    async def _soak(self, wave: int, seconds: float) -> None:
        course = self._course
        self.phases[wave] = WavePhase.SOAKING
        until = course.record.story.soaking.get(wave)
        if until is None:
            until = course.now() + seconds
            await course.note_past(Soaking(at=course.now(), wave=wave, until=until))
        while course.now() < until:
            await course.pause(until - course.now())
            course.require_going()
        await course.until(lambda: course.phase is Phase.RUNNING)

    async def _check(self, wave: int) -> int:
        """Run the check on the nodes that succeeded; on how many it did not."""
        course = self._course
        self.phases[wave] = WavePhase.CHECKING
        checks = [call for call in course.ledger.of_wave(wave, checks=True) if call.planned.check]
        if not checks:
            checks = await self._plan_checks(wave)
        await self._dispatcher.send(checks)
        await self._ended(checks)
        return sum(call.size - call.counts[Bucket.OK] for call in checks)

    async def _plan_checks(self, wave: int) -> list[LiveCall]:
        course = self._course
        names = course.plan.names
        nodes: list[tuple[RowKey, str]] = []
        for call in course.ledger.of_wave(wave):
            for result in course.ledger.of_call(call):
                if result.bucket is Bucket.OK:
                    node = names.get(result.key)
                    windows = node is not None and node.platform == "windows"
                    nodes.append((result.key, POWERSHELL if windows else SHELL))
        planned = check_calls(course.plan, wave, max(course.ledger.calls) + 1, nodes)
        try:
            await course.note(*(Planned(at=course.now(), call=each) for each in planned))
        except ProblemError as error:
            course.problems["record"] = error.problem
        made = []
        for each in planned:
            course.ledger.add(each, course.record.story.call(each.number))
            made.append(course.ledger.calls[each.number])
        return made

    async def _ended(self, calls: Sequence[LiveCall]) -> None:
        """Wait for calls; for those whose fate nobody knows only so long."""
        course = self._course
        await course.until(lambda: all(_settled_or_unknown(call) for call in calls))
        deadline = course.clock.now() + UNKNOWN_SECONDS
        while not all(call.settled for call in calls) and course.clock.now() < deadline:
            await course.pause(deadline - course.clock.now())
            course.require_going()
        await course.until(lambda: all(_settled_or_unknown(call) for call in calls))


def _settled_or_unknown(call: LiveCall) -> bool:
    return call.settled or call.phase is CallPhase.UNKNOWN
