"""Columns, declared once: how a typed value is drawn, sorted, aligned and exported."""

from __future__ import annotations

import math
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
    NAMES = "names"  # tuple[str, ...], of which a filter wants any


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

    `width` is the preferred width in cells, `least` the one down to which it shrinks before other
    columns have to leave (0: it does not shrink). A `tail` column keeps its end when it is clipped,
    as ids do that begin alike. `priority` 0 always stays; of the others the highest
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
    least: int = 0
    tail: bool = False
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
        if self.draw is not None and value is not UNKNOWN and not is_none(value):
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
        if value is UNKNOWN or value is None or _is_absurd(value):
            return None
        if self.kind is Kind.TIME:
            return rfc3339(value)
        if self.kind is Kind.TAGS:
            return dict(value)
        return list(value) if self.kind is Kind.NAMES else value


def is_none(value: Any) -> bool:
    """Whether there is no such value: None, an empty text, or no tags or names at all."""
    return value is None or value in ("", {}, ())


def _is_absurd(value: Any) -> bool:
    """A number that is none: it has no order, no age and no JSON."""
    return isinstance(value, float) and not math.isfinite(value)


def text_of(column: Column, value: Any, now: float) -> str:
    """Draw one value of a column; `now` (seconds) is what ages are counted from."""
    if value is UNKNOWN or _is_absurd(value):
        return "?"
    if is_none(value):
        return "-"
    match column.kind:
        case Kind.TIME:
            text = age(now - value)
        case Kind.BYTES:
            text = bytes_text(value)
        case Kind.COUNT:
            text = f"{value:,}"
        case Kind.FLAG:
            text = "yes" if value else "no"
        case Kind.TAGS:
            text = plain(tags_text(value))
        case Kind.NAMES:
            text = plain(" ".join(value))
        case Kind.STATUS if value in column.upper:
            text = plain(value).upper()
        case _:
            text = plain(str(value))
    return text


def tags_text(tags: Mapping[str, str]) -> str:
    """Tags as one line, by key."""
    return " ".join(f"{key}={tags[key]}" for key in sorted(tags))


# Unknown and missing values come last in both directions; a sort partitions on this.
def sort_key(kind: Kind, value: Any) -> Any | None:
    """A key that orders values of one kind among themselves, or None for "comes last".

    All keys of a column are of one type (str or float), so that comparing them is fast.
    """
    if value is UNKNOWN or is_none(value) or _is_absurd(value):
        return None
    match kind:
        case Kind.TIME | Kind.BYTES | Kind.COUNT | Kind.FLAG:
            return float(value)
        case Kind.VERSION:
            return version_key(value)
        case Kind.TAGS:
            return tags_text(value).lower()
        case Kind.NAMES:
            return text_key(" ".join(value))
        case _:
            return text_key(str(value))


def text_key(text: str) -> str:
    """Order texts without their case; those that begin with a letter or a digit come first."""
    key = text.lower()
    if key == text:
        key = text  # a second object of each would be 6 MB for 100,000 names
    return key if key[:1].isalnum() else _BEHIND + key


_BEHIND = "\U0010ffff"
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
    """A short age of a finite number of seconds: 45s, 3m, 5h, 12d; from 1000 days on in years."""
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


def ago(seconds: float) -> str:
    """How long ago that is, as words: "3m ago"; a moment to come is one by this machine's clock."""
    if age(seconds).startswith("in "):
        return f"{age(-seconds)} in the future by this machine's clock"
    return f"{age(seconds)} ago"


def bytes_text(count: float) -> str:
    """A size in binary units: 512 B, 1.5 KiB."""
    if abs(count) < 1024:
        return f"{count:.0f} B"
    for unit in ("KiB", "MiB", "GiB"):
        count /= 1024
        if abs(count) < 1023.95:  # what would be rounded to 1024.0 is written in the next unit
            return f"{count:.1f} {unit}"
    return f"{count / 1024:.1f} TiB"


_FIRST = datetime.min.replace(tzinfo=UTC).timestamp()
_LAST = datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp()


def rfc3339(seconds: float) -> str:
    """A time in UTC to the second, as RFC 3339 writes it.

    AWS sends times of the year 1 for "never". What lies outside the calendar (or is no number) is
    written as its nearest end, for a list must not fail for one such row.
    """
    within = min(max(_FIRST, seconds), _LAST)
    return datetime.fromtimestamp(within, UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
