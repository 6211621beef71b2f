from __future__ import annotations

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.screen import TerminalScreen
from ssmtui.ui.widgets.terminal_view import Place, TerminalView


@pytest.fixture
def view() -> TerminalView:
    screen = TerminalScreen(20, 5)
    screen.feed(b"\r\n".join(b"line %d" % number for number in range(30)))
    return TerminalView(screen)


def shown(view: TerminalView) -> list[str]:
    return ["".join(span.text for span in view.line(row)).rstrip() for row in range(5)]


def test_it_follows_until_scrolled(view: TerminalView) -> None:
    assert view.follows
    assert shown(view)[-1] == "line 29"
    view.scroll(-10)
    assert (view.follows, view.behind) == (False, 10)
    assert shown(view)[0] == "line 15"
    view.screen.feed(b"\r\nmore\r\nlines")
    assert shown(view)[0] == "line 15"
    view.scroll(-1000)
    assert shown(view)[0] == "line 0"
    view.scroll(1000)
    assert view.follows


def test_what_was_looked_at_may_be_forgotten() -> None:
    screen = TerminalScreen(20, 2, scrollback_lines=5)
    screen.feed(b"x\r\n" * 5)
    view = TerminalView(screen)
    view.scroll(-3)
    screen.feed(b"y\r\n" * 50)
    assert view.top == screen.first_line


def test_search_goes_from_the_newest(view: TerminalView) -> None:
    assert view.search("line .?[27]$") == 6
    assert (view.current, view.matches) == (6, 6)
    assert view.follows
    view.step(-1)
    assert view.current == 5
    assert shown(view)[2] == "line 22"
    view.step(1)
    assert view.current == 6
    view.step(1)
    assert view.current == 1
    view.screen.feed(b"\r\nline 37")
    view.step(-1)
    assert (view.current, view.matches) == (7, 7)
    view.follow()
    assert (view.pattern, view.matches, view.current) == ("", 0, 0)
    view.step(1)
    assert view.current == 0


def test_search_and_case(view: TerminalView) -> None:
    assert view.search("LINE 29") == 0
    assert view.search("line 29") == 1
    view.screen.feed(b"\r\nLINE 29")
    assert view.search("line 29") == 2
    assert view.search("$") == 0
    assert view.search("") == 0
    with pytest.raises(ProblemError):
        view.search("(")


def test_matches_that_are_gone(view: TerminalView) -> None:
    view.search("line 29")
    view.screen.feed(b"\x1b[2J\x1b[3J")
    view.step(1)
    assert (view.current, view.matches) == (0, 0)


def test_marks_are_in_cells(view: TerminalView) -> None:
    view.screen.feed("\r\n文字 found".encode())
    view.search("found")
    assert view.marked(4) == [(5, 10, "current")]
    view.search("o|f")
    assert view.marked(4) == [(5, 6, "match"), (6, 7, "current")]


def test_a_selection_over_lines(view: TerminalView) -> None:
    top = view.top
    view.select(Place(top + 2, 3), Place(top, 5))
    assert view.selected == (Place(top, 5), Place(top + 2, 3))
    assert view.selected_text() == "25\nline 26\nline"
    assert view.marked(0) == [(5, 20, "selected")]
    assert view.marked(1) == [(0, 20, "selected")]
    assert view.marked(2) == [(0, 4, "selected")]
    assert view.marked(3) == []
    view.select(None)
    assert view.selected_text() == ""


def test_a_wrapped_line_is_copied_as_one() -> None:
    screen = TerminalScreen(5, 3)
    screen.feed("abc文字 d\r\nx".encode())
    view = TerminalView(screen)
    view.select(Place(0, 0), Place(2, 4))
    assert view.selected_text() == "abc文字 d\nx"
    view.select(Place(0, 3), Place(0, 4))
    assert view.selected_text() == "文"
    assert view.visible_text() == "abc文\n字 d\nx"


def test_the_cursor_in_view(view: TerminalView) -> None:
    assert view.cursor == Place(4, 7)
    view.scroll(-1)
    assert view.cursor is None
    view.follow()
    view.screen.feed(b"\x1b[H")
    assert view.cursor == Place(0, 0)
    view.scroll(-2)
    assert view.cursor == Place(2, 0)
    view.screen.feed(b"\x1b[?25l")
    assert view.cursor is None
