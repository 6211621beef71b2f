from __future__ import annotations

import random

import pytest

from ssmtui.core.text import cells
from ssmtui.sessions.follow.book import Entry
from ssmtui.ui.widgets.log_rows import Rows, clip, piece


def entry(text: str) -> Entry:
    return Entry(0, text, cells(text))


def entries(*widths: int) -> list[Entry]:
    return [entry("x" * width) for width in widths]


def test_without_wrapping_every_line_is_a_row() -> None:
    rows = Rows()
    rows.lay_out(entries(500, 0, 3), None)
    assert rows.count == 3
    assert rows.place(2) == (2, 0)
    assert rows.row(2) == 2


def test_wrapped_lines_take_the_rows_they_need() -> None:
    rows = Rows()
    rows.lay_out(entries(25, 0, 10, 11), 10)
    assert rows.count == 3 + 1 + 1 + 2
    places = [rows.place(row) for row in range(rows.count)]
    assert places == [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (3, 0), (3, 1)]
    assert [rows.row(index) for index in range(4)] == [0, 3, 4, 5]


def test_lines_come_go_and_are_put_between() -> None:
    chance = random.Random(1)
    lines = entries(*(chance.randrange(60) for _ in range(50)))
    rows = Rows()
    rows.lay_out(lines, 10)
    for _ in range(200):
        dropped = chance.randrange(3)
        del lines[:dropped]
        changed = chance.randrange(len(lines) + 1)
        lines[changed:changed] = entries(
            *(chance.randrange(60) for _ in range(chance.randrange(4)))
        )
        rows.update(lines, changed, dropped)
        anew = Rows()
        anew.lay_out(lines, 10)
        assert rows.count == anew.count
        assert [rows.place(row) for row in range(rows.count)] == [
            anew.place(row) for row in range(anew.count)
        ]


def test_all_may_leave_at_once() -> None:
    rows = Rows()
    rows.lay_out(entries(25, 25), 10)
    rows.update(entries(5), 0, 2)
    assert rows.count == 1
    assert rows.place(0) == (0, 0)


@pytest.mark.parametrize("text", ["x" * 95, "名前" * 30, "a名" * 33, "é" * 41, ""])
@pytest.mark.parametrize("room", [4, 7, 10])
def test_the_pieces_of_a_line_are_the_line(text: str, room: int) -> None:
    rows = Rows()
    rows.lay_out([entry(text)], room)
    spans = [piece(text, number, room) for number in range(rows.count)]
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(cells(text[start:end]) <= room for start, end in spans)


@pytest.mark.parametrize(
    ("text", "left", "shown"),
    [("abcdefgh", 0, "abcd"), ("abcdefgh", 6, "gh"), ("名前の", 0, "名前"), ("x名前の", 0, "x名")],
)
def test_a_line_is_cut_to_its_room(text: str, left: int, shown: str) -> None:
    start, end = clip(text, left, 4)
    assert text[start:end] == shown
