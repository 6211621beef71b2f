"""The nodes of one scope as far as they are known, whatever source said so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping

import msgspec

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.shards import Shards
from ssmtui.core.turns import give_way
from ssmtui.resources.base import Gone, Rows
from ssmtui.resources.merging import Emit
from ssmtui.resources.nodes.row import Node, OpenSession

# Rows are joined in slices of this many, about a millisecond each, so that keys stay lively.
SLICE = 125
# Rows that are emitted together: a whole large fleet at once would be there twice for a while.
BATCH = 1000

Open = Mapping[str, tuple[OpenSession, ...]]


class KnownNodes:
    """Rows by id, which outlive a refresh. Whatever changes them is emitted.

    `lost_since` tells from the journal since when a node is lost that has not come back.
    """

    def __init__(self, scope: ScopeKey, lost_since: Mapping[RowKey, float]) -> None:
        self._scope = scope
        self._lost_since = lost_since
        self._rows: Shards[str, Node] = Shards()
        self._open: Open | None = None

    def __contains__(self, row_id: str) -> bool:
        return row_id in self._rows

    def __getitem__(self, row_id: str) -> Node:
        return self._rows[row_id]

    def get(self, row_id: str) -> Node | None:
        """The row of that id, or None."""
        return self._rows.get(row_id)

    def own_id(self, row_id: str) -> str:
        """The id as the row's own object, if there is a row yet: 100,000 copies would be 7 MB."""
        row = self._rows.get(row_id)
        return row_id if row is None else row.id

    async def every(self) -> AsyncIterator[list[Node]]:
        """All rows as they are when their turn comes; the loop may turn between the slices."""
        for part in self._rows.parts():
            if part:
                yield list(part.values())
                await give_way()

    async def put(self, nodes: Iterable[Node], emit: Emit) -> None:
        """Keep rows and emit those that changed, in slices between which the loop may turn."""
        changed: list[Node] = []
        for count, made in enumerate(nodes, 1):
            node = self._with_sessions(self._with_loss(made))
            if self._rows.get(node.id) != node:
                self._rows[node.id] = node
                changed.append(node)
            if len(changed) == BATCH:
                await emit(Rows(self._scope, changed))
                changed = []
            if count % SLICE == 0:
                await give_way()
        if changed:
            await emit(Rows(self._scope, changed))

    async def drop(self, gone: list[RowKey], emit: Emit) -> None:
        """Forget rows that are there no more."""
        for key in gone:
            del self._rows[key.id]
        if gone:
            await emit(Gone(self._scope, gone))

    def forget_sessions(self) -> None:
        """Another refresh: until sessions are listed anew, rows keep those that they have."""
        self._open = None

    async def put_sessions(self, found: Open, emit: Emit) -> None:
        """Count the sessions of the whole scope on its nodes."""
        self._open = found
        async for nodes in self.every():
            touched = [node.id for node in nodes if node.open != found.get(node.id, ())]
            # Each row is looked up when its turn comes: other stages go on replacing them.
            await self.put((row for row_id in touched if (row := self._rows.get(row_id))), emit)

    def _with_loss(self, node: Node) -> Node:
        if node.ping == "lost":
            since = node.seen
        elif node.ping == "online":
            since = None
        else:
            # Stopped or terminated while it was lost: it never came back.
            before = self._rows.get(node.id)
            seen_lost = before.lost if before is not None else None
            since = self._lost_since.get(node.key) if seen_lost is None else seen_lost
        return node if node.lost == since else msgspec.structs.replace(node, lost=since)

    def _with_sessions(self, node: Node) -> Node:
        if self._open is None:
            return node
        found = self._open.get(node.id, ())
        return node if node.open == found else msgspec.structs.replace(node, open=found)
