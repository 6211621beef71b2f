"""The nodes of several scopes side by side, kept between refreshes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress

from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.columns import version_key
from ssmtui.core.keys import RowKey
from ssmtui.core.tasks import spawn
from ssmtui.resources.base import Event
from ssmtui.resources.nodes.scope_nodes import Emit, ScopeNodes


class NodeListing:
    """Nodes over several scopes (see `resources.base.Listing`).

    `lost_since` tells from the journal since when a node is lost that has not come back; `clock` is
    monotonic seconds.
    """

    def __init__(
        self,
        scopes: Sequence[Scope],
        lost_since: Mapping[RowKey, float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._scopes = [ScopeNodes(scope, lost_since or {}, clock) for scope in scopes]
        self._refreshed = False

    async def refresh(self, *, full: bool = False) -> AsyncIterator[Event]:
        """List every scope once more; `full` also reads the slow sources before they are due."""
        priority = Priority.BACKGROUND if self._refreshed and not full else Priority.FOREGROUND
        queue: asyncio.Queue[Event | None] = asyncio.Queue(maxsize=32)
        work = spawn(self._run(queue, priority, full), "list nodes")
        try:
            while (event := await queue.get()) is not None:
                yield event
            await work
            self._refreshed = True
        finally:
            if not work.done():
                work.cancel()
                with suppress(asyncio.CancelledError):
                    await work

    async def _run(
        self, queue: asyncio.Queue[Event | None], priority: Priority, full: bool
    ) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for nodes in self._scopes:
                    group.create_task(nodes.refresh(queue.put, priority, full))
            await self._judge_agents(queue.put)
        finally:
            # Whoever reads may be gone; then nobody waits for the end either.
            with suppress(asyncio.QueueFull):
                queue.put_nowait(None)

    async def _judge_agents(self, emit: Emit) -> None:
        """Compare agents with the newest of the whole listing, where AWS did not judge them."""
        newest: dict[str, str] = {}
        for nodes in self._scopes:
            for platform, version in nodes.newest_agents().items():
                if version_key(version) > version_key(newest.get(platform, "")):
                    newest[platform] = version
        for nodes in self._scopes:
            await nodes.judge_agents(newest, emit)
