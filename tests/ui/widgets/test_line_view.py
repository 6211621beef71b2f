from __future__ import annotations

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.strip import Strip

from ssmtui.ui.widgets.line_strip import LineStrip
from ssmtui.ui.widgets.line_view import LineView
from ssmtui.ui.widgets.scroll_bar import LeanScrollBar


class Numbers(LineView):
    """A hundred lines that tell their numbers, and are as long as those."""

    DEFAULT_CSS = "Numbers { scrollbar-size-vertical: 1; }"

    def on_mount(self) -> None:
        self.virtual_size = Size(10, 100)

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(f"{round(self.scroll_y) + y}")])


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield Numbers()


async def test_lines_are_as_wide_as_the_view_and_nothing_else():
    async with Page().run_test(size=(20, 10)) as pilot:
        view = pilot.app.query_one(Numbers)
        strips = view.render_lines(Region(0, 2, 20, 3))
        assert [strip.text for strip in strips] == [f"{line:<20}" for line in (2, 3, 4)]
        assert all(isinstance(strip, LineStrip) for strip in strips)
        assert [strip.text for strip in view.render_lines(Region(0, 5, 4, 1))] == ["5   "]


async def test_its_bar_scrolls_it():
    async with Page().run_test(size=(20, 10)) as pilot:
        view = pilot.app.query_one(Numbers)
        assert isinstance(view.vertical_scrollbar, LeanScrollBar)
        assert view.vertical_scrollbar is view.vertical_scrollbar
        await pilot.click(offset=(19, 9))  # below the thumb
        await pilot.pause()
        assert view.scroll_target_y > 0


async def test_padding_stands_around_lines_and_within_the_region():
    async with Page().run_test(size=(20, 10)) as pilot:
        view = pilot.app.query_one(Numbers)
        view.styles.padding = (0, 2, 0, 1)
        await pilot.pause()
        (strip,) = view.render_lines(Region(0, 7, 20, 1))
        assert strip.text == f"{'':1}{'7':<17}{'':2}"
