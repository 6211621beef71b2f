from __future__ import annotations

import gc

import pytest
from textual.app import App, ComposeResult
from textual.cache import FIFOCache
from textual.geometry import Region
from textual.scrollbar import ScrollBar

from ssmtui.ui.widgets.scroll_bar import LeanScrollBar

HEIGHT = 20
WHOLE = Region(0, 0, 1, HEIGHT)


class Bars(App[None]):
    """Textual's bar and ours beside each other."""

    CSS = "Screen { layout: horizontal; } ScrollBar { width: 1; height: 20; }"

    def compose(self) -> ComposeResult:
        yield ScrollBar(vertical=True, name="vertical", thickness=1)
        yield LeanScrollBar(thickness=1)


def lines(bar, crop=WHOLE):
    return [
        [(segment.text, segment.style) for segment in strip] for strip in bar.render_lines(crop)
    ]


@pytest.mark.parametrize(
    ("of", "seen", "at"),
    [(100, 20, 0), (100, 20, 33), (100_000, 20, 99_980), (20, 20, 0), (0, 0, 0)],
)
async def test_it_looks_as_textuals_own_does(of, seen, at):
    async with Bars().run_test(size=(10, HEIGHT)) as pilot:
        bars = list(pilot.app.query(ScrollBar))
        for bar in bars:
            bar.window_virtual_size, bar.window_size, bar.position = of, seen, at
        await pilot.pause()
        theirs, ours = (lines(bar) for bar in bars)
        assert ours == theirs
        assert lines(bars[1], Region(0, 3, 1, 5)) == theirs[3:8]


async def test_the_bar_of_a_list_that_grows_leaves_no_garbage():
    async with Bars().run_test(size=(10, HEIGHT)) as pilot:
        bar = pilot.app.query_one(LeanScrollBar)
        bar.window_size = 20
        await pilot.pause()
        before = caches()
        for size in range(100, 5_000, 100):
            bar.window_virtual_size = size
            lines(bar)
        assert caches() <= before


def caches():
    """How many of a Strip's caches there are, those included that nobody can reach."""
    return sum(type(thing) is FIFOCache for thing in gc.get_objects())
