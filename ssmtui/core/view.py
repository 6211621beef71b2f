"""What a table shows of a store: which rows, in which order, and how much of that is known yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from ssmtui.core.columns import Column, Kind
from ssmtui.core.keys import RowKey
from ssmtui.core.lines import Lines
from ssmtui.core.marks import Marks
from ssmtui.core.order import Order, Rank
from ssmtui.core.query import Query
from ssmtui.core.sort_keys import KeyMaker, key_maker, keys_of
from ssmtui.core.store import Keyed, Store
from ssmtui.core.verdicts import YES, Verdicts

R = TypeVar("R", bound=Keyed)

# Rows judged, given keys or haystacks in one step: a few milliseconds at most.
_BATCH = 2048
_KEY_BATCH = 8192
_TEXT_BATCH = 128  # a row's haystack takes 20 microseconds
# Where there is no value that a tie could go by.
_LAST = "\U0010ffff"


class Counts(NamedTuple):
    """How many rows are shown, there, and neither shown nor ruled out because a value that the
    filter asks for is unknown. `settled`: the filter has been asked about all of them."""

    shown: int
    total: int
    unknown: int
    settled: bool


class Place(NamedTuple):
    """Where a row is or was in one order, also after it has gone."""

    sort: str
    missing: bool
    rank: Rank


class View(Generic[R]):
    """A filter, a sort, "problems only" and "marked only" over a store.

    Requests take effect at once as far as lines are asked for; `step` does the rest in slices of a
    few milliseconds, nearest to the focus first, and a newer request simply makes other work. Rows
    without a known value come last in both directions. Ties go by the column that the view began
    with, if that is a text, as names are, and then by row key.
    """

    def __init__(
        self,
        store: Store[R],
        columns: Sequence[Column],
        *,
        sort: str,
        descending: bool = False,
        problem: Callable[[R], bool] | None = None,
        marks: Marks | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.store = store
        self.columns = {column.id: column for column in columns}
        self.marks = Marks() if marks is None else marks
        self.sort = sort
        self.version = 0
        """Grows whenever what is shown may have changed."""
        self.screenful = 60
        """Lines to have ready to both sides of the focus before the rest."""
        self._can_have_problems = problem is not None
        self._focus: RowKey | None = None
        self._verdicts = Verdicts(store, columns, problem=problem, marks=self.marks, now=now)
        self._key = key_maker(self.columns[sort])
        self._keys: list[Any] = []
        # What ties go by, by slot: the keys of the first sort, while there is another one.
        self._ties: list[str] | None = None
        self._tie_sort = sort if self.columns[sort].kind is Kind.TEXT else ""
        self._tie_key = self._key
        # A new sort's keys as far as they are made; until all are, the old order stands.
        self._coming: tuple[str, KeyMaker, list[Any]] | None = None
        # Rows to be judged once more, which stay as they are until then.
        self._again: list[int] = []
        self._unknown: tuple[int, int] = (-1, 0)
        self._hidden: tuple[int, int, int] = (-1, -1, 0)
        self._keys = keys_of(self._key, store.rows, gaps=bool(store.free))
        self._lines = self._ordered(descending)
        store.watch(self)

    def close(self) -> None:
        """Stop following the store."""
        self.store.unwatch(self)

    # What is wished for

    def set_query(self, query: Query) -> None:
        """Show the rows of which the filter says yes. Scopes are the caller's business."""
        self._verdicts.query = query
        self._judge_anew()

    def set_problems_only(self, on: bool) -> None:
        """Show only the rows that have a problem."""
        self._verdicts.problems_only = on and self._can_have_problems
        self._judge_anew()

    def set_marked_only(self, on: bool) -> None:
        """Show only the rows that are marked."""
        self._verdicts.marked_only = on
        self._judge_anew()

    def set_sort(self, column_id: str, descending: bool = False) -> None:
        """Order by that column; KeyError if there is none. A reversal is immediate."""
        column = self.columns[column_id]
        self._lines.descending = descending
        self._coming = None
        if column_id != self.sort:
            self._coming = (column_id, key_maker(column), [])
        self._changed()

    def time_passed(self) -> None:
        """Ask a filter about ages again; one without them is not affected."""
        kinds = (self.columns[name].kind for name in self.query.columns if name in self.columns)
        if Kind.TIME in kinds:
            self._again = self.store.slots()

    def marks_changed(self, keys: Iterable[RowKey]) -> None:
        """These were marked or unmarked."""
        if self.marked_only:
            slots = [slot for key in keys if (slot := self.store.slot(key)) is not None]
            self._rejudge(slots)
        self._changed()

    def focus(self, key: RowKey | None) -> None:
        """Work around that row first; None: from the first line on."""
        self._focus = key

    # What is shown

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first."""
        return self._lines.descending

    @property
    def filtered(self) -> bool:
        """Whether anything is asked for but everything."""
        return self._verdicts.asking

    @property
    def query(self) -> Query:
        """The filter in force."""
        return self._verdicts.query

    @property
    def problems_only(self) -> bool:
        """Whether only rows with a problem are shown."""
        return self._verdicts.problems_only

    @property
    def marked_only(self) -> bool:
        """Whether only marked rows are shown."""
        return self._verdicts.marked_only

    @property
    def counts(self) -> Counts:
        """Shown, total, unknown, and whether that is final."""
        if not self.filtered:
            return Counts(len(self), len(self.store), 0, settled=True)
        if self._unknown[0] != self.version:
            self._unknown = (self.version, self._verdicts.unknown)
        return Counts(len(self), len(self.store), self._unknown[1], self._verdicts.settled)

    @property
    def hidden_marks(self) -> int:
        """How many of the marked rows are not shown."""
        if self._hidden[:2] != (self.version, self.marks.version):
            hidden = sum(not self.is_shown(key) for key in self.marks)
            self._hidden = (self.version, self.marks.version, hidden)
        return self._hidden[2]

    @property
    def sort_wanted(self) -> str:
        """The column that was asked for last; the order follows it as soon as it can."""
        return self.sort if self._coming is None else self._coming[0]

    def is_shown(self, key: RowKey) -> bool:
        """Whether the row of that key is there and passes the filter."""
        slot = self.store.slot(key)
        return slot is not None and (not self.filtered or self._verdicts.bytes[slot] == YES)

    def rows(self, start: int, stop: int) -> list[R]:
        """The rows of these lines, in order."""
        return [row for slot in self._lines.slots(start, stop) if (row := self.store.rows[slot])]

    def keys(self, start: int, stop: int) -> list[RowKey]:
        """The keys of these lines, in order."""
        keys = self.store.keys
        return [keys[slot] for slot in self._lines.slots(start, stop)]

    def shown_keys(self) -> list[RowKey]:
        """The keys of everything shown, in no order that means anything."""
        keys = self.store.keys
        return [keys[slot] for slot in self._lines.shown()]

    def line(self, key: RowKey) -> int | None:
        """The line of that row, or None if it is not shown."""
        slot = self.store.slot(key)
        return None if slot is None else self._lines.line(slot)

    def place(self, key: RowKey) -> Place | None:
        """Where that row is in the present order, shown or not; None if it is not there."""
        slot = self.store.slot(key)
        if slot is None:
            return None
        rank = self._lines.order_of(slot).rank(slot)
        return Place(self.sort, self._keys[slot] is None, rank)

    def nearest(self, place: Place) -> int:
        """The line of the row that comes next to a place (-1: nothing is shown)."""
        if place.sort != self.sort:
            return min(0, len(self) - 1)
        return self._lines.nearest(place.rank, missing=place.missing)

    # Work in slices

    def step(self) -> bool:
        """Do one slice of what is left to do; False when nothing is."""
        return (
            self._step_keys()
            or self._step_near()
            or self._step_rest()
            or self._step_again()
            or self._verdicts.prepare(_TEXT_BATCH)
            or any(order.compact() for order in self._lines.orders)
        )

    @property
    def ready(self) -> bool:
        """Whether what is around the focus is as it was asked for."""
        return self._coming is None and not self._step_near(look_only=True)

    def drain(self) -> None:
        """Do everything now: for tests and the command line, not for the event loop."""
        while self.step():
            pass

    def _step_keys(self) -> bool:
        if self._coming is None:
            return False
        sort, maker, keys = self._coming
        if len(keys) < len(self.store.rows):
            rows = self.store.rows[len(keys) : len(keys) + _KEY_BATCH]
            keys += keys_of(maker, rows, gaps=bool(self.store.free))
            return True
        if sort == self._tie_sort:
            self._ties = None
        elif self.sort == self._tie_sort:
            self._ties = [_LAST if key is None else key for key in self._keys]
        self.sort, self._key, self._keys = sort, maker, keys
        self._coming = None
        self._lines = self._ordered(self.descending)
        self._changed()
        return True

    def _step_near(self, look_only: bool = False) -> bool:
        """Around the focus: settle one segment, or find that all of them are."""
        display = self._lines.segments()
        start, rank = self._focus_in(display)
        for positions, forward in (
            (range(start, len(display)), True),
            (range(start - 1, -1, -1), False),
        ):
            lines = -self.screenful if forward else 0
            for position in positions:
                order, index = display[position]
                segment = order.segments[index]
                if not (segment.judged and segment.in_order):
                    if not look_only:
                        mirrored = self._lines.mirrored(order)
                        near = rank if position == start else None
                        self._settle(order, index, near, near_end=forward is mirrored)
                    return True
                lines += order.length(segment)
                if lines > self.screenful:
                    break
        return False

    def _step_rest(self) -> bool:
        """Anywhere: first the verdicts, by which the counts become final, then the sorting."""
        for judging in (True, False):
            for order, index in self._lines.segments():
                segment = order.segments[index]
                if not segment.judged if judging else not segment.in_order:
                    self._settle(order, index)
                    return True
        return False

    def _step_again(self) -> bool:
        if not self._again:
            return False
        batch, self._again = self._again[:_BATCH], self._again[_BATCH:]
        rows = self.store.rows
        self._rejudge([slot for slot in batch if rows[slot] is not None])
        self._changed()
        return True

    def _settle(
        self, order: Order, index: int, near: Rank | None = None, near_end: bool | None = None
    ) -> None:
        segment = order.segments[index]
        if order.is_long(segment):
            order.split(index, near=near, near_end=near_end)
        elif not segment.judged:
            pending = self._verdicts.pending(segment.slots)
            self._verdicts.judge(pending[:_BATCH])
            if len(pending) <= _BATCH:
                order.judged(segment)
                self._changed()
        else:
            order.sort(index)

    def _focus_in(self, display: list[tuple[Order, int]]) -> tuple[int, Rank | None]:
        """The position of the focus' segment, and the focus' rank; else the first segment."""
        slot = None if self._focus is None else self.store.slot(self._focus)
        if slot is None:
            return 0, None
        order = self._lines.order_of(slot)
        rank = order.rank(slot)
        return display.index((order, order.find(rank))), rank

    # Keys, verdicts and batches

    def _ordered(self, descending: bool) -> Lines:
        """Everything in a new order, of which nothing is sorted yet."""
        keys, ties, row_keys = self._keys, self._ties, self.store.keys
        slots = self.store.slots()
        known = [slot for slot in slots if keys[slot] is not None]
        missing = [slot for slot in slots if keys[slot] is None] if len(known) < len(slots) else []
        verdicts = self._verdicts.bytes if self.filtered else None
        orders = (
            Order(keys, row_keys, known, verdicts=verdicts, ties=ties),
            Order(keys, row_keys, missing, verdicts=verdicts, ties=ties, tied=True),
        )
        if self._verdicts.settled:
            for order in orders:
                order.filter(verdicts, judged=True)
        return Lines(keys, *orders, descending=descending)

    def _judge_anew(self) -> None:
        if self.filtered:
            self._verdicts.reset()
        verdicts = self._verdicts.bytes if self.filtered else None
        self._again = []
        for order in self._lines.orders:
            order.filter(verdicts)
        self._changed()

    def _rejudge(self, slots: Sequence[int]) -> None:
        """Ask about these rows again, now."""
        self._verdicts.judge(slots)
        for order, part in self._lines.by_order(slots):
            order.rejudged(part)

    def changed(self, added: Sequence[int], updated: Sequence[int], removed: Sequence[int]) -> None:
        """The store has taken a batch."""
        fresh = [*added, *updated]
        self._verdicts.forget(fresh, removed)
        for order, part in self._lines.by_order(removed):
            order.remove(part)
        if self.filtered:
            self._verdicts.judge(fresh)
        self._move(added, updated)
        if self._coming is not None:
            _, maker, keys = self._coming
            made, rows = [slot for slot in fresh if slot < len(keys)], self.store.rows
            for slot, key in zip(made, maker([rows[slot] for slot in made]), strict=True):
                keys[slot] = key
        self._changed()

    def _move(self, added: Sequence[int], updated: Sequence[int]) -> None:
        """Put new rows in, and changed ones where they belong now."""
        keys, rows = self._keys, self.store.rows
        news = dict(zip(updated, self._key([rows[slot] for slot in updated]), strict=True))
        ties = self._ties_of([*added, *updated])
        moved = [
            slot
            for slot, key in news.items()
            if key != keys[slot] or (self._ties and ties[slot] != self._ties[slot])
        ]
        for order, part in self._lines.by_order(moved):
            order.remove(part)
        for slot in moved:
            keys[slot] = news[slot]
        keys.extend([None] * (len(rows) - len(keys)))
        if self._ties is not None:
            self._ties.extend([_LAST] * (len(rows) - len(self._ties)))
            for slot, tie in ties.items():
                self._ties[slot] = tie
        for slot, key in zip(added, self._key([rows[slot] for slot in added]), strict=True):
            keys[slot] = key
        for order, part in self._lines.by_order([*added, *moved]):
            order.add(part)
        if self.filtered:
            for order, part in self._lines.by_order(set(updated).difference(moved)):
                order.rejudged(part)

    def _ties_of(self, slots: Sequence[int]) -> dict[int, str]:
        """What ties of these rows go by now; empty where the sort itself is by that."""
        if self._ties is None:
            return {}
        rows = self.store.rows
        made = self._tie_key([rows[slot] for slot in slots])
        return {slot: key or _LAST for slot, key in zip(slots, made, strict=True)}

    def _changed(self) -> None:
        self.version += 1
