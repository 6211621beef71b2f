"""The cells of a terminal, its cursor, and what can be done to them."""

from __future__ import annotations

from collections.abc import Callable

from ssmtui.sessions.screen_lines import Row
from ssmtui.sessions.screen_style import BACKGROUND_MASK
from ssmtui.sessions.screen_width import NARROW, joined, width


class Grid:
    """Rows of cells. Columns and rows count from 0; the column of a full line is `columns`.

    That is where the cursor waits after the last cell is written: the line is wrapped only when
    another character comes. `left_top` is given the rows that scroll out of it.
    """

    def __init__(self, columns: int, rows: int, left_top: Callable[[Row], None]) -> None:
        self.columns = columns
        self.rows = [Row.blank(columns) for _ in range(rows)]
        self._left_top = left_top
        self.reset()

    def reset(self) -> None:
        """The cursor, style and modes of a terminal that was just switched on."""
        self.x = self.y = 0
        self.style = 0
        self.top, self.bottom = 0, len(self.rows) - 1
        self.autowrap = True
        self.insert = False
        self.origin = False
        self.set_tabs()

    @property
    def column(self) -> int:
        """Where the cursor is seen."""
        return min(self.x, self.columns - 1)

    @property
    def blank_style(self) -> int:
        """What is erased keeps the background in force."""
        return self.style & BACKGROUND_MASK

    # Text

    def put(self, text: str) -> None:
        """Print; no control may be among the characters."""
        if text.isascii():
            self._put_narrow(text)
            return
        at = 0
        while at < len(text):
            run = NARROW.match(text, at)
            if run is not None:
                at = run.end()
                self._put_narrow(run.group())
            else:
                self._put_odd(text[at])
                at += 1

    def _put_narrow(self, text: str) -> None:
        at = 0
        while at < len(text):
            room = self._room(1)
            piece = text[at : at + room]
            at += len(piece)
            if at < len(text) and not self.autowrap:
                # Without wrapping, what comes last stays in the last cell.
                piece, at = piece[:-1] + text[-1], len(text)
            self._write(piece, len(piece))

    def _put_odd(self, character: str) -> None:
        size = width(character)
        if size == 0:
            self._join(character)
        elif size > 0 and size <= self.columns:
            self._room(size)
            self._write((character, "")[:size], size)

    def _room(self, size: int) -> int:
        """The cells that are free in this line; it is wrapped if they are fewer than that."""
        if self.x > self.columns - size:
            if self.autowrap:
                self.rows[self.y].wrapped = True
                self.x = 0
                self.line_feed()
            else:
                self.x = self.columns - size
        return self.columns - self.x

    def _write(self, cells: str | tuple[str, ...], count: int) -> None:
        row, x = self.rows[self.y], self.x
        end = x + count
        if self.insert:
            self._shift(row, x, count)
        self._split(row, x)
        self._split(row, end)
        row.chars[x:end] = cells
        row.styles[x:end] = [self.style] * count
        if end >= self.columns:
            row.wrapped = False
        row.touch()
        self.x = end if self.autowrap else min(end, self.columns - 1)

    def _join(self, mark: str) -> None:
        row, x = self.rows[self.y], self.x - 1
        if x > 0 and row.chars[x] == "":
            x -= 1
        if x >= 0:
            row.chars[x] = joined(row.chars[x], mark)
            row.touch()

    def _split(self, row: Row, x: int) -> None:
        """Make both halves of a wide character blank, if it lies across this edge."""
        if 0 < x < self.columns and row.chars[x] == "":
            row.chars[x - 1] = row.chars[x] = " "

    def _shift(self, row: Row, x: int, count: int) -> None:
        count = min(count, self.columns - x)
        self._split(row, x)
        self._split(row, self.columns - count)
        row.chars[x:x] = [" "] * count
        row.styles[x:x] = [self.blank_style] * count
        del row.chars[self.columns :], row.styles[self.columns :]

    # The cursor

    def move_to(self, x: int, y: int) -> None:
        """Put the cursor somewhere; with `origin`, `y` counts from the top margin."""
        low, high = 0, len(self.rows) - 1
        if self.origin:
            low, high = self.top, self.bottom
            y += self.top
        self.x = max(0, min(x, self.columns - 1))
        self.y = max(low, min(y, high))

    def move_lines(self, by: int) -> None:
        """Up or down, not across a margin."""
        if by < 0:
            low = self.top if self.y >= self.top else 0
            self.y = max(low, self.y + by)
        else:
            high = self.bottom if self.y <= self.bottom else len(self.rows) - 1
            self.y = min(high, self.y + by)
        self.x = self.column

    def move_columns(self, by: int) -> None:
        self.x = max(0, min(self.column + by, self.columns - 1))

    def line_feed(self) -> None:
        if self.y == self.bottom:
            self.scroll_up(1)
        elif self.y < len(self.rows) - 1:
            self.y += 1

    def reverse_line_feed(self) -> None:
        if self.y == self.top:
            self.scroll_down(1)
        elif self.y > 0:
            self.y -= 1
        self.x = self.column

    def set_margins(self, top: int, bottom: int) -> None:
        """The lines that scroll, both included; nothing if there are fewer than two."""
        bottom = min(bottom, len(self.rows) - 1)
        if 0 <= top < bottom:
            self.top, self.bottom = top, bottom
            self.move_to(0, 0)

    # Tabs

    def set_tabs(self) -> None:
        """A stop in every eighth column."""
        self.tabs = set(range(8, self.columns, 8))
        self.default_tabs = True

    def set_tab(self) -> None:
        self.tabs.add(self.column)
        self.default_tabs = False

    def clear_tabs(self, all_of_them: bool) -> None:
        self.tabs -= set(self.tabs) if all_of_them else {self.column}
        self.default_tabs = False

    def tab(self, by: int) -> None:
        """To the next stops, or to those before."""
        if by < 0:
            stops = sorted((stop for stop in self.tabs if stop < self.column), reverse=True)
        else:
            stops = sorted(stop for stop in self.tabs if stop > self.column)
        end = 0 if by < 0 else self.columns - 1
        self.x = stops[abs(by) - 1] if abs(by) <= len(stops) else end

    # Lines

    def scroll_up(self, count: int) -> None:
        count = min(count, self.bottom - self.top + 1)
        if self.top == 0:
            for row in self.rows[:count]:
                self._left_top(row)
        self._remove(self.top, count)

    def scroll_down(self, count: int) -> None:
        self._add(self.top, min(count, self.bottom - self.top + 1))

    def insert_lines(self, count: int) -> None:
        if self.top <= self.y <= self.bottom:
            self._add(self.y, min(count, self.bottom - self.y + 1))
            self.x = 0

    def delete_lines(self, count: int) -> None:
        if self.top <= self.y <= self.bottom:
            self._remove(self.y, min(count, self.bottom - self.y + 1))
            self.x = 0

    def _remove(self, at: int, count: int) -> None:
        """Take lines out; blank ones come in at the bottom margin."""
        del self.rows[at : at + count]
        end = self.bottom + 1 - count
        self.rows[end:end] = self._blanks(count)

    def _add(self, at: int, count: int) -> None:
        """Put blank lines in; as many leave at the bottom margin."""
        del self.rows[self.bottom + 1 - count : self.bottom + 1]
        self.rows[at:at] = self._blanks(count)

    def _blanks(self, count: int) -> list[Row]:
        return [Row.blank(self.columns, self.blank_style) for _ in range(count)]

    # Cells

    def insert_cells(self, count: int) -> None:
        row = self.rows[self.y]
        self._shift(row, self.column, count)
        row.touch()

    def delete_cells(self, count: int) -> None:
        row, x = self.rows[self.y], self.column
        end = min(x + count, self.columns)
        self._split(row, x)
        self._split(row, end)
        del row.chars[x:end], row.styles[x:end]
        row.set_columns(self.columns, self.blank_style)

    def erase_cells(self, y: int, start: int, end: int) -> None:
        """Blank the cells from `start` up to `end` of a line."""
        row = self.rows[y]
        end = min(end, self.columns)
        if start >= end:
            return
        self._split(row, start)
        self._split(row, end)
        row.chars[start:end] = [" "] * (end - start)
        row.styles[start:end] = [self.blank_style] * (end - start)
        if end == self.columns:
            row.wrapped = False
        row.touch()

    def erase_lines(self, start: int, end: int) -> None:
        self.rows[start:end] = self._blanks(len(self.rows[start:end]))

    def fill(self, character: str) -> None:
        """DECALN: every cell shows the same."""
        count = len(self.rows)
        self.rows = [Row([character] * self.columns, [0] * self.columns) for _ in range(count)]

    # Size

    def set_columns(self, columns: int) -> None:
        self.columns = columns
        for row in self.rows:
            row.set_columns(columns)
        self.x = min(self.x, columns - 1)
        if self.default_tabs:
            self.set_tabs()

    def drop_bottom(self, count: int) -> int:
        """Cut at most so many lines below the cursor; how many were cut."""
        count = min(count, len(self.rows) - 1 - self.y)
        del self.rows[len(self.rows) - count :]
        return count

    def take_top(self, count: int) -> list[Row]:
        """Cut so many lines at the top, and give them back."""
        taken = self.rows[:count]
        del self.rows[:count]
        self.y = max(0, self.y - count)
        return taken

    def add_top(self, rows: list[Row]) -> None:
        self.rows[:0] = rows
        self.y += len(rows)

    def add_bottom(self, count: int) -> None:
        self.rows += [Row.blank(self.columns) for _ in range(count)]

    def reset_margins(self) -> None:
        self.top, self.bottom = 0, len(self.rows) - 1
