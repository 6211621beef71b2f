from __future__ import annotations

import gc
import weakref

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import Monochrome
from textual.strip import Strip

from ssmtui.ui.widgets.line_strip import LineStrip, as_line

SEGMENTS = [
    Segment("wéb-", Style(color="red")),
    Segment("日本 0", Style()),
    Segment("1  ", Style(bold=True)),
]
BLACK = Color(0, 0, 0)


class Watched(LineStrip):
    __slots__ = ["__weakref__"]


def test_it_is_equal_to_the_strip_of_the_same_segments():
    assert LineStrip(SEGMENTS) == Strip(SEGMENTS)
    assert as_line(Strip(SEGMENTS)) == Strip(SEGMENTS)


@pytest.mark.parametrize("cuts", [[13], [4, 13], [2, 5, 9], [13, 20], [20]])
def test_it_is_divided_as_a_strip_is(cuts):
    assert list(LineStrip(SEGMENTS).divide(cuts)) == list(Strip(SEGMENTS).divide(cuts))


@pytest.mark.parametrize(("start", "end"), [(0, 13), (0, 5), (3, 20), (13, 20), (5, 6)])
def test_it_is_cropped_as_a_strip_is(start, end):
    assert LineStrip(SEGMENTS).crop(start, end) == Strip(SEGMENTS).crop(start, end)
    style = Style(underline=True)
    ours = LineStrip(SEGMENTS).crop_extend(start, end, style)
    assert ours == Strip(SEGMENTS).crop_extend(start, end, style)


def test_its_filtered_self_is_kept_for_the_last_filter():
    line, one, other = LineStrip(SEGMENTS), Monochrome(), Monochrome()
    filtered = line.apply_filter(one, BLACK)
    assert filtered == Strip(SEGMENTS).apply_filter(one, BLACK)
    assert line.apply_filter(one, BLACK) is filtered
    assert line.apply_filter(other, BLACK) is not filtered


def test_a_line_that_was_drawn_whole_is_gone_when_nobody_holds_it():
    gc.disable()
    try:
        line = Watched(SEGMENTS)
        line.divide([line.cell_length])
        line.crop_extend(0, line.cell_length, None)
        line.adjust_cell_length(line.cell_length)
        watched = weakref.ref(line)
        del line
        assert watched() is None
    finally:
        gc.enable()


def test_its_padded_self_is_kept():
    line, style = LineStrip(SEGMENTS), Style(bgcolor="blue")
    padded = line.padded(1, 2, style)
    assert padded == Strip([Segment(" ", style), *SEGMENTS, Segment("  ", style)])
    assert padded.cell_length == line.cell_length + 3
    assert line.padded(1, 2, style) is padded
    assert line.padded(0, 2, style).text == f"{line.text}  "
