"""Requests' parameters, held to the model's constraints.

botocore checks types and required members only, and only in the client. The services hold every
value to the model's lengths, ranges, patterns and enums as well, and so does this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.validate import ParamValidator

from ssmtui.simulator.errors import Refusal, RefusedError


@dataclass(frozen=True, slots=True)
class Violation:
    """A value outside of its modelled limits. `value` is None where a required one is missing."""

    path: str
    value: str | None
    constraint: str
    sensitive: bool = False


def validate(shape: StructureShape, params: dict[str, Any], protocol: str) -> None:
    """Hold an input to the model. Raises RefusedError (invalid, missing) in the protocol's words.

    Own checks come first, as they speak as AWS does; botocore's validator, which the clients use,
    is the last word on anything that they leave.
    """
    violations = list(_violations(shape, params, ""))
    if violations:
        raise _refusal(violations, protocol)
    report = ParamValidator().validate(params, shape)
    if report.has_errors():
        raise RefusedError(Refusal.INVALID, report.generate_report())


def _refusal(violations: list[Violation], protocol: str) -> RefusedError:
    first = violations[0]
    missing = first.value is None
    if protocol == "ec2":  # it names the first one only
        name = first.path[:1].upper() + first.path[1:]
        sentence = (
            f"The request must contain the parameter {name}"
            if missing
            else f"Value ({first.value}) for parameter {name} is invalid. {first.constraint}"
        )
        return RefusedError(Refusal.MISSING if missing else Refusal.INVALID, sentence)
    errors = "; ".join(_sentence(violation) for violation in violations)
    count = len(violations)
    plural = "error" if count == 1 else "errors"
    return RefusedError(
        Refusal.MISSING if missing else Refusal.INVALID,
        f"{count} validation {plural} detected: {errors}",
    )


def _sentence(violation: Violation) -> str:
    if violation.value is None:
        value = "Value null"
    elif violation.sensitive:
        value = "Value"
    else:
        value = f"Value '{violation.value}'"
    return f"{value} at '{violation.path}' failed to satisfy constraint: {violation.constraint}"


def _violations(shape: Shape, value: Any, path: str) -> Iterator[Violation]:
    if isinstance(shape, StructureShape):
        yield from _structure_violations(shape, value, path)
    elif isinstance(shape, ListShape):
        yield from _length_violations(shape, value, path, str(value))
        for number, item in enumerate(value, 1):
            yield from _violations(shape.member, item, f"{path}.{number}.member")
    elif isinstance(shape, MapShape):
        yield from _length_violations(shape, value, path, str(value))
        for key, item in value.items():
            yield from _violations(shape.key, key, path)
            yield from _violations(shape.value, item, f"{path}.{key}.member")
    elif shape.type_name in ("string", "character"):
        yield from _string_violations(shape, value, path)
    elif shape.type_name == "blob":
        yield from _length_violations(shape, value, path, "java.nio.HeapByteBuffer")
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _limit_violations(shape, value, path, str(value), "value")


def _structure_violations(
    shape: StructureShape, value: dict[str, Any], path: str
) -> Iterator[Violation]:
    if shape.is_document_type:
        return
    for name in shape.required_members:
        if name not in value:
            yield Violation(_below(path, name), None, "Member must not be null")
    for name, item in value.items():
        yield from _violations(shape.members[name], item, _below(path, name))


def _below(path: str, name: str) -> str:
    """AWS writes the path to a member in camel case: filters.1.member.key."""
    camel = name[0].lower() + name[1:]
    return f"{path}.{camel}" if path else camel


def _string_violations(shape: Shape, value: str, path: str) -> Iterator[Violation]:
    sensitive = bool(shape.metadata.get("sensitive"))
    if shape.metadata.get("enum") and value not in shape.metadata["enum"]:
        allowed = ", ".join(shape.metadata["enum"])
        constraint = f"Member must satisfy enum value set: [{allowed}]"
        yield Violation(path, value, constraint, sensitive)
    yield from _length_violations(shape, value, path, value)
    pattern = shape.metadata.get("pattern")
    if pattern and not compiled(pattern).fullmatch(value):
        constraint = f"Member must satisfy regular expression pattern: {pattern}"
        yield Violation(path, value, constraint, sensitive)


def _length_violations(shape: Shape, value: Any, path: str, shown: str) -> Iterator[Violation]:
    yield from _limit_violations(shape, len(value), path, shown, "length")


def _limit_violations(
    shape: Shape, measure: float, path: str, shown: str, what: str
) -> Iterator[Violation]:
    least, greatest = shape.metadata.get("min"), shape.metadata.get("max")
    sensitive = bool(shape.metadata.get("sensitive"))
    if least is not None and measure < least:
        constraint = f"Member must have {what} greater than or equal to {least}"
        yield Violation(path, shown, constraint, sensitive)
    if greatest is not None and measure > greatest:
        constraint = f"Member must have {what} less than or equal to {greatest}"
        yield Violation(path, shown, constraint, sensitive)


# The models' patterns are Java's. What Python's `re` has no word for is widened, never narrowed:
# letters, marks and numbers become \w, punctuation and symbols anything that is neither \w nor
# space.
_PROPERTIES = {"L": r"\w", "M": r"\w\u0300-\u036f\u200d\ufe0f", "N": r"\w", "Z": r"\s"}
_PUNCTUATION = r"!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u2bff\u3000-\u303f\U0001f000-\U0001faff"
_PROPERTY = re.compile(r"\\p\{(\w+)\}")
_CLASS_RANGE = re.compile(r"\\([wds])-(?=\\)")


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """A model's pattern, to be matched in full. Raises re.error for one that Python cannot read."""
    try:
        return re.compile(pattern)
    except re.error:
        known = _PROPERTY.sub(
            lambda found: _PROPERTIES.get(found.group(1)[0], _PUNCTUATION), pattern
        )
        # In Java a hyphen after a class like \w stands for itself.
        return re.compile(_CLASS_RANGE.sub(r"\\\1\-", known))
