"""Where a TOML text says something. The reader of the standard library keeps no lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from typing import Any

_Tables = dict[str, Any]

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
# Lines of a statement that are looked through for where it begins.
_LONGEST = 16
_NAMES = re.compile(r"\((?:'[^']*'(?:, ?)?)+\)")


class TomlError(Exception):
    """A text that is no TOML: the number of the line at fault, from 1, and what is wrong there."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line
        self.what = what


def read(text: str) -> _Tables:
    """The tables of a TOML text. TomlError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE.search(str(error))
        what = _NAMES.sub(_dotted, _PLACE.sub("", str(error)))
        # What is still open at the end went wrong where it began, and not at the end.
        line = int(match[1]) if match and match[1] else _unread(text)
        raise TomlError(line, what) from None
    except RecursionError:
        raise TomlError(_unread(text), "it is nested too deep") from None
    except ValueError:  # more digits than Python reads
        raise TomlError(_unread(text), "a number has too many digits") from None


def _dotted(names: re.Match[str]) -> str:
    """tomllib's `('contexts', 'prod')` as the file writes it: `contexts.prod`."""
    return ".".join(re.findall(r"'([^']*)'", names[0]))


def line_of(text: str, names: Sequence[str]) -> int | None:
    """The line of the statement that first says `names`, such as ("keys", "describe").

    None where the text does not say it, or is no TOML.
    """

    def holds(tables: _Tables) -> bool:
        found: Any = tables
        for name in names:
            if not isinstance(found, dict) or name not in found:
                return False
            found = found[name]
        return True

    whole = _tables(text)
    return statement_where(text, holds)[0] if whole is not None and holds(whole) else None


def statement_where(text: str, holds: Callable[[_Tables], bool]) -> tuple[int, _Tables]:
    """The line of the statement with which `holds` comes true, and the tables up to its end.

    The text has to be TOML of which it is true.

    It must stay true once it is: a file up to the end of a statement is TOML by itself, and these
    beginnings are halved. Inside a statement of several lines a beginning is none.
    """
    lines = _lines(text)
    # Of the beginning of `low` lines it is not true, of that of `end` lines it is, and between
    # `high` and `end` no statement ends.
    low, high, end = 0, len(lines), len(lines)
    while low + 1 < high:
        middle = (low + high) // 2
        for closed in range(middle, high):
            tables = _tables("".join(lines[:closed]))
            if tables is None:
                continue
            if holds(tables):
                high = end = closed
            else:
                low = closed
            break
        else:
            high = middle
    return _statement(lines, low, end), tomllib.loads("".join(lines[:end]))


def _unread(text: str) -> int:
    """The line where the statement begins that cannot be read, in a text that is no TOML.

    No beginning that is longer than up to there is TOML, and those up to there are, but inside of a
    statement: one of more than `_LONGEST` lines may be taken for the one at fault.
    """
    lines = _lines(text)
    low, high = 0, len(lines)
    while low + 1 < high:
        middle = (low + high) // 2
        last, first = min(high - 1, middle + _LONGEST), max(low + 1, middle - _LONGEST)
        for closed in range(last, first - 1, -1):
            if _tables("".join(lines[:closed])) is not None:
                low = closed
                break
        else:
            high = first
    return _statement(lines, low, len(lines))


def _tables(text: str) -> _Tables | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n")]


def _statement(lines: Sequence[str], begin: int, end: int) -> int:
    """The number of the first line between the two that says something."""
    for number in range(begin, end):
        if lines[number].strip() and not lines[number].lstrip().startswith("#"):
            return number + 1
    return end
