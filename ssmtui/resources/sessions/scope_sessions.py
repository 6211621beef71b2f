"""The sessions of one scope: those that go on first, then the history of 30 days."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.resources.base import Finished, Progress
from ssmtui.resources.known_rows import KnownRows
from ssmtui.resources.merging import Emit
from ssmtui.resources.sessions import ACTIVE, HISTORY, Names
from ssmtui.resources.sessions.row import Session, from_answer

# The history only grows by sessions that were seen while they went on, and those are looked up.
HISTORY_SECONDS = 300.0
PAGE = 200
# So many sessions that have just ended are looked up one by one; for more, the history is read.
ONE_BY_ONE = 5

# After these the same question would be refused once more.
_HOPELESS = frozenset({ProblemKind.DENIED, ProblemKind.EXPIRED, ProblemKind.CREDENTIALS})


class ScopeSessions:
    """The sessions of one scope, and what one refresh must remember for the next."""

    def __init__(self, scope: Scope, names: Names, clock: Callable[[], float]) -> None:
        self._scope = scope
        self._names = names
        self._clock = clock
        self._rows: KnownRows[Session] = KnownRows(scope.key)
        self._active: set[str] = set()  # the ids of the last whole list of active ones
        self._history: set[str] = set()  # and of the last whole history, with those looked up since
        self._history_due = clock()

    async def refresh(self, emit: Emit, priority: Priority, full: bool) -> None:
        """One pass over both lists. Trouble with AWS is emitted, never raised.

        Where the first one is refused, the other would be too: it has no end of its own then.
        """
        ended, problem = await self._list_active(emit, priority)
        await emit(Finished(self._scope.key, ACTIVE, problem))
        if problem is not None and problem.kind in _HOPELESS:
            return
        history_problem = await self._follow_history(emit, priority, ended, full=full)
        if problem is None and history_problem is None:
            await self._sweep(emit)
        await self._name_nodes(emit)
        await emit(Finished(self._scope.key, HISTORY, history_problem))

    async def _list_active(self, emit: Emit, priority: Priority) -> tuple[set[str], Problem | None]:
        """List what goes on; the ids of those that did so far, and no longer do."""
        try:
            listed = await self._list("Active", ACTIVE, emit, priority)
        except ProblemError as error:
            return set(), error.problem
        ended = self._active - listed
        self._active = listed
        return ended, None

    async def _follow_history(
        self, emit: Emit, priority: Priority, ended: set[str], *, full: bool
    ) -> Problem | None:
        """Read the history when it is due, else what has just become part of it."""
        try:
            if full or self._clock() >= self._history_due or len(ended) > ONE_BY_ONE:
                # Due again at once if it fails, for then nobody knows what became of `ended`.
                self._history_due = self._clock()
                self._history = await self._list("History", HISTORY, emit, priority)
                self._history_due = self._clock() + HISTORY_SECONDS
            else:
                for session_id in sorted(ended):
                    one = [{"key": "SessionId", "value": session_id}]
                    self._history |= await self._list("History", HISTORY, emit, priority, one)
        except ProblemError as error:
            self._history_due = self._clock()
            return error.problem
        return None

    async def _sweep(self, emit: Emit) -> None:
        """Both lists are whole: what is in neither is gone."""
        await self._rows.keep(self._active | self._history, emit)

    async def _list(
        self,
        state: str,
        stage: str,
        emit: Emit,
        priority: Priority,
        filters: list[dict[str, str]] | None = None,
    ) -> set[str]:
        params: dict[str, Any] = {"State": state}
        if filters:
            params["Filters"] = filters
        listed: set[str] = set()
        pages = self._scope.pages(
            "ssm", "DescribeSessions", params, page_size=PAGE, priority=priority
        )
        async for page in pages:
            rows = [self._row(fact) for fact in page.get("Sessions") or ()]
            listed.update(row.id for row in rows)
            await self._rows.put(rows, emit)
            await emit(Progress(self._scope.key, stage, len(listed)))
        return listed

    def _row(self, fact: Mapping[str, Any]) -> Session:
        before = self._rows.get(fact["SessionId"])
        name = UNKNOWN if before is None else before.name
        return from_answer(self._scope.key, fact, caller=self._scope.account.arn, name=name)

    async def _name_nodes(self, emit: Emit) -> None:
        """Fill the names of nodes that have become known."""
        nameless = [
            (row, RowKey(row.account, row.region, row.node))
            for row in self._rows
            if row.name is UNKNOWN and isinstance(row.node, str)
        ]
        if not nameless:
            return
        names = await asyncio.to_thread(self._names, {node for _, node in nameless})
        await self._rows.put(
            [
                msgspec.structs.replace(row, name=names[node])
                for row, node in nameless
                if node in names
            ],
            emit,
        )
