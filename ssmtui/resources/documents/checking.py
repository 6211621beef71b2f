"""Judging values by what a document asks for, while they are typed: one sentence a field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from ssmtui.core.expressions import Expression
from ssmtui.core.text import plain
from ssmtui.resources.documents.document import (
    BOOLEAN,
    INTEGER,
    MAP_LIST,
    STRING_MAP,
    Document,
    Parameter,
)

# The service puts a parameter's value in the place of such a reference, and judges that.
_REFERENCE = re.compile(r"\{\{\s*ssm(-secure)?:")
_LONGEST_JUDGED = 2_000  # characters that are held against an expression
_SHOWN = 60


def problem_of(parameter: Parameter, values: Sequence[str] | None) -> str:
    """What is wrong with the values of a field, as a sentence with its full stop; "" if nothing is.

    None and no values mean that the field was left alone. What cannot be judged here (a reference
    to Parameter Store, an expression that Python does not read) is left to the service.
    """
    if not values:
        return f"{plain(parameter.name)} has to be given." if parameter.required else ""
    if not parameter.is_list and len(values) > 1:
        return f"{plain(parameter.name)} takes one value, not {len(values)}."
    if said := _wrong_count(parameter, len(values)):
        return said
    for value in values:
        if said := _wrong_value(parameter, value):
            return said
    return ""


def problems_of(document: Document, values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The sentences of all fields that are wrong, by the name of the parameter."""
    found = {
        name: f"{plain(document.name)} has no parameter {plain(name)}."
        for name in values
        if document.parameter(name) is None
    }
    for parameter in document.parameters:
        if said := problem_of(parameter, values.get(parameter.name)):
            found[parameter.name] = said
    return found


def _wrong_count(parameter: Parameter, count: int) -> str:
    name = plain(parameter.name)
    if parameter.min_items is not None and count < parameter.min_items:
        return f"{name} takes {parameter.min_items} values or more."
    if parameter.max_items is not None and count > parameter.max_items:
        return f"{name} takes {parameter.max_items} values at most."
    return ""


def _wrong_value(parameter: Parameter, value: str) -> str:
    name, shown = plain(parameter.name), _shown(value)
    if _REFERENCE.search(value):
        return ""
    if parameter.allowed and value not in parameter.allowed:
        return f"{name} is one of {plain(', '.join(parameter.allowed))}, not {shown}."
    if said := _wrong_type(parameter, value):
        return said
    if parameter.min_chars is not None and len(value) < parameter.min_chars:
        return f"{name} has {parameter.min_chars} characters or more, {shown} has {len(value)}."
    if parameter.max_chars is not None and len(value) > parameter.max_chars:
        return f"{name} has {parameter.max_chars} characters at most, this has {len(value)}."
    pattern = _compiled(parameter.pattern) if parameter.pattern else None
    if pattern and len(value) <= _LONGEST_JUDGED and pattern.found(value) is False:
        return f"{name} does not fit {_shown(parameter.pattern)}: {shown}."
    return ""


def _wrong_type(parameter: Parameter, value: str) -> str:
    name, shown = plain(parameter.name), _shown(value)
    if parameter.type == INTEGER and not re.fullmatch(r"[+-]?[0-9]{1,19}", value):
        return f"{name} is a whole number, not {shown}."
    if parameter.type == BOOLEAN and value.lower() not in ("true", "false"):
        return f"{name} is true or false, not {shown}."
    if parameter.type in (STRING_MAP, MAP_LIST) and not _is_map(value):
        return f"{name} is a JSON object, not {shown}."
    return ""


def _is_map(value: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(value), dict)
    except msgspec.DecodeError:
        return False


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Expression | None:
    """The expression, which was written for Java; None where it cannot be tried here.

    The whole value has to fit: AWS's own documents write executionTimeout's without anchors.
    """
    try:
        re.compile(pattern)  # by itself: a ) too many must not close our group
        return Expression(rf"\A(?:{pattern})\Z")
    except (re.error, OverflowError, RecursionError):
        return None


def _shown(value: str) -> str:
    text = plain(value)
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"
