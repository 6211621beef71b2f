"""The last complete rows of every resource and scope, painted at once when the program starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem
from ssmtui.core.turns import breathe
from ssmtui.local.database import Database

if TYPE_CHECKING:
    import sqlite3

R = TypeVar("R")

# A chunk of nodes takes about a millisecond to encode or decode, during which no other thread runs.
_CHUNK = 250


class Version(NamedTuple):
    """Which list of a scope is kept: another one has another version. `at` is of when it is."""

    number: int
    at: float


class _Named(msgspec.Struct):
    """What every row is read as that is asked for its name alone."""

    id: str
    name: str | None = None


class Snapshot:
    """Rows on disk, by resource and scope. All calls block, and raise ProblemError."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)

    @property
    def problems(self) -> Sequence[Problem]:
        """What was wrong with the file and was mended by starting anew."""
        return tuple(self._database.problems)

    def save(self, resource: str, scope: ScopeKey, rows: Sequence[Any], at: float) -> Version:
        """Put these rows in the place of the scope's last ones; `at` is seconds since the epoch.

        Rows are msgspec Structs. A field that is UNKNOWN is left out, and its default restores it:
        a field that can be unknown has to be unknown by default.
        """
        return self._database.run(lambda connection: _put(connection, resource, scope, rows, at))

    def replace(
        self,
        resource: str,
        scope: ScopeKey,
        rows: Sequence[Any],
        at: float,
        *,
        over: Version | None,
        along: Callable[[sqlite3.Connection], None],
    ) -> Version | None:
        """Save these rows over the list of that version (None: there is none) and do `along` with
        it, both or neither; None where another program has kept another list meanwhile."""

        def work(connection: sqlite3.Connection) -> Version | None:
            connection.execute("BEGIN IMMEDIATE")  # nobody else writes from here on
            if _version(connection, resource, scope) != over:
                return None
            along(connection)
            return _put(connection, resource, scope, rows, at)

        return self._database.run(work)

    def version(self, resource: str, scope: ScopeKey) -> Version | None:
        """Which list of the scope is kept; None where there is none."""
        return self._database.run(lambda connection: _version(connection, resource, scope))

    def load(
        self, resource: str, scopes: Sequence[ScopeKey] | None, row_type: type[R]
    ) -> list[tuple[ScopeKey, float, list[R]]]:
        """The scopes (None: all) that were saved, when, and their rows.

        Rows that another version of the program wrote in another shape are as good as not kept:
        their scope is left out.
        """
        found = []
        decoder = msgspec.msgpack.Decoder(list[row_type])  # type: ignore[valid-type]
        for scope, saved_at, chunks in self._saved(resource, scopes):
            rows: list[R] = []
            try:
                for chunk in chunks:
                    rows += decoder.decode(chunk)
                    breathe()
            except msgspec.DecodeError:
                continue
            found.append((scope, saved_at, rows))
        return found

    def rows_named(
        self, resource: str, name: str, row_type: type[R], scopes: Sequence[ScopeKey] | None = None
    ) -> list[R]:
        """The rows whose id or name is exactly this, of some scopes or all."""
        decoder = msgspec.msgpack.Decoder(list[row_type])  # type: ignore[valid-type]
        # Only a chunk that holds the name's bytes can hold the row, and decoding is what costs.
        octets = name.encode("utf-8", "replace")
        found: list[R] = []
        for _, _, chunks in self._saved(resource, scopes):
            try:
                rows = [row for chunk in chunks if octets in chunk for row in decoder.decode(chunk)]
            except msgspec.DecodeError:
                continue
            found += [row for row in rows if name in (_field(row, "id"), _field(row, "name"))]
        return found

    def names(self, resource: str, scopes: Sequence[ScopeKey]) -> dict[RowKey, str]:
        """The names of the rows of some scopes that have one. It decodes nothing else of them."""
        decoder = msgspec.msgpack.Decoder(list[_Named])
        found: dict[RowKey, str] = {}
        for scope, _, chunks in self._saved(resource, scopes):
            try:
                rows = [row for chunk in chunks for row in decoder.decode(chunk)]
            except msgspec.DecodeError:
                continue
            found.update((RowKey(*scope, row.id), row.name) for row in rows if row.name)
        return found

    def close(self) -> None:
        self._database.close()

    def _saved(
        self, resource: str, scopes: Sequence[ScopeKey] | None
    ) -> list[tuple[ScopeKey, float, list[bytes]]]:
        """Each scope with its chunks, read by one statement: another program may be saving."""
        lines = self._database.run(
            lambda connection: connection.execute(
                "SELECT account, region, saved_at, rows FROM snapshots"
                " LEFT JOIN chunks ON snapshot = snapshots.id"
                " WHERE resource = ? ORDER BY account, region, number",
                (resource,),
            ).fetchall()
        )
        wanted = None if scopes is None else set(scopes)
        saved: dict[ScopeKey, tuple[float, list[bytes]]] = {}
        for account, region, saved_at, rows in lines:
            scope = ScopeKey(account, region)
            if wanted is not None and scope not in wanted:
                continue
            chunks = saved.setdefault(scope, (saved_at, []))[1]
            if rows is not None:  # an empty list has no chunk
                chunks.append(rows)
        return [(scope, saved_at, chunks) for scope, (saved_at, chunks) in saved.items()]


def _version(connection: sqlite3.Connection, resource: str, scope: ScopeKey) -> Version | None:
    found = connection.execute(
        "SELECT id, saved_at FROM snapshots WHERE (resource, account, region) = (?, ?, ?)",
        (resource, *scope),
    ).fetchone()
    return Version(*found) if found else None


def _put(
    connection: sqlite3.Connection, resource: str, scope: ScopeKey, rows: Sequence[Any], at: float
) -> Version:
    place = (resource, *scope)
    connection.execute("DELETE FROM snapshots WHERE (resource, account, region) = (?, ?, ?)", place)
    number = connection.execute(
        "INSERT INTO snapshots (resource, account, region, saved_at) VALUES (?, ?, ?, ?)",
        (*place, at),
    ).lastrowid
    connection.executemany(
        "INSERT INTO chunks VALUES (?, ?, ?)",
        ((number, place, chunk) for place, chunk in enumerate(_chunks(rows))),
    )
    return Version(number or 0, at)


def _chunks(rows: Sequence[Any]) -> Iterator[bytes]:
    # One at a time: all of a large fleet together would weigh as much as its rows.
    for start in range(0, len(rows), _CHUNK):
        yield _encode(rows[start : start + _CHUNK])
        breathe()


def _field(row: object, name: str) -> Any:
    return getattr(row, name, None)


def _encode(rows: Sequence[Any]) -> bytes:
    try:
        return msgspec.msgpack.encode(rows)
    except UnicodeEncodeError:
        # A lone surrogate in some remote text: it has no UTF-8 form.
        return msgspec.msgpack.encode(_storable(msgspec.to_builtins(rows)))


def _storable(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case list():
            return [_storable(item) for item in value]
        case dict():
            return {_storable(key): _storable(item) for key, item in value.items()}
        case _:
            return value
