"""A node of a served fleet, its toy machine, and the way to it that a copy takes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from ssmtui.core.keys import RowKey
from ssmtui.sessions.copying.asking import Node
from ssmtui.simulator.agent.sessions import Sessions, connected
from ssmtui.simulator.shell import Machines, Shell


class _Sink:
    def __init__(self) -> None:
        self.data = b""

    async def write(self, data: bytes) -> None:
        self.data += data


class Place:
    """One node, what is on it, and what a copy needs to reach it."""

    def __init__(self, fleet: Any, platform: str) -> None:
        self.fleet, self.scope = fleet, fleet.scopes[0]
        windows = platform == "windows"
        found = next(
            node
            for node in fleet.world.nodes.values()
            if connected(node)
            and node.platform.windows == windows
            and "2016" not in node.platform.name
        )
        self.key = RowKey(*self.scope.key, found.id)
        self.platform = platform
        self.node = Node(self.scope, self.key, platform)
        self.machine = fleet.world.part(Machines).of(found.id)

    async def runs(self, script: str) -> bytes:
        out = _Sink()
        ended = await Shell(self.machine, user="root").run_script(script, stdout=out, stderr=out)
        assert ended.exit_code == 0, out.data
        return out.data

    def path(self, name: str) -> str:
        return f"C:\\Temp\\{name}" if self.platform == "windows" else f"/tmp/{name}"

    def _inner(self, name: str) -> str:
        path = self.path(name)
        return "/" + path.replace("\\", "/") if self.platform == "windows" else path

    def holds(self, name: str) -> bytes | None:
        """What is in a file of the node's folder for temporary ones; None if it is not there."""
        if not self.machine.tree.exists(self._inner(name)):
            return None
        return b"".join(self.machine.tree.file(self._inner(name)).read())

    def puts(self, name: str, data: bytes) -> None:
        file = self.machine.tree.create(self._inner(name), append=False)
        self.machine.tree.append(self._inner(name), file, data)

    @property
    def names(self) -> list[str]:
        folder = self._inner("x").rpartition("/")[0]
        return sorted(self.machine.tree.folder(folder).entries)

    @property
    def open(self) -> list[Any]:
        return [one for one in self.fleet.world.part(Sessions) if one.active]


@pytest.fixture
def open_place(open_fleet: Any) -> Callable[..., AbstractAsyncContextManager[Place]]:
    """`async with open_place("windows") as place`; no session may be left open."""

    @asynccontextmanager
    async def opened(platform: str = "linux", **options: Any) -> AsyncIterator[Place]:
        async with open_fleet(**options) as fleet:
            place = Place(fleet, platform)
            yield place
            assert place.open == []

    return opened


@pytest.fixture(params=["linux", "windows"])
async def place(request: pytest.FixtureRequest, open_place: Any) -> AsyncIterator[Place]:
    """A node of each kind."""
    async with open_place(request.param) as made:
        yield made


CONTENT = bytes(range(256)) * 1000 + b"and a bit"


@pytest.fixture
def content() -> bytes:
    """Four blocks of all bytes, and a bit."""
    return CONTENT
