"""Rows as JSON, JSON lines, CSV or YAML: the same text from the command line and from the UI."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ssmtui.core.columns import Column, Kind
from ssmtui.core.text import json_safe, plain

FORMATS = ("json", "jsonl", "csv", "yaml")


def export(rows: Iterable[object], columns: Sequence[Column], form: str) -> Iterator[str]:
    """The text of `rows`, in pieces, each column by its id.

    Times are RFC 3339 in UTC, numbers are numbers, what is unknown or missing is null (CSV: empty).
    Control and bidi characters are escaped in JSON and YAML, and made visible in CSV.
    ValueError for a form that is not one of FORMATS.
    """
    writers: dict[str, Callable[[Iterable[object], Sequence[Column]], Iterator[str]]] = {
        "json": _json,
        "jsonl": _json_lines,
        "csv": _csv,
        "yaml": _yaml,
    }
    if form not in writers:
        raise ValueError(f"{form} is not one of {', '.join(FORMATS)}")
    return writers[form](rows, [column for column in columns if not column.hidden])


def json_text(value: object, indent: int | None = None) -> str:
    """JSON that is safe on a terminal."""
    return json_safe(json.dumps(value, ensure_ascii=False, indent=indent, default=str))


def yaml_text(value: object) -> str:
    """YAML that is safe on a terminal: block style, keys in their own order."""
    import yaml

    return json_safe(
        yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_flow_style=False)
    )


def _record(row: object, columns: Sequence[Column]) -> dict[str, Any]:
    return {column.id: column.json(row) for column in columns}


def _json(rows: Iterable[object], columns: Sequence[Column]) -> Iterator[str]:
    before = "[\n  "
    for row in rows:
        yield before + json_text(_record(row, columns))
        before = ",\n  "
    yield "[]\n" if before.startswith("[") else "\n]\n"


def _json_lines(rows: Iterable[object], columns: Sequence[Column]) -> Iterator[str]:
    for row in rows:
        yield json_text(_record(row, columns)) + "\n"


def _csv(rows: Iterable[object], columns: Sequence[Column]) -> Iterator[str]:
    yield _csv_line([column.id for column in columns])
    for row in rows:
        yield _csv_line([_csv_cell(column, row) for column in columns])


def _csv_line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def _csv_cell(column: Column, row: object) -> str:
    value = column.json(row)
    if value is None:
        return ""
    if column.kind is Kind.TAGS:
        return plain(";".join(f"{key}={value[key]}" for key in sorted(value)))
    if column.kind is Kind.NAMES:
        return plain(";".join(value))
    text = plain(str(value)) if not isinstance(value, bool) else str(value).lower()
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{text}" if text[:1] in "=+-@" and column.kind is Kind.TEXT else text


def _yaml(rows: Iterable[object], columns: Sequence[Column]) -> Iterator[str]:
    empty = True
    for row in rows:
        empty = False
        yield yaml_text([_record(row, columns)])
    if empty:
        yield "[]\n"
