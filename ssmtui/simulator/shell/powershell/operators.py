"""What PowerShell's operators and methods do to values."""

from __future__ import annotations

from collections.abc import Callable

from ssmtui.simulator.shell.bash.patterns import Pattern
from ssmtui.simulator.shell.powershell.dotnet import ByteArray, FileStream
from ssmtui.simulator.shell.powershell.values import (
    PowerShellError,
    Span,
    Thing,
    Time,
    Value,
    many,
    moment,
    number,
    text,
    truth,
)
from ssmtui.simulator.shell.regex import Match, Regex, RegexProblem

LONGEST = 1 << 20
MOST_ITEMS = 100_000


def like(value: Value, pattern: str) -> bool:
    """Wildcards, without regard to case."""
    return Pattern([(pattern.casefold(), False)]).matches(text(value).casefold())


def regex(pattern: str, *, sensitive: bool = False) -> Regex:
    """PowerShellError for one that is none."""
    try:
        return Regex(pattern, extended=True, ignore_case=not sensitive)
    except RegexProblem as problem:
        raise PowerShellError(f'parsing "{pattern[:200]}" - {problem}') from None


def compare(operator: str, left: Value, right: Value) -> Value:
    """-eq and its like; a list on the left is filtered."""
    if isinstance(left, list):
        return [one for one in left if truth(_COMPARISONS[operator](one, right))]
    return _COMPARISONS[operator](left, right)


def _ordered(left: Value, right: Value) -> int:
    """Negative, 0 or positive; the right side is taken for what the left one is."""
    if isinstance(left, Time | Span) and isinstance(right, type(left)):
        first: float | str = left.at if isinstance(left, Time) else left.seconds
        second: float | str = right.at if isinstance(right, Time) else right.seconds
    elif isinstance(left, bool):
        first, second = int(left), int(truth(right))
    elif isinstance(left, int | float | Span):
        first, second = number(left), number(right)
    else:
        first, second = text(left).casefold(), text(right).casefold()
    if isinstance(first, str) or isinstance(second, str):
        first, second = str(first), str(second)
        return (first > second) - (first < second)
    return (first > second) - (first < second)


def equal(left: Value, right: Value) -> bool:
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, int | float) and not isinstance(left, bool):
        try:
            return number(left) == number(right)
        except PowerShellError:
            return False  # a number is not equal to what is none
    return _ordered(left, right) == 0


_COMPARISONS: dict[str, Callable[[Value, Value], Value]] = {
    "-eq": equal,
    "-ne": lambda a, b: not equal(a, b),
    "-ieq": equal,
    "-ine": lambda a, b: not equal(a, b),
    "-ceq": lambda a, b: text(a) == text(b),
    "-cne": lambda a, b: text(a) != text(b),
    "-gt": lambda a, b: _ordered(a, b) > 0,
    "-ge": lambda a, b: _ordered(a, b) >= 0,
    "-lt": lambda a, b: _ordered(a, b) < 0,
    "-le": lambda a, b: _ordered(a, b) <= 0,
    "-like": lambda a, b: like(a, text(b)),
    "-notlike": lambda a, b: not like(a, text(b)),
    "-match": lambda a, b: regex(text(b)).matches(text(a)),
    "-imatch": lambda a, b: regex(text(b)).matches(text(a)),
    "-cmatch": lambda a, b: regex(text(b), sensitive=True).matches(text(a)),
    "-notmatch": lambda a, b: not regex(text(b)).matches(text(a)),
}


def operate(operator: str, left: Value, right: Value) -> Value:
    """Every binary operator but -and and -or, which look at the right side only if they must."""
    if operator in _COMPARISONS:
        return compare(operator, left, right)
    found = _OPERATIONS.get(operator)
    return found(left, right) if found is not None else _calculate(operator, left, right)


def _contains(items: Value, wanted: Value) -> bool:
    return any(equal(one, wanted) for one in many(items))


def _is(left: Value, right: Value) -> bool:
    return _kind(left) == text(right).strip("[]").lower()


_OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "-contains": _contains,
    "-notcontains": lambda a, b: not _contains(a, b),
    "-in": lambda a, b: _contains(b, a),
    "-notin": lambda a, b: not _contains(b, a),
    "-xor": lambda a, b: truth(a) != truth(b),
    "-split": lambda a, b: list[Value](text(a).split(text(b) or None)),
    "-join": lambda a, b: _bounded(text(b).join(map(text, many(a)))),
    "-replace": lambda a, b: (
        [_replace(one, many(b)) for one in a] if isinstance(a, list) else _replace(a, many(b))
    ),
    "-is": _is,
    "-isnot": lambda a, b: not _is(a, b),
    "-f": lambda a, b: _format(text(a), many(b)),
    "-as": lambda a, b: cast(text(b).strip("[]").lower(), a),
    "cast": lambda a, b: cast(text(a).strip("[]").lower(), b),
    "..": lambda a, b: _range(number(a), number(b)),
}


