"""What the UI is given to start with: everything that it must not build itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem
from ssmtui.local.config import Config
from ssmtui.local.paths import Paths
from ssmtui.resources.base import Resource

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope


class Connection(Protocol):
    """An open way to AWS."""

    async def resolve(self) -> tuple[Sequence[Scope], Sequence[Problem]]:
        """The scopes that were asked for, and what is wrong with those that cannot be had.

        A second call tries these again, with credentials read anew. The scopes that were there
        before stay as they are.
        """
        ...

    def renew(self, profiles: Collection[str | None]) -> None:
        """Read the credentials of these profiles (None: the default ones) anew from now on."""
        ...


class Memory(Protocol):
    """What is kept on disk between runs. Most calls block: the UI makes them in threads.

    `ssmtui.resources.memory.Memory` is one.
    """

    def recall(
        self, resource: Resource[Any], scopes: Sequence[ScopeKey]
    ) -> Sequence[tuple[ScopeKey, float, Sequence[Any]]]:
        """The last snapshot: scope, the moment in seconds, rows."""
        ...

    def remember(
        self, resource: Resource[Any], scope: ScopeKey, rows: Sequence[Any], now: float
    ) -> object:
        """Keep a complete listing of one scope, and write its changes to the journal."""
        ...

    def events(self, key: RowKey, limit: int) -> Sequence[tuple[float, str]]:
        """What last happened to one row, newest first: (seconds since the epoch, words)."""
        ...

    def mended(self) -> Sequence[Problem]:
        """What was found wrong with the files and was put right, since the last call. It does not
        block."""
        ...


class NoMemory:
    """For runs that keep nothing."""

    def recall(
        self, resource: Resource[Any], scopes: Sequence[ScopeKey]
    ) -> Sequence[tuple[ScopeKey, float, Sequence[Any]]]:
        return ()

    def remember(
        self, resource: Resource[Any], scope: ScopeKey, rows: Sequence[Any], now: float
    ) -> object:
        return None

    def events(self, key: RowKey, limit: int) -> Sequence[tuple[float, str]]:
        return ()

    def mended(self) -> Sequence[Problem]:
        return ()


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """The UI's whole world, injected.

    `connect` opens the way to AWS: calling it must be cheap, and what is slow or imports AWS's
    libraries belongs into its `__aenter__`. `command` is a `:` line to begin with. `problems` were
    found before the start and are shown as notices. `selection` names what was asked for (profiles,
    Regions, endpoint): the scopes of the last run with the same one are shown at once from the
    snapshot. `now` is seconds since the epoch.
    """

    config: Config
    paths: Paths
    resources: Sequence[Resource[Any]]
    connect: Callable[[], AbstractAsyncContextManager[Connection]]
    command: str = ""
    demo: bool = False
    ascii: bool = False
    problems: Sequence[Problem] = ()
    selection: str = ""
    memory: Memory = msgspec.field(default_factory=NoMemory)
    now: Callable[[], float] = time.time

    def find(self, name: str) -> Resource[Any] | None:
        """The resource of that name, singular or alias."""
        for resource in self.resources:
            if name in (resource.name, resource.singular, *resource.aliases):
                return resource
        return None
