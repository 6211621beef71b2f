"""The journal of transitions: what happened to the nodes, those that are gone included."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem
from ssmtui.local.database import Database

if TYPE_CHECKING:
    import sqlite3

KEPT_SECONDS = 30 * 86400.0


class Transition(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One thing that happened to one node. `at` is seconds since the epoch.

    `kind` is lost, returned, launched, stopped, started, terminated, agent, registered or
    deregistered; `before` and `after` are the words or versions between which it changed.
    """

    at: float
    account: str
    region: str
    id: str
    name: str
    kind: str
    before: str = ""
    after: str = ""

    @property
    def key(self) -> RowKey:
        return RowKey(self.account, self.region, self.id)


_COLUMNS = ", ".join(Transition.__struct_fields__)
_PLACES = ", ".join("?" for _ in Transition.__struct_fields__)


class Journal:
    """Transitions on disk for 30 days. All calls block, and raise ProblemError.

    `now` tells what is too old; it is time.time but in tests.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._database = Database(path)
        self._now = now

    @property
    def problems(self) -> Sequence[Problem]:
        """What was wrong with the file and was mended by starting anew."""
        return tuple(self._database.problems)

    def record(self, transitions: Iterable[Transition]) -> None:
        """Write them down, each once (two programs may see the same one), and forget the old."""
        if happened := list(transitions):
            self._database.run(lambda connection: self.write(connection, happened))

    def write(self, connection: sqlite3.Connection, transitions: Iterable[Transition]) -> None:
        """The same within a transaction that somebody else has begun on this file."""
        lines = [
            tuple(map(_storable, msgspec.structs.astuple(transition))) for transition in transitions
        ]
        if not lines:
            return
        connection.executemany(
            f"INSERT OR IGNORE INTO transitions ({_COLUMNS}) VALUES ({_PLACES})",  # noqa: S608
            lines,
        )
        connection.execute("DELETE FROM transitions WHERE at < ?", (self._now() - KEPT_SECONDS,))

    def since(self, at: float, scopes: Sequence[ScopeKey] | None = None) -> list[Transition]:
        """What happened at or after a moment in these scopes (None: all), oldest first."""
        return self._select("at >= ?", (at,), scopes)

    def of(self, key: RowKey, limit: int) -> list[Transition]:
        """The last transitions of one row, newest first."""
        of = msgspec.structs.astuple(key)
        lines = self._select("(account, region, id) = (?, ?, ?)", of, None)
        return lines[::-1][:limit]

    def last(self, kind: str, scopes: Sequence[ScopeKey] | None = None) -> dict[RowKey, float]:
        """When each row had its last transition of that kind."""
        return {line.key: line.at for line in self._select("kind = ?", (kind,), scopes)}

    def open_since(
        self, opened: str, closed: str, scopes: Sequence[ScopeKey] | None = None
    ) -> dict[RowKey, float]:
        """Since when each row is in the state that `opened` begins and `closed` ends."""
        since: dict[RowKey, float] = {}
        for line in self._select("kind IN (?, ?)", (opened, closed), scopes):
            if line.kind == opened:
                since[line.key] = line.at
            else:
                since.pop(line.key, None)
        return since

    def close(self) -> None:
        self._database.close()

    def _select(
        self, where: str, values: tuple[object, ...], scopes: Sequence[ScopeKey] | None
    ) -> list[Transition]:
        """Lines in the order in which they happened; `where` is ours, never a user's text."""
        lines = self._database.run(
            lambda connection: connection.execute(
                f"SELECT {_COLUMNS} FROM transitions"  # noqa: S608
                f" WHERE {where} ORDER BY at, account, region, id, kind",
                values,
            ).fetchall()
        )
        names = Transition.__struct_fields__
        found = [Transition(**dict(zip(names, line, strict=True))) for line in lines]
        wanted = None if scopes is None else set(scopes)
        return [line for line in found if wanted is None or line.key.scope in wanted]


def _storable(value: float | str) -> float | str:
    """A lone surrogate has no UTF-8 form, and SQLite's text is UTF-8."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
