from __future__ import annotations

from ssmtui.sessions.screen_lines import Scrollback
from ssmtui.sessions.screen_machine import Machine
from ssmtui.sessions.screen_modes import Mode


def machine(columns: int = 10, rows: int = 4) -> Machine:
    return Machine(columns, rows, Scrollback(100, 1 << 20), lambda answer: None)


def texts(of: Machine) -> list[str]:
    return [row.text for row in of.grid.rows]


def test_line_drawing_by_designation_and_shift() -> None:
    m = machine()
    m.escape(")", "0")
    m.text("q")
    m.control("\x0e")
    m.text("q")
    m.control("\x0f")
    m.escape("(", "0")
    m.text("x")
    m.escape("(", "B")
    m.text("x")
    assert texts(m)[0] == "q─│x"
    assert not machine_takes_lines_with_line_drawing(m)


def machine_takes_lines_with_line_drawing(m: Machine) -> bool:
    m.escape("(", "0")
    return m.takes_lines


def test_locking_shifts() -> None:
    m = machine()
    m.escape("*", "0")
    m.escape("+", "0")
    for final in "no":
        m.escape("", final)
        m.text("q")
        m.control("\x0f")
    assert texts(m)[0] == "──"


def test_controls() -> None:
    m = machine()
    m.text("ab")
    m.control("\b")
    m.text("c")
    for control in "\n\v\f":
        m.control(control)
    m.text("d")
    m.control("\a")
    m.control("\x05")
    assert texts(m) == ["ac", "", "", "  d"]
    assert m.bells == 1


def test_save_and_restore() -> None:
    m = machine()
    m.sequence("H", "2;3")
    m.sequence("m", "31")
    m.escape("", "7")
    m.sequence("m", "")
    m.sequence("H", "")
    m.escape("", "8")
    assert (m.grid.x, m.grid.y) == (2, 1)
    assert m.grid.style != 0
    fresh = machine()
    fresh.sequence("H", "3;3")
    fresh.escape("", "8")
    assert (fresh.grid.x, fresh.grid.y) == (0, 0)


def test_a_soft_reset_leaves_text_cursor_and_screen() -> None:
    m = machine()
    m.set_mode(1049, True)
    m.text("ab")
    m.command("2;title")
    for mode in (1, 2004, 6):
        m.set_mode(mode, True)
    m.grid.move_to(2, 0)
    m.sequence("!p", "")
    assert texts(m)[0] == "ab"
    assert (m.grid.x, m.grid.y) == (2, 0)
    assert m.title == "title"
    assert m.modes == {Mode.AUTOWRAP, Mode.SHOW_CURSOR, Mode.ALTERNATE_CURSOR}


def test_a_reset_begins_anew() -> None:
    m = machine()
    m.text("ab")
    m.set_mode(1049, True)
    m.sequence("m", "44")
    m.escape("", "c")
    assert m.grid is m.main
    assert texts(m) == ["", "", "", ""]
    assert m.grid.rows[0].styles == [0] * 10


def test_keypad_modes() -> None:
    m = machine()
    m.escape("", "=")
    assert m.keypad
    m.escape("", ">")
    assert not m.keypad
    m.set_mode(66, True)
    assert m.keypad


def test_cursor_and_autowrap_modes() -> None:
    m = machine(3, 2)
    m.sequence("H", "1;2")
    m.set_mode(1048, True)
    m.sequence("H", "2;3")
    m.set_mode(1048, False)
    assert (m.grid.x, m.grid.y) == (1, 0)
    m.text("xyz")
    m.set_mode(7, False)
    assert m.grid.x == 1
    m.set_mode(31337, True)
    assert 31337 not in {int(mode) for mode in m.modes}


def test_decaln_and_index() -> None:
    m = machine(2, 2)
    m.escape("#", "8")
    m.escape("#", "3")
    m.escape("%", "G")
    assert texts(m) == ["EE", "EE"]
    m.escape("", "D")
    m.escape("", "E")
    m.text("x")
    assert texts(m) == ["EE", "x"]
    m.escape("", "H")
    assert m.grid.tabs == {1}


def test_a_background_is_not_lost_in_a_flood() -> None:
    m = machine()
    assert m.takes_lines
    m.sequence("m", "44")
    assert not m.takes_lines
    m.sequence("m", "0")
    m.set_mode(1049, True)
    assert not m.takes_lines


def test_one_row_takes_a_flood() -> None:
    m = machine(5, 1)
    m.lines([str(number) for number in range(20)])
    assert list(m.scrollback) == [str(number) for number in range(20)]
    assert texts(m) == [""]
