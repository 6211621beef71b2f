"""The commands of one scope: 30 days of them once, then what is new and what has not ended yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any

import msgspec

from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.core.turns import give_way
from ssmtui.resources.base import Finished, Progress
from ssmtui.resources.commands import COMMANDS, Names, Origins
from ssmtui.resources.commands.news import ONE_BY_ONE, sent_since
from ssmtui.resources.commands.row import (
    Command,
    Origin,
    Sender,
    from_answer,
    named_nodes,
    targets_in_words,
)
from ssmtui.resources.known_rows import KnownRows
from ssmtui.resources.merging import Emit

PAGE = 50
# Whole lists are read again this often: commands are forgotten after 30 days.
WHOLE_SECONDS = 6 * 3600.0

_EXECUTING = {"key": "ExecutionStage", "value": "Executing"}


class ScopeCommands:
    """The commands of one scope, and what one refresh must remember for the next.

    `only` narrows the list to one command (`id`), to those for one node (`node`), of one `document`
    or, with a `status` that may still change, to those that go on.
    """

    def __init__(
        self,
        scope: Scope,
        only: Mapping[str, str],
        *,
        names: Names,
        origins: Origins,
        senders: Mapping[RowKey, Sender],
        clock: Callable[[], float],
    ) -> None:
        self._scope = scope
        self._only = only
        self._names = names
        self._origins = origins
        self._senders = senders
        self._clock = clock
        self._rows: KnownRows[Command] = KnownRows(scope.key)
        self._facts: dict[str, Mapping[str, Any]] = {}  # targets of rows whose nodes have no name
        self._known: Mapping[str, Origin] = {}
        self._whole_due = clock()
        self._whole = False

    async def refresh(self, emit: Emit, priority: Priority, full: bool) -> None:
        """One pass. Trouble with AWS is emitted, never raised."""
        self._known = await asyncio.to_thread(self._origins)
        try:
            # What goes on is one page, and no other question tells what has left it.
            whole = full or not self._whole or "status" in self._only
            if whole or self._clock() >= self._whole_due:
                await self._read_all(emit, priority)
            else:
                await self._read_news(emit, priority)
        except ProblemError as error:
            problem = self._forgiven(error.problem)
            await emit(Finished(self._scope.key, COMMANDS, problem))
            return
        await self._name_nodes(emit)
        await emit(Finished(self._scope.key, COMMANDS))

    def _forgiven(self, problem: Problem) -> Problem | None:
        """A command that is asked for by its id is in one of the scopes, not in all."""
        if self._only.get("id") and problem.code in ("InvalidCommandId", "ValidationException"):
            return None
        return problem

    async def _read_all(self, emit: Emit, priority: Priority) -> None:
        """The whole list, the latest first; what it no longer holds is gone."""
        self._whole = False
        listed = await self._take(self._pages(priority), emit)
        await self._rows.keep(listed, emit)
        self._facts = {row_id: fact for row_id, fact in self._facts.items() if row_id in listed}
        self._whole = True
        self._whole_due = self._clock() + WHOLE_SECONDS

    async def _read_news(self, emit: Emit, priority: Priority) -> None:
        """What was sent since, and what became of what went on."""
        going_on = {row.id for row in self._rows if row.active}
        # One command or one node's have no cheaper question.
        listed = await self._take(self._pages(priority, sent_since(self._rows)), emit)
        going_on -= listed
        if not going_on or "id" in self._only:
            return
        going_on -= await self._take(self._pages(priority, [_EXECUTING]), emit)
        if len(going_on) > ONE_BY_ONE:
            await self._read_all(emit, priority)
            return
        for command_id in sorted(going_on):
            await self._take(self._one(command_id, priority), emit)

    async def _take(self, pages: AsyncGenerator[Mapping[str, Any], None], emit: Emit) -> set[str]:
        """Emit what pages hold; the ids of it."""
        listed: set[str] = set()
        try:
            async for page in pages:
                facts = page.get("Commands") or ()
                await self._rows.put([self._row(fact) for fact in facts], emit)
                listed.update(fact["CommandId"] for fact in facts)
                await emit(Progress(self._scope.key, COMMANDS, len(listed)))
        finally:
            await pages.aclose()
        return listed

    def _pages(
        self, priority: Priority, filters: Sequence[Mapping[str, str]] = ()
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        params: dict[str, Any] = {}
        if "id" in self._only:
            return self._one(self._only["id"], priority)
        asked = list(filters)
        if "node" in self._only:
            params["InstanceId"] = self._only["node"]
        else:  # a node's are few, and not every filter goes with an InstanceId
            if "document" in self._only:
                asked.append({"key": "DocumentName", "value": self._only["document"]})
            if "status" in self._only:
                asked.append(_EXECUTING)
        if asked:
            params["Filters"] = asked
        return self._scope.pages("ssm", "ListCommands", params, page_size=PAGE, priority=priority)

    async def _one(
        self, command_id: str, priority: Priority
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        params = {"CommandId": command_id}
        yield await self._scope.read("ssm", "ListCommands", params, priority=priority)

    def _row(self, fact: Mapping[str, Any]) -> Command:
        command_id = fact["CommandId"]
        before = self._rows.get(command_id)
        row = from_answer(
            self._scope.key,
            fact,
            origins=self._known,
            sender=self._senders.get(RowKey(*self._scope.key, command_id)),
            holding=self._only.get("node", ""),
        )
        if before is None:
            if isinstance(row.node, tuple):
                self._facts[command_id] = {
                    name: fact[name] for name in ("InstanceIds", "Targets") if name in fact
                }
            return row
        return msgspec.structs.replace(row, on=before.on)

    async def _name_nodes(self, emit: Emit) -> None:
        """Call nodes by their names where these have become known."""
        if not self._facts:
            return
        wanted = {
            RowKey(*self._scope.key, node)
            for fact in self._facts.values()
            for node in named_nodes(fact) or ()
        }
        names = await asyncio.to_thread(self._names, wanted)
        by_id = {key.id: name for key, name in names.items()}
        if not by_id:
            return
        named = []
        for command_id, fact in list(self._facts.items()):
            nodes = named_nodes(fact)
            if not isinstance(nodes, tuple) or not any(node in by_id for node in nodes):
                continue
            row = self._rows[command_id]
            named.append(msgspec.structs.replace(row, on=targets_in_words(fact, by_id)))
            if all(node in by_id for node in nodes):
                del self._facts[command_id]
            await give_way()
        await self._rows.put(named, emit)
