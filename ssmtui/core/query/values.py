"""What stands behind an operator, read according to the column's kind."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import msgspec

from ssmtui.core.columns import Kind, version_key
from ssmtui.core.expressions import Expression
from ssmtui.core.query.errors import QueryError
from ssmtui.core.query.terms import Test

# Durations and times of day become a test only when it is known what time it is.
TestAt: TypeAlias = Callable[[float], Test]

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "y": 365 * 86400}
DURATION = re.compile(r"(?:\d{1,12}(?:\.\d{1,9})?[smhdwy])+", re.ASCII)
_DURATION_PART = re.compile(r"([\d.]+)([smhdwy])", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(?:\.\d{3}(?:\d{3})?)?)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII
)
_NUMBER = re.compile(r"[+-]?\d{1,100}(?:\.\d{1,100})?", re.ASCII)
_SIZE = re.compile(r"(\d{1,18}(?:\.\d{1,9})?) ?(?:([kmgtp])(i?))?b?", re.ASCII | re.IGNORECASE)
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}
HINTS = {
    Kind.COUNT: "a number",
    Kind.BYTES: "a size (10MiB)",
    Kind.TIME: "a duration (30m), a date (2026-11-01) or a time of today (08:00)",
    Kind.FLAG: "yes or no",
}
_NOUNS = {
    Kind.STATUS: "a status word",
    Kind.COUNT: "a number",
    Kind.BYTES: "a size",
    Kind.TIME: "a time",
    Kind.FLAG: "yes or no",
    Kind.TAGS: "all tags at once",
    Kind.NAMES: "a list of names",
}


class Item(msgspec.Struct, frozen=True):
    """One value of a list as it was written: pieces of text, with None for each "*"."""

    pieces: tuple[str | None, ...]
    position: int

    @property
    def text(self) -> str:
        return "".join("*" if piece is None else piece for piece in self.pieces)

    @property
    def is_glob(self) -> bool:
        return None in self.pieces


class Key(msgspec.Struct, frozen=True):
    """What is compared: a column of some kind, or a tag (whose values are text)."""

    name: str  # as it is written in sentences
    kind: Kind
    position: int
    column: str  # the row's attribute; that of all tags for a tag
    tag: str | None = None


def equal_to_any(key: Key, items: Sequence[Item]) -> TestAt:
    """The test of `=`: the value is one of the items, each of which may be a glob."""
    present = [item for item in items if item.pieces]
    match key.kind:
        case Kind.TEXT:
            return _words(present, items, str)
        case Kind.STATUS:
            return _words(present, items, str.lower)
        case Kind.VERSION:
            return _words(present, items, version_key)
        case Kind.NAMES:
            return _any_name(_words(present, items, str))
        case Kind.TIME:
            return _within(key, present)
        case Kind.FLAG:
            flags = frozenset(_flag(key, item) for item in present)
            return lambda _now: lambda value: value in flags
        case Kind.COUNT | Kind.BYTES:
            numbers = frozenset(_number(key, item) for item in present)
            return lambda _now: lambda value: value in numbers
        case _:
            raise QueryError(
                f"{key.name} is {_NOUNS[key.kind]}", key.position, "Write tag:KEY=VALUE for one tag"
            )


def ordered(key: Key, op: str, item: Item) -> TestAt:
    """The test of < <= > >=. A time compared with a duration is compared by its age."""
    compare = ORDERS[op]
    match key.kind:
        case Kind.TEXT | Kind.VERSION:
            if key.kind is Kind.VERSION and not re.match("v?[0-9]", item.text):
                # A word is after every number, so that nearly every row would match.
                raise QueryError(
                    f"{key.name} wants a version such as 3.2, not “{item.text}”", item.position
                )
            wanted = version_key(item.text)
            return lambda _now: lambda value: compare(version_key(value), wanted)
        case Kind.COUNT | Kind.BYTES:
            number = _number(key, item)
            return lambda _now: lambda value: compare(value, number)
        case Kind.TIME:
            return _before_or_after(key, op, item)
        case _:
            raise QueryError(
                f"{key.name} is {_NOUNS[key.kind]} and has no order", key.position, "Use = or !="
            )


def found_by(key: Key, regex: Expression) -> TestAt:
    """The test of `~`: the regular expression is found in the text, or in any "key=value"."""
    found = regex.found
    match key.kind:
        case Kind.TEXT | Kind.STATUS | Kind.VERSION:
            return lambda _now: found
        case Kind.NAMES:
            return lambda _now: lambda names: _either(map(found, names))
        case Kind.TAGS:
            return lambda _now: lambda tags: _either(found(f"{name}={tags[name]}") for name in tags)
        case _:
            raise QueryError(f"{key.name} has no text for ~", key.position, "Use = != < <= > or >=")


def _either(answers: Iterable[bool | None]) -> bool | None:
    """True if one is, else unknown if one is, else False."""
    unknown = False
    for answer in answers:
        if answer:
            return True
        unknown = unknown or answer is None
    return None if unknown else False


def _any_name(one: TestAt) -> TestAt:
    """The test of a list of names: one of them fits, or there is none and that was asked for."""

    def test_at(now: float) -> Test:
        fits = one(now)
        return lambda names: any(map(fits, names or ("",)))

    return test_at


def _words(present: Sequence[Item], items: Sequence[Item], fold: Callable[[str], str]) -> TestAt:
    """Literals are looked up folded; globs are matched against the text itself."""
    literals = frozenset(fold(item.text) for item in present if not item.is_glob)
    if len(present) < len(items):
        literals |= {""}
    globs = [_glob(item) for item in present if item.is_glob]
    if not globs and fold is str:
        return lambda _now: lambda value: value in literals
    if not globs:
        return lambda _now: lambda value: fold(value) in literals
    matches = re.compile(
        "|".join(globs), re.DOTALL | (0 if fold is str else re.IGNORECASE)
    ).fullmatch
    if not literals:
        return lambda _now: lambda value: matches(value) is not None
    return lambda _now: lambda value: fold(value) in literals or matches(value) is not None


def _glob(item: Item) -> str:
    """The glob as a regular expression for a whole value, in time linear in the value.

    Every part between two stars is taken where it first occurs and never given back (an atomic
    group), which finds a match whenever there is one.
    """
    first, *rest = _between_stars(item.pieces)
    *middle, last = (re.escape(part) for part in rest)
    return re.escape(first) + "".join(f"(?>.*?{part})" for part in middle) + f".*{last}"


def _between_stars(pieces: Sequence[str | None]) -> list[str]:
    parts = [""]
    for piece in pieces:
        if piece is None:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _flag(key: Key, item: Item) -> bool:
    try:
        return _FLAGS[item.text.lower()]
    except KeyError:
        raise _unreadable(key, item) from None


def _number(key: Key, item: Item) -> float:
    if key.kind is Kind.COUNT:
        if not _NUMBER.fullmatch(item.text):
            raise _unreadable(key, item)
        return float(item.text)
    match = _SIZE.fullmatch(item.text)
    if match is None:
        raise _unreadable(key, item)
    count, prefix, binary = match.groups()
    if not prefix:
        return float(count)
    # "10M" is what is drawn, binary; "10MB" is decimal as the standards have it.
    decimal = not binary and item.text[-1] in "bB"
    return float(count) * (1000.0 if decimal else 1024.0) ** ("kmgtp".index(prefix.lower()) + 1)


def _within(key: Key, items: Sequence[Item]) -> TestAt:
    """A date is all of its day, a time all of its minute (or second)."""
    spans = [_span(key, item) for item in items]

    def test_at(now: float) -> Test:
        bounds = [span(now) for span in spans]
        return lambda value: any(start <= value < end for start, end in bounds)

    return test_at


def _before_or_after(key: Key, op: str, item: Item) -> TestAt:
    if DURATION.fullmatch(item.text):
        seconds = sum(
            float(number) * _SECONDS[unit] for number, unit in _DURATION_PART.findall(item.text)
        )
        older = ORDERS[_MIRRORED[op]]

        def by_age(now: float) -> Test:
            moment = now - seconds
            return lambda value: older(value, moment)

        return by_age
    span, compare = _span(key, item), ORDERS[op]

    def by_moment(now: float) -> Test:
        moment = span(now)[0]
        return lambda value: compare(value, moment)

    return by_moment


def _span(key: Key, item: Item) -> Callable[[float], tuple[float, float]]:
    """An absolute time as the moments from which and until which it lasts; local unless it says."""
    text = item.text
    if clock := _CLOCK.fullmatch(text):
        hour, minute, second = (int(part or 0) for part in clock.groups())
        length = 1 if clock[3] else 60

        def today(now: float) -> tuple[float, float]:
            day = datetime.fromtimestamp(now, UTC).astimezone().replace(tzinfo=None)
            start = day.replace(hour=hour, minute=minute, second=second, microsecond=0).timestamp()
            return start, start + length

        return today
    moment = _MOMENT.fullmatch(text)
    if not moment and not _DATE.fullmatch(text):
        raise _unreadable(key, item)
    try:
        begin = datetime.fromisoformat(text)
        start = begin.timestamp()
        end = (
            start + (1 if moment[1] else 60) if moment else (begin + timedelta(days=1)).timestamp()
        )
    except (ValueError, OverflowError, OSError):
        raise _unreadable(key, item) from None
    return lambda _now: (start, end)


def _unreadable(key: Key, item: Item) -> QueryError:
    if key.kind is Kind.TIME and DURATION.fullmatch(item.text):
        return QueryError(
            f"{key.name}={item.text} would ask for one instant",
            item.position,
            f"Write {key.name}>{item.text} for longer ago, {key.name}<{item.text} for more lately",
        )
    shown = f"not “{item.text}”" if item.text else "and nothing is there"
    return QueryError(f"{key.name} wants {HINTS[key.kind]}, {shown}", item.position)
