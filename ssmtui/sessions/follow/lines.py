"""Lines from nodes: out of a stream of bytes, and in the order of their times."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

# What a line is cut at, in bytes: a log may hold one without an end.
LONGEST_LINE: Final = 16 * 1024

# A time with its zone at the beginning of a line: RFC 3339, as most programs and journalctl's
# short-iso write it. Without a zone it says nothing about the order among nodes.
_STAMP: Final = re.compile(
    r"\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d))"
)
_LONGEST_STAMP: Final = 40


class Splitter:
    """A stream of bytes as lines of text, without their ends; holds at most one line."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """The lines that are complete now. A longer one than LONGEST_LINE comes in pieces."""
        *whole, rest = (self._rest + data).split(b"\n")
        pieces = [piece for line in whole for piece in _cut(line.removesuffix(b"\r"))]
        *cut, self._rest = _cut(rest)
        return [piece.decode(errors="replace") for piece in (*pieces, *cut)]

    def end(self) -> list[str]:
        """The last line, if it has no end."""
        rest, self._rest = self._rest, b""
        return [rest.decode(errors="replace")] if rest else []


def _cut(line: bytes) -> list[bytes]:
    if len(line) <= LONGEST_LINE:
        return [line]
    return [line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)]


def stamp(line: str) -> float | None:
    """The time with which a line begins, in seconds since the epoch; None if there is none."""
    found = _STAMP.match(line[:_LONGEST_STAMP])
    if found is None:
        return None
    try:
        return datetime.fromisoformat(found[1]).timestamp()
    except ValueError:  # the 31st of February
        return None


class Times:
    """The times of one node's lines, which never go back: so the node's own order stays.

    A line without a time belongs to the one before it, as those of a stack trace do; where no line
    has one, it is the arrival that counts.
    """

    def __init__(self) -> None:
        self._last: float | None = None

    def of(self, line: str, arrival: float) -> float:
        """`arrival` and the answer are in seconds since the epoch."""
        told = stamp(line)
        if told is None:
            return arrival if self._last is None else self._last
        # A node whose clock is ahead must not hold its later lines at that time for ever.
        self._last = told if self._last is None else max(self._last, min(told, arrival))
        return self._last


def unseen(shown: list[str], again: list[str]) -> list[str] | None:
    """What is new in the last lines of a log, `shown` being the last ones that were shown.

    None if they have nothing in common: then lines may be missing between them.
    """
    if not shown:
        return again
    for end in range(len(again), 0, -1):
        size = min(end, len(shown))
        if again[end - size : end] == shown[-size:]:
            return again[end:]
    return None