def _range(first: float, last: float) -> Value:
    start, end = int(first), int(last)
    if abs(end - start) >= MOST_ITEMS:
        raise PowerShellError("The range is too large.")
    return list(range(start, end + 1)) if start <= end else list(range(start, end - 1, -1))


def _calculate(operator: str, left: Value, right: Value) -> Value:
    if operator == "+":
        return _add(left, right)
    if operator == "*" and isinstance(left, str):
        return _bounded(left * max(0, min(int(number(right)), LONGEST)))
    if operator == "-" and isinstance(left, Time):
        if isinstance(right, Time):
            return Span(left.at - right.at)
        return Time(left.at - number(right))
    first, second = number(left), number(right)
    if operator == "-":
        return first - second
    if operator == "*":
        return _finite(first * second)
    if second == 0:
        raise PowerShellError("Attempted to divide by zero.")
    if operator == "%":
        return first % second if first * second >= 0 else -(abs(first) % abs(second))
    quotient = first / second if abs(first) < 1e300 else 0.0
    return int(quotient) if quotient == int(quotient) else quotient


def _finite(value: float) -> int | float:
    if abs(value) > 1e300:
        raise PowerShellError("Value was either too large or too small.")
    return value


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, list):
        if len(left) > MOST_ITEMS:
            raise PowerShellError("The array is too large.")
        return [*left, *many(right)]
    if isinstance(left, str) or (left is None and isinstance(right, str)):
        return _bounded(text(left) + text(right))
    if isinstance(left, Time):
        return Time(left.at + number(right))
    if isinstance(left, Thing) and isinstance(right, Thing):
        return Thing(left.kind, {**left.properties, **right.properties})
    return _finite(number(left) + number(right))


def _bounded(made: str) -> str:
    if len(made) > LONGEST:
        raise PowerShellError("Exception of type 'System.OutOfMemoryException' was thrown.")
    return made


def _kind(value: Value) -> str:
    match value:
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "double"
        case str():
            return "string"
        case Time():
            return "datetime"
        case list():
            return "array"
    return value.kind.lower() if isinstance(value, Thing) else "null"


def cast(kind: str, value: Value) -> Value:
    """[int]"5" and the like; an unknown type leaves the value as it is."""
    if kind in ("int", "int32", "int64", "long"):
        return round(number(value))
    if kind in ("double", "float", "decimal"):
        return float(number(value))
    if kind == "string":
        return text(value)
    if kind == "bool":
        return truth(value)
    if kind == "pscustomobject" and isinstance(value, Thing):
        return Thing("PSCustomObject", dict(value.properties))
    if kind in ("array", "object[]", "string[]"):
        return many(value)
    return value


def _replace(left: Value, right: list[Value]) -> Value:
    expression = regex(text(right[0]) if right else "")
    by = text(right[1]) if len(right) > 1 else ""
    source = text(left)
    made: list[str] = []
    at = copied = 0
    while at <= len(source) and (found := expression.search(source, at)) is not None:
        made += [source[copied : found.start], _expanded(by, source, found)]
        copied = found.end
        at = found.end if found.end > found.start else found.end + 1
    return _bounded("".join(made) + source[copied:])


def _expanded(by: str, source: str, found: Match) -> str:
    for group in range(10):
        if f"${group}" in by:
            by = by.replace(f"${group}", found.group(source, group) or "")
    return by


def _format(template: str, values: list[Value]) -> str:
    """ "{0,10:N2}" -f ..."""
    made: list[str] = []
    at = 0
    while at < len(template):
        char = template[at]
        if char in "{}" and template[at + 1 : at + 2] == char:
            made.append(char)
            at += 2
            continue
        end = template.find("}", at) if char == "{" else -1
        if char == "{" and end > 0:
            made.append(_placed(template[at + 1 : end], values))
            at = end + 1
        else:
            made.append(char)
            at += 1
    return _bounded("".join(made))


def _placed(inner: str, values: list[Value]) -> str:
    place, _, style = inner.partition(":")
    index, _, width = place.partition(",")
    if not (index.isascii() and index.isdigit() and int(index[:6]) < len(values)):
        raise PowerShellError(
            "Error formatting a string: Index (zero based) must be greater than or equal to zero "
            "and less than the size of the argument list.."
        )
    shown = styled(values[int(index)], style)
    digits = width.removeprefix("-")
    if digits.isascii() and digits.isdigit():
        wide = min(int(digits[:5]), 10_000)
        shown = shown.ljust(wide) if width.startswith("-") else shown.rjust(wide)
    return shown


