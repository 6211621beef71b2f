"""The invocations of a command or a node over several scopes, kept between refreshes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing

from ssmtui.aws.scope import Priority, Scope
from ssmtui.resources.base import Event
from ssmtui.resources.commands import Names, no_names
from ssmtui.resources.invocations.scope_invocations import ScopeInvocations
from ssmtui.resources.merging import Emit, merged


class InvocationListing:
    """Invocations over several scopes (see `resources.base.Listing`).

    `only` names the `command` or the `node` that is asked for.
    """

    def __init__(
        self, scopes: Sequence[Scope], only: Mapping[str, str], names: Names = no_names
    ) -> None:
        self._scopes = [ScopeInvocations(scope, only, names) for scope in scopes]
        self._refreshed = False

    async def refresh(self, *, full: bool = False) -> AsyncIterator[Event]:
        """List every scope once more; `full` also reads again what has ended."""
        priority = Priority.BACKGROUND if self._refreshed and not full else Priority.FOREGROUND

        async def run(emit: Emit) -> None:
            async with asyncio.TaskGroup() as group:
                for invocations in self._scopes:
                    group.create_task(invocations.refresh(emit, priority, full))

        async with aclosing(merged(run, "list invocations")) as events:
            async for event in events:
                yield event
        self._refreshed = True
