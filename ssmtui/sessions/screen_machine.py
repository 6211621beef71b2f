"""The state of a terminal and what text, controls and escape sequences do to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ssmtui.core.text import plain
from ssmtui.sessions import screen_modes as modes
from ssmtui.sessions.screen_grid import Grid
from ssmtui.sessions.screen_lines import Kept, Row, Scrollback, keep_text, kept, row_of
from ssmtui.sessions.screen_modes import Mode
from ssmtui.sessions.screen_sequences import SEQUENCES
from ssmtui.sessions.screen_style import BACKGROUND_MASK, select_graphic_rendition
from ssmtui.sessions.screen_width import NARROW

_LONGEST_TITLE = 200


class _Saved(NamedTuple):
    """What DECSC keeps."""

    x: int
    y: int
    style: int
    origin: bool
    charsets: tuple[str, ...]
    shift: int


class Machine:
    """A terminal's main and alternate grids, modes and character sets.

    It is the parser's handler. `answer` is given what goes back to the remote program.
    """

    def __init__(
        self, columns: int, rows: int, scrollback: Scrollback, answer: Callable[[bytes], None]
    ) -> None:
        self.scrollback = scrollback
        self.answer = answer
        self.main: Grid = Grid(columns, rows, lambda row: scrollback.append(kept(row)))
        self.alternate: Grid | None = None
        self.grid: Grid = self.main
        self.bells = 0
        self._start_values()

    def _start_values(self) -> None:
        self.title = ""
        self.modes: set[Mode] = set(modes.AT_FIRST)
        self.keypad = False
        self.newline = False  # LNM: LF is also CR
        self.last = ""  # the last character that was printed, for REP
        self._charsets = ["B", "B", "B", "B"]
        self._shift = 0
        self._saved: dict[bool, _Saved] = {}

    def reset(self) -> None:
        """RIS: begin anew; the scrollback stays."""
        self.alternate, self.grid = None, self.main
        self.main.reset()
        self.main.erase_lines(0, len(self.main.rows))
        self._start_values()

    def soft_reset(self) -> None:
        """DECSTR: the modes and the style, not the text and the cursor."""
        at = self.grid.x, self.grid.y
        self.grid.reset()
        self.grid.x, self.grid.y = at
        title = self.title
        alternate = self.modes & modes.ALTERNATE_MODES
        self._start_values()
        self.modes |= alternate
        self.title = title

    # Text

    def text(self, text: str) -> None:
        if self._charsets[self._shift] == "0":
            text = text.translate(modes.LINE_DRAWING)
        self.grid.put(text)
        self.last = text[-1]

    @property
    def takes_lines(self) -> bool:
        grid = self.grid
        return (
            grid is self.main
            and grid.top == 0
            and grid.bottom == len(grid.rows) - 1
            and grid.autowrap
            and grid.default_tabs
            and not grid.insert
            and not grid.style & BACKGROUND_MASK
            and self._charsets[self._shift] != "0"
        )

    def lines(self, lines: list[str]) -> None:
        """Those that nobody will see on the screen go straight to the scrollback."""
        grid = self.grid
        last = len(grid.rows) - 1
        at = 0
        # Until the cursor stands in a fresh line at the bottom.
        while at < len(lines) and (at == 0 or grid.y < last):
            _print_line(grid, lines[at])
            at += 1
        if len(lines) - at <= last:
            for line in lines[at:]:
                _print_line(grid, line)
        else:
            new = _laid_out(lines[at:], grid)
            self.scrollback.extend([kept(row) for row in grid.rows[:last]])
            self.scrollback.extend(new[: len(new) - last])
            seen = (row_of(line, grid.columns) for line in new[len(new) - last :])
            grid.rows = [*seen, Row.blank(grid.columns)] if last else [Row.blank(grid.columns)]
        self.last = ""

    # Controls and escape sequences

    def control(self, code: str) -> None:
        grid = self.grid
        if code in "\n\v\f":
            grid.line_feed()
            if self.newline:
                grid.x = 0
        elif code == "\r":
            grid.x = 0
        elif code == "\b":
            grid.move_columns(-1)
        elif code == "\t":
            grid.tab(1)
        elif code == "\a":
            self.bells += 1
        elif code in "\x0e\x0f":
            self._shift = 1 if code == "\x0e" else 0

    def escape(self, intermediates: str, final: str) -> None:
        if intermediates:
            if intermediates in "()*+" and len(intermediates) == 1:
                self._charsets["()*+".index(intermediates)] = final
            elif intermediates == "#" and final == "8":
                self.grid.fill("E")
            return
        grid = self.grid
        if final == "D":
            grid.line_feed()
        elif final == "E":
            grid.x = 0
            grid.line_feed()
        elif final == "H":
            grid.set_tab()
        elif final == "M":
            grid.reverse_line_feed()
        elif final == "Z":
            self.answer(modes.PRIMARY_ATTRIBUTES)
        elif final == "c":
            self.reset()
        else:
            self._escape_state(final)

    def _escape_state(self, final: str) -> None:
        if final == "7":
            self.save_cursor()
        elif final == "8":
            self.restore_cursor()
        elif final in "=>":
            self.keypad = final == "="
        elif final in "no":
            self._shift = 2 if final == "n" else 3

    def sequence(self, name: str, parameters: str) -> None:
        if name == "m":
            self.grid.style = select_graphic_rendition(self.grid.style, parameters)
            return
        perform = SEQUENCES.get(name)
        if perform is not None:
            perform(self, [_value(part) for part in parameters.split(";")])

    def command(self, text: str) -> None:
        """OSC: titles are remembered; clipboard, palette, links and all others are not for us."""
        code, _, value = text.partition(";")
        if code in ("0", "2"):
            self.title = plain(value[:_LONGEST_TITLE])

    # Cursor and modes

    def save_cursor(self) -> None:
        grid = self.grid
        self._saved[grid is self.main] = _Saved(
            grid.x, grid.y, grid.style, grid.origin, tuple(self._charsets), self._shift
        )

    def restore_cursor(self) -> None:
        grid = self.grid
        saved = self._saved.get(grid is self.main)
        if saved is None:
            grid.move_to(0, 0)
            return
        grid.style, grid.origin = saved.style, saved.origin
        self._charsets, self._shift = list(saved.charsets), saved.shift
        grid.x = min(saved.x, grid.columns)
        grid.y = min(saved.y, len(grid.rows) - 1)

    def set_mode(self, number: int, on: bool) -> None:
        """A private mode; those that are not kept change nothing."""
        mode = modes.KNOWN.get(number)
        if mode is None:
            return
        was = mode in self.modes
        if on:
            self.modes.add(mode)
        else:
            self.modes.discard(mode)
        if mode in modes.ALTERNATE_MODES:
            self._switch(mode, on)
        elif mode is Mode.SAVE_CURSOR:
            (self.save_cursor if on else self.restore_cursor)()
        elif mode is Mode.KEYPAD:
            self.keypad = on
        elif mode is Mode.AUTOWRAP:
            self.grid.autowrap = on
            self.grid.x = self.grid.x if on else self.grid.column
        elif mode is Mode.ORIGIN and was != on:
            self.grid.origin = on
            self.grid.move_to(0, 0)

    def _switch(self, mode: Mode, on: bool) -> None:
        """To the alternate screen, always a blank one, or back from it."""
        if on == (self.grid is not self.main):
            return
        old = self.grid
        if on:
            if mode is Mode.ALTERNATE_CURSOR:
                self.save_cursor()
            self.alternate = Grid(old.columns, len(old.rows), lambda row: None)
            self.grid = self.alternate
            self.grid.x, self.grid.y = old.x, old.y
        else:
            self.grid, self.alternate = self.main, None
            self.modes -= modes.ALTERNATE_MODES
        self.grid.style, self.grid.autowrap = old.style, old.autowrap
        self.grid.insert, self.grid.origin = old.insert, old.origin
        if not on:
            if mode is Mode.ALTERNATE_CURSOR:
                self.restore_cursor()
            else:
                self.grid.x, self.grid.y = old.x, old.y


def _print_line(grid: Grid, line: str) -> None:
    """Print a line, tabs included, and begin the next."""
    first, *rest = line.split("\t")
    grid.put(first)
    for piece in rest:
        grid.tab(1)
        grid.put(piece)
    grid.x = 0
    grid.line_feed()


def _laid_out(lines: list[str], grid: Grid) -> list[Kept]:
    """The lines as the grid would show them, without showing them."""
    if not grid.style and _is_simple(lines, grid.columns):
        return [line.rstrip(" ") for line in lines]
    laid: list[Kept] = []
    # One line high: whatever is printed leaves it at its top.
    scratch = Grid(grid.columns, 1, lambda row: laid.append(kept(row)))
    scratch.style = grid.style
    for line in lines:
        text = line.expandtabs(8) if "\t" in line and not grid.style else line
        if len(text) <= grid.columns and NARROW.fullmatch(text):
            laid.append(keep_text(text, grid.style, False))
        elif text:
            _print_line(scratch, line)
        else:
            laid.append("")
    return laid


def _is_simple(lines: list[str], columns: int) -> bool:
    """Whether each is a line of the screen as it stands; asked for tens of thousands at once."""
    text = "\n".join(lines)
    return text.isascii() and "\t" not in text and max(map(len, lines)) <= columns


def _value(text: str) -> int:
    """A parameter of a sequence; 0 is also "not given"."""
    number = text.partition(":")[0]
    return min(int(number), 65535) if number and len(number) < 10 else 65535 if number else 0
