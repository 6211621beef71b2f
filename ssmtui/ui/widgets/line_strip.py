"""A line for widgets that draw many: a Textual Strip without its seven caches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class _Nothing:
    """A cache that keeps nothing, in the place of those that Strip makes for each line."""

    def get(self, key: object, default: Any = None) -> Any:
        return default

    def __setitem__(self, key: object, value: object) -> None:
        pass


_NOTHING: Final = _Nothing()


class LineStrip(Strip):
    """A Strip that is cheap to make and gone when nobody holds it.

    Each Strip makes seven caches of two objects, and one that is drawn over the whole width keeps
    itself in one of them: a cycle, which only Python's garbage collector ends. A table that scrolls
    or loads drops hundreds of lines a second, and the collections held the screen for 50 ms. What a
    line is asked for again and again, its text for the terminal, its filtered and its padded self,
    it still keeps.
    """

    __slots__ = ["_filtered", "_padded"]

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        self._segments = list(segments)
        self._cell_length = cell_length
        nothing: Any = _NOTHING
        self._divide_cache = self._crop_cache = self._style_cache = nothing
        self._filter_cache = self._line_length_cache = nothing
        self._crop_extend_cache = self._offsets_cache = nothing
        self._render_cache = None
        self._link_ids = None
        self._cell_count = None
        self._filtered: tuple[LineFilter, Color, LineStrip] | None = None
        self._padded: tuple[int, int, Style, LineStrip] | None = None

    def apply_filter(self, filter: LineFilter, background: Color) -> LineStrip:  # noqa: A002
        """The line through a filter; the last answer is kept."""
        kept = self._filtered
        if kept is not None and kept[0] is filter and kept[1] == background:
            return kept[2]
        strip = LineStrip(filter.apply(self._segments, background), self._cell_length)
        self._filtered = (filter, background, strip)
        return strip

    def padded(self, left: int, right: int, style: Style) -> LineStrip:
        """The line with so many blanks before and behind it; the last answer is kept."""
        kept = self._padded
        if kept is not None and kept[:3] == (left, right, style):
            return kept[3]
        blanks = [Segment(" " * count, style) for count in (left, right)]
        line = LineStrip([blanks[0], *self, blanks[1]], left + self.cell_length + right)
        self._padded = (left, right, style, line)
        return line

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The line cut at these cells; what lies behind the last cut is left out."""
        within = [cut for cut in cuts if cut <= self.cell_length]
        if within == [self.cell_length]:
            return [self]
        starts = [0, *within]
        parts = Segment.divide(self._segments, within)
        return [
            LineStrip(part, cut - start)
            for part, cut, start in zip(parts, within, starts, strict=False)
        ]


def as_line(strip: Strip) -> LineStrip:
    """The same line, without what Textual's own has to carry."""
    return strip if isinstance(strip, LineStrip) else LineStrip(strip, strip.cell_length)


def as_drawn(widget: Widget, lines: Iterable[Strip], crop: Region) -> list[Strip]:
    """Whole lines of a widget without borders, as its `render_lines` has to give them.

    It pads and filters as Textual's cache of styled lines does, which makes two Strips of each.
    """
    filters, background = widget.get_line_filters(), widget.background_colors[1]
    width, span = widget.region.width, crop.column_span
    blank = Style(bgcolor=widget.rich_style.bgcolor)
    _, right, _, left = widget.styles.padding
    inner = width - left - right
    drawn: list[Strip] = []
    for strip in lines:
        line = as_line(strip)
        if line.cell_length != inner:
            line = as_line(line.adjust_cell_length(inner, blank))
        if left or right:
            line = line.padded(left, right, blank)
        for line_filter in filters:
            line = line.apply_filter(line_filter, background)
        drawn.append(line if span == (0, width) else as_line(line.crop(*span)))
    return drawn
