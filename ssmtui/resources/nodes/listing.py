"""The nodes of several scopes side by side, kept between refreshes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing

from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.columns import version_key
from ssmtui.core.keys import RowKey
from ssmtui.resources.base import Event
from ssmtui.resources.merging import Emit, merged
from ssmtui.resources.nodes.scope_nodes import ScopeNodes


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

        async def run(emit: Emit) -> None:
            async with asyncio.TaskGroup() as group:
                for nodes in self._scopes:
                    group.create_task(nodes.refresh(emit, priority, full))
            await self._judge_agents(emit)

        async with aclosing(merged(run, "list nodes")) as events:
            async for event in events:
                yield event
        self._refreshed = True

    async def _judge_agents(self, emit: Emit) -> None:
        """Compare agents with the newest of the whole listing, where AWS did not judge them."""
        newest: dict[str, str] = {}
        for nodes in self._scopes:
            for platform, version in (await nodes.newest_agents()).items():
                if version_key(version) > version_key(newest.get(platform, "")):
                    newest[platform] = version
        for nodes in self._scopes:
            await nodes.judge_agents(newest, emit)
