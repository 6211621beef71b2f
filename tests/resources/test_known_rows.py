from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.resources.base import Event, Gone, Rows
from ssmtui.resources.known_rows import KnownRows

SCOPE = ScopeKey("111122223333", "eu-west-1")


class Thing(msgspec.Struct, frozen=True):
    id: str
    value: int = 0

    @property
    def key(self) -> RowKey:
        return RowKey(*SCOPE, self.id)


@pytest.fixture
def rows() -> KnownRows[Thing]:
    return KnownRows(SCOPE)


@pytest.fixture
def heard() -> list[Event]:
    return []


@pytest.fixture
def emit(heard: list[Event]) -> Any:
    async def note(event: Event) -> None:
        heard.append(event)

    return note


async def test_only_what_changed_is_emitted(rows, heard, emit) -> None:
    await rows.put([Thing("a"), Thing("b")], emit)
    await rows.put([Thing("a"), Thing("b", 1), Thing("c")], emit)
    await rows.put([Thing("a")], emit)
    assert heard == [
        Rows(SCOPE, [Thing("a"), Thing("b")]),
        Rows(SCOPE, [Thing("b", 1), Thing("c")]),
    ]
    assert list(rows) == [Thing("a"), Thing("b", 1), Thing("c")]


async def test_rows_are_found_by_their_ids(rows, emit) -> None:
    await rows.put([Thing("a", 1)], emit)
    assert rows["a"] == rows.get("a") == Thing("a", 1)
    assert rows.get("b") is None


async def test_what_a_whole_list_does_not_hold_is_gone(rows, heard, emit) -> None:
    await rows.put([Thing("a"), Thing("b")], emit)
    await rows.keep({"a", "x"}, emit)
    await rows.keep({"a"}, emit)
    assert heard[1:] == [Gone(SCOPE, [RowKey(*SCOPE, "b")])]
    assert list(rows) == [Thing("a")]
