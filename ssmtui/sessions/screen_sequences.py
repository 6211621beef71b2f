"""Control sequences: what `CSI ... final` does, by ECMA-48 and xterm's ctlseqs.

A value of 0 stands for one that was not given. Whatever moves or repeats is bounded by the grid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ssmtui.sessions import screen_modes as modes

if TYPE_CHECKING:
    from ssmtui.sessions.screen_machine import Machine

Values = list[int]
Perform = Callable[["Machine", Values], None]


def _count(values: Values) -> int:
    return values[0] or 1


def _at(values: Values, index: int) -> int:
    """A coordinate, from 0."""
    return (values[index] or 1) - 1 if index < len(values) else 0


def _position(machine: Machine, values: Values) -> None:
    machine.grid.move_to(_at(values, 1), _at(values, 0))


def _column(machine: Machine, values: Values) -> None:
    grid = machine.grid
    grid.x = min(_at(values, 0), grid.columns - 1)


def _line(machine: Machine, values: Values) -> None:
    machine.grid.move_to(machine.grid.column, _at(values, 0))


def _next_line(machine: Machine, values: Values) -> None:
    machine.grid.move_lines(_count(values))
    machine.grid.x = 0


def _previous_line(machine: Machine, values: Values) -> None:
    machine.grid.move_lines(-_count(values))
    machine.grid.x = 0


def _erase_display(machine: Machine, values: Values) -> None:
    grid = machine.grid
    what = values[0]
    if what == 0:
        grid.erase_cells(grid.y, grid.column, grid.columns)
        grid.erase_lines(grid.y + 1, len(grid.rows))
    elif what == 1:
        grid.erase_lines(0, grid.y)
        grid.erase_cells(grid.y, 0, grid.column + 1)
    elif what == 2:
        grid.erase_lines(0, len(grid.rows))
    elif what == 3:
        machine.scrollback.clear()


def _erase_line(machine: Machine, values: Values) -> None:
    grid = machine.grid
    start, end = {
        0: (grid.column, grid.columns),
        1: (0, grid.column + 1),
        2: (0, grid.columns),
    }.get(values[0], (0, 0))
    grid.erase_cells(grid.y, start, end)


def _erase_cells(machine: Machine, values: Values) -> None:
    grid = machine.grid
    grid.erase_cells(grid.y, grid.column, grid.column + _count(values))


def _repeat(machine: Machine, values: Values) -> None:
    # As other terminals do, not beyond the end of the line.
    grid = machine.grid
    if machine.last:
        grid.put(machine.last * min(_count(values), max(0, grid.columns - grid.x)))


def _clear_tabs(machine: Machine, values: Values) -> None:
    if values[0] in (0, 3):
        machine.grid.clear_tabs(values[0] == 3)


def _margins(machine: Machine, values: Values) -> None:
    bottom = values[1] if len(values) > 1 and values[1] else len(machine.grid.rows)
    machine.grid.set_margins(_at(values, 0), bottom - 1)


def _set_modes(machine: Machine, values: Values, *, on: bool) -> None:
    for value in values:
        if value == 4:
            machine.grid.insert = on
        elif value == 20:
            machine.newline = on


def _private_modes(machine: Machine, values: Values, *, on: bool) -> None:
    for value in values:
        machine.set_mode(value, on)


def _status(machine: Machine, values: Values) -> None:
    if values[0] == 5:
        machine.answer(modes.STATUS_GOOD)
    elif values[0] == 6:
        machine.answer(b"\x1b[%d;%dR" % _seen(machine))


def _private_status(machine: Machine, values: Values) -> None:
    if values[0] == 6:
        machine.answer(b"\x1b[?%d;%d;1R" % _seen(machine))


def _seen(machine: Machine) -> tuple[int, int]:
    """Line and column of the cursor, from 1, as the program counts them."""
    grid = machine.grid
    return grid.y - (grid.top if grid.origin else 0) + 1, grid.column + 1


def _attributes(machine: Machine, values: Values) -> None:
    if values[0] == 0:
        machine.answer(modes.PRIMARY_ATTRIBUTES)


def _secondary_attributes(machine: Machine, values: Values) -> None:
    if values[0] == 0:
        machine.answer(modes.SECONDARY_ATTRIBUTES)


def _private_mode_asked(machine: Machine, values: Values) -> None:
    """DECRQM: 0 is not known, 1 set, 2 reset."""
    mode = modes.KNOWN.get(values[0])
    state = 0 if mode is None else 1 if mode in machine.modes else 2
    machine.answer(b"\x1b[?%d;%d$y" % (values[0], state))


def _mode_asked(machine: Machine, values: Values) -> None:
    on = {4: machine.grid.insert, 20: machine.newline}.get(values[0])
    state = 0 if on is None else 1 if on else 2
    machine.answer(b"\x1b[%d;%d$y" % (values[0], state))


def _window(machine: Machine, values: Values) -> None:
    # Of the window operations only the question for the size in characters: all others would move
    # the user's window, or send its title back as if it were typed.
    if values[0] == 18:
        grid = machine.grid
        machine.answer(b"\x1b[8;%d;%dt" % (len(grid.rows), grid.columns))


SEQUENCES: Mapping[str, Perform] = {
    "@": lambda machine, values: machine.grid.insert_cells(_count(values)),
    "A": lambda machine, values: machine.grid.move_lines(-_count(values)),
    "B": lambda machine, values: machine.grid.move_lines(_count(values)),
    "e": lambda machine, values: machine.grid.move_lines(_count(values)),
    "C": lambda machine, values: machine.grid.move_columns(_count(values)),
    "a": lambda machine, values: machine.grid.move_columns(_count(values)),
    "D": lambda machine, values: machine.grid.move_columns(-_count(values)),
    "E": _next_line,
    "F": _previous_line,
    "G": _column,
    "`": _column,
    "H": _position,
    "f": _position,
    "I": lambda machine, values: machine.grid.tab(_count(values)),
    "Z": lambda machine, values: machine.grid.tab(-_count(values)),
    "J": _erase_display,
    "?J": _erase_display,
    "K": _erase_line,
    "?K": _erase_line,
    "L": lambda machine, values: machine.grid.insert_lines(_count(values)),
    "M": lambda machine, values: machine.grid.delete_lines(_count(values)),
    "P": lambda machine, values: machine.grid.delete_cells(_count(values)),
    "S": lambda machine, values: machine.grid.scroll_up(_count(values)),
    "T": lambda machine, values: machine.grid.scroll_down(_count(values)),
    "X": _erase_cells,
    "b": _repeat,
    "c": _attributes,
    ">c": _secondary_attributes,
    "d": _line,
    "g": _clear_tabs,
    "h": lambda machine, values: _set_modes(machine, values, on=True),
    "l": lambda machine, values: _set_modes(machine, values, on=False),
    "?h": lambda machine, values: _private_modes(machine, values, on=True),
    "?l": lambda machine, values: _private_modes(machine, values, on=False),
    "n": _status,
    "?n": _private_status,
    "$p": _mode_asked,
    "?$p": _private_mode_asked,
    "!p": lambda machine, _: machine.soft_reset(),
    "r": _margins,
    "s": lambda machine, _: machine.save_cursor(),
    "u": lambda machine, _: machine.restore_cursor(),
    "t": _window,
}
