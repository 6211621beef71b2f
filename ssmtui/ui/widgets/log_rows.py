"""Which rows of the screen the lines of a log take, wrapped or not, and what stands in each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from rich.cells import get_character_cell_size

from ssmtui.sessions.follow.book import Entry

# A wide character may not fit into the last cell of a row.
LEAST_ROOM = 4


class Rows:
    """The rows of some entries: one each, or with `room` cells as many as each one needs."""

    def __init__(self) -> None:
        self.room: int | None = None
        self._entries = 0
        self._ends: list[int] = []  # of each wrapped entry, the row behind it, counted on for ever
        self._begin = 0

    def lay_out(self, entries: Sequence[Entry], room: int | None) -> None:
        """All of them anew; no `room` is one row each."""
        self.room = None if room is None else max(room, LEAST_ROOM)
        self._ends, self._begin = [], 0
        self.update(entries, 0, 0)

    def update(self, entries: Sequence[Entry], changed_from: int, dropped: int) -> None:
        """So many have left at the front, and what is there has changed from that index on."""
        self._entries = len(entries)
        if self.room is None:
            return
        if dropped:
            gone = min(dropped, len(self._ends))
            self._begin = self._ends[gone - 1] if gone else self._begin
            del self._ends[:gone]
        del self._ends[changed_from:]
        have = len(self._ends)
        room = self.room
        behind = self._ends[-1] if have else self._begin
        counts = (
            -(-entry.width // (room if entry.text.isascii() else room - 1)) or 1
            for entry in entries[have:]
        )
        ends = accumulate(counts, initial=behind)
        next(ends)
        self._ends.extend(ends)

    @property
    def count(self) -> int:
        if self.room is None:
            return self._entries
        return (self._ends[-1] if self._ends else self._begin) - self._begin

    def place(self, row: int) -> tuple[int, int]:
        """The index of the entry in a row, and which of its pieces it is."""
        if self.room is None:
            return row, 0
        at = row + self._begin
        index = bisect_right(self._ends, at)
        return index, at - (self._ends[index - 1] if index else self._begin)

    def row(self, index: int) -> int:
        """The first row of an entry."""
        if self.room is None:
            return index
        return (self._ends[index - 1] if index else self._begin) - self._begin


def piece(text: str, number: int, room: int) -> tuple[int, int]:
    """Where the piece of that number begins and ends in a text that is wrapped after `room` cells.

    The pieces of a line with wide characters may end a row before the last that is counted for it.
    """
    if text.isascii():
        return number * room, (number + 1) * room
    cuts = _cuts(text, room)
    last = len(cuts) - 1
    return cuts[min(number, last)], cuts[min(number + 1, last)]


def clip(text: str, left: int, room: int) -> tuple[int, int]:
    """What of a text is drawn in `room` cells when so many characters are scrolled away."""
    end = left + room
    if text.isascii():
        return left, end
    rest = room
    at = left
    while at < len(text) and (width := get_character_cell_size(text[at])) <= rest:
        rest -= width
        at += 1
    return left, at


@lru_cache(maxsize=256)
def _cuts(text: str, room: int) -> list[int]:
    cuts = [0]
    rest = room
    for at, character in enumerate(text):
        width = get_character_cell_size(character)
        if width > rest:
            cuts.append(at)
            rest = room
        rest -= width
    cuts.append(len(text))
    return cuts
