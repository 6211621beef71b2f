"""What goes through PowerShell's pipes: numbers, texts, times and objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

Value = object  # None, bool, int, float, str, Time, Span, Thing, Block or a list of values


@dataclass(frozen=True, order=True)
class Time:
    """A point in time, in seconds since the epoch."""

    at: float


@dataclass(frozen=True, order=True)
class Span:
    """A TimeSpan, in seconds."""

    seconds: float


@dataclass
class Thing:
    """An object: its .NET type's short name, and its properties in order."""

    kind: str
    properties: dict[str, Value] = field(default_factory=dict)

    def get(self, name: str) -> Value:
        """A property, whatever its case; None if there is none."""
        if name in self.properties:
            return self.properties[name]
        wanted = name.casefold()
        return next(
            (value for key, value in self.properties.items() if key.casefold() == wanted), None
        )


class PowerShellError(Exception):
    """An error as PowerShell shows it. `category` and `identifier` are its last two lines'."""

    def __init__(
        self, message: str, *, source: str = "", category: str = "", identifier: str = ""
    ) -> None:
        super().__init__(message)
        self.source = source
        self.category = category or "NotSpecified: (:) [], RuntimeException"
        self.identifier = identifier or "RuntimeException"


class Thrown(PowerShellError):
    """An error that ends the script unless it is caught: `throw`, and -ErrorAction Stop."""


def not_found(name: str) -> PowerShellError:
    """A command that there is none of."""
    return PowerShellError(
        f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or "
        "operable program. Check the spelling of the name, or if a path was included, verify that "
        "the path is correct and try again.",
        source=name,
        category=f"ObjectNotFound: ({name}:String) [], CommandNotFoundException",
        identifier="CommandNotFoundException",
    )


_DEEPEST = 4  # things within things: deeper ones are shown by their kind
_LONGEST_TEXT = 1 << 20


def text(value: Value) -> str:
    """As string interpolation shows it. PowerShellError if that is too long."""
    pieces: list[str] = []
    size = 0
    for piece in _pieces(value, 0):
        size += len(piece)
        if size > _LONGEST_TEXT:
            raise PowerShellError("Exception of type 'System.OutOfMemoryException' was thrown.")
        pieces.append(piece)
    return "".join(pieces)


def _pieces(value: Value, depth: int) -> Iterator[str]:
    if isinstance(value, list | Thing) and depth > _DEEPEST:
        yield value.kind if isinstance(value, Thing) else "System.Object[]"
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield " " if at else ""
            yield from _pieces(item, depth + 1)
    elif not isinstance(value, Thing):
        yield _simple(value)
    elif "Name" in value.properties:
        yield from _pieces(value.properties["Name"], depth + 1)
    else:
        yield "@{"
        for at, (name, item) in enumerate(value.properties.items()):
            yield ("; " if at else "") + name + "="
            yield from _pieces(item, depth + 1)
        yield "}"


def _simple(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "True" if value else "False"
        case float():
            return f"{value:.15g}"
        case Time():
            return long_time(value)
        case Span():
            return _span(value.seconds)
    return str(value)


def moment(when: float) -> datetime:
    return datetime.fromtimestamp(min(max(when, 0.0), 253_402_300_799.0), UTC)


def short_time(value: Time) -> str:
    """11/2/2026 8:00:00 AM."""
    at = moment(value.at)
    half = "AM" if at.hour < 12 else "PM"
    hour = (at.hour - 1) % 12 + 1
    return f"{at.month}/{at.day}/{at.year} {hour}:{at.minute:02d}:{at.second:02d} {half}"


def long_time(value: Time) -> str:
    """11/02/2026 08:00:00, as in an interpolated text."""
    at = moment(value.at)
    return f"{at:%m/%d/}{at.year} {at:%H:%M:%S}"


def _span(seconds: float) -> str:
    days, rest = divmod(int(seconds), 86400)
    head = f"{days}." if days else ""
    return f"{head}{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"


def truth(value: Value) -> bool:
    if isinstance(value, list):
        return truth(value[0]) if len(value) == 1 else bool(value)
    return value not in (None, False, 0, 0.0, "")


def number(value: Value) -> int | float:
    """PowerShellError if it is none."""
    match value:
        case bool():
            return int(value)
        case int() | float():
            return value
        case None:
            return 0
        case Span():
            return value.seconds
    written = text(value).strip()
    try:
        return int(written[:300]) if "." not in written else float(written[:300])
    except ValueError:
        raise PowerShellError(
            f'Cannot convert value "{written[:200]}" to type "System.Int32". Error: "Input string '
            'was not in a correct format."',
            category="InvalidArgument: (:) [], RuntimeException",
            identifier="InvalidCastFromStringToInteger",
        ) from None


def many(value: Value) -> list[Value]:
    """A list as it is, nothing as none, anything else as one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def single(values: list[Value]) -> Value:
    """What a pipeline's output is as a value: one as itself, several as a list."""
    return values[0] if len(values) == 1 else values if values else None
