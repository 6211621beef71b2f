from __future__ import annotations

import pytest
from textual.content import Content

from ssmtui.ui.screens.under_way import UnderWayPage
from ssmtui.ui.widgets.header import FactsLine


class Page(UnderWayPage[str]):
    BINDINGS = [("ctrl+d", "stop", "stop")]  # noqa: RUF012 - as Textual wants it
    TITLE_WORD = "Things"
    NONE_YET = "none yet"

    def __init__(self, things: list[str]) -> None:
        super().__init__()
        self.things = things
        self.stopped: list[str] = []

    @property
    def all(self) -> list[str]:
        return self.things

    def line(self, one: str) -> Content:
        return Content(one)

    async def stop(self, one: str) -> None:
        self.stopped.append(one)
        self.things.remove(one)


@pytest.fixture
async def opened(explorer):
    async with explorer.open() as s:
        page = Page(["one", "two", "three"])
        s.app.push_screen(page)
        await s.pilot.pause()
        yield s, page


async def test_the_cursor_stays_with_what_it_is_on_when_others_come_and_go(opened):
    s, page = opened
    await s.pilot.press("j")
    assert page.under_cursor == "two"
    page.things = ["new", "two", "three"]
    page.things.insert(0, "newer")
    page._show()
    assert page.under_cursor == "two"
    page.things = ["newer", "three"]
    page._show()
    assert page.under_cursor == "three"


async def test_ctrl_d_stops_the_one_under_the_cursor(opened):
    s, page = opened
    await s.pilot.press("j", "ctrl+d")
    await s.pilot.pause()
    assert (page.stopped, page.shown) == (["two"], ["one", "three"])


async def test_where_there_is_none_the_title_says_so(opened):
    _, page = opened
    page.things = []
    page._show()
    assert ("none yet", "$muted") in page.query_one(FactsLine).parts[0]
    assert page.under_cursor is None
