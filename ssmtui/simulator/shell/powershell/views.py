"""How PowerShell shows values at the end of a pipeline: lines, tables and lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from ssmtui.simulator.shell.powershell.values import Span, Thing, Time, Value, long_time, short_time
from ssmtui.simulator.shell.powershell.values import text as plain

_WIDEST_COLUMN = 60
_SIZED_BY = 300  # rows that are looked at to find the width of a column


class Column(NamedTuple):
    """`name` of the property, its title, its width (0: by what is in it), and whether it is
    aligned to the right.
    """

    name: str
    title: str
    width: int = 0
    right: bool = False


# The tables of kinds that have one; others are tables of up to four properties, else lists.
TABLES: dict[str, tuple[Column, ...]] = {
    "Process": (
        Column("Handles", "Handles", 7, True), Column("NPM", "NPM(K)", 7, True),
        Column("PM", "PM(K)", 8, True), Column("WSK", "WS(K)", 10, True),
        Column("CPU", "CPU(s)", 10, True), Column("Id", "Id", 7, True),
        Column("SI", "SI", 3, True), Column("ProcessName", "ProcessName"),
    ),
    "ServiceController": (
        Column("Status", "Status", 8), Column("Name", "Name", 18),
        Column("DisplayName", "DisplayName"),
    ),
    "FileInfo": (
        Column("Mode", "Mode", 17), Column("LastWriteTime", "LastWriteTime", 20, True),
        Column("Length", "Length", 14, True), Column("Name", "Name"),
    ),
    "HotFix": (
        Column("Source", "Source", 14), Column("Description", "Description", 16),
        Column("HotFixID", "HotFixID", 13), Column("InstalledBy", "InstalledBy", 20),
        Column("InstalledOn", "InstalledOn", 25),
    ),
    "EventLogRecord": (
        Column("TimeCreated", "TimeCreated", 22), Column("Id", "Id", 8, True),
        Column("LevelDisplayName", "LevelDisplayName", 16), Column("Message", "Message"),
    ),
    "MeasureInfo": (),
    "Hashtable": (),
}  # fmt: skip
_MOST_COLUMNS = 4


class Shown(NamedTuple):
    """Lines that Format-Table and Format-List have made: they are not formatted again."""

    lines: list[str]


async def render(values: AsyncIterator[Value]) -> AsyncIterator[str]:
    """Lines of output, as soon as they can be known."""
    waiting: list[Thing] = []
    try:
        async for value in values:
            if isinstance(value, Thing) and _joins(value, waiting):
                waiting.append(value)
                continue
            for line in things(waiting):
                yield line
            waiting = [value] if isinstance(value, Thing) else []
            for line in _lines(value) if not waiting else ():
                yield line
    except Exception:  # whatever ends the script, what came before it is shown
        for line in things(waiting):
            yield line
        raise
    for line in things(waiting):
        yield line


def _joins(value: Thing, waiting: list[Thing]) -> bool:
    """Whether a row belongs to the table whose rows wait."""
    return not waiting or (value.kind == waiting[0].kind and len(waiting) < _SIZED_BY)


def _lines(value: Value) -> list[str]:
    if isinstance(value, Shown):
        return value.lines
    if isinstance(value, list):
        return [line for item in value for line in cell(item).split("\n")]
    if value is None:
        return []
    if isinstance(value, Time):
        return ["", long_time(value), ""]
    return cell(value).split("\n")


def cell(value: Value) -> str:
    """A value within a table."""
    if isinstance(value, Time):
        return short_time(value)
    if isinstance(value, list):
        return "{" + ", ".join(map(plain, value[:4])) + (", ..." if len(value) > 4 else "") + "}"
    if isinstance(value, float) and not isinstance(value, bool):
        return f"{value:.2f}"
    if isinstance(value, Span):
        return plain(value)
    return plain(value)


def things(values: list[Thing]) -> list[str]:
    """As the table or list of their kind."""
    if not values:
        return []
    first = values[0]
    if first.kind == "Hashtable":
        rows = [Thing("", {"Name": name, "Value": value}) for one in values
                for name, value in one.properties.items()]  # fmt: skip
        return table(rows, [Column("Name", "Name", 30), Column("Value", "Value")])
    columns = TABLES.get(first.kind)
    if columns:
        return table(values, list(columns))
    if columns is None and len(first.properties) <= _MOST_COLUMNS:
        return table(values, [Column(name, name) for name in first.properties])
    return as_list(values, list(first.properties))


def table(values: list[Thing], columns: list[Column]) -> list[str]:
    """Titles, dashes and rows, with an empty line before and two after."""
    if not columns:
        return []
    rows = [[cell(value.get(column.name)).split("\n")[0] for column in columns] for value in values]
    widths = [
        column.width
        or min(_WIDEST_COLUMN * 2, max(len(column.title), *(len(row[at]) for row in rows)))
        for at, column in enumerate(columns)
    ]
    numeric = [
        column.right
        or (not column.width and all(_is_number(value.get(column.name)) for value in values))
        for column in columns
    ]

    def line(cells: list[str]) -> str:
        made = [
            text[:width].rjust(width) if right else text[:width].ljust(width)
            for text, width, right in zip(cells, widths, numeric, strict=True)
        ]
        return " ".join(made).rstrip()

    titles = [column.title for column in columns]
    return ["", line(titles), line(["-" * len(title) for title in titles]), *map(line, rows), ""]


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_list(values: list[Thing], names: list[str]) -> list[str]:
    """Format-List."""
    width = max(map(len, names), default=0)
    lines = [""]
    for value in values:
        lines += [f"{name:<{width}} : {cell(value.get(name))}" for name in names]
        lines.append("")
    return lines
