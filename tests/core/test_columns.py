from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.columns import (
    UNKNOWN,
    Column,
    Kind,
    Severity,
    age,
    ago,
    bytes_text,
    rfc3339,
    sort_key,
    text_of,
    version_key,
)

NOW = 1_800_000_000.0
YEAR_1 = -62135596800.0


class Row(msgspec.Struct):
    value: Any = UNKNOWN


def column(kind: Kind, **facts: Any) -> Column:
    return Column("value", "VALUE", kind, 10, "a value", **facts)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.TEXT, "web", "web"),
        (Kind.TEXT, "\x1b[2J", "␛[2J"),
        (Kind.TEXT, "", "-"),
        (Kind.STATUS, "NeverSeenBefore", "NeverSeenBefore"),
        (Kind.VERSION, "3.3.16", "3.3.16"),
        (Kind.TIME, NOW - 125, "2m"),
        (Kind.TIME, NOW + 3, "0s"),
        (Kind.TIME, NOW + 7200, "in 2h"),
        (Kind.TIME, YEAR_1, "2027y"),
        (Kind.TIME, math.nan, "?"),
        (Kind.TIME, math.inf, "?"),
        (Kind.BYTES, 1536, "1.5 KiB"),
        (Kind.COUNT, 15104, "15,104"),
        (Kind.COUNT, 0, "0"),
        (Kind.FLAG, True, "yes"),
        (Kind.FLAG, False, "no"),
        (Kind.TAGS, {"b": "\n", "a": "1"}, "a=1 b=␊"),
        (Kind.TAGS, {}, "-"),
        (Kind.NAMES, ("i-2", "i\n1"), "i-2 i␊1"),
        (Kind.NAMES, (), "-"),
    ],
)
def test_text(kind: Kind, value: object, text: str) -> None:
    assert text_of(column(kind), value, NOW) == text


@pytest.mark.parametrize("kind", Kind)
def test_unknown_and_none_look_different_and_are_null(kind: Kind) -> None:
    it = column(kind)
    assert (it.text(Row(UNKNOWN), NOW), it.text(Row(None), NOW)) == ("?", "-")
    assert it.json(Row(UNKNOWN)) is None
    assert it.json(Row(None)) is None
    assert sort_key(kind, UNKNOWN) is None
    assert sort_key(kind, None) is None


def test_a_column_may_draw_its_values_itself_and_they_are_made_safe() -> None:
    it = column(Kind.TEXT, draw=lambda value, row: f"\x1b{value}")
    assert it.text(Row("x"), NOW) == "␛x"
    assert it.text(Row(UNKNOWN), NOW) == "?"
    assert it.text(Row(None), NOW) == "-"


def test_status_words_may_be_drawn_in_capitals() -> None:
    it = column(Kind.STATUS, upper=frozenset({"lost"}))
    assert it.text(Row("lost"), NOW) == "LOST"
    assert it.text(Row("online"), NOW) == "online"


def test_severities_are_found_in_any_case_and_new_words_are_plain() -> None:
    it = column(Kind.STATUS, severities={"failed": Severity.BAD})
    assert it.severity("Failed") is Severity.BAD
    assert it.severity("Surprising") is Severity.PLAIN
    assert it.severity(UNKNOWN) is Severity.MUTED
    assert it.severity(None) is Severity.MUTED


@pytest.mark.parametrize("kind", Kind)
def test_numbers_and_ages_are_on_the_right(kind: Kind) -> None:
    assert column(kind).right == (kind in {Kind.COUNT, Kind.BYTES, Kind.TIME})


@pytest.mark.parametrize(
    ("kind", "value", "json"),
    [
        (Kind.TIME, 0.9, "1970-01-01T00:00:00Z"),
        (Kind.TIME, math.nan, None),
        (Kind.COUNT, 3, 3),
        (Kind.COUNT, math.inf, None),
        (Kind.FLAG, False, False),
        (Kind.TEXT, "\x1b", "\x1b"),
    ],
)
def test_json(kind: Kind, value: object, json: object) -> None:
    assert column(kind).json(Row(value)) == json


def test_json_of_tags_is_a_copy() -> None:
    tags: Mapping[str, str] = {"Env": "prod"}
    copy = column(Kind.TAGS).json(Row(tags))
    assert copy == tags
    assert copy is not tags


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (YEAR_1, "0001-01-01T00:00:00Z"),
        (-62104060800.0, "0002-01-01T00:00:00Z"),
        (-1e300, "0001-01-01T00:00:00Z"),
        (1e300, "9999-12-31T23:59:59Z"),
        (math.nan, "0001-01-01T00:00:00Z"),
        (1795132800.5, "2026-11-20T00:00:00Z"),
    ],
)
def test_times_of_every_calendar(seconds: float, text: str) -> None:
    assert rfc3339(seconds) == text


@given(st.floats())
def test_no_number_is_too_strange_for_a_time(seconds: float) -> None:
    row, it = Row(seconds), column(Kind.TIME)
    assert it.text(row, NOW)
    assert it.json(row) is None or it.json(row).endswith("Z")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (59.9, "59s"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (86399, "23h"),
        (86400, "1d"),
        (999 * 86400, "999d"),
        (1000 * 86400, "2y"),
        (-4, "0s"),
        (-60, "in 1m"),
    ],
)
def test_age(seconds: float, text: str) -> None:
    assert age(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (180, "3m ago"),
        (0, "0s ago"),
        (-3, "0s ago"),
        (-3600, "1h in the future by this machine's clock"),
    ],
)
def test_ago(seconds: float, text: str) -> None:
    assert ago(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1024**2 - 1, "1.0 MiB"),
        (1024**3, "1.0 GiB"),
        (5 * 1024**5, "5120.0 TiB"),
    ],
)
def test_bytes(count: int, text: str) -> None:
    assert bytes_text(count) == text


@given(st.lists(st.integers(0, 10**12), min_size=1), st.lists(st.integers(0, 10**12), min_size=1))
def test_versions_are_ordered_part_by_part(one: list[int], other: list[int]) -> None:
    def key(parts: list[int]) -> str:
        return version_key(".".join(map(str, parts)))

    assert (key(one) < key(other)) == (one < other)


def test_versions_ignore_leading_zeros_and_case() -> None:
    assert version_key("3.03-RC1") == version_key("3.3-rc01")


@pytest.mark.parametrize(
    ("kind", "ordered"),
    [
        (Kind.TEXT, ["alpha", "Beta", "gamma"]),
        (Kind.VERSION, ["3.3", "3.3.1", "3.10.0"]),
        (Kind.TIME, [YEAR_1, 0.0, NOW]),
        (Kind.COUNT, [-1, 0, 10]),
        (Kind.FLAG, [False, True]),
        (Kind.TAGS, [{"a": "1"}, {"a": "2"}, {"b": "0"}]),
    ],
)
def test_sort_keys(kind: Kind, ordered: list[object]) -> None:
    keys = [sort_key(kind, value) for value in ordered]
    assert keys == sorted(keys)
    assert len({type(key) for key in keys}) == 1


def test_numbers_that_are_none_come_last() -> None:
    assert sort_key(Kind.COUNT, math.nan) is None
