"""Which columns fit on the screen, and how wide each is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from ssmtui.core.columns import Column
from ssmtui.core.text import cells

# Cells between two columns.
GAP = 1
# A column grows to what its values need, but never beyond this many times its own width.
_GROWTH = 2
_NAME_GROWTH = 4


class Slot(NamedTuple):
    """A column on the screen: its first cell, counted from that of the first column."""

    column: Column
    x: int
    width: int


class Layout(NamedTuple):
    """Columns from left to right. `spare` are the cells of the screen that none of them needs."""

    slots: tuple[Slot, ...]
    width: int
    spare: int

    def at(self, x: int) -> Column | None:
        """The column under a cell; the gap behind a column is its own."""
        for slot in self.slots:
            if slot.x <= x < slot.x + slot.width + GAP:
                return slot.column
        return None


def widest(column: Column, is_first: bool) -> int:
    """How wide a column may grow where there is room."""
    return column.width * (_NAME_GROWTH if is_first else _GROWTH)


def lay_out(
    columns: Sequence[Column],
    available: int,
    *,
    wide: bool = False,
    merged: Collection[str] = (),
    needs: Mapping[str, int] | None = None,
) -> Layout:
    """Choose and place columns for `available` cells.

    `merged` names the scopes' properties that differ ("account", "region"). `needs` are the widths
    that values were seen to need. Where the room is short columns shrink, then those of the highest
    priority number leave, the rightmost of them first; those of priority 0 stay in any case, and
    what then overflows is scrolled to. A wide layout keeps all columns. Room that is left goes to
    the columns in the order of their priority until each has its own width, then to the first
    column, the name, and to the others as far as they need more.
    """
    shown = [column for column in columns if _wanted(column, wide, merged)]
    widths = {column.id: _own(column) if wide else _least(column) for column in shown}

    def total() -> int:
        return sum(widths[column.id] + GAP for column in shown) - GAP if shown else 0

    while not wide and total() > available:
        leaving = max(
            (index for index, column in enumerate(shown) if column.priority > 0),
            key=lambda index: (shown[index].priority, index),
            default=None,
        )
        if leaving is None:
            break
        del shown[leaving]
    spare = max(available - total(), 0)
    for column in sorted(shown, key=lambda column: column.priority):
        grown = min(_own(column) - widths[column.id], spare)
        widths[column.id] += grown
        spare -= grown
    for index, column in enumerate(shown):
        need = min((needs or {}).get(column.id, 0), widest(column, index == 0))
        grown = min(max(need - widths[column.id], 0), spare)
        widths[column.id] += grown
        spare -= grown
    slots = []
    x = 0
    for column in shown:
        slots.append(Slot(column, x, widths[column.id]))
        x += widths[column.id] + GAP
    return Layout(tuple(slots), max(x - GAP, 0), spare)


def _own(column: Column) -> int:
    return max(column.width, cells(column.title))


def _least(column: Column) -> int:
    return max(column.least or column.width, cells(column.title))


def _wanted(column: Column, wide: bool, merged: Collection[str]) -> bool:
    if column.hidden or (column.wide and not wide):
        return False
    return not column.merged or column.merged in merged
