from __future__ import annotations

from ssmtui.sessions.screen_grid import Grid
from ssmtui.sessions.screen_lines import Row


def grid(columns: int = 6, rows: int = 3) -> tuple[Grid, list[str]]:
    left: list[str] = []
    return Grid(columns, rows, lambda row: left.append(row.text)), left


def cells(of: Grid, y: int = 0) -> list[str]:
    return of.rows[y].chars


def test_a_full_line_wraps_when_another_character_comes() -> None:
    g, left = grid(3, 2)
    g.put("abc")
    assert (g.x, g.y, g.column) == (3, 0, 2)
    g.put("defg")
    assert left == ["abc"]
    assert g.rows[0].wrapped
    assert cells(g, 1) == ["g", " ", " "]


def test_wide_characters_take_two_cells_and_wrap_whole() -> None:
    g, _ = grid(3, 2)
    g.put("a文文")
    assert cells(g) == ["a", "文", ""]
    assert cells(g, 1) == ["文", "", " "]
    narrow, _ = grid(1, 1)
    narrow.put("文")
    assert cells(narrow) == [" "]


def test_half_a_wide_character_is_blank() -> None:
    g, _ = grid()
    g.put("文文文")
    g.move_to(1, 0)
    g.put("x")
    assert cells(g) == [" ", "x", "文", "", "文", ""]
    g.erase_cells(0, 3, 5)
    assert cells(g) == [" ", "x", " ", " ", " ", " "]


def test_marks_join_the_cell_before() -> None:
    g, _ = grid()
    g.put("\u0301e\u0301文\ufe0f")
    assert cells(g)[:3] == ["e\u0301", "文\ufe0f", ""]


def test_insert_and_delete_keep_halves_apart() -> None:
    g, _ = grid()
    g.put("a文bcd")
    g.move_to(2, 0)
    g.insert_cells(2)
    assert cells(g) == ["a", " ", " ", " ", " ", "b"]
    g.put("文")
    g.move_to(3, 0)
    g.delete_cells(1)
    assert cells(g) == ["a", " ", " ", " ", "b", " "]
    g.insert_cells(99)
    g.delete_cells(99)
    assert len(cells(g)) == 6


def test_margins_hold_moves_and_scrolls() -> None:
    g, left = grid(2, 5)
    g.set_margins(1, 3)
    g.move_to(0, 2)
    g.move_lines(-9)
    assert g.y == 1
    g.move_lines(9)
    assert g.y == 3
    g.scroll_up(9)
    assert left == []
    g.move_to(0, 4)
    g.line_feed()
    assert g.y == 4
    g.move_lines(-9)
    assert g.y == 1
    g.move_to(0, 0)
    g.reverse_line_feed()
    assert g.y == 0
    g.insert_lines(3)
    g.delete_lines(3)
    assert len(g.rows) == 5
    g.set_margins(4, 4)
    assert (g.top, g.bottom) == (1, 3)


def test_what_is_erased_keeps_the_background() -> None:
    g, _ = grid(2, 2)
    g.style = (5 << 25) | (1 << 50)
    g.erase_lines(0, 1)
    assert g.rows[0].styles == [5 << 25] * 2
    g.erase_cells(1, 1, 9)
    assert g.rows[1].styles == [0, 5 << 25]
    g.erase_cells(1, 2, 1)


def test_sizes() -> None:
    g, _ = grid(4, 3)
    g.put("abcd")
    g.set_columns(2)
    assert (cells(g), g.x) == (["a", "b"], 1)
    assert g.drop_bottom(9) == 2
    g.add_bottom(1)
    g.move_to(0, 1)
    assert [row.text for row in g.take_top(1)] == ["ab"]
    g.add_top([Row.blank(2)])
    assert (len(g.rows), g.y) == (2, 1)
    g.set_tab()
    g.set_columns(30)
    assert 8 not in g.tabs
