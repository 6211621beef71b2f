"""EC2's filters: names and values are case-sensitive, and values take * and ? as wildcards."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from ssmtui.simulator.call import ServiceError

T = TypeVar("T")

_MOST_VALUES = 200  # a request


def matcher(
    filters: Sequence[Mapping[str, Any]],
    known: Collection[str],
    values: Callable[[T, str], Sequence[str]],
) -> Callable[[T], bool]:
    """A test for things that match every filter, each by any of its values.

    `known` are the names that the operation takes, `tag:<key>` among them where it has "tag:";
    `values` gives what a thing has under such a name, none if it has nothing.
    Raises ServiceError InvalidParameterValue for another name, FilterLimitExceeded for too many
    values.
    """
    if sum(len(item.get("Values") or []) for item in filters) > _MOST_VALUES:
        raise ServiceError(
            "FilterLimitExceeded",
            f"The maximum number of filter values specified on a single call is {_MOST_VALUES}",
        )
    tests: list[tuple[str, tuple[re.Pattern[str], ...]]] = []
    for item in filters:
        name = item.get("Name", "")
        if name not in known and not (name.startswith("tag:") and "tag:" in known):
            raise ServiceError("InvalidParameterValue", f"The filter '{name}' is invalid")
        tests.append((name, tuple(_pattern(value) for value in item.get("Values") or [])))

    def matches(thing: T) -> bool:
        return all(
            any(pattern.fullmatch(value) for value in values(thing, name) for pattern in patterns)
            for name, patterns in tests
        )

    return matches


def tag_values(tags: Mapping[str, str], name: str) -> Sequence[str]:
    """What a tagged thing has under tag-key, tag-value or tag:<key>. An empty value is one too."""
    match name:
        case "tag-key":
            return tuple(tags)
        case "tag-value":
            return tuple(tags.values())
        case _:
            key = name.removeprefix("tag:")
            return (tags[key],) if key in tags else ()


@lru_cache(maxsize=1024)
def _pattern(value: str) -> re.Pattern[str]:
    r"""A value as a pattern: * is any text, ? any character, and \ makes either itself."""
    parts: list[str] = []
    characters = iter(value)
    for character in characters:
        match character:
            case "*":
                parts.append(".*")
            case "?":
                parts.append(".")
            case "\\":
                parts.append(re.escape(next(characters, "\\")))
            case _:
                parts.append(re.escape(character))
    return re.compile("".join(parts), re.DOTALL)
