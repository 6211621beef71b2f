"""The invocations of one command, or of one node, in one scope."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.resources.base import Finished, Progress
from ssmtui.resources.commands import Names
from ssmtui.resources.commands.news import ONE_BY_ONE, sent_since
from ssmtui.resources.invocations import INVOCATIONS
from ssmtui.resources.invocations.row import Invocation, from_answer
from ssmtui.resources.known_rows import KnownRows
from ssmtui.resources.merging import Emit

PAGE = 50
# A command that is asked for by its id is in one of the scopes, not in all.
_NOT_HERE = frozenset({"InvalidCommandId", "InvalidInstanceId"})


class ScopeInvocations:
    """What one refresh must remember for the next. `only` names a `command`, a `node` or both."""

    def __init__(self, scope: Scope, only: Mapping[str, str], names: Names) -> None:
        self._scope = scope
        self._names = names
        self._command, self._node = only.get("command", ""), only.get("node", "")
        self._rows: KnownRows[Invocation] = KnownRows(scope.key)
        self._whole = False
        self._counted: tuple[Any, ...] = ()  # what ListCommands said when all were read last

    async def refresh(self, emit: Emit, priority: Priority, full: bool) -> None:
        """One pass. Trouble with AWS is emitted, never raised."""
        problem: Problem | None = None
        try:
            if self._command:
                await self._refresh_command(emit, priority, full)
            elif full or not self._whole:
                await self._read_all(emit, priority)
            else:
                await self._read_news(emit, priority)
        except ProblemError as error:
            problem = None if error.problem.code in _NOT_HERE else error.problem
        await self._name_nodes(emit)
        await emit(Finished(self._scope.key, INVOCATIONS, problem))

    async def _refresh_command(self, emit: Emit, priority: Priority, full: bool) -> None:
        """One call tells whether anything has moved; what has ended once is not asked for again."""
        if self._whole and not full:
            if not any(row.active for row in self._rows) and self._is_over:
                return
            counted = await self._count(priority)
            if counted == self._counted:
                return
        else:
            counted = await self._count(priority)
        await self._read_all(emit, priority)
        self._counted = counted

    @property
    def _is_over(self) -> bool:
        """Whether every node had come to its end when they were read last, or it is not here."""
        if not self._counted:
            return True
        status, targets, completed, *_ = self._counted
        return status not in ("Pending", "InProgress", "Cancelling") and completed == targets

    async def _count(self, priority: Priority) -> tuple[Any, ...]:
        params = {"CommandId": self._command}
        answer = await self._scope.read("ssm", "ListCommands", params, priority=priority)
        for fact in answer.get("Commands") or ():
            names = ("Status", "TargetCount", "CompletedCount", "ErrorCount", "StatusDetails")
            return tuple(fact.get(name) for name in names)
        return ()

    async def _read_all(self, emit: Emit, priority: Priority) -> None:
        self._whole = False
        await self._rows.keep(await self._take(emit, priority), emit)
        self._whole = True

    async def _read_news(self, emit: Emit, priority: Priority) -> None:
        """Of a node: what was sent since, and what became of what went on."""
        going_on = {row.id: row.command for row in self._rows if row.active}
        listed = await self._take(emit, priority, sent_since(self._rows))
        left = [command for row_id, command in going_on.items() if row_id not in listed]
        if len(left) > ONE_BY_ONE:
            await self._read_all(emit, priority)
            return
        for command_id in sorted(left):
            await self._take(emit, priority, command=command_id)

    async def _take(
        self,
        emit: Emit,
        priority: Priority,
        filters: Sequence[Mapping[str, str]] = (),
        command: str = "",
    ) -> set[str]:
        """Read pages to their end and emit them; the ids of the rows."""
        params: dict[str, Any] = {"Details": True}
        if command or self._command:
            params["CommandId"] = command or self._command
        if self._node:
            params["InstanceId"] = self._node
        if filters:
            params["Filters"] = list(filters)
        listed: set[str] = set()
        pages = self._scope.pages(
            "ssm", "ListCommandInvocations", params, page_size=PAGE, priority=priority
        )
        try:
            async for page in pages:
                facts = page.get("CommandInvocations") or ()
                rows = [self._row(fact) for fact in facts]
                listed.update(row.id for row in rows)
                await self._rows.put(rows, emit)
                await emit(Progress(self._scope.key, INVOCATIONS, len(listed)))
        finally:
            await pages.aclose()
        return listed

    def _row(self, fact: Mapping[str, Any]) -> Invocation:
        row = from_answer(self._scope.key, fact)
        before = self._rows.get(row.id)
        if row.name is UNKNOWN and before is not None:
            return msgspec.structs.replace(row, name=before.name)
        return row

    async def _name_nodes(self, emit: Emit) -> None:
        """Fill the names that the service does not tell, of nodes that have become known."""
        nameless = [row for row in self._rows if row.name is UNKNOWN]
        if not nameless:
            return
        wanted = {RowKey(row.account, row.region, row.node) for row in nameless}
        names = {
            key.id: name for key, name in (await asyncio.to_thread(self._names, wanted)).items()
        }
        await self._rows.put(
            [
                msgspec.structs.replace(row, name=names[row.node])
                for row in nameless
                if row.node in names
            ],
            emit,
        )
