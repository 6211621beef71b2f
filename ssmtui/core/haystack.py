"""What the bare words of a filter are looked for in: the text of a row's columns, kept."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from ssmtui.core.columns import UNKNOWN, Column, Kind
from ssmtui.core.query import HAYSTACK_SEPARATOR
from ssmtui.core.text import plain

_WORDS = (Kind.TEXT, Kind.STATUS, Kind.VERSION)
# An age is another text every minute, and "no" would find every flag that is off.
_WORDLESS = (Kind.TIME, Kind.FLAG)


def haystack_of(columns: Sequence[Column]) -> Callable[[Any], str]:
    """A function that gives a row's haystack: the texts of its columns, one a line.

    All columns count that can be shown, also those which only wide mode shows or a narrow screen
    leaves out, so that the answer does not depend on the screen; ages and flags do not. A value
    that is drawn as something else (a short Region) is found by both. Unknown and missing values
    have no text.
    """
    searched = [column for column in columns if not column.hidden and column.kind not in _WORDLESS]
    words = [column.id for column in searched if column.kind in _WORDS]
    # One more id makes sure of a tuple; the class of a row is no text and drops out.
    values = attrgetter(*words, "__class__", "__class__")
    drawn = [column for column in searched if column.kind not in _WORDS or column.draw is not None]

    def haystack(row: Any) -> str:
        parts = [value for value in values(row) if value.__class__ is str]
        parts += [
            column.text(row, 0)
            for column in drawn
            if (value := column.value(row)) is not UNKNOWN and value is not None
        ]
        text = HAYSTACK_SEPARATOR.join(parts)
        if text.isascii() and text.replace(HAYSTACK_SEPARATOR, "").isprintable():
            return text
        return HAYSTACK_SEPARATOR.join(plain(part) for part in parts)

    return haystack


class Haystacks:
    """The lower-cased haystacks of a store's rows by slot, and those as written once needed."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._make = haystack_of(columns)
        self._lower: list[str | None] = []
        self._cased: dict[int, str] = {}
        self._missing = array("I")

    def forget(self, slots: Sequence[int], size: int) -> None:
        """The rows in these slots are new, changed or gone; there are `size` slots in all."""
        known = len(self._lower)
        self._lower.extend([None] * (size - known))
        for slot in slots:
            if slot < known:
                self._lower[slot] = None
                self._cased.pop(slot, None)
        self._missing.extend(slots)

    def build(self, rows: Sequence[Any], count: int) -> bool:
        """Make up to `count` haystacks that are missing; False if there was none to make."""
        if not self._missing:
            return False
        slots = self._missing[-count:]
        del self._missing[-count:]
        self.lower([slot for slot in slots if rows[slot] is not None], rows)
        return True

    def lower(self, slots: Sequence[int], rows: Sequence[Any]) -> list[str]:
        """The lower-cased haystacks of these slots."""
        kept, make = self._lower, self._make
        texts: list[str] = []
        for slot in slots:
            text = kept[slot]
            if text is None:
                text = kept[slot] = make(rows[slot]).lower()
            texts.append(text)
        return texts

    def cased(self, slots: Sequence[int], rows: Sequence[Any]) -> list[str]:
        """The haystacks of these slots as they are written."""
        kept = self._cased
        for slot in slots:
            if slot not in kept:
                kept[slot] = self._make(rows[slot])
        return [kept[slot] for slot in slots]
