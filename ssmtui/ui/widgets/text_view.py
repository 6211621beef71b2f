"""A scrolling text of plain lines: searched, wrapped, never parsed as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ssmtui.core.expressions import expression
from ssmtui.core.text import plain
from ssmtui.ui.spans import Span
from ssmtui.ui.widgets.line_strip import as_line

# A line is drawn in pieces of at most this many characters, so that a line of a megabyte costs no
# more than any other.
LONGEST = 2000
# "key: value", and "- key: value" of YAML; the key is drawn in the quieter colour.
_KEY = re.compile(r'^(\s*(?:- )*"?[\w .:/@()-]*?[\w)]"?:)(?=\s|$)')


class TextView(ScrollView, can_focus=True):
    """Shows a text by the Line API: only the visible lines are drawn."""

    DEFAULT_CSS = """
    TextView { background: $background; color: $foreground; }
    TextView > .text--key { color: $accent; }
    TextView > .text--label { color: $muted; }
    TextView > .text--heading { color: $accent; text-style: bold; }
    TextView > .text--added { color: $status-good; }
    TextView > .text--removed { color: $status-bad; }
    TextView > .text--changed { text-style: bold underline; }
    TextView > .text--match { background: $warning; color: $background; }
    TextView > .text--current { background: $accent; color: $background; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "text--key",
        "text--label",
        "text--heading",
        "text--added",
        "text--removed",
        "text--changed",
        "text--match",
        "text--current",
    }

    wrap: reactive[bool] = reactive(True)

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._key_width = 0
        self._spans: dict[int, list[Span]] | None = None
        self._wanted_hang = self._hang = 0
        self._lines: list[str] = []
        self._pieces: list[tuple[int, int, int]] = []  # (line, start, end) of every drawn line
        self._matches: list[tuple[int, int, int]] = []  # (line, start, end)
        self._of_line: dict[int, list[int]] = {}  # line -> indexes of its matches
        self._current = -1
        self.set_text(text)

    def set_text(
        self,
        text: str,
        key_width: int = 0,
        hang: int = 0,
        spans: Sequence[Span] | None = None,
    ) -> None:
        """Show another text, scrolled to where the last one was.

        With a `key_width` lines that are not indented are headings, and so many characters of the
        others are their key; without one, "key:" as in YAML and JSON is found by its colon.
        What is wrapped of an indented line goes on below its `hang`th cell. With `spans` these are
        drawn apart, and nothing else.
        """
        self._key_width = key_width
        self._wanted_hang = hang
        raw = text.split("\n")
        self._lines = [plain(line) for line in raw]
        self._spans = None if spans is None else {}
        for span in spans or ():
            # Characters of a line that has become another are none of it any more.
            if self._spans is not None and (
                not span.start or self._lines[span.line] == raw[span.line]
            ):
                self._spans.setdefault(span.line, []).append(span)
        self._set_matches([])
        self._lay_out()

    @property
    def lines(self) -> list[str]:
        """The lines as they are shown."""
        return self._lines

    @property
    def match_count(self) -> int:
        return len(self._matches)

    @property
    def current_match(self) -> int:
        """The place of the current match among all, from 1; 0 when there is none."""
        return self._current + 1

    def search(self, pattern: str) -> None:
        """Find a regular expression (case is ignored unless it has a capital), from the top of
        what is visible. "" ends the search; ProblemError if it is none, or takes too long."""
        self._set_matches([])
        if pattern:
            finder = expression(pattern)
            self._set_matches(
                [
                    (number, start, end)
                    for number, line in enumerate(self._lines)
                    for start, end in finder.spans(line)
                ]
            )
            top = self._pieces[self.scroll_offset.y][0] if self._pieces else 0
            after = (i for i, match in enumerate(self._matches) if match[0] >= top)
            self._current = next(after, 0 if self._matches else -1)
            self._show_current()
        self.refresh()

    def _set_matches(self, matches: list[tuple[int, int, int]]) -> None:
        self._matches, self._current = matches, -1
        self._of_line = {}
        for index, (line, _, _) in enumerate(matches):
            self._of_line.setdefault(line, []).append(index)

    def step(self, by: int) -> None:
        """Go to the next (1) or the previous (-1) match, round the end."""
        if self._matches:
            self._current = (self._current + by) % len(self._matches)
            self._show_current()
            self.refresh()

    def watch_wrap(self) -> None:
        self._lay_out()

    def watch_show_vertical_scrollbar(self) -> None:
        """The bar takes its room from the lines, and that is no resize."""
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _show_current(self) -> None:
        if self._current < 0:
            return
        line, start, _ = self._matches[self._current]
        drawn = next(
            index
            for index, (number, begin, end) in enumerate(self._pieces)
            if number == line and (begin <= start < end or begin == end)
        )
        left = 0 if self.wrap else max(0, start - self._pieces[drawn][1] - 10)
        self.scroll_to_region(Region(left, drawn, 1, 1), animate=False, center=True, force=True)

    def _lay_out(self) -> None:
        width = max(20, self.scrollable_content_region.width) if self.size.width else 80
        limit = width if self.wrap else LONGEST
        # Where too little room would be left, the whole width is better.
        self._hang = self._wanted_hang if self.wrap and self._wanted_hang * 4 <= width * 3 else 0
        self._pieces = [
            (number, start, end)
            for number, line in enumerate(self._lines)
            for start, end in _pieces(line, limit, self._hang if line.startswith(" ") else 0)
        ]
        # Wrapped, nothing is wider than the room, whether a scroll bar joins or not.
        widest = 1 if self.wrap else max((e - s for _, s, e in self._pieces), default=0)
        self.virtual_size = Size(widest, len(self._pieces))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        left, top = self.scroll_offset
        width = self.size.width
        base = self.rich_style
        if top + y >= len(self._pieces):
            return Strip.blank(width, base)
        number, start, end = self._pieces[top + y]
        segments = self._segments(number, start, end, base)
        return as_line(Strip(segments).crop_extend(left, left + width, base))

    def _segments(self, number: int, start: int, end: int, base: Style) -> list[Segment]:
        line = self._lines[number]
        spans: list[tuple[int, int, str]] = []
        if self._spans is not None:
            spans += (
                (span.start, len(line) if span.end is None else span.end, f"text--{span.kind}")
                for span in self._spans.get(number, ())
            )
        elif self._key_width and not line.startswith(" "):
            spans.append((0, len(line), "text--heading"))
        elif self._key_width:
            spans.append((0, self._key_width, "text--label"))
        elif (key := _KEY.match(line)) is not None:
            spans.append((0, key.end(), "text--key"))
        for index in self._of_line.get(number, ()):
            _, begin, stop = self._matches[index]
            name = "text--current" if index == self._current else "text--match"
            spans.append((begin, stop, name))
        # Cut where any span begins or ends; the last span that covers a piece gives its style.
        inside = (edge for span in spans for edge in span[:2] if start < edge < end)
        cuts = sorted({start, end, *inside})
        hangs = self._hang if start and line.startswith(" ") else 0
        segments = [Segment(" " * hangs, base)] if hangs else []
        for begin, stop in pairwise(cuts):
            style = base
            for span_start, span_end, name in spans:
                if span_start <= begin < span_end:
                    under = style if name == "text--changed" else base
                    style = under + self.get_component_rich_style(name, partial=True)
            segments.append(Segment(line[begin:stop], style))
        return segments


def _pieces(line: str, limit: int, hang: int = 0) -> list[tuple[int, int]]:
    """Where to cut a line into pieces of at most `limit` cells, at spaces where there are any."""
    from rich.cells import cell_len

    if len(line) <= limit and (line.isascii() or cell_len(line) <= limit):
        return [(0, len(line))]
    pieces = []
    start = 0
    while start < len(line):
        end = _cut(line, start, limit - hang if start else limit)
        pieces.append((start, end))
        start = end
    return pieces


def _cut(line: str, start: int, limit: int) -> int:
    from rich.cells import get_character_cell_size

    end = start
    room = limit
    while end < len(line) and (width := get_character_cell_size(line[end])) <= room:
        room -= width
        end += 1
    if end == len(line):
        return end
    space = line.rfind(" ", start + limit // 2, end)
    return space + 1 if space > 0 else max(end, start + 1)
