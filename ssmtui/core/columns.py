"""Columns, declared once: how a typed value is drawn, sorted, aligned and exported."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec

from ssmtui.core.text import plain

# A field that is not known: not loaded yet, denied, or never reported. It is not the same as None,
# which says that the thing has no such value. Unknown never matches a filter.
UNKNOWN = msgspec.UNSET
Unknown = msgspec.UnsetType


class Kind(StrEnum):
    """What a column's values are, which decides comparison, order, alignment and drawing."""

    TEXT = "text"  # str
    STATUS = "status"  # str, an open enum of AWS or of ours, drawn in its severity's colour
    VERSION = "version"  # str, dotted numbers, compared part by part
    TIME = "time"  # float, seconds since the epoch, drawn as an age
    BYTES = "bytes"  # int
    COUNT = "count"  # int or float
    FLAG = "flag"  # bool
    TAGS = "tags"  # Mapping[str, str]


class Severity(StrEnum):
    """How alarming a status word is. Themes give each a colour; the word itself is always shown."""

    GOOD = "good"
    BUSY = "busy"
    WARN = "warn"
    BAD = "bad"
    MUTED = "muted"
    PLAIN = "plain"


class Column(msgspec.Struct, frozen=True):
    """One column of a resource. `id` is the row's attribute and the key of its JSON.

    `width` is the preferred width in cells. `priority` 0 always stays; of the others the highest
    leaves first when the screen is narrow. `wide` columns show only with Ctrl-W. `merged` columns
    show only when the scopes in force differ in them (account, Region). `hidden` columns are for
    filters alone: they are neither shown nor exported.
    """

    id: str
    title: str
    kind: Kind
    width: int
    description: str
    priority: int = 0
    wide: bool = False
    merged: str = ""  # "account" or "region": shown when more than one is in force
    hidden: bool = False
    severities: Mapping[str, Severity] = {}
    upper: frozenset[str] = frozenset()  # status words drawn in capitals
    draw: Callable[[Any, Any], str] | None = None  # (value, row) -> text, for a known value

    @property
    def right(self) -> bool:
        """Numbers and ages are aligned to the right."""
        return self.kind in (Kind.COUNT, Kind.BYTES, Kind.TIME)

    def value(self, row: object) -> Any:
        """The typed value: of the kind's type, None (there is none) or UNKNOWN."""
        return getattr(row, self.id)

    def text(self, row: object, now: float) -> str:
        """What is drawn: one line, safe to show. "?" is unknown, "-" is none."""
        value = getattr(row, self.id)
        if self.draw is not None and value is not UNKNOWN and value is not None and value != "":
            return plain(self.draw(value, row))
        return text_of(self, value, now)

    def severity(self, value: Any) -> Severity:
        """The severity of a status value (unknown words are plain, never an error)."""
        if isinstance(value, str):
            return self.severities.get(value.lower(), Severity.PLAIN)
        return Severity.MUTED

    def json(self, row: object) -> Any:
        """The value for JSON: RFC 3339 times in UTC, numbers as numbers, unknown as null."""
        value = getattr(row, self.id)
        if value is UNKNOWN or value is None:
            return None
        if self.kind is Kind.TIME:
            return rfc3339(value)
        return dict(value) if self.kind is Kind.TAGS else value


def text_of(column: Column, value: Any, now: float) -> str:
    """Draw one value of a column; `now` (seconds) is what ages are counted from."""
    if value is UNKNOWN:
        return "?"
    if value is None or value == "":
        return "-"
    match column.kind:
        case Kind.TIME:
            return age(now - value)
        case Kind.BYTES:
            return bytes_text(value)
        case Kind.COUNT:
            return f"{value:,}"
        case Kind.FLAG:
            return "yes" if value else "no"
        case Kind.TAGS:
            return plain(" ".join(f"{key}={value[key]}" for key in sorted(value)))
        case Kind.STATUS:
            word = plain(str(value))
            return word.upper() if value in column.upper else word
        case _:
            return plain(str(value))


# Unknown and missing values come last in both directions; a sort partitions on this.
def sort_key(kind: Kind, value: Any) -> Any | None:
    """A key that orders values of one kind among themselves, or None for "comes last".

    All keys of a column are of one type (str or float), so that comparing them is fast.
    """
    if value is UNKNOWN or value is None or value == "":
        return None
    match kind:
        case Kind.TIME | Kind.BYTES | Kind.COUNT:
            return float(value)
        case Kind.FLAG:
            return float(bool(value))
        case Kind.VERSION:
            return version_key(value)
        case Kind.TAGS:
            return " ".join(f"{key}={value[key]}" for key in sorted(value)).lower()
        case _:
            return str(value).lower()


_NUMBER = re.compile(r"\d+", re.ASCII)


# A fleet has few versions: the cache makes a sort or a filter of 100,000 rows ten times faster.
@lru_cache(maxsize=8192)
def version_key(version: str) -> str:
    """Order versions part by part: 3.10 is after 3.9. The key is a str, which compares fastest.

    Every run of digits is written after its own length, so that numbers compare as numbers, and a
    shorter version comes before one that goes on ("3.3" before "3.3.1").
    """
    return _NUMBER.sub(_number_key, version.lower())


def _number_key(match: re.Match[str]) -> str:
    digits = match.group().lstrip("0") or "0"
    return f"{len(digits):03d}{digits}"


def age(seconds: float) -> str:
    """A short age: 45s, 3m, 5h, 12d; a year and more in days until 999d, then years."""
    if seconds < 0:
        # Clocks differ by a little; a real future time is said as such.
        return "0s" if seconds > -5 else f"in {age(-seconds)}"
    if seconds < 60:
        return f"{int(seconds)}s"
    if seconds < 3600:
        return f"{int(seconds // 60)}m"
    if seconds < 86400:
        return f"{int(seconds // 3600)}h"
    days = int(seconds // 86400)
    return f"{days}d" if days < 1000 else f"{days // 365}y"


def bytes_text(count: float) -> str:
    """A size in binary units: 512 B, 1.5 KiB."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(count) < 1024:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def rfc3339(seconds: float) -> str:
    """A time in UTC to the second, as RFC 3339 writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
