from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.widgets import Label

from ssmtui.ui.widgets.backdrop import Backdrop


class Behind(Backdrop, Vertical):
    DEFAULT_CSS = "Behind { background: blue; height: 5; width: 20; }"


class Page(App[None]):
    def compose(self) -> ComposeResult:
        with Behind():
            yield Label("before", markup=False)


async def test_it_is_blank_in_its_background_as_textuals_own_containers_are():
    async with Page().run_test(size=(30, 8)) as pilot:
        behind = pilot.app.query_one(Behind)
        ours = behind.render_lines(Region(0, 1, 20, 3))
        theirs = Vertical.render_lines(behind, Region(0, 1, 20, 3))
        assert [strip.text for strip in ours] == [strip.text for strip in theirs]
        assert backgrounds(ours) == backgrounds(theirs)
        assert [strip.text for strip in behind.render_lines(Region(0, 0, 4, 1))] == [" " * 4]


async def test_what_it_holds_is_seen():
    async with Page().run_test(size=(30, 8)) as pilot:
        rows = pilot.app.screen._compositor.render_strips(pilot.app.size)
        assert "before" in "".join(segment.text for segment in rows[0])


def backgrounds(strips):
    return [{segment.style.bgcolor for segment in strip} for strip in strips]
