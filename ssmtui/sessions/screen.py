"""A terminal without a window: bytes of a remote program in, lines to draw and answers out.

The remote program is not trusted. Whatever it sends, nothing of it comes out but text without
controls, styles, and the few answers a terminal gives; titles are data, clipboards are not touched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ssmtui.sessions import screen_modes as modes
from ssmtui.sessions.screen_grid import Grid
from ssmtui.sessions.screen_lines import (
    Kept,
    Row,
    Scrollback,
    Span,
    is_wrapped,
    kept,
    row_of,
    spans_of,
    text_of,
)
from ssmtui.sessions.screen_machine import Machine
from ssmtui.sessions.screen_modes import Mode, Mouse
from ssmtui.sessions.screen_parser import Parser
from ssmtui.sessions.screen_style import CellStyle

__all__ = ["CellStyle", "Cursor", "Mouse", "Span", "TerminalScreen"]

SCROLLBACK_LINES = 10_000
SCROLLBACK_BYTES = 16 << 20
SLICE_SECONDS = 0.004
MOST_COLUMNS, MOST_ROWS = 1000, 500


class Cursor(NamedTuple):
    """Where the cursor is; `row` counts from the first line of the screen."""

    column: int
    row: int
    visible: bool


class TerminalScreen:
    """A terminal of xterm's kind with a scrollback.

    Lines have numbers that stay: `first_line` is the oldest that is kept, `top_line` the first on
    the screen, `end_line` one after the last. The alternate screen has no scrollback. `answers` is
    given what the remote program has asked for, to be sent to it.
    """

    def __init__(
        self,
        columns: int = 80,
        rows: int = 24,
        *,
        answers: Callable[[bytes], None] | None = None,
        scrollback_lines: int = SCROLLBACK_LINES,
        scrollback_bytes: int = SCROLLBACK_BYTES,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._clock = clock
        self._scrollback = Scrollback(scrollback_lines, scrollback_bytes)
        self._machine = Machine(
            *_bounded(columns, rows), self._scrollback, answers or (lambda answer: None)
        )
        self._parser = Parser(self._machine)
        self.revision = 0
        """Another number whenever there may be something new to draw."""

    # Bytes in

    def write(self, data: bytes) -> None:
        """Put bytes to what waits to be read."""
        self._parser.push(data)

    def advance(self, seconds: float = SLICE_SECONDS) -> bool:
        """Read on for at most about so long; whether anything is left for another slice."""
        self.revision += 1
        return self._parser.run(self._clock() + seconds, self._clock)

    def feed(self, data: bytes) -> None:
        """Read all of it, however long it takes."""
        self.write(data)
        while self.advance(1.0):
            pass

    def reset(self) -> None:
        """Begin anew, as after RIS; the scrollback stays."""
        self.revision += 1
        self._parser.reset()
        self._machine.reset()

    def resize(self, columns: int, rows: int) -> None:
        """Another size. Lines leave to the scrollback and come back; they are not wrapped anew."""
        columns, rows = _bounded(columns, rows)
        if (columns, rows) == self.size:
            return
        self.revision += 1
        main, alternate = self._machine.main, self._machine.alternate
        main.set_columns(columns)
        surplus = len(main.rows) - rows
        if surplus > 0:
            gone = main.take_top(surplus - main.drop_bottom(surplus))
            self._scrollback.extend([kept(row) for row in gone])
        else:
            back = min(-surplus, len(self._scrollback))
            taken = [row_of(self._scrollback.pop(), columns) for _ in range(back)]
            main.add_top(taken[::-1])
            main.add_bottom(-surplus - back)
        main.reset_margins()
        if alternate is not None:
            alternate.set_columns(columns)
            surplus = len(alternate.rows) - rows
            if surplus > 0:
                alternate.take_top(surplus - alternate.drop_bottom(surplus))
            alternate.add_bottom(max(0, -surplus))
            alternate.reset_margins()

    # Lines out

    @property
    def _grid(self) -> Grid:
        return self._machine.grid

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._grid.columns, len(self._grid.rows)

    @property
    def is_alternate(self) -> bool:
        return self._grid is not self._machine.main

    @property
    def first_line(self) -> int:
        return self.top_line if self.is_alternate else self._scrollback.dropped

    @property
    def top_line(self) -> int:
        return self._scrollback.dropped + len(self._scrollback)

    @property
    def end_line(self) -> int:
        return self.top_line + len(self._grid.rows)

    @property
    def scrollback_bytes(self) -> int:
        """What the lines in the scrollback take in memory."""
        return self._scrollback.bytes

    def line(self, number: int) -> tuple[Span, ...]:
        """What to draw of a line; () if it is gone.

        A line of the scrollback is as long as it was on the screen, which may have been wider.
        """
        found = self._line(number)
        if found is None:
            return ()
        return found.spans() if isinstance(found, Row) else spans_of(found)

    def text(self, number: int) -> str:
        """The text of a line without the blanks at its end; "" if it is gone."""
        found = self._line(number)
        if found is None:
            return ""
        if isinstance(found, Row):
            return found.text
        return text_of(found)

    def is_wrapped(self, number: int) -> bool:
        """Whether the next line goes on with this one, because it was too long."""
        found = self._line(number)
        if found is None:
            return False
        return found.wrapped if isinstance(found, Row) else is_wrapped(found)

    def texts(self) -> Iterator[tuple[int, str]]:
        """(number, text) of all lines, the oldest first."""
        if not self.is_alternate:
            for number, line in enumerate(self._scrollback, self.first_line):
                yield number, text_of(line)
        for number, row in enumerate(self._grid.rows, self.top_line):
            yield number, row.text

    def _line(self, number: int) -> Row | Kept | None:
        if self.top_line <= number < self.end_line:
            return self._grid.rows[number - self.top_line]
        if self.first_line <= number < self.top_line:
            return self._scrollback[number - self._scrollback.dropped]
        return None

    @property
    def cursor(self) -> Cursor:
        visible = Mode.SHOW_CURSOR in self._machine.modes
        return Cursor(self._grid.column, self._grid.y, visible)

    @property
    def title(self) -> str:
        """What the remote program would call its window, made plain; for nobody but the reader."""
        return self._machine.title

    @property
    def bells(self) -> int:
        """How often the bell was rung."""
        return self._machine.bells

    @property
    def bracketed_paste(self) -> bool:
        return Mode.BRACKETED_PASTE in self._machine.modes

    @property
    def application_cursor(self) -> bool:
        return Mode.CURSOR_KEYS in self._machine.modes

    @property
    def application_keypad(self) -> bool:
        return self._machine.keypad

    @property
    def reverse_video(self) -> bool:
        return Mode.REVERSE_VIDEO in self._machine.modes

    @property
    def focus_events(self) -> bool:
        """Whether the program wants `CSI I` and `CSI O` when the tab gets and loses the focus."""
        return Mode.FOCUS_EVENTS in self._machine.modes

    @property
    def mouse(self) -> Mouse:
        """Which movements of the mouse the program wants to hear of."""
        return modes.mouse(self._machine.modes)

    @property
    def mouse_sgr(self) -> bool:
        """Whether the mouse is reported as numbers, without a limit of 223 columns."""
        return Mode.MOUSE_SGR in self._machine.modes


def _bounded(columns: int, rows: int) -> tuple[int, int]:
    return max(1, min(columns, MOST_COLUMNS)), max(1, min(rows, MOST_ROWS))
