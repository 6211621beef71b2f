from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.columns import UNKNOWN, Column, Kind
from ssmtui.core.haystack import Haystacks, haystack_of
from ssmtui.core.text import plain


class Thing(msgspec.Struct, frozen=True):
    name: Any = "web"
    region: Any = "eu-west-1"
    size: Any = None
    seen: Any = 7.0
    on: Any = True
    secret: Any = "hidden"


COLUMNS = (
    Column("name", "NAME", Kind.TEXT, 10, "the name"),
    Column("region", "REG", Kind.TEXT, 5, "the Region", draw=lambda value, _: "euw1"),
    Column("size", "SIZE", Kind.COUNT, 5, "the size", wide=True),
    Column("seen", "SEEN", Kind.TIME, 5, "when it was seen"),
    Column("on", "ON", Kind.FLAG, 3, "whether it is on"),
    Column("secret", "SECRET", Kind.TEXT, 3, "for filters alone", hidden=True),
)


def test_words_numbers_and_what_is_drawn_instead_are_there_but_no_ages_flags_and_hidden() -> None:
    assert haystack_of(COLUMNS)(Thing("Web", size=1234)) == "Web\neu-west-1\neuw1\n1,234"


def test_unknown_and_missing_values_have_no_text() -> None:
    assert haystack_of(COLUMNS[:1])(Thing(UNKNOWN)) == ""
    assert haystack_of(COLUMNS[:1])(Thing(None)) == ""


@given(st.text())
def test_a_cell_is_in_it_as_it_is_drawn(name: str) -> None:
    assert haystack_of(COLUMNS[:1])(Thing(name)) == plain(name)


def test_haystacks_are_kept_until_a_row_changes() -> None:
    rows: list[Thing | None] = [Thing("A"), Thing("B"), None]
    kept = Haystacks(COLUMNS[:1])
    kept.forget([0, 1, 2], 3)
    while kept.build(rows, 1):
        pass
    assert kept.lower([0, 1], [None, None]) == ["a", "b"]
    rows[0] = Thing("C")
    assert kept.cased([0], [Thing("A")]) == ["A"]
    kept.forget([0], 3)
    assert kept.lower([0, 1], rows) == ["c", "b"]
    assert kept.cased([1, 0], rows) == ["B", "C"]
