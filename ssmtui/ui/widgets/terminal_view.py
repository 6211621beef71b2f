"""How one looks at a terminal's screen: where one has scrolled to, what is selected and found."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from ssmtui.core.expressions import Expression, TooSlowError, expression
from ssmtui.core.text import cells
from ssmtui.sessions.screen import Span, TerminalScreen


class Place(NamedTuple):
    """A cell: the number of a line, and a column from 0."""

    line: int
    column: int


class Match(NamedTuple):
    """Where a search has found something, in characters of the line's text."""

    line: int
    start: int
    end: int


class TerminalView:
    """One per tab; it stays while the tab is not shown.

    `top` is the number of the first line in view; while it follows, that is the screen's.
    """

    def __init__(self, screen: TerminalScreen) -> None:
        self.screen = screen
        self.pattern = ""
        self._anchor: int | None = None
        self._selected: tuple[Place, Place] | None = None
        self._matches: list[Match] = []
        self._of_line: dict[int, list[Match]] = {}
        self._current: Match | None = None

    # Scrolling

    @property
    def top(self) -> int:
        if self._anchor is None:
            return self.screen.top_line
        return max(self.screen.first_line, min(self._anchor, self.screen.top_line))

    @property
    def follows(self) -> bool:
        """Whether the screen is in view, and not what has scrolled away."""
        return self._anchor is None

    @property
    def behind(self) -> int:
        """How many lines the view is above the screen."""
        return self.screen.top_line - self.top

    def follow(self) -> None:
        """Back to the screen; the search is over."""
        self._anchor = None
        self.end_search()

    def scroll(self, by: int) -> None:
        """Look so many lines further down, or up if that is negative."""
        self._look_at(self.top + by)

    def _look_at(self, line: int) -> None:
        self._anchor = max(self.screen.first_line, line)
        if self._anchor >= self.screen.top_line:
            self._anchor = None

    # Searching

    def search(self, pattern: str) -> int:
        """Find a regular expression, the newest match first; how many there are.

        Case is ignored unless it has a capital. ProblemError if it is none, or takes too long; ""
        ends the search.
        """
        finder = expression(pattern)
        self.end_search()
        if pattern:
            self._find(finder)
            self.pattern = pattern
            self._show(len(self._matches) - 1)
        return len(self._matches)

    def step(self, by: int) -> None:
        """To the next match (1: towards the newest) or the one before (-1), round the end."""
        if not self.pattern:
            return
        try:
            self._find(expression(self.pattern))  # there may be new lines, and old ones gone
        except TooSlowError:
            self._matches = []
        if not self._matches:
            self._current = None
            return
        here = self._current or Match(self.screen.end_line, 0, 0)
        before = sum(1 for match in self._matches if match < here)
        after = before + (1 if before < len(self._matches) and here in self._matches else 0)
        self._show((before - 1 if by < 0 else after) % len(self._matches))

    def end_search(self) -> None:
        self.pattern = ""
        self._matches, self._of_line, self._current = [], {}, None

    @property
    def matches(self) -> int:
        return len(self._matches)

    @property
    def current(self) -> int:
        """The place of the current match among all, from 1; 0 when there is none."""
        return self._matches.index(self._current) + 1 if self._current in self._matches else 0

    def _find(self, finder: Expression) -> None:
        self._matches = [
            Match(number, start, end)
            for number, text in self.screen.texts()
            for start, end in finder.spans(text)
        ]
        self._of_line = {}
        for match in self._matches:
            self._of_line.setdefault(match.line, []).append(match)

    def _show(self, index: int) -> None:
        if not self._matches:
            return
        self._current = self._matches[index]
        _, rows = self.screen.size
        if not self.top <= self._current.line < self.top + rows:
            self._look_at(self._current.line - rows // 2)

    # Selecting

    def select(self, start: Place | None, end: Place | None = None) -> None:
        """Select from one cell to another, both included; None selects nothing."""
        self._selected = (start, end or start) if start is not None else None

    @property
    def selected(self) -> tuple[Place, Place] | None:
        """The first and the last cell that are selected."""
        if self._selected is None:
            return None
        first, last = sorted(self._selected)
        return first, last

    def selected_text(self) -> str:
        """The selected text; a line that was wrapped is one line."""
        if self.selected is None:
            return ""
        first, last = self.selected
        text = ""
        for number in range(first.line, last.line + 1):
            start = first.column if number == first.line else 0
            end = last.column + 1 if number == last.line else None
            text += _cut(self.screen.text(number), start, end)
            if number < last.line and not self.screen.is_wrapped(number):
                text += "\n"
        return text

    def visible_text(self) -> str:
        """What is in view, without the empty lines at its end."""
        _, rows = self.screen.size
        lines = [self.screen.text(self.top + row) for row in range(rows)]
        return "\n".join(lines).rstrip("\n")

    # Drawing

    def line(self, row: int) -> tuple[Span, ...]:
        """The spans of a row in view."""
        return self.screen.line(self.top + row)

    def marked(self, row: int) -> list[tuple[int, int, str]]:
        """(first column, column behind the last, "selected" | "match" | "current") of a row."""
        number = self.top + row
        marks = []
        for match in self._of_line.get(number, ()):
            text = self.screen.text(number)
            start, end = cells(text[: match.start]), cells(text[: match.end])
            marks.append((start, end, "current" if match == self._current else "match"))
        if self.selected is not None:
            first, last = self.selected
            if first.line <= number <= last.line:
                start = first.column if number == first.line else 0
                end = last.column + 1 if number == last.line else self.screen.size[0]
                marks.append((start, end, "selected"))
        return marks

    @property
    def cursor(self) -> Place | None:
        """The cell of the cursor in view (the line counted from the top of it); None if hidden."""
        cursor = self.screen.cursor
        row = cursor.row + self.behind
        if not cursor.visible or row >= self.screen.size[1]:
            return None
        return Place(row, cursor.column)


def _cut(text: str, start: int, end: int | None) -> str:
    """The characters whose cells begin from column `start` on and before column `end`."""
    if text.isascii():
        return text[start:end]
    edges = [0]
    for character in text:
        edges.append(edges[-1] + cells(character))
    limit = edges[-1] + 1 if end is None else end
    return "".join(
        character
        for character, (begin, _) in zip(text, pairwise(edges), strict=True)
        if start <= begin < limit
    )
