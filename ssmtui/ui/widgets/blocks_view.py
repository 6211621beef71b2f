"""Blocks of outputs, a line each: only what is visible is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from ssmtui.core.folding import Block
from ssmtui.core.text import fit
from ssmtui.ui.widgets.header import Part
from ssmtui.ui.widgets.line_strip import LineStrip
from ssmtui.ui.widgets.line_view import LineView

# Lines that are kept as they were drawn.
_KEPT = 500
# A block as the parts of a line of so many cells.
Draw = Callable[[Block, int], Sequence[Part]]


class BlocksView(LineView, can_focus=True):
    """A list of blocks with a cursor, which stays on its block wherever that goes.

    It has no keys of its own: its actions are methods, bound by the page.
    """

    DEFAULT_CSS = """
    BlocksView { background: $background; color: $foreground; scrollbar-size-horizontal: 0; }
    BlocksView > .blocks--cursor { background: $cursor-row; color: $cursor-row-ink; }
    BlocksView > .blocks--message { color: $muted; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"blocks--cursor", "blocks--message"}

    class Moved(Message):
        """The cursor is on another block."""

    class Chosen(Message):
        """The block under the cursor is to be opened."""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw = draw
        self._blocks: Sequence[Block] = ()
        self._cursor = 0
        self._styles: dict[str, Style] = {}
        # Not Textual's LRUCache, whose links are garbage of the collector's once it is cleared.
        self._strips: dict[tuple[bool, tuple[Part, ...]], LineStrip] = {}
        self.message = ""
        self.drawn = 0  # lines

    @property
    def blocks(self) -> Sequence[Block]:
        return self._blocks

    @property
    def block(self) -> Block | None:
        """The block under the cursor."""
        return self._blocks[self._cursor] if self._blocks else None

    def show(self, blocks: Sequence[Block]) -> None:
        """Show these from now on; the cursor stays on its block, or on top until it is moved."""
        before = self.block
        self._blocks = blocks
        if before is not None and self._cursor:
            at = next((i for i, each in enumerate(blocks) if each.id == before.id), None)
            self._cursor = at if at is not None else min(self._cursor, max(0, len(blocks) - 1))
        else:
            self._cursor = 0
        self.virtual_size = Size(1, len(blocks))
        self.refresh()
        after = self.block
        if (before is None) != (after is None) or (before and after and before.id != after.id):
            self.post_message(self.Moved())

    def redraw(self) -> None:
        """What is drawn of the blocks may be another."""
        self.refresh()

    def move_to(self, line: int) -> None:
        """Put the cursor on a line, or as near as there is one, and show it."""
        if not self._blocks:
            return
        self._cursor = max(0, min(line, len(self._blocks) - 1))
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved())

    def move_by(self, lines: int) -> None:
        self.move_to(self._cursor + lines)

    def page(self, by: int) -> None:
        self.move_by(by * max(1, self.size.height - 1))

    def on_click(self, event: events.Click) -> None:
        line = round(self.scroll_y) + event.y
        if line < len(self._blocks):
            self.move_to(line)
            if event.chain == 2:
                self.post_message(self.Chosen())

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        line = round(self.scroll_y) + y
        if line >= len(self._blocks):
            if y == 0 and not self._blocks:
                style = self.get_component_rich_style("blocks--message")
                return LineStrip([Segment(fit(f" {self.message}", width), style)], width)
            return LineStrip([Segment(" " * width, self.base_style)], width)
        under = line == self._cursor
        # Most blocks look as before, though they were told anew.
        parts = tuple(self._draw(self._blocks[line], width))
        strip = self._strips.get((under, parts))
        if strip is None:
            if len(self._strips) >= _KEPT:
                self._strips.clear()
            strip = self._strips[under, parts] = self._strip(parts, width, under)
        return strip

    def _strip(self, parts: Sequence[Part], width: int, under: bool) -> LineStrip:
        self.drawn += 1
        base = self.get_component_rich_style("blocks--cursor") if under else self.base_style
        segments = [
            Segment(
                text, base if under and not style.endswith("bold") else base + self._style(style)
            )
            for text, style in parts
        ]
        return LineStrip(segments, width)

    def _style(self, name: str) -> Style:
        """A style with theme variables as Rich's, of the ink alone."""
        style = self._styles.get(name)
        if style is None:
            colour, _, rest = name.partition(" ")
            value = self.app.theme_variables.get(colour.removeprefix("$"), "")
            style = Style(color=value or None, bold=rest == "bold" or None)
            self._styles[name] = style
        return style
