"""Segments by themselves; `test_view` holds the whole to a naive model."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core import order
from ssmtui.core.order import Order


@pytest.fixture(autouse=True, scope="module")
def _short_segments() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "RUN", 8)
        patch.setattr(order, "PIECE", 3)
        yield


def order_of(keys: list[Any], shown: bytearray | None = None) -> Order:
    names = [("1", "r", f"{slot:04}") for slot in range(len(keys))]
    return Order(keys, names, list(range(len(keys))), verdicts=shown)


def all_of(made: Order) -> list[int]:
    return made.slice(0, len(made))


@given(st.lists(st.integers(0, 9), max_size=200))
def test_lines_are_in_order_with_ties_by_name(keys: list[int]) -> None:
    assert all_of(order_of(keys)) == sorted(range(len(keys)), key=lambda slot: (keys[slot], slot))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=200), st.data())
def test_any_window_can_be_looked_at_first(keys: list[int], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(keys)))
    stop = data.draw(st.integers(start, len(keys) + 3))
    expected = sorted(range(len(keys)), key=lambda slot: (keys[slot], slot))
    assert order_of(keys).slice(start, stop) == expected[start:stop]


def test_looking_at_the_head_leaves_the_rest_unsorted() -> None:
    keys = list(range(2000))
    random.Random(3).shuffle(keys)
    made = order_of(keys)
    assert [keys[slot] for slot in made.slice(0, 3)] == [0, 1, 2]
    untouched = sum(len(s.slots) for s in made.segments if not s.in_order)
    assert untouched > 1500


def test_a_key_that_all_rows_share_is_split_by_name() -> None:
    made = order_of(["same"] * 100)
    assert all_of(made) == list(range(100))
    assert made.line(57) == 57


def test_a_row_below_everything_finds_its_segment() -> None:
    keys = [5] * 40
    made = order_of(keys)
    assert len(all_of(made)) == 40
    keys.append(1)
    made._levels[-1].append(("1", "r", "0040"))  # type: ignore[attr-defined]
    made.add([40])
    assert made.slice(0, 1) == [40]


def test_rows_that_are_not_shown_have_no_line() -> None:
    verdicts = bytearray([1, 0, 2, 1])
    made = order_of([3, 2, 1, 0], verdicts)
    assert len(made) == 0, "nothing is known yet"
    for segment in made.segments:
        made.judged(segment)
    assert all_of(made) == [3, 0]
    assert [made.line(slot) for slot in range(4)] == [1, None, None, 0]
    assert made.lines_before(made.rank(1)) == 1


def test_small_neighbours_are_joined_again() -> None:
    made = order_of(list(range(300)))
    all_of(made)
    made.remove(range(10, 290))
    before = len(made.segments)
    assert made.compact()
    assert len(made.segments) < before / 3
    assert all_of(made) == [*range(10), *range(290, 300)]
    assert not made.compact()
