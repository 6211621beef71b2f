"""The commands of several scopes side by side, kept between refreshes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing

from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.keys import RowKey
from ssmtui.resources.base import Event
from ssmtui.resources.commands import Names, Origins, no_names, no_origins
from ssmtui.resources.commands.row import Sender
from ssmtui.resources.commands.scope_commands import ScopeCommands
from ssmtui.resources.merging import Emit, merged


class CommandListing:
    """Commands over several scopes (see `resources.base.Listing`); `clock` is monotonic seconds.

    `only` may name the one command (`id`) or the one node (`node`) that is asked for; `senders` is
    what CloudTrail has said so far.
    """

    def __init__(
        self,
        scopes: Sequence[Scope],
        only: Mapping[str, str] | None = None,
        *,
        names: Names = no_names,
        origins: Origins = no_origins,
        senders: Mapping[RowKey, Sender] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._scopes = [
            ScopeCommands(
                scope,
                only or {},
                names=names,
                origins=origins,
                senders=senders if senders is not None else {},
                clock=clock,
            )
            for scope in scopes
        ]
        self._refreshed = False

    async def refresh(self, *, full: bool = False) -> AsyncIterator[Event]:
        """List every scope once more; `full` also reads again what has ended."""
        priority = Priority.BACKGROUND if self._refreshed and not full else Priority.FOREGROUND

        async def run(emit: Emit) -> None:
            async with asyncio.TaskGroup() as group:
                for commands in self._scopes:
                    group.create_task(commands.refresh(emit, priority, full))

        async with aclosing(merged(run, "list commands")) as events:
            async for event in events:
                yield event
        self._refreshed = True
