"""The sessions of several scopes side by side, kept between refreshes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing

from ssmtui.aws.scope import Priority, Scope
from ssmtui.resources.base import Event
from ssmtui.resources.merging import Emit, merged
from ssmtui.resources.sessions import Names, no_names
from ssmtui.resources.sessions.scope_sessions import ScopeSessions


class SessionListing:
    """Sessions over several scopes (see `resources.base.Listing`); `clock` is monotonic seconds."""

    def __init__(
        self,
        scopes: Sequence[Scope],
        names: Names = no_names,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._scopes = [ScopeSessions(scope, names, clock) for scope in scopes]
        self._refreshed = False

    async def refresh(self, *, full: bool = False) -> AsyncIterator[Event]:
        """List every scope once more; `full` also reads the history before it is due."""
        priority = Priority.BACKGROUND if self._refreshed and not full else Priority.FOREGROUND

        async def run(emit: Emit) -> None:
            async with asyncio.TaskGroup() as group:
                for sessions in self._scopes:
                    group.create_task(sessions.refresh(emit, priority, full))

        async with aclosing(merged(run, "list sessions")) as events:
            async for event in events:
                yield event
        self._refreshed = True
