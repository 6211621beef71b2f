"""A followed log on the screen: only what is visible is drawn, at most some times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.color import Color
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from ssmtui.core.expressions import Expression, TooSlowError
from ssmtui.core.text import cells, fit
from ssmtui.sessions.follow.book import Book, Entry, Lines, Voice
from ssmtui.ui import glyphs
from ssmtui.ui.widgets.line_strip import LineStrip, as_line
from ssmtui.ui.widgets.line_view import LineView
from ssmtui.ui.widgets.log_rows import Rows, clip, piece

# The cells of a node's name, at most; a third of the width if that is less.
_WIDEST_NAME = 28
# What stands between a name and its line. A log cannot write there, so it cannot play ssmtui.
_BARS = {Voice.LOG: glyphs.BAR, Voice.ASIDE: "e", Voice.NEWS: "!"}
# Neighbours in the list are far apart on the wheel of colours.
_GOLDEN = 0.618034
_CACHED = 1_000
# Lines that are searched before others have their turn.
_SLICE = 1_000


class LogView(LineView, can_focus=True):
    """Shows what a Book lets through. Whoever fills the book calls `show_news` now and then."""

    DEFAULT_CSS = """
    LogView {
        background: $background; color: $foreground;
        overflow: auto; scrollbar-size-horizontal: 0; scrollbar-size-vertical: 1;
    }
    LogView > .log--bar { color: $rule; }
    LogView > .log--aside { color: $warning; }
    LogView > .log--news { color: $status-warn; text-style: bold; }
    LogView > .log--message { color: $muted; }
    LogView > .log--match { background: $warning; color: $background; }
    LogView > .log--current { background: $accent; color: $background; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "log--bar", "log--aside", "log--news", "log--message", "log--match", "log--current",
    }  # fmt: skip

    wrap: reactive[bool] = reactive(False)
    following: reactive[bool] = reactive(True)
    message: reactive[str] = reactive("")  # what stands there while there is no line

    class Moved(Message):
        """The view has begun or ceased to follow the end."""

    def __init__(self, book: Book, names: Sequence[str]) -> None:
        super().__init__()
        self._book = book
        self._names = names
        self._lines: Lines = book.shown
        self._rows = Rows()
        self._widest = 0
        self._top: Entry | None = None  # what is kept at the top while it does not follow
        self._top_index = 0
        self._top_piece = 0
        self._placing = False
        self._pattern: Expression | None = None
        self._current: Entry | None = None
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(_CACHED)
        self._name_styles: list[Style] = []

    # What there is

    def show_news(self) -> None:
        """Draw what has come into the book."""
        if self._lines is not self._book.shown:
            self._lay_out()
            return
        self._settle()
        self._resize_and_place()

    @property
    def below(self) -> int:
        """How many rows are below what is visible."""
        return max(0, self._rows.count - round(self.scroll_y) - self._height)

    def to_end(self) -> None:
        """Follow what comes."""
        self.following = True
        self._resize_and_place()

    def to_top(self) -> None:
        """The oldest line that is kept."""
        self.scroll_to(y=0, animate=False, force=True)

    def watch_wrap(self) -> None:
        self._lay_out()

    def watch_following(self) -> None:
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        self._lay_out()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()
        self._name_styles = []

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self._placing:
            self.following = round(new_value) >= self.max_scroll_y
            self._note_top()

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    @property
    def _name_width(self) -> int:
        if len(self._names) < 2:
            return 0
        third = self.scrollable_content_region.width // 3
        return min(max(map(cells, self._names)), _WIDEST_NAME, max(third, 8))

    @property
    def _lead(self) -> int:
        """The cells before a line's own text: name, bar and what is between them."""
        return self._name_width + (3 if self._name_width else 2)

    @property
    def _room(self) -> int:
        return max(self.scrollable_content_region.width - self._lead, 1)

    def _lay_out(self) -> None:
        self._lines = self._book.shown
        self._lines.settle()
        self._rows.lay_out(self._lines.entries, self._room if self.wrap else None)
        self._widest = max((entry.width for entry in self._lines.entries), default=0)
        self._top_index = 0
        self._strips.clear()
        self._resize_and_place()

    def _settle(self) -> None:
        """Know what is where; the book may have changed since it was drawn last."""
        changed_from, dropped = self._lines.settle()
        entries = self._lines.entries
        widest = max((entry.width for entry in entries[changed_from:]), default=0)
        self._widest = max(self._widest, widest)
        self._rows.update(entries, changed_from, dropped)
        self._top_index = max(0, self._top_index - dropped)

    def _resize_and_place(self) -> None:
        width = 1 if self.wrap else self._lead + self._widest
        self._placing = True
        try:
            size = Size(width, self._rows.count)
            if size != self.virtual_size:
                self.virtual_size = size
            top = self._rows.row(self._find_top()) + (self._top_piece if self.wrap else 0)
            y = self.max_scroll_y if self.following else top
            self.scroll_to(y=y, animate=False, force=True)
        finally:
            self._placing = False
        self.refresh()

    def _note_top(self) -> None:
        if self._rows.count and self._lines is self._book.shown:
            self._settle()
            index, number = self._rows.place(min(round(self.scroll_y), self._rows.count - 1))
            self._top, self._top_index = self._lines.entries[index], index
            self._top_piece = number

    def _find_top(self) -> int:
        """Where the line is now that was at the top. Others may have come or gone before it."""
        entries = self._lines.entries
        for index in range(self._top_index, len(entries)):
            if entries[index] is self._top:
                self._top_index = index
                return index
        return min(self._top_index, max(0, len(entries) - 1))

    # The search word

    def highlight(self, pattern: Expression | None) -> None:
        """Draw what matches so that it is seen; None: nothing."""
        self._pattern, self._current = pattern, None
        self._strips.clear()
        self.refresh()

    async def step(self, by: int) -> bool:
        """Go to the next line (1) or the one before (-1) that matches, round the end.

        False if there is none. Others have their turn meanwhile. TooSlowError.
        """
        pattern, entries = self._pattern, list(self._lines.entries)
        if pattern is None or not entries:
            return False
        at = self._step_from(entries, by)
        for steps in range(1, len(entries) + 1):
            entry = entries[(at + by * steps) % len(entries)]
            if (found := pattern.search(entry.text)) is not None:
                self._go_to(entry, found.start())
                return True
            if steps % _SLICE == 0:
                await asyncio.sleep(0)
        return False

    def _step_from(self, entries: Sequence[Entry], by: int) -> int:
        if self._current is not None:
            for index, entry in enumerate(entries):
                if entry is self._current:
                    return index
        top = round(self.scroll_y)
        row = top if by > 0 else min(top + self._height, self._rows.count) - 1
        return min(self._rows.place(max(row, 0))[0], len(entries) - 1) - by

    def _go_to(self, entry: Entry, start: int) -> None:
        self._current = entry
        self._strips.clear()
        self.show_news()
        index = next((at for at, each in enumerate(self._lines.entries) if each is entry), None)
        if index is None:  # it has left meanwhile
            return
        left = 0 if self.wrap else max(0, start - self._room // 2)
        region = Region(left, self._rows.row(index), 1 if self.wrap else self._room, 1)
        self.scroll_to_region(region, animate=False, center=True, force=True)
        self.refresh()

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._lines is self._book.shown:
            self._settle()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        row = round(self.scroll_y) + y
        if row >= self._rows.count:
            style = self.get_component_rich_style("log--message")
            words = self.message if y == 0 and not self._rows.count else ""
            return Strip([Segment(fit(f" {words}", width), style)], width)
        index, number = self._rows.place(row)
        entry = self._lines.entries[index]
        left = 0 if self.wrap else round(self.scroll_x)
        key = (entry, number, left, width, entry is self._current)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._strip(entry, number, left, width)
        return strip

    def _strip(self, entry: Entry, number: int, left: int, width: int) -> Strip:
        base = self.base_style
        if self._rows.room is None:
            start, end = clip(entry.text, left, self._room)
        else:
            start, end = piece(entry.text, number, self._rows.room)
        segments = self._lead_segments(entry, number, base)
        segments += self._text_segments(entry, start, end, base)
        # Made whole at once: in a flood every strip more is garbage of the next moment.
        used = self._lead + cells(entry.text[start:end])
        if used < width:
            segments.append(Segment(" " * (width - used), base))
        return as_line(LineStrip(segments, max(used, width)).crop(0, width))

    def _lead_segments(self, entry: Entry, number: int, base: Style) -> list[Segment]:
        news = {Voice.NEWS: "news", Voice.ASIDE: "aside"}.get(entry.voice, "bar")
        bar = base + self.get_component_rich_style(f"log--{news}", partial=True)
        segments = []
        if name_width := self._name_width:
            name = fit(self._names[entry.node] if number == 0 else "", name_width)
            segments = [Segment(f"{name} ", base + self._name_style(entry.node))]
        return [*segments, Segment(f"{_BARS[entry.voice]} ", bar)]

    def _text_segments(self, entry: Entry, start: int, end: int, base: Style) -> list[Segment]:
        text, style = entry.text, base
        if entry.voice is not Voice.LOG:
            name = "log--news" if entry.voice is Voice.NEWS else "log--aside"
            style = base + self.get_component_rich_style(name, partial=True)
        if self._pattern is None:
            return [Segment(text[start:end], style)]
        name = "log--current" if entry is self._current else "log--match"
        matched = base + self.get_component_rich_style(name, partial=True)
        spans = self._spans(text)
        cuts = sorted({start, end, *(at for span in spans for at in span if start < at < end)})
        return [
            Segment(
                text[begin:stop],
                matched if any(first <= begin < last for first, last in spans) else style,
            )
            for begin, stop in pairwise(cuts)
        ]

    def _spans(self, text: str) -> list[tuple[int, int]]:
        try:
            return self._pattern.spans(text) if self._pattern is not None else []
        except TooSlowError:  # which whoever steps through the matches is told
            return []

    def _name_style(self, node: int) -> Style:
        if not self._name_styles:
            light = 0.72 if self.app.current_theme.dark else 0.34
            self._name_styles = [
                Style(color=Color.from_hsl(place * _GOLDEN % 1.0, 0.6, light).rich_color)
                for place in range(len(self._names))
            ]
        return self._name_styles[node]
