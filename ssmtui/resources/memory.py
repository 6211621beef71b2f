"""What is kept on disk between two starts: the last rows of each scope, and what happened to them.

All calls here block on SQLite: the event loop calls them in a thread.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem
from ssmtui.core.shards import Shards
from ssmtui.core.turns import breathe
from ssmtui.local.journal import Journal, Transition
from ssmtui.local.paths import Paths
from ssmtui.local.snapshot import Snapshot, Version
from ssmtui.resources.base import Resource

# Rows looked at before a pause: a millisecond or two.
_AT_ONCE = 1000


class Memory:
    """The snapshot and the journal of one state folder. Opening it touches no file yet."""

    def __init__(self, paths: Paths) -> None:
        self._snapshot = Snapshot(paths.snapshot)
        self.journal = Journal(paths.snapshot)
        self._last: dict[tuple[str, ScopeKey], Shards[str, Any]] = {}  # the rows of each, by id
        # Of which list on disk those are: another program may have kept another one since.
        self._versions: dict[tuple[str, ScopeKey], Version | None] = {}
        self._told: set[Problem] = set()

    def recall(
        self, resource: Resource[Any], scopes: Sequence[ScopeKey]
    ) -> list[tuple[ScopeKey, float, list[Any]]]:
        """The rows last kept of each scope, with the moment (seconds) of which they are."""
        # Asked first: rows that are newer than their version are only compared once more.
        for scope in scopes:
            self._last.pop((resource.name, scope), None)
            self._versions[resource.name, scope] = self._snapshot.version(resource.name, scope)
        found = self._snapshot.load(resource.name, scopes, resource.row_type)
        for scope, _, rows in found:
            self._last[resource.name, scope] = _by_id(rows)
        return found

    def remember(
        self, resource: Resource[Any], scope: ScopeKey, rows: Sequence[Any], now: float
    ) -> list[Transition]:
        """Keep a complete list of one scope, and journal what changed since the last one; `now` is
        when the list was begun.

        The first list of a scope journals nothing: there is nothing to compare it with. Several
        programs may keep lists of one scope at a time: each is compared with the one that it takes
        the place of, whoever has kept that, so that a change is journalled once. One that was begun
        before the list that is kept knows nothing new, and is dropped.
        """
        place = resource.name, scope
        after = _by_id(rows)
        while True:
            kept = self._snapshot.version(*place)
            if place not in self._versions or self._versions[place] != kept:
                self.recall(resource, [scope])
                kept = self._versions[place]
            if kept is not None and now < kept.at <= time.time():
                return []
            happened = self._compared(resource, scope, after, now)
            along = partial(self.journal.write, transitions=happened)
            saved = self._snapshot.replace(*place, rows, now, over=kept, along=along)
            if saved is not None:
                self._last[place], self._versions[place] = after, saved
                return happened

    def _compared(
        self, resource: Resource[Any], scope: ScopeKey, after: Shards[str, Any], now: float
    ) -> list[Transition]:
        before = self._last.get((resource.name, scope))
        if before is None or resource.compare is None:
            return []
        # An id is in the same part of both.
        parts = zip(before.parts(), after.parts(), strict=True)
        found = [line for old, new in parts for line in resource.compare(old, new, now)]
        return sorted(found, key=attrgetter("at", "id"))

    def named(self, resource: Resource[Any], name: str) -> list[Any]:
        """The kept rows of all scopes whose id or name is exactly this."""
        return self._snapshot.rows_named(resource.name, name, resource.row_type)

    def names(self, resource: str, keys: Iterable[RowKey]) -> dict[RowKey, str]:
        """What those of these rows are called that were kept last and have a name."""
        by_scope: dict[ScopeKey, list[RowKey]] = {}
        for key in keys:
            by_scope.setdefault(key.scope, []).append(key)
        found: dict[RowKey, str] = {}
        for scope, wanted in by_scope.items():
            rows = self._last.get((resource, scope))
            if rows is None:
                names = self._snapshot.names(resource, [scope])
            else:
                held = (rows.get(key.id) for key in wanted)
                names = {row.key: row.name for row in held if row is not None}
            found.update((key, name) for key in wanted if isinstance(name := names.get(key), str))
        return found

    def events(self, key: RowKey, limit: int) -> list[tuple[float, str]]:
        """What last happened to one row, newest first: (seconds since the epoch, words)."""
        return [(line.at, _words(line)) for line in self.journal.of(key, limit)]

    def lost_since(self, scopes: Sequence[ScopeKey]) -> dict[RowKey, float]:
        """Since when each node is lost that has not come back."""
        return self.journal.open_since("lost", "returned", scopes)

    def mended(self) -> list[Problem]:
        """What was found wrong with the files and was put right, since the last call."""
        found = dict.fromkeys((*self._snapshot.problems, *self.journal.problems))
        fresh = [problem for problem in found if problem not in self._told]
        self._told.update(fresh)
        return fresh

    def close(self) -> None:
        self._snapshot.close()
        self.journal.close()


def _by_id(rows: Sequence[Any]) -> Shards[str, Any]:
    by_id: Shards[str, Any] = Shards()
    for start in range(0, len(rows), _AT_ONCE):
        by_id.update((row.key.id, row) for row in rows[start : start + _AT_ONCE])
        breathe()
    return by_id


def _words(line: Transition) -> str:
    """A transition in a few words: "lost", "agent 3.2.0 to 3.3.1"."""
    return f"agent {line.before} to {line.after}" if line.kind == "agent" else line.kind
