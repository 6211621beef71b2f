"""How many calls are on their way at once, and how fast they may start after AWS has throttled.

AWS publishes next to no rates for Systems Manager, so nothing is guessed: to begin with only the
calls in flight are bounded, per account, Region and quota and over all; where a rate is published
it is kept. A throttled quota gets a
rate, half of what was just being started, which recovers slowly and is dropped once it is no longer
felt. It is halved once for a burst, and a caller that is alone is left to its own backoff: it waits
longer after every refusal as it is. Foreground calls go before background ones, which never take
the last quarter of the slots.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import IntEnum
from heapq import heappop, heappush
from typing import NamedTuple

from ssmtui.aws.clock import Clock, SystemClock
from ssmtui.aws.operations import quota_of, rate_of
from ssmtui.core.keys import ScopeKey

_WINDOW = 2.0  # seconds over which the rate of starts is measured
_SLOWEST = 0.2  # calls a second
_ALONE = 1.0  # calls a second that are left to one caller by itself, however often it is refused
_QUIET = 5.0  # seconds without throttling before the rate is raised, each time
_RAISE = 1.25
_FORGET = 60.0  # seconds without throttling after which a quota is free again


class Priority(IntEnum):
    """Whether somebody waits for the answer. The smaller goes first."""

    FOREGROUND = 0
    BACKGROUND = 1


class BucketKey(NamedTuple):
    """What AWS counts together: one quota of one account in one Region."""

    scope: ScopeKey
    quota: str


class _Waiter(NamedTuple):
    priority: Priority
    turn: int
    ready: asyncio.Future[None]


class _Bucket:
    """The calls of one quota: in flight, waiting, and the rate they are held to (None: no rate).

    `ceiling` is the rate that AWS publishes, which is never exceeded.
    """

    def __init__(self, ceiling: float | None = None) -> None:
        self.ceiling = ceiling
        self.in_flight = 0
        self.waiting: list[_Waiter] = []
        self.starts: deque[float] = deque()
        self.rate: float | None = None
        self.halved_at = 0.0
        self.throttled_at = 0.0
        self.raised_at = 0.0

    def next_start(self, now: float) -> float:
        """The earliest time at which the next call may start."""
        rates = [rate for rate in (self.rate, self.ceiling) if rate is not None]
        if not rates or not self.starts:
            return now
        return max(now, self.starts[-1] + 1 / min(rates))

    def started(self, now: float) -> None:
        self.in_flight += 1
        self.starts.append(now)
        self._forget_old_starts(now)

    def throttled(self, now: float, started: float) -> None:
        """Halve the rate, once for all calls of a burst and their next attempts."""
        again = started < self.halved_at or now < self.halved_at + _WINDOW
        if self.rate is not None and again:
            self.throttled_at = self.raised_at = now
            return
        self._forget_old_starts(now)
        measured = max(1.0, len(self.starts) / _WINDOW)
        alone = self.in_flight <= 1 and not self.waiting
        halved = (measured if self.rate is None else self.rate) / 2
        self.rate = max(_ALONE if alone else _SLOWEST, halved)
        self.halved_at = self.throttled_at = self.raised_at = now

    def succeeded(self, now: float) -> None:
        """Recover: a little for every quiet spell, wholly after a long one."""
        if self.rate is None:
            return
        if now - self.throttled_at >= _FORGET:
            self.rate = None
        elif now - self.raised_at >= _QUIET:
            self.rate *= _RAISE
            self.raised_at = now

    def _forget_old_starts(self, now: float) -> None:
        # The newest stays: the pace is counted from it.
        while len(self.starts) > 1 and self.starts[0] < now - _WINDOW:
            self.starts.popleft()


class Slot:
    """The right to have one call in flight; tell it how the call went."""

    def __init__(self, bucket: _Bucket, clock: Clock) -> None:
        self._bucket = bucket
        self._clock = clock
        self._started = clock.now()

    def throttled(self) -> None:
        """AWS refused the call for its rate."""
        self._bucket.throttled(self._clock.now(), self._started)

    def succeeded(self) -> None:
        """AWS answered; an answer of any kind but throttling counts."""
        self._bucket.succeeded(self._clock.now())


class Limiter:
    """Bounds calls in flight and, where AWS has throttled, their rate. Belongs to one loop."""

    def __init__(
        self, *, per_operation: int = 16, overall: int = 64, clock: Clock | None = None
    ) -> None:
        self._per_operation = per_operation
        self._overall = overall
        self._background = max(1, overall - overall // 4)
        self._clock = clock or SystemClock()
        self._buckets: dict[BucketKey, _Bucket] = {}
        self._in_flight = 0
        self._turn = 0
        self._cancel_wake: Callable[[], None] | None = None

    @property
    def in_flight(self) -> int:
        """The calls that are on their way."""
        return self._in_flight

    @property
    def slowed(self) -> list[BucketKey]:
        """The quotas that are held to a rate, for the status line."""
        return [key for key, bucket in self._buckets.items() if bucket.rate is not None]

    def rate(self, scope: ScopeKey, service: str, operation: str) -> float | None:
        """The calls a second that a quota is held to; None if it is not."""
        bucket = self._buckets.get(BucketKey(scope, quota_of(service, operation)))
        return bucket.rate if bucket else None

    @asynccontextmanager
    async def slot(
        self,
        scope: ScopeKey,
        service: str,
        operation: str,
        priority: Priority = Priority.FOREGROUND,
    ) -> AsyncIterator[Slot]:
        """Wait for the right to call, and hold it while the block runs."""
        key = BucketKey(scope, quota_of(service, operation))
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(rate_of(key.quota))
        await self._wait(bucket, priority)
        try:
            yield Slot(bucket, self._clock)
        finally:
            self._release(bucket)

    async def _wait(self, bucket: _Bucket, priority: Priority) -> None:
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turn += 1
        heappush(bucket.waiting, _Waiter(priority, self._turn, ready))
        self._dispatch()
        try:
            await ready
        except asyncio.CancelledError:
            if ready.done() and not ready.cancelled():
                self._release(bucket)  # granted in the moment of being cancelled
            raise

    def _release(self, bucket: _Bucket) -> None:
        bucket.in_flight -= 1
        self._in_flight -= 1
        self._dispatch()

    def _dispatch(self) -> None:
        """Start every call that may start now, and wake up for the first that must be paced."""
        if self._cancel_wake is not None:
            self._cancel_wake()
            self._cancel_wake = None
        now = self._clock.now()
        while bucket := self._next_bucket(now):
            waiter = heappop(bucket.waiting)
            bucket.started(now)
            self._in_flight += 1
            waiter.ready.set_result(None)
        wake = min(
            (
                bucket.next_start(now)
                for bucket in self._buckets.values()
                if bucket.waiting and self._has_room(bucket)
            ),
            default=now,
        )
        if wake > now:
            self._cancel_wake = self._clock.call_later(wake - now, self._dispatch)

    def _next_bucket(self, now: float) -> _Bucket | None:
        """The bucket whose first waiter is the first of all that may start now."""
        best: _Bucket | None = None
        for bucket in self._buckets.values():
            while bucket.waiting and bucket.waiting[0].ready.done():
                heappop(bucket.waiting)  # cancelled while it waited
            if (
                bucket.waiting
                and self._has_room(bucket)
                and bucket.next_start(now) <= now
                and (best is None or bucket.waiting[0][:2] < best.waiting[0][:2])
            ):
                best = bucket
        return best

    def _has_room(self, bucket: _Bucket) -> bool:
        background = bucket.waiting[0].priority is Priority.BACKGROUND
        overall = self._background if background else self._overall
        return bucket.in_flight < self._per_operation and self._in_flight < overall
