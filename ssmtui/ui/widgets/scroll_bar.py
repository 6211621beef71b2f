"""A scroll bar that leaves no garbage behind."""

from __future__ import annotations

from typing import cast

from rich.color import Color
from rich.segment import Segment
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from ssmtui.ui.widgets.line_strip import LineStrip, as_drawn

# More lines that differ than a bar has in its three looks.
_KEPT = 32


class LeanScrollBar(ScrollBar):
    """Textual's own vertical bar to look at and to use, drawn by lines that are kept.

    A list that loads grows many times a second, and its bar is drawn anew each time. Of its lines
    only a few differ: the thumb, its two ends and what lies above and below. Textual makes some
    four strips for each line of the screen, which were half of the garbage of a load.
    """

    def __init__(self, *, thickness: int) -> None:
        super().__init__(vertical=True, name="vertical", thickness=thickness)
        self._kept: dict[Segment, LineStrip] = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        lines = [self._line(segment) for segment in self._segments()[crop.y : crop.bottom]]
        return as_drawn(self, lines, crop)

    def _segments(self) -> list[Segment]:
        """What stands on each line, as Textual draws it."""
        bar = cast("ScrollBarRender", self.render())
        colours = self.app.console.get_style(bar.style)
        drawn = bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            thickness=self.size.width,
            vertical=True,
            back_color=cast("Color", colours.bgcolor),
            bar_color=cast("Color", colours.color),
        )
        return list(Segment.apply_style(drawn.segments, self.rich_style))

    def _line(self, segment: Segment) -> LineStrip:
        kept = self._kept.get(segment)
        if kept is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            kept = self._kept[segment] = LineStrip([segment], self.size.width)
        return kept
