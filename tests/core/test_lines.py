"""Two orders as the lines of one table, in both directions."""

from __future__ import annotations

import pytest

from ssmtui.core.keys import RowKey
from ssmtui.core.lines import Lines
from ssmtui.core.order import Order

KEYS = [3, None, 1, 2, None]
NAMES = [RowKey("1", "r", f"n{number}") for number in range(len(KEYS))]


def made(*, descending: bool = False) -> Lines:
    """Slots 2, 3 and 0 with values in that order, and 1 and 4 without."""
    known = Order(KEYS, NAMES, [0, 2, 3], verdicts=None)
    orders = (known, Order(KEYS, NAMES, [1, 4], verdicts=None, tied=True))
    for order in orders:
        for index in range(len(order.segments)):
            order.sort(index)
    return Lines(KEYS, *orders, descending=descending)


@pytest.mark.parametrize(("down", "slots"), [(False, [2, 3, 0, 1, 4]), (True, [0, 3, 2, 1, 4])])
def test_those_without_a_value_are_last_in_both_directions(down: bool, slots: list[int]) -> None:
    lines = made(descending=down)
    assert len(lines) == 5
    assert lines.slots(-3, 99) == slots
    assert [lines.line(slot) for slot in slots] == [0, 1, 2, 3, 4]
    assert lines.slots(1, 4) == slots[1:4]
    assert lines.slots(4, 5) == [4]
    assert sorted(lines.shown()) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("down", "line"), [(False, 1), (True, 2)])
def test_the_line_next_to_a_rank_that_is_not_there(down: bool, line: int) -> None:
    lines = made(descending=down)
    assert lines.nearest((1.5, RowKey("1", "r", "x")), missing=False) == line
    assert lines.nearest((None, RowKey("1", "r", "n9")), missing=True) == 4


def test_segments_follow_each_other_as_on_the_screen() -> None:
    lines = made(descending=True)
    assert [order for order, _ in lines.segments()] == [lines.known, lines.missing]
    assert lines.mirrored(lines.known)
    assert not lines.mirrored(lines.missing)
    assert not made().mirrored(made().known)


def test_slots_are_parted_by_whether_they_have_a_value() -> None:
    lines = made()
    assert lines.order_of(0) is lines.known
    assert lines.order_of(1) is lines.missing
    assert list(lines.by_order([4, 3, 1, 0])) == [(lines.known, [3, 0]), (lines.missing, [4, 1])]
