from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult

from ssmtui.core.expressions import Expression
from ssmtui.sessions.follow.book import Book, Voice
from ssmtui.ui.themes import VARIABLES
from ssmtui.ui.widgets.log_view import LogView

NAMES = [f"web-{number:02}" for number in range(20)]


class Shown(App[None]):
    def __init__(self, names: list[str] = NAMES) -> None:
        super().__init__()
        self.book = Book()
        self.names = names

    def compose(self) -> ComposeResult:
        yield LogView(self.book, self.names)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(VARIABLES)

    @property
    def view(self) -> LogView:
        return self.query_one(LogView)

    def put(self, *texts: str, node: int = 0, joining: bool = False, at: float = 1.0) -> None:
        for text in texts:
            self.book.put(node, at, text, Voice.LOG, joining=joining)
        self.book.trim()
        self.view.show_news()

    def rows(self) -> list[str]:
        view = self.view
        return [view.render_line(y).text for y in range(view.size.height)]


@pytest.fixture
async def shown() -> Any:
    app = Shown()
    async with app.run_test(size=(60, 10)) as pilot:
        app.pause = pilot.pause  # type: ignore[attr-defined]
        yield app


async def test_every_node_has_a_colour_of_its_own_and_its_name(shown: Any) -> None:
    for node in range(20):
        shown.put("x", node=node)
    shown.view.to_top()
    styles = {str(shown.view._name_style(node).color) for node in range(20)}
    assert len(styles) == 20
    assert shown.rows()[3].startswith("web-03 │ x")


async def test_colours_can_be_read_on_a_light_screen_too(shown: Any) -> None:
    dark = shown.view._name_style(3)
    shown.theme = "textual-light"
    await shown.pause()
    assert shown.view._name_style(3) != dark


async def test_long_names_leave_room_for_the_lines() -> None:
    app = Shown(["n" * 200, "名前" * 50])
    async with app.run_test(size=(60, 10)):
        app.put("one")
        app.put("two", node=1)
        assert app.rows()[0].rstrip() == "n" * 19 + "… │ one"
        assert app.rows()[1].rstrip() == "名前" * 4 + "名 … │ two"


async def test_every_row_is_as_wide_as_the_screen(shown: Any, hostile: list[str]) -> None:
    shown.put(*hostile, "", "y" * 300, "名" * 100, "é" * 90)
    view = shown.view
    for wrap in (False, True):
        view.wrap = wrap
        for left in (0, 7):
            view.scroll_to(x=left, y=0, animate=False, force=True)
            for y in range(view.virtual_size.height):
                assert view.render_line(y).cell_length == view.scrollable_content_region.width


async def test_wrapping_loses_nothing(shown: Any) -> None:
    text = "".join(chr(ord("a") + number % 26) for number in range(300))
    shown.put(text)
    shown.view.wrap = True
    drawn = "".join(row[9:].rstrip() for row in shown.rows())
    assert drawn == text
    assert [row[:6] for row in shown.rows()[:2]] == ["web-00", "      "]


async def test_lines_put_between_do_not_move_what_is_read(shown: Any) -> None:
    for number in range(100):
        shown.put(f"line {number}", at=float(number))
    shown.view.scroll_to(y=50, animate=False, force=True)
    assert shown.rows()[0].rstrip().endswith("line 50")
    shown.put(*(f"late {number}" for number in range(7)), at=20.0, joining=True)
    assert shown.rows()[0].rstrip().endswith("line 50")
    assert shown.view.below == 100 - 50 - 10
    assert not shown.view.following


async def test_the_book_may_change_between_two_drawings(shown: Any) -> None:
    shown.book._all._most = 100
    for number in range(500):
        shown.book.put(0, float(number), f"line {number}", Voice.LOG, joining=False)
        shown.book.trim()
        if number % 37 == 0:
            shown.view.refresh()
            await shown.pause()
    shown.view.show_news()
    assert shown.rows()[-1].rstrip().endswith("line 499")


async def test_nothing_found_is_told_and_a_match_is_brought_into_view(shown: Any) -> None:
    shown.put(*(f"line {number}" for number in range(50)), "x" * 200 + " needle")
    view = shown.view
    assert not await view.step(1)
    view.highlight(Expression("nowhere"))
    assert not await view.step(1)
    view.highlight(Expression("needle"))
    assert await view.step(-1)
    assert any("needle" in row for row in shown.rows())
