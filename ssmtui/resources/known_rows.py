"""The rows of one scope as far as they are known, for lists of thousands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.resources.base import Gone, Rows
from ssmtui.resources.merging import Emit


class Row(Protocol):
    """A frozen value with an id that is its own in the scope."""

    @property
    def id(self) -> str: ...

    @property
    def key(self) -> RowKey: ...


R = TypeVar("R", bound=Row)


class KnownRows(Generic[R]):
    """Rows by id, which outlive a refresh. Whatever changes them is emitted."""

    def __init__(self, scope: ScopeKey) -> None:
        self._scope = scope
        self._rows: dict[str, R] = {}

    def __iter__(self) -> Iterator[R]:
        return iter(self._rows.values())

    def __getitem__(self, row_id: str) -> R:
        return self._rows[row_id]

    def get(self, row_id: str) -> R | None:
        """The row of that id, or None."""
        return self._rows.get(row_id)

    async def put(self, rows: Iterable[R], emit: Emit) -> None:
        """Keep rows, and emit those that changed."""
        changed = [row for row in rows if self._rows.get(row.id) != row]
        self._rows.update((row.id, row) for row in changed)
        if changed:
            await emit(Rows(self._scope, changed))

    async def keep(self, listed: Collection[str], emit: Emit) -> None:
        """A whole list has these ids: all others are gone."""
        gone = [row.key for row in self if row.id not in listed]
        for key in gone:
            del self._rows[key.id]
        if gone:
            await emit(Gone(self._scope, gone))
