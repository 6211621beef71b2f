"""What is kept on disk between two starts: the last rows of each scope, and what happened to them.

All calls here block on SQLite: the event loop calls them in a thread.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.local.files import write_private
from ssmtui.local.journal import Journal, Transition
from ssmtui.local.paths import Paths
from ssmtui.local.snapshot import Snapshot
from ssmtui.resources.base import Resource


class Remembered(msgspec.Struct, frozen=True):
    """The rows of one scope as they were at a moment, in seconds since the epoch."""

    scope: ScopeKey
    at: float
    rows: Sequence[Any]


class Memory:
    """The snapshot and the journal of one state folder.

    `selection` names what was asked for on the command line: accounts are known only after a call,
    so the scopes of the last time with the same selection are what a start paints first.
    """

    def __init__(self, paths: Paths, selection: str = "") -> None:
        self._snapshot = Snapshot(paths.snapshot)
        self.journal = Journal(paths.snapshot)
        self._views = paths.state / "scopes.json"
        self._selection = selection
        self._in_force: set[ScopeKey] = set()
        self._last: dict[tuple[str, ScopeKey], dict[RowKey, Any]] = {}

    def load(
        self, resource: Resource[Any], scopes: Sequence[ScopeKey] | None = None
    ) -> list[Remembered]:
        """The rows last kept of each scope; `scopes` None: those of the last time."""
        wanted = self._last_scopes() if scopes is None else scopes
        found = self._snapshot.load(resource.name, wanted, resource.row_type)
        for scope, _, rows in found:
            self._last[resource.name, scope] = {row.key: row for row in rows}
        return [Remembered(scope, at, rows) for scope, at, rows in found]

    def save(
        self, resource: Resource[Any], scope: ScopeKey, rows: Sequence[Any], at: float
    ) -> None:
        """Keep a complete list of one scope, and journal what changed since the last one.

        The first list of a scope journals nothing: there is nothing to compare it with.
        """
        after = {row.key: row for row in rows}
        if (resource.name, scope) not in self._last:
            self.load(resource, [scope])
        before = self._last.get((resource.name, scope))
        if before is not None and resource.compare is not None:
            self.journal.record(resource.compare(before, after, at))
        self._snapshot.save(resource.name, scope, rows, at)
        self._last[resource.name, scope] = after
        self._put_in_force(scope)

    def events(self, key: RowKey, limit: int) -> list[tuple[float, str]]:
        """The last transitions of one row, newest first: (seconds since the epoch, words)."""
        return [(line.at, _words(line)) for line in self.journal.of(key, limit)]

    def named(self, resource: Resource[Any], name: str) -> list[Any]:
        """The kept rows of all scopes whose id or name is exactly this."""
        return self._snapshot.rows_named(resource.name, name, resource.row_type)

    def lost_since(self, scopes: Sequence[ScopeKey]) -> dict[RowKey, float]:
        """Since when each node is lost that has not come back."""
        return self.journal.open_since("lost", "returned", scopes)

    def close(self) -> None:
        self._snapshot.close()
        self.journal.close()

    def _last_scopes(self) -> list[ScopeKey]:
        found = _read(self._views).get(self._selection, [])
        return [ScopeKey(account, region) for account, region in found]

    def _put_in_force(self, scope: ScopeKey) -> None:
        if scope in self._in_force:
            return
        self._in_force.add(scope)
        views = _read(self._views)
        views[self._selection] = sorted(self._in_force)
        write_private(self._views, json.dumps(views).encode())


def _read(path: Path) -> dict[str, Any]:
    """What was in force; a file that cannot be read only costs the first paint its rows."""
    try:
        views = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return views if isinstance(views, dict) else {}


def _words(line: Transition) -> str:
    if line.kind == "agent":
        return f"agent {line.before} -> {line.after}"
    return line.kind
