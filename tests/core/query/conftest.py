"""A small resource with a column of every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from ssmtui.core.columns import UNKNOWN, Column, Kind
from ssmtui.core.query import HAYSTACK_SEPARATOR, parse

NOW = 1_800_000_000.0  # 2027-01-15T08:00:00Z

COLUMNS = (
    Column("name", "NAME", Kind.TEXT, 20, "the name"),
    Column("ping", "PING", Kind.STATUS, 8, "the status", upper=frozenset({"lost"})),
    Column("agent", "AGENT", Kind.VERSION, 8, "the version"),
    Column("seen", "SEEN", Kind.TIME, 5, "when it was seen"),
    Column("lost", "LOST", Kind.TIME, 5, "since when it is lost", hidden=True),
    Column("disk", "DISK", Kind.BYTES, 8, "its size"),
    Column("crit", "CRIT", Kind.COUNT, 5, "how many are missing"),
    Column("latest", "LATEST", Kind.FLAG, 5, "whether it is new"),
    Column("role", "ROLE", Kind.TEXT, 10, "the role"),
    Column("nodes", "NODES", Kind.NAMES, 20, "some names"),
    Column("tags", "TAGS", Kind.TAGS, 20, "all tags"),
)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    name: Any = UNKNOWN
    ping: Any = UNKNOWN
    agent: Any = UNKNOWN
    seen: Any = UNKNOWN
    lost: Any = UNKNOWN
    disk: Any = UNKNOWN
    crit: Any = UNKNOWN
    latest: Any = UNKNOWN
    role: Any = UNKNOWN
    nodes: tuple[str, ...] | msgspec.UnsetType | None = UNKNOWN
    tags: Mapping[str, str] | msgspec.UnsetType | None = UNKNOWN

    @property
    def haystack(self) -> str:
        shown = (column.text(self, NOW) for column in COLUMNS if not column.hidden)
        return HAYSTACK_SEPARATOR.join(shown)


@pytest.fixture(scope="session")
def columns() -> tuple[Column, ...]:
    return COLUMNS


@pytest.fixture(scope="session")
def row_type() -> type[Row]:
    return Row


@pytest.fixture(scope="session")
def now() -> float:
    return NOW


@pytest.fixture(scope="session")
def ask() -> Callable[..., bool | None]:
    """`ask("ping=lost", ping="lost")`: the answer of a filter for a row with these fields."""

    def answer(text: str, **fields: Any) -> bool | None:
        row = Row(**fields)
        return parse(text, COLUMNS).match(row, row.haystack, now=NOW)

    return answer
