"""The two orders of a view as the lines of one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from ssmtui.core.order import Order, Rank


class Lines:
    """The rows with a value to sort by, in either direction, and behind them those without.

    `keys` are the sort keys of all slots, None for those without; the list is the view's own.
    """

    def __init__(
        self, keys: Sequence[Any], known: Order, missing: Order, *, descending: bool = False
    ) -> None:
        self.known, self.missing = known, missing
        self.descending = descending
        self._keys = keys

    def __len__(self) -> int:
        return len(self.known) + len(self.missing)

    @property
    def orders(self) -> tuple[Order, Order]:
        return self.known, self.missing

    def shown(self) -> Iterator[int]:
        """The slots of everything shown, in no order that means anything."""
        return chain(self.known.shown(), self.missing.shown())

    def line(self, slot: int) -> int | None:
        """The line of that slot, or None if it is not shown."""
        if self._keys[slot] is None:
            line = self.missing.line(slot)
            return None if line is None else len(self.known) + line
        line = self.known.line(slot)
        return len(self.known) - 1 - line if line is not None and self.descending else line

    def nearest(self, rank: Rank, *, missing: bool) -> int:
        """The line of the row that comes next to a rank (-1: nothing is shown)."""
        if missing:
            line = len(self.known) + self.missing.lines_before(rank)
        else:
            line = self.known.lines_before(rank)
            if self.descending:
                line = len(self.known) - line
        return min(line, len(self) - 1)

    def slots(self, start: int, stop: int) -> list[int]:
        """The slots of these lines, in order."""
        known = len(self.known)
        start, stop = max(start, 0), min(stop, len(self))
        slots: list[int] = []
        if start < known:
            end = min(stop, known)
            if self.descending:
                slots += reversed(self.known.slice(known - end, known - start))
            else:
                slots += self.known.slice(start, end)
        if stop > known:
            slots += self.missing.slice(max(start - known, 0), stop - known)
        return slots

    def segments(self) -> list[tuple[Order, int]]:
        """The segments as they follow each other on the screen."""
        known = range(len(self.known.segments))
        ordered = reversed(known) if self.descending else known
        shown = [(self.known, index) for index in ordered]
        return shown + [(self.missing, index) for index in range(len(self.missing.segments))]

    def mirrored(self, order: Order) -> bool:
        """Whether that order is shown from its end on."""
        return self.descending and order is self.known

    def order_of(self, slot: int) -> Order:
        """The order that a slot belongs into."""
        return self.missing if self._keys[slot] is None else self.known

    def by_order(self, slots: Iterable[int]) -> Iterator[tuple[Order, list[int]]]:
        """The slots, parted by the order that they belong into."""
        keys = self._keys
        known: list[int] = []
        missing: list[int] = []
        for slot in slots:
            (missing if keys[slot] is None else known).append(slot)
        yield self.known, known
        yield self.missing, missing
