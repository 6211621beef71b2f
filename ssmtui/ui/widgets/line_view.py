"""A view of many lines that draws them itself, and leaves no garbage behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ssmtui.ui.widgets.line_strip import as_drawn

if TYPE_CHECKING:
    from textual.scrollbar import ScrollBar


class LineView(ScrollView):
    """A ScrollView without borders whose lines come from `render_line` as they are.

    Whoever draws keeps the lines that are worth keeping: Textual's own cache of them, which knows
    borders, makes two Strips of each, and many of those are garbage a moment later.
    """

    _own_style: Style | None = None

    def notify_style_update(self) -> None:
        self._own_style = None
        super().notify_style_update()

    @property
    def base_style(self) -> Style:
        """The view's own style. Textual makes it anew each time, which takes as long as a line."""
        if self._own_style is None:
            self._own_style = self.rich_style
        return self._own_style

    def render_lines(self, crop: Region) -> list[Strip]:
        """The visible lines of that region, from `render_line`."""
        return as_drawn(self, map(self.render_line, crop.line_range), crop)

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The bar, which is made when it is first asked for, as Textual does."""
        if self._vertical_scrollbar is None:
            # Not at the start: the first screen has no list that is longer than itself.
            from ssmtui.ui.widgets.scroll_bar import LeanScrollBar

            self._vertical_scrollbar = LeanScrollBar(thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        return self._vertical_scrollbar
