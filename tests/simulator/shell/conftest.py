"""Toy machines of every kind, scripts run on them, and somebody who types at their terminals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

import pytest

from ssmtui.core.tasks import spawn
from ssmtui.simulator.clock import Clock
from ssmtui.simulator.shell import Machine, Machines, Result, Shell
from ssmtui.simulator.world import Node, World

T = TypeVar("T")

# Turns of the loop within which everything that does not wait for time has come to rest.
MANY_TURNS = 400


async def settle(turns: int = MANY_TURNS) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


class Bench:
    """A world at a standstill, and what one does with its machines."""

    def __init__(self) -> None:
        self.world = World.generate(nodes=150)
        self.machines = Machines(self.world)

    @property
    def clock(self) -> Clock:
        return self.world.clock

    def node(self, kind: str = "Amazon Linux", role: str = "") -> Node:
        """The first managed node whose platform's name contains `kind`."""
        for node in self.world.nodes.values():
            up = node.managed and node.state in ("", "running")
            if up and kind in node.platform.name and role in ("", node.role):
                return node
        raise LookupError(f"no {kind} {role} in this world")

    def machine(self, kind: str = "Amazon Linux", role: str = "") -> Machine:
        return self.machines.of(self.node(kind, role).id)

    async def run(
        self, text: str, kind: str = "Amazon Linux", *, user: str = "root", **options: Any
    ) -> Result:
        """Run a script to its end."""
        return await Shell(self.machine(kind), user=user).capture(text, **options)

    async def out(self, text: str, kind: str = "Amazon Linux", **options: Any) -> str:
        """What a script prints; its stderr is to be empty."""
        result = await self.run(text, kind, **options)
        assert result.stderr == ""
        return result.stdout

    async def windows(self, text: str) -> str:
        """What a PowerShell script prints, with plain newlines; no errors."""
        return (await self.out(text, "Windows")).replace("\r\n", "\n")

    async def during(self, work: Coroutine[Any, Any, T], *seconds: float) -> T:
        """Let simulated time pass while something runs, and give what it ends with."""
        task = spawn(work, "test")
        await settle()
        for step in seconds:
            self.clock.advance(step)
            await settle()
        return await task


class Session:
    """Somebody at the terminal of a machine."""

    def __init__(self, shell: Shell, command: str | None) -> None:
        self.shell = shell
        self.shown = bytearray()
        self.blocked: asyncio.Event | None = None  # set it to let stalled output go on
        self._typed: asyncio.Queue[bytes] = asyncio.Queue()
        self.task = spawn(shell.run(self._typed.get, self._write, command=command), "session")

    async def _write(self, data: bytes) -> None:
        if self.blocked is not None:
            await self.blocked.wait()
        self.shown += data

    async def type(self, text: str | bytes) -> str:
        """Type, and give what is shown until all has come to rest."""
        before = len(self.shown)
        self._typed.put_nowait(text.encode() if isinstance(text, str) else text)
        await settle()
        return self.shown[before:].decode("utf-8", "replace")

    @property
    def text(self) -> str:
        return self.shown.decode("utf-8", "replace")


Opened = Callable[..., Coroutine[Any, Any, Session]]


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
async def session(bench: Bench) -> AsyncIterator[Opened]:
    """`await session("Windows")`: a shell with its first prompt shown."""
    opened: list[Session] = []

    async def make(
        kind: str = "Amazon Linux", *, command: str | None = None, user: str = "ssm-user"
    ) -> Session:
        made = Session(Shell(bench.machine(kind), user=user), command)
        opened.append(made)
        await settle()
        return made

    yield make
    for one in opened:
        one.task.cancel()
    await asyncio.gather(*(one.task for one in opened), return_exceptions=True)
