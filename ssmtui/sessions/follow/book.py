"""The lines that a view of a followed log keeps: bounded, in the order of time, and filtered."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final

import msgspec

from ssmtui.core.expressions import Expression, TooSlowError
from ssmtui.core.expressions import expression as compiled
from ssmtui.core.problem import Problem
from ssmtui.core.text import cells, plain

# What is kept at most: lines, and characters in them.
MOST_LINES: Final = 100_000
MOST_CHARACTERS: Final = 64_000_000
# As many more lines may come before the oldest are dropped: dropping moves all that stay.
_SLACK: Final = 2_000
# How far back a line of a running log is put where its time belongs, in seconds. A node whose
# clock is behind must not write where nobody looks.
LATE_SECONDS: Final = 5.0
# Lines that are looked through before others have their turn.
_SLICE: Final = 1_000


class Voice(Enum):
    """Who speaks in a line."""

    LOG = "log"
    ASIDE = "aside"  # the program that follows, on its standard error
    NEWS = "news"  # ssmtui itself, about the node


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A line of the view: of the node with that place, safe to show."""

    node: int
    text: str
    width: int  # in cells
    voice: Voice = Voice.LOG


class Lines:
    """Entries in the order of their times; the oldest leave.

    `changed_from` is the first index that changed and `dropped` how many left at the front since
    `settle` was called last.
    """

    def __init__(self, most: int, characters: int) -> None:
        self.entries: list[Entry] = []
        self._times: list[float] = []
        self._most = most
        self._most_characters = characters
        self._characters = 0
        self.changed_from = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self.entries)

    def put(self, entry: Entry, at: float, reach: float) -> None:
        """Put it after all that are not later, looking back `reach` seconds at most."""
        times = self._times
        self._characters += len(entry.text)
        if not times or at >= times[-1]:
            times.append(at)
            self.entries.append(entry)
            return
        if at < times[-1] - reach:
            times.append(times[-1])
            self.entries.append(entry)
            return
        index = bisect_right(times, at)
        times.insert(index, at)
        self.entries.insert(index, entry)
        self.changed_from = min(self.changed_from, index)

    def trim(self) -> None:
        """Let the oldest go that are too many."""
        surplus = len(self.entries) - self._most
        drop = surplus if surplus > min(_SLACK, self._most // 10) else 0
        left = self._characters - sum(len(entry.text) for entry in self.entries[:drop])
        while left > self._most_characters and drop < len(self.entries) - 1:
            left -= len(self.entries[drop].text)
            drop += 1
        if drop:
            self._characters = left
            self._drop(drop)

    def drop_before(self, at: float) -> None:
        """Let those before that time go."""
        if drop := bisect_left(self._times, at):
            self._characters -= sum(len(entry.text) for entry in self.entries[:drop])
            self._drop(drop)

    def settle(self) -> tuple[int, int]:
        """The first index that has changed since the last call, and how many left before it."""
        told = self.changed_from, self.dropped
        self.changed_from, self.dropped = len(self.entries), 0
        return told

    @property
    def oldest(self) -> float:
        return self._times[0] if self._times else float("-inf")

    def timed(self) -> Iterator[tuple[Entry, float]]:
        return zip(self.entries, self._times, strict=True)

    def _drop(self, count: int) -> None:
        del self.entries[:count]
        del self._times[:count]
        self.changed_from = max(0, self.changed_from - count)
        self.dropped += count


class Book:
    """All lines, and those of them that a filter lets through. News is always let through."""

    def __init__(self, most: int = MOST_LINES, characters: int = MOST_CHARACTERS) -> None:
        self._most, self._characters = most, characters
        self._all = self._lines()
        self.shown = self._all
        self.pattern: Expression | None = None
        self.gave_up: Problem | None = None  # why the last filter is none any more
        self._narrowing: list[tuple[Entry, float, float]] | None = None
        self.came = 0  # lines, ever

    def __len__(self) -> int:
        return len(self._all)

    def put(self, node: int, at: float, text: str, voice: Voice, *, joining: bool) -> None:
        """Keep a line; `text` is remote. Those of a node that is `joining` reach back for ever."""
        text = plain(text)
        entry = Entry(node, text, cells(text), voice)
        reach = float("inf") if joining else LATE_SECONDS
        self.came += 1
        self._all.put(entry, at, reach)
        if self._narrowing is not None:
            self._narrowing.append((entry, at, reach))
        if self.shown is not self._all and self._passes(entry):
            self.shown.put(entry, at, reach)

    def trim(self) -> None:
        """Let the oldest lines go that are too many; to be called after some were put."""
        self._all.trim()
        if self.shown is not self._all:
            self.shown.drop_before(self._all.oldest)

    async def narrow(self, pattern: Expression | None) -> None:
        """Show only the lines that match. Others have their turn meanwhile, and lines may come.

        When it is cancelled, or takes too long (TooSlowError), what was shown before stays.
        """
        self.gave_up = None
        if pattern is None:
            self.pattern, self.shown = None, self._all
            self._all.changed_from = 0
            return
        found = self._lines()
        came: list[tuple[Entry, float, float]] = []
        self._narrowing = came
        try:
            for index, (entry, at) in enumerate(list(self._all.timed())):
                if index % _SLICE == _SLICE - 1:
                    await asyncio.sleep(0)
                if _matches(pattern, entry):
                    found.put(entry, at, 0.0)
        finally:
            if self._narrowing is came:
                self._narrowing = None
        for entry, at, reach in came:
            if _matches(pattern, entry):
                found.put(entry, at, reach)
        found.drop_before(self._all.oldest)
        self.pattern, self.shown = pattern, found
        found.changed_from = 0

    def text(self, names: Iterable[str]) -> Iterator[str]:
        """The shown lines as they are now, each behind its node's name, for a file.

        What comes while it is read is not in it.
        """
        labels = list(names)
        entries = list(self.shown.entries)
        return (f"{labels[entry.node]}  {entry.text}\n" for entry in entries)

    def _lines(self) -> Lines:
        return Lines(self._most, self._characters)

    def _passes(self, entry: Entry) -> bool:
        try:
            return self.pattern is None or _matches(self.pattern, entry)
        except TooSlowError as error:
            # It is not known what it would let through: nothing is hidden.
            self.pattern, self.shown, self.gave_up = None, self._all, error.problem
            self._all.changed_from = 0
            return False


def _matches(pattern: Expression, entry: Entry) -> bool:
    return entry.voice is Voice.NEWS or pattern.search(entry.text) is not None


def expression(text: str) -> Expression | None:
    """A regular expression; case is ignored unless it has a capital. None for "".

    ProblemError if it is none.
    """
    return compiled(text) if text else None
