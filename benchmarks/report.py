"""The results as a table for the terminal and as the page docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from benchmarks.measures import Row

_HEAD = ("what", "ours", "against", "ratio", "goal", "met")

_INTRODUCTION = """\
# Benchmarks

Written by `make bench`, and by `python -m benchmarks NAME...`, which measures parts of it anew; do
not edit. Every number is a median of several runs, ours and the rival's in turn (A B A B) on the
same machine, and a ratio is the median of the ratios of neighbouring runs, unless the list below
says otherwise. All AWS is the simulated fleet on loopback.
"""


class Part(msgspec.Struct, frozen=True):
    """The rows of one benchmark, when they were measured, and the machine's load just before."""

    rows: list[Row]
    at: datetime
    load: float


def table(rows: Sequence[Row]) -> str:
    """The rows under each other, for the terminal."""
    lines = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def page(parts: Mapping[str, Part]) -> str:
    """The whole page, in Markdown, from the last results of each part by its name."""
    rows = [row for part in parts.values() for row in part.rows]
    lines = [
        _INTRODUCTION,
        f"Measured with Python {platform.python_version()} on {platform.system()}",
        f"({platform.machine()}), {os.cpu_count()} cores.",
        "",
        _markdown(_HEAD),
        _markdown(["---"] * len(_HEAD)),
        *(_markdown(_cells(row)) for row in rows),
        "",
        "## How each was measured",
        "",
        *(f"- **{row.what}**: {row.how}" for row in rows),
        "",
        "## When",
        "",
        *(
            f"- {name}: {part.at:%Y-%m-%d %H:%M} UTC, load of the machine before it {part.load:.1f}"
            for name, part in parts.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    rivals = ", ".join(f"{name} {_number(value)} {row.unit}" for name, value in row.rivals.items())
    met = {None: "", True: "yes", False: "no"}[row.met]
    return (row.what, f"{_number(row.ours)} {row.unit}", rivals, row.ratio, row.goal, met)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _markdown(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
