"""Records that come by themselves as simulated time goes on, and those that are written besides."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import floor, inf
from typing import NamedTuple

from ssmtui.simulator.shell.machine.hashing import number, quick

MOST_WRITTEN = 5_000  # records that users and services have written and that are remembered
_MOST_SPANS = 100

INFO, WARNING, ERROR = "info", "warning", "err"


class Record(NamedTuple):
    """One line: when (epoch seconds), of which unit, how bad, and what it says."""

    when: float
    unit: str
    text: str
    level: str = INFO
    raw: bool = False  # a line that somebody wrote into the file as it is


@dataclass(frozen=True)
class Stream:
    """A unit that says something about every `interval` seconds.

    Line number k belongs to the k-th interval since the epoch, so that any stretch of time can be
    made without those before it, and is always the same. `make(hash, when)` gives text and level.
    """

    unit: str
    seed: int
    interval: float
    make: Callable[[int, float], tuple[str, str]]

    def when(self, index: int) -> float:
        return (index + quick(self.seed, index) / 2**32) * self.interval

    def between(self, after: float, until: float) -> Iterator[Record]:
        """Those with after < when <= until, in order."""
        index = floor(after / self.interval)
        while (when := self.when(index)) <= until:
            if when > after:
                text, level = self.make(quick(self.seed + 1, index), when)
                yield Record(when, self.unit, text, level)
            index += 1

    def next_after(self, after: float) -> float:
        index = floor(after / self.interval)
        while (when := self.when(index)) <= after:
            index += 1
        return when


class Series:
    """The records of some units, as one, in order of time.

    A unit that is stopped says nothing. `listeners` are called after each written record.
    """

    def __init__(self, streams: Mapping[str, Stream], began: float) -> None:
        self._streams = streams
        self._spans: dict[str, list[tuple[float, float]]] = {
            unit: [(began, inf)] for unit in streams
        }
        self._written: deque[Record] = deque(maxlen=MOST_WRITTEN)
        self.count = 0  # of records written so far
        self.listeners: list[Callable[[], None]] = []

    def write(self, record: Record) -> None:
        self._written.append(record)
        self.count += 1
        for listener in self.listeners:
            listener()

    def written_since(self, count: int) -> list[Record]:
        """The records that have been written since `count` was that."""
        fresh = min(self.count - count, len(self._written))
        return list(self._written)[len(self._written) - fresh :] if fresh > 0 else []

    def stop(self, unit: str, now: float) -> None:
        spans = self._spans.get(unit)
        if spans and spans[-1][1] == inf:
            spans[-1] = (spans[-1][0], now)

    def start(self, unit: str, now: float) -> None:
        spans = self._spans.get(unit)
        if spans is not None and (not spans or spans[-1][1] != inf):
            spans.append((now, inf))
            del spans[:-_MOST_SPANS]

    def between(self, after: float, until: float, unit: str | None = None) -> Iterator[Record]:
        """Every record with after < when <= until, written ones too."""
        written = (
            record
            for record in self._written
            if after < record.when <= until and unit in (None, record.unit)
        )
        parts = [self._spoken(stream, after, until) for stream in self._of(unit)]
        return heapq.merge(*parts, written, key=lambda record: record.when)

    def spoken(self, after: float, until: float, unit: str | None = None) -> Iterator[Record]:
        """As `between`, without what has been written."""
        parts = [self._spoken(stream, after, until) for stream in self._of(unit)]
        return heapq.merge(*parts, key=lambda record: record.when)

    def next_after(self, after: float, unit: str | None = None) -> float | None:
        """When a unit that runs will say something next."""
        running = [stream for stream in self._of(unit) if self._spans[stream.unit][-1][1] == inf]
        return min((stream.next_after(after) for stream in running), default=None)

    def last(self, lines: int, after: float, until: float, unit: str | None = None) -> list[Record]:
        """The last records of that time, found by looking back in growing steps."""
        span = 60.0
        while True:
            start = max(after, until - span)
            found = deque(self.between(start, until, unit), maxlen=lines)
            if len(found) == lines or start <= after:
                return list(found)
            span *= 4

    def _of(self, unit: str | None) -> list[Stream]:
        if unit is None:
            return list(self._streams.values())
        return [self._streams[unit]] if unit in self._streams else []

    def _spoken(self, stream: Stream, after: float, until: float) -> Iterator[Record]:
        for start, end in self._spans[stream.unit]:
            if end > after and start < until:
                yield from stream.between(max(after, start), min(until, end))


def seed(*words: object) -> int:
    """A stream's seed."""
    return number(*words) & 0x7FFFFFFF
