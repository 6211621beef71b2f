from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.services.ec2_filters import matcher, tag_values

KNOWN = {"name", "tag:", "tag-key", "tag-value"}


def matches(thing: dict[str, str], *filters: tuple[str, list[str]]) -> bool:
    """Whether tags with these filters match; the filter `name` looks at the tag Name."""

    def values(tags: dict[str, str], name: str) -> Any:
        return tag_values(tags, "tag:Name" if name == "name" else name)

    described = [{"Name": name, "Values": wanted} for name, wanted in filters]
    return matcher(described, KNOWN, values)(thing)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("web", "web", True),
        ("web", "web-1", False),
        ("web", "Web", False),
        ("web*", "web-1\n2", True),
        ("w?b", "web", True),
        ("w?b", "wb", False),
        ("a[/]b", "a[/]b", True),
        (r"a\*b", "a*b", True),
        (r"a\*b", "axb", False),
        ("a\\", "a\\", True),
        ("", "", True),
    ],
)
def test_values_take_wildcards(pattern: str, text: str, expected: bool) -> None:
    assert matches({"Name": text}, ("name", [pattern])) is expected


def test_all_filters_hold_by_any_of_their_values() -> None:
    tags = {"Name": "web", "Env": "prod"}
    assert matches(tags, ("name", ["api", "web"]), ("tag:Env", ["prod"]))
    assert not matches(tags, ("name", ["api", "web"]), ("tag:Env", ["dev"]))


def test_tags_are_found_by_key_and_by_value() -> None:
    tags = {"Name": "", "Env": "prod"}
    assert matches(tags, ("tag-key", ["Na*"]))
    assert matches(tags, ("tag-value", [""]))
    assert not matches(tags, ("tag:Team", ["*"]))


def test_an_unknown_filter_is_refused() -> None:
    with pytest.raises(ServiceError, match="The filter 'colour' is invalid"):
        matches({}, ("colour", ["red"]))


def test_there_is_a_limit_of_values() -> None:
    with pytest.raises(ServiceError, match="200"):
        matches({}, ("name", [str(number) for number in range(201)]))
