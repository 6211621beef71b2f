"""What stands behind the widgets of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from ssmtui.ui.widgets.line_strip import LineStrip, as_drawn

if TYPE_CHECKING:
    from textual.widget import Widget as _Base
else:
    _Base = object  # for Textual takes 0.3 ms of the start for every class of widgets


class Backdrop(_Base):
    """A base of containers without a border that show their background and nothing else.

    They are covered by what they hold, and drawn all the same: one line is as good as another.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """Blank lines."""
        width = self.region.width
        line = LineStrip([Segment(" " * width, self.rich_style)], width)
        return as_drawn(self, [line], crop) * crop.height
