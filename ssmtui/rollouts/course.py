"""What the parts of a running rollout share: its record, its book, its scopes and its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from ssmtui.aws.clock import Clock
from ssmtui.aws.scope import Scope
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.rollouts.journal import Turned
from ssmtui.rollouts.ledger import Ledger
from ssmtui.rollouts.plan import Plan
from ssmtui.rollouts.record import Record
from ssmtui.rollouts.state import Phase

STOPPING: Final = frozenset({Phase.CANCELLING, Phase.CANCELLED, Phase.STOPPED, Phase.LEFT})


class StoppedError(Exception):
    """Nothing more is to be sent: for whoever is about to send."""


class Signal:
    """Wakes everybody who waits, each time it is fired."""

    def __init__(self) -> None:
        self.fired = 0  # how often so far: who was busy meanwhile sees that it missed something
        self._waiting: set[asyncio.Future[None]] = set()

    def fire(self) -> None:
        self.fired += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def wait(self) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await waiting
        finally:
            self._waiting.discard(waiting)


class Course:
    """A rollout under way. `now` gives seconds since the epoch, `clock` is what waiting goes by."""

    def __init__(
        self,
        record: Record,
        scopes: Mapping[ScopeKey, Scope],
        *,
        clock: Clock,
        now: Callable[[], float],
    ) -> None:
        self.record = record
        self.plan: Plan = record.plan
        self.scopes = scopes
        self.clock = clock
        self.now = now
        self.ledger = Ledger(self.plan, record.story.calls)
        self.signal = Signal()
        self.problems: dict[str, Problem] = {}  # by what they are about: a scope, the record
        for number, planned in record.story.extra.items():
            self.ledger.add(planned, record.story.call(number))
        for number in self.ledger.calls:
            self.bind(number)

    def bind(self, number: int) -> None:
        """Let a call in the book and its record be one."""
        self.ledger.calls[number].record = self.record.story.call(number)

    def marker(self, number: int) -> str:
        """What a call's comment begins with; of a command that is not ours, its comment."""
        return self.plan.marker(number) if self.record.ours else self.plan.spec.command.comment

    @property
    def phase(self) -> Phase:
        return self.record.story.phase

    @property
    def stopping(self) -> bool:
        return self.phase in STOPPING

    # The record

    async def note(self, *entries: Any) -> None:
        """Write down what happens, before it does. ProblemError: it cannot be written."""
        await asyncio.to_thread(self.record.write, *entries)
        self._take(*entries)

    async def note_past(self, *entries: Any) -> None:
        """Write down what has happened. That the disk will not have it is shown, and no failure:
        what was sent is found again by its marker."""
        try:
            await asyncio.to_thread(self.record.write, *entries)
            self.problems.pop("record", None)
        except ProblemError as error:
            self.problems["record"] = error.problem
        self._take(*entries)

    async def turn(self, phase: Phase, sentence: str = "") -> None:
        """The rollout gets another phase."""
        if (phase, sentence) != (self.phase, self.record.story.sentence):
            await self.note_past(Turned(at=self.now(), phase=phase, sentence=sentence))

    async def finish(self) -> None:
        """Every node has come to an end of some kind."""
        if self.record.ours:
            await self.turn(Phase.DONE, self._doubts())
            return
        said = {call.facts.details for call in self.ledger.rolled if call.facts} - {"Success"}
        await self.turn(Phase.DONE, ", ".join(f"Run Command says {word}" for word in sorted(said)))
        # It may have been over long before anybody looked.
        ends = [each.ended for each in self.ledger.results.values() if each.ended]
        self.record.story.ended = max(ends, default=None)

    def _doubts(self) -> str:
        bars = self.ledger.bars(self.ledger.rolled)
        if not bars.unknown:
            return ""
        return (
            f"Whether the command was sent to {bars.unknown:,} nodes is unknown: "
            f"look at the Commands pane before running it there again"
        )

    def _take(self, *entries: Any) -> None:
        self.record.take(*entries)
        for entry in entries:
            numbers = getattr(entry, "calls", None) or (getattr(entry, "call", None),)
            for number in numbers:
                if isinstance(number, int) and number in self.ledger.calls:
                    self.bind(number)
                    self.ledger.tell_phase(self.ledger.calls[number])
        self.signal.fire()

    # Waiting

    def require_going(self) -> None:
        """StoppedError if nothing more is to be sent."""
        if self.stopping:
            raise StoppedError

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition holds, looking whenever something has happened. StoppedError."""
        self.require_going()
        while not condition():
            await self.signal.wait()
            self.require_going()

    async def pause(self, seconds: float) -> None:
        """Wait for so long, or until something happens, whichever comes first."""
        cancel = self.clock.call_later(seconds, self.signal.fire)
        try:
            await self.signal.wait()
        finally:
            cancel()