_TIME_PARTS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_TIME_PARTS["zzz"] = "+00:00"  # toy machines live in UTC


def styled(value: Value, style: str) -> str:
    """.ToString(style)."""
    if isinstance(value, Time):
        at = moment(value.at)
        for part, directive in _TIME_PARTS.items():
            style = style.replace(part, at.strftime(directive))
        return style or text(value)
    kind, digits = style[:1].upper(), style[1:]
    places = min(int(digits), 20) if digits.isascii() and digits.isdigit() else 2
    if kind == "N":
        return f"{number(value):,.{places}f}"
    if kind == "F":
        return f"{number(value):.{places}f}"
    if kind == "P":
        return f"{number(value) * 100:,.{places}f} %"
    if kind == "D" and digits:
        return f"{int(number(value)):0{places}d}"
    if kind == "X":
        return f"{int(number(value)):X}"
    return text(value)


def member(value: Value, name: str) -> Value:
    """A property. Of a list: Count, or that property of each."""
    lower = name.lower()
    if lower in ("count", "length"):
        if isinstance(value, list):
            return len(value)
        if isinstance(value, str):
            return len(value) if lower == "length" else 1
        if not isinstance(value, Thing | FileStream | ByteArray) or value.get(name) is None:
            return 0 if value is None else 1
    if isinstance(value, list):
        items = [item for item in value if not isinstance(item, list)]
        return [one for item in items for one in many(member(item, name))] or None
    if isinstance(value, Thing | FileStream | ByteArray):
        return value.get(name)
    if isinstance(value, Time):
        at = moment(value.at)
        parts: dict[str, Value] = {
            "year": at.year, "month": at.month, "day": at.day, "hour": at.hour,
            "minute": at.minute, "second": at.second, "dayofweek": f"{at:%A}",
            "date": Time(value.at - value.at % 86400),
        }  # fmt: skip
        return parts.get(lower)
    if isinstance(value, Span):
        units = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        if lower.removeprefix("total") in units:
            amount = value.seconds / units[lower.removeprefix("total")]
            return amount if lower.startswith("total") else int(amount)
    return None


def method(value: Value, name: str, arguments: list[Value]) -> Value:
    """A method that small scripts call. PowerShellError for another."""
    lower = name.lower()
    first = arguments[0] if arguments else None
    if lower == "tostring":
        return styled(value, text(first)) if arguments else text(value)
    if lower == "gettype":
        return Thing("RuntimeType", {"Name": _kind(value).capitalize()})
    if isinstance(value, Time) and lower.startswith("add"):
        units = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        if lower[3:] in units:
            return Time(value.at + number(first) * units[lower[3:]])
    if isinstance(value, str):
        found = _TEXT_METHODS.get(lower)
        if found is not None:
            return found(value, [text(one) for one in arguments])
        if lower == "substring":
            start, *size = (int(number(one)) for one in arguments)
            return value[start : start + size[0]] if size else value[start:]
        if lower in ("padleft", "padright"):
            wide = min(int(number(first)), 10_000)
            return value.rjust(wide) if lower == "padleft" else value.ljust(wide)
    raise PowerShellError(
        f"Method invocation failed because [{_kind(value)}] does not contain a method named "
        f"'{name}'.",
        category=f"InvalidOperation: ({name}:String) [], RuntimeException",
        identifier="MethodNotFound",
    )


_TEXT_METHODS: dict[str, Callable[[str, list[str]], Value]] = {
    "toupper": lambda value, arguments: value.upper(),
    "tolower": lambda value, arguments: value.lower(),
    "trim": lambda value, arguments: value.strip(arguments[0] if arguments else None),
    "trimstart": lambda value, arguments: value.lstrip(),
    "trimend": lambda value, arguments: value.rstrip(),
    "startswith": lambda value, arguments: value.startswith(tuple(arguments[:1])),
    "endswith": lambda value, arguments: value.endswith(tuple(arguments[:1])),
    "contains": lambda value, arguments: bool(arguments) and arguments[0] in value,
    "indexof": lambda value, arguments: value.find(arguments[0]) if arguments else -1,
    "split": lambda value, arguments: list[Value](
        value.split(arguments[0]) if arguments and arguments[0] else value.split()
    ),
    "replace": lambda value, arguments: _bounded(
        value.replace(arguments[0], arguments[1]) if len(arguments) > 1 and arguments[0] else value
    ),
}
