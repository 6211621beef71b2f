"""A sorted sequence of row slots that is only as sorted as it has been looked at.

Sorting 100,000 rows takes longer than the screen may wait, and the screen shows fifty of them. So
the sequence is kept as segments: every row of a segment comes before every row of the next, but
inside a segment rows may still lie as they came. Looking at a line cuts and sorts only the segments
around it; the rest is done in steps whenever there is time. The same looseness makes a batch cheap:
a new row is thrown into its segment, and whoever looks at that segment next sorts it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, compress
from operator import eq, not_
from typing import Any, TypeAlias

from ssmtui.core.keys import RowKey

# What rows are ordered by, level by level: sort key, what ties go by, row key. A shorter tuple is a
# bound between ranks.
Rank: TypeAlias = tuple[Any, ...]

# A segment of at most RUN rows is sorted in one go (some 6 ms), and then cut in pieces of PIECE.
RUN = 4096
PIECE = 2048
_SAMPLE = 128


class _AfterAll:
    """Comes after everything that a level may hold."""

    def __lt__(self, other: object) -> bool:
        return False

    def __gt__(self, other: object) -> bool:
        return True


_AFTER_ALL = _AfterAll()


class Segment:
    """Neighbouring rows. `hits` are those that are shown, None until asked for again.

    `low` is a bound: no rank in it is lower. In the first `tied` levels of their ranks all rows are
    equal, and only the others decide. `judged` says that the filter's verdict on all its rows is
    known.
    """

    __slots__ = ("hits", "in_order", "judged", "low", "slots", "tied")

    def __init__(
        self, low: Rank, slots: Iterable[int], *, tied: int, judged: bool, in_order: bool = False
    ) -> None:
        self.low = low
        self.slots = array("I", slots)
        self.tied = tied
        self.judged = judged
        self.in_order = in_order or len(self.slots) < 2
        self.hits: array[int] | None = None


class Order:
    """Slots in the order of `keys` (by slot, all of one type), ties by `ties` (likewise) if given,
    and in the end by `row_keys` (likewise).

    `tied`: there is one sort key for all, and it is None. `verdicts` (by slot, 1 is shown) is None
    where everything is shown.
    """

    def __init__(
        self,
        keys: Sequence[Any],
        row_keys: Sequence[RowKey],
        slots: list[int],
        *,
        verdicts: bytearray | None,
        tied: bool = False,
        ties: Sequence[Any] | None = None,
    ) -> None:
        self._levels = (keys, row_keys) if ties is None else (keys, ties, row_keys)
        self._verdicts = verdicts
        low: Rank = (None,) if tied else ()
        self.segments = [Segment(low, slots, tied=tied, judged=verdicts is None)]
        self._lows: list[Rank] = [low]
        self._starts: list[int] | None = None

    def __len__(self) -> int:
        return self._offsets()[-1]

    def filter(self, verdicts: bytearray | None, *, judged: bool = False) -> None:
        """Show what `verdicts` say, from now on; `judged` where they are all there already."""
        self._verdicts = verdicts
        for segment in self.segments:
            segment.judged = judged or verdicts is None
            segment.hits = None
        self._starts = None

    def rank(self, slot: int) -> Rank:
        """What the row in `slot` is ordered by."""
        return tuple([level[slot] for level in self._levels])

    def find(self, rank: Rank) -> int:
        """The index of the segment in which a row of that rank belongs."""
        return bisect_right(self._lows, rank) - 1

    def is_long(self, segment: Segment) -> bool:
        """Whether it has to be split before it may be sorted."""
        return len(segment.slots) > RUN

    # What is in it

    def add(self, slots: Iterable[int]) -> None:
        """Put these rows in. Their keys and verdicts must be there."""
        segments, lows, rank = self.segments, self._lows, self.rank
        self._starts = None
        if len(segments) == 1:
            segments[0].slots.extend(slots)
            segments[0].in_order = len(segments[0].slots) < 2
            segments[0].hits = None
            return
        for slot in slots:
            segment = segments[bisect_right(lows, rank(slot)) - 1]
            segment.slots.append(slot)
            segment.in_order = False
            segment.hits = None

    def remove(self, slots: Iterable[int]) -> None:
        """Take these rows out, while their keys are still what they were put in by."""
        groups: dict[int, set[int]] = {}
        for slot in slots:
            groups.setdefault(self.find(self.rank(slot)), set()).add(slot)
        for index, group in groups.items():
            segment = self.segments[index]
            segment.slots = array("I", [slot for slot in segment.slots if slot not in group])
            segment.hits = None
        self._starts = None

    def rejudged(self, slots: Iterable[int]) -> None:
        """The verdicts on these rows have changed."""
        for slot in slots:
            self.segments[self.find(self.rank(slot))].hits = None
        self._starts = None

    def length(self, segment: Segment) -> int:
        """How many lines the segment has."""
        return len(self._hits(segment))

    def judged(self, segment: Segment) -> None:
        """The verdicts on all rows of this segment are there now."""
        segment.judged = True
        segment.hits = None
        self._starts = None

    # Lines

    def line(self, slot: int) -> int | None:
        """The line at which the row is shown, or None if it is not."""
        before = self.lines_before(self.rank(slot))
        index = self.find(self.rank(slot))
        hits = self._hits(self.segments[index])
        at = before - self._offsets()[index]
        return before if at < len(hits) and hits[at] == slot else None

    def lines_before(self, rank: Rank) -> int:
        """How many lines there are before that rank."""
        index = self._sorted_at(rank)
        hits = self._hits(self.segments[index])
        return self._offsets()[index] + bisect_left(hits, rank, key=self.rank)

    def slice(self, start: int, stop: int) -> list[int]:
        """The slots of these lines, in order, whatever had to be sorted for it."""
        found: list[int] = []
        index = max(bisect_right(self._offsets(), start) - 1, 0)
        while index < len(self.segments) and self._offsets()[index] < stop:
            segment = self.segments[index]
            if not self._hits(segment):
                index += 1
                continue
            if self.is_long(segment):
                # Cut off what is wanted; the pieces take the place of the segment.
                ahead = start - self._offsets()[index]
                self.split(index, near_end=ahead > len(self._hits(segment)) // 2)
                index = max(bisect_right(self._offsets(), start) - 1, 0)
                found.clear()
                continue
            self.sort(index)
            segment = self.segments[index]
            offset = self._offsets()[index]
            found += self._hits(segment)[max(start - offset, 0) : stop - offset]
            index += 1
        return found

    def shown(self) -> list[int]:
        """All slots that are shown, in no order that means anything."""
        return [slot for segment in self.segments for slot in self._hits(segment)]

    def _hits(self, segment: Segment) -> Sequence[int]:
        verdicts = self._verdicts
        if verdicts is None:
            return segment.slots
        if not segment.judged:
            return ()
        if segment.hits is None:
            segment.hits = array("I", [slot for slot in segment.slots if verdicts[slot] == 1])
        return segment.hits

    def _offsets(self) -> list[int]:
        """The first line of each segment, and behind the last one their number."""
        if self._starts is None:
            self._starts = [0, *accumulate(len(self._hits(segment)) for segment in self.segments)]
        return self._starts

    # Sorting

    def _sorted_at(self, rank: Rank) -> int:
        """Sort where that rank belongs; the index of its segment."""
        while self.is_long(self.segments[index := self.find(rank)]):
            self.split(index, near=rank)
        self.sort(index)
        return self.find(rank)

    def sort(self, index: int) -> None:
        """Sort a segment of at most RUN rows, and cut it if it is a long one."""
        segment = self.segments[index]
        if segment.in_order:
            return
        slots = list(segment.slots)
        self._arrange(slots, segment.tied)
        segment.slots = array("I", slots)
        segment.in_order = True
        segment.hits = None
        if len(slots) > PIECE:
            self._replace(index, self._pieces(segment))

    def _arrange(self, slots: list[int], level: int) -> None:
        """Sort by this level of their ranks and those below it, which only matter where it ties."""
        value = self._levels[level].__getitem__
        slots.sort(key=value)
        if level + 1 < len(self._levels):
            values = list(map(value, slots))
            if any(map(eq, values, values[1:])):
                self._arrange(slots, level + 1)
                slots.sort(key=value)

    def _pieces(self, segment: Segment) -> list[Segment]:
        slots = segment.slots
        pieces = []
        for start in range(0, len(slots), PIECE):
            low = self.rank(slots[start]) if start else segment.low
            piece = Segment(
                low,
                slots[start : start + PIECE],
                tied=segment.tied,
                judged=segment.judged,
                in_order=True,
            )
            pieces.append(piece)
        return pieces

    def split(self, index: int, *, near: Rank | None = None, near_end: bool | None = None) -> None:
        """Cut a long segment in two or three, cheaply, by a value out of a sample of it.

        The piece that holds the rank `near`, or lies at one end (`near_end`: at the last), is made
        small; without either the pieces are about equal.
        """
        segment = self.segments[index]
        # A list, as an array makes every number anew each time it is gone through.
        slots, level = segment.slots.tolist(), segment.tied
        values = self._levels[level]
        stride = max(len(slots) // _SAMPLE, 1)
        sample = sorted(values[slot] for slot in slots[::stride])
        middle = len(sample) // 2
        at = middle
        if near is not None or near_end is not None:
            wanted = near[level] if near and len(near) > level else None
            place = bisect_left(sample, wanted) if wanted is not None else 0
            if near is None and near_end:
                place = len(sample)
            # Half a run to each side of what is wanted, so that two cuts are enough.
            margin = RUN // 2 // stride + 1
            at = min(place + margin, middle) if place < middle else max(place - margin, middle)
            if abs(place - middle) <= margin:
                at = middle
        pivot = sample[max(at, 1)]
        is_below = [values[slot] < pivot for slot in slots]
        below = list(compress(slots, is_below))
        rest = list(compress(slots, map(not_, is_below)))
        common = not below or sample.count(pivot) > 1
        last = level + 1 == len(self._levels)
        self._replace(index, self._parts(segment, pivot, below, rest, common and not last))

    def _parts(
        self, segment: Segment, pivot: Any, below: list[int], rest: list[int], common: bool
    ) -> list[Segment]:
        """The segments of a cut: below the pivot, equal to it (if it is common), and the rest."""
        tied, judged = segment.tied, segment.judged
        parts: list[Segment] = []
        low: Rank = (*segment.low[:tied], pivot)
        # Also an empty piece has to be there, or ranks below the pivot had nowhere to go.
        if below or segment.low != low:
            parts.append(Segment(segment.low, below, tied=tied, judged=judged))
        if common:
            values = self._levels[tied]
            equal = [slot for slot in rest if values[slot] == pivot]
            rest = [slot for slot in rest if values[slot] != pivot]
            parts.append(Segment(low, equal, tied=tied + 1, judged=judged))
            low = (*low, _AFTER_ALL)
        if rest:
            parts.append(Segment(low, rest, tied=tied, judged=judged))
        return parts

    def compact(self) -> bool:
        """Join neighbours that have become small; False if there is nothing to gain."""
        total = sum(len(segment.slots) for segment in self.segments)
        if len(self.segments) <= 2 * (total // PIECE) + 8:
            return False
        kept = self.segments[:1]
        for segment in self.segments[1:]:
            last = kept[-1]
            if len(last.slots) + len(segment.slots) > PIECE or last.judged != segment.judged:
                kept.append(segment)
                continue
            last.tied = min(last.tied, segment.tied)
            while last.low[: last.tied] != segment.low[: last.tied]:
                last.tied -= 1
            last.in_order = last.in_order and segment.in_order
            last.slots = last.slots + segment.slots
            last.hits = None
        self.segments = kept
        self._lows = [segment.low for segment in kept]
        self._starts = None
        return True

    def _replace(self, index: int, parts: list[Segment]) -> None:
        self.segments[index : index + 1] = parts
        self._lows[index : index + 1] = [part.low for part in parts]
        self._starts = None
