"""Simulated time: it runs at a pace of real time, or moves only when told."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf

# A longer leap keeps a large world busy for hours, in which it answers nobody.
_LONGEST_LEAP = 366 * 86_400.0

# Seconds of work that `run` does at a time: behind a clock that runs faster than its actions can be
# done, the loop's other tasks still get their turns.
_SLICE = 0.01
# An action that always schedules another one at its own instant would hold `advance` for ever.
_MOST_AT_ONE_INSTANT = 1_000_000


@dataclass(order=True, slots=True)
class Timer:
    """A scheduled action. Those of one instant fire in the order in which they were scheduled."""

    when: float
    order: int
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


class Clock:
    """The time of a simulated world, in seconds since the epoch.

    `pace` is simulated seconds per real second: 1 is real time, 0 stands still until `advance`.
    Actions are plain functions; while one runs, `now` is the very instant it was scheduled for, so
    a world that is advanced in one leap lives the same life as one that is advanced in steps.
    Nothing fires by itself: `catch_up` fires what is due (the engine does so before every request),
    and `run` does it in the background.
    """

    def __init__(
        self, start: float, pace: float = 0.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._monotonic = monotonic
        self._pace = pace
        self._simulated = start  # the simulated time at ...
        self._real = monotonic()  # ... this real instant
        self._firing: float | None = None
        self._heap: list[Timer] = []
        self._scheduled = 0
        self._changed: asyncio.Event | None = None  # of the loop that runs it

    @property
    def now(self) -> float:
        """Seconds since the epoch; never goes back."""
        if self._firing is not None:
            return self._firing
        return self._simulated + (self._monotonic() - self._real) * self._pace

    @property
    def pace(self) -> float:
        return self._pace

    def set_pace(self, pace: float) -> None:
        """Go on from the present instant at another pace; ValueError if it is negative."""
        if pace < 0:
            raise ValueError("time does not run backwards: the pace is 0 or more")
        self._anchor(self.now)
        self._pace = pace
        self._wake()

    def at(self, when: float, action: Callable[[], None]) -> Timer:
        """Schedule an action; one that lies in the past fires at the present instant."""
        self._scheduled += 1
        timer = Timer(max(when, self.now), self._scheduled, action)
        heapq.heappush(self._heap, timer)
        self._wake()
        return timer

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Schedule an action some simulated seconds from now."""
        return self.at(self.now + seconds, action)

    @property
    def next_due(self) -> float | None:
        """The instant of the next action, None if nothing is scheduled."""
        while self._heap and self._heap[0].cancelled:
            heapq.heappop(self._heap)
        return self._heap[0].when if self._heap else None

    def advance(self, seconds: float) -> int:
        """Move time on and fire what falls due on the way, in order; how many actions fired.

        ValueError if it is negative, or longer than a year.
        """
        if seconds < 0:
            raise ValueError("time does not run backwards: advance by 0 seconds or more")
        if not seconds <= _LONGEST_LEAP:
            raise ValueError(f"advance by a year ({_LONGEST_LEAP:.0f} seconds) at most at once")
        target = self.now + seconds
        fired = self._fire_until(target)
        self._anchor(target)
        self._wake()
        return fired

    def catch_up(self, patience: float = inf) -> int:
        """Fire what has fallen due by now; how many actions fired. An action finds nothing due.

        After so many real seconds (`patience`) the rest is left for another time.
        """
        if self._firing is not None:
            return 0
        due = self.next_due
        return 0 if due is None or due > self.now else self._fire_until(self.now, patience)

    async def run(self) -> None:
        """Fire actions as they fall due, until cancelled."""
        changed = self._changed = asyncio.Event()
        while True:
            changed.clear()
            self.catch_up(_SLICE)
            await asyncio.sleep(0)  # what actions schedule sets `changed`: waiting would not wait
            due = self.next_due
            if due is None or self._pace == 0:
                await changed.wait()
                continue
            with suppress(TimeoutError):  # the next action is due
                async with asyncio.timeout(max(0.0, due - self.now) / self._pace):
                    await changed.wait()

    def _fire_until(self, target: float, patience: float = inf) -> int:
        if self._firing is not None:
            raise RuntimeError("an action may schedule others, but not move time itself")
        fired = at_one_instant = 0
        last = None
        began = self._monotonic()
        try:
            while (due := self.next_due) is not None and due <= target:
                if fired and self._monotonic() - began > patience:
                    break
                at_one_instant = at_one_instant + 1 if due == last else 0
                if at_one_instant > _MOST_AT_ONE_INSTANT:
                    raise RuntimeError("actions keep scheduling others for the same instant")
                last = self._firing = due
                heapq.heappop(self._heap).action()
                fired += 1
        finally:
            self._firing = None
        return fired

    def _wake(self) -> None:
        if self._changed is not None:
            self._changed.set()

    def _anchor(self, simulated: float) -> None:
        self._simulated = simulated
        self._real = self._monotonic()
