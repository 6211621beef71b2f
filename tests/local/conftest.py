"""A state folder, and a row like those of resources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ssmtui.core.columns import UNKNOWN, Unknown
from ssmtui.core.keys import RowKey


class Row(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    account: str
    region: str
    id: str
    name: str | Unknown | None = UNKNOWN
    seen: float | Unknown | None = UNKNOWN
    latest: bool | Unknown | None = UNKNOWN
    tags: Mapping[str, str] | Unknown | None = UNKNOWN

    @property
    def key(self) -> RowKey:
        return RowKey(self.account, self.region, self.id)


@pytest.fixture(scope="session")
def row_type() -> type[Any]:
    return Row


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "snapshot.sqlite3"
