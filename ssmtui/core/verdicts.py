"""What a filter says of each row of a store: shown, not shown, unknown, or not asked yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from ssmtui.core.columns import Column
from ssmtui.core.haystack import Haystacks
from ssmtui.core.marks import Marks
from ssmtui.core.query import EMPTY, Query
from ssmtui.core.store import Keyed, Store

R = TypeVar("R", bound=Keyed)

# One byte a row.
NO, YES, UNKNOWN, PENDING = range(4)
_CODES = {False: NO, True: YES, None: UNKNOWN}


class Verdicts(Generic[R]):
    """A query, "problems only" and "marked only", and their verdict on the row of each slot.

    `bytes` holds the verdicts by slot (NO, YES, UNKNOWN, PENDING). Row after row is asked by
    `judge`; nothing is judged unless `asking`.
    """

    def __init__(
        self,
        store: Store[R],
        columns: Sequence[Column],
        *,
        problem: Callable[[R], bool] | None = None,
        marks: Marks,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._problem = problem
        self._marks = marks
        self._now = now
        self._haystacks = Haystacks(columns)
        self._haystacks.forget(store.slots(), len(store.rows))
        self.bytes = bytearray(len(store.rows))
        self.query: Query = EMPTY
        self.problems_only = False
        self.marked_only = False

    @property
    def asking(self) -> bool:
        """Whether anything is asked for but everything."""
        return self.query.term != EMPTY.term or self.problems_only or self.marked_only

    @property
    def settled(self) -> bool:
        """Whether no row is left to be asked about."""
        return PENDING not in self.bytes

    @property
    def unknown(self) -> int:
        """How many rows the filter has no answer for."""
        return self.bytes.count(UNKNOWN)

    def reset(self) -> None:
        """Another filter: no verdict is known."""
        self.bytes[:] = bytes([PENDING]) * len(self.bytes)
        for slot in self._store.free:
            self.bytes[slot] = NO

    def forget(self, slots: Sequence[int], removed: Sequence[int]) -> None:
        """The rows in `slots` are new or others; those of `removed` are gone."""
        size = len(self._store.rows)
        self._haystacks.forget([*slots, *removed], size)
        self.bytes.extend(bytes(size - len(self.bytes)))
        for slot in removed:
            self.bytes[slot] = NO

    def pending(self, slots: Iterable[int]) -> list[int]:
        """Those of the slots that are still to be judged."""
        verdicts = self.bytes
        return [slot for slot in slots if verdicts[slot] == PENDING]

    def judge(self, slots: Sequence[int]) -> None:
        """Write the verdicts on these rows."""
        rows, verdicts = self._store.rows, self.bytes
        asked = list(slots)
        if self.problems_only and self._problem is not None:
            problem = self._problem
            asked = [slot for slot in asked if (row := rows[slot]) is not None and problem(row)]
        if self.marked_only:
            keys, marks = self._store.keys, self._marks
            asked = [slot for slot in asked if keys[slot] in marks]
        for slot in slots:
            verdicts[slot] = NO
        for slot, answer in zip(asked, self._answers(asked), strict=True):
            verdicts[slot] = _CODES[answer]

    def prepare(self, count: int) -> bool:
        """Make up to `count` haystacks in advance; False if all are made."""
        return self._haystacks.build(self._store.rows, count)

    def _answers(self, slots: Sequence[int]) -> list[bool | None]:
        query = self.query
        rows: list[Any] = [self._store.rows[slot] for slot in slots]
        lowers = texts = [""] * len(slots)
        if query.words:
            lowers = texts = self._haystacks.lower(slots, self._store.rows)
            # Case only matters to a term that has a capital.
            if query.text != query.text.lower():
                texts = self._haystacks.cased(slots, self._store.rows)
        return query.matches(rows, texts, lowers, now=self._now())
