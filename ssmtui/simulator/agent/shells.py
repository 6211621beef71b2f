"""Shell sessions and sessions of one command, on the node's toy machine."""

from __future__ import annotations

import asyncio
from collections import deque

from ssmtui.core.tasks import spawn
from ssmtui.simulator.agent.program import Closed, Inbox, Outlet
from ssmtui.simulator.shell import Machine, Shell
from ssmtui.simulator.shell.streams import CAPACITY

# What an agent's terminal has until the client tells of its own.
_COLS, _ROWS = 80, 24

# Session Manager's own user, unless the account's preferences name another one.
SESSION_USER = "ssm-user"
# "runAsElevated" of the command documents: root, or the agent's own user.
_ELEVATED = "root"


class ShellProgram:
    """A terminal session: the user's shell, or one command with the terminal."""

    def __init__(self, machine: Machine, command: str, run_as: str, outlet: Outlet) -> None:
        user = run_as or SESSION_USER
        self._shell = Shell(machine, user=_ELEVATED if command else user, cols=_COLS, rows=_ROWS)
        self._command = command or None
        self._outlet = outlet
        self._inbox = Inbox(outlet.room)

    @property
    def congested(self) -> bool:
        return self._inbox.full

    def take(self, data: bytes) -> None:
        self._inbox.put(data)

    def resize(self, cols: int, rows: int) -> None:
        self._shell.resize(cols, rows)

    def flagged(self, flag: int) -> None:
        """A terminal knows no flags; the agent itself ends sessions."""

    async def run(self) -> str:
        await self._shell.run(self._inbox.read, self._outlet.write, command=self._command)
        return ""


class CommandProgram:
    """A session of one command without a terminal: its output, and its exit code if wished."""

    def __init__(self, machine: Machine, command: str, outlet: Outlet, *, tells_exit: bool) -> None:
        self._shell = Shell(machine, user=_ELEVATED)
        self._command = command
        self._outlet = outlet
        self._tells_exit = tells_exit
        self._inbox = Inbox(outlet.room)

    @property
    def congested(self) -> bool:
        return self._inbox.full

    def take(self, data: bytes) -> None:
        self._inbox.put(data)

    def resize(self, cols: int, rows: int) -> None:
        """There is no terminal."""

    def flagged(self, flag: int) -> None:
        """A command knows no flags; the agent itself ends sessions."""

    async def run(self) -> str:
        output = _Output(self._outlet)
        carrying = spawn(output.carry(), "output of a command")
        try:
            ended = await self._shell.run_script(
                self._command, stdout=_Half(output, apart=False), stderr=_Half(output, apart=True)
            )
            output.end()
            await carrying
        finally:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
        if self._tells_exit:
            await self._outlet.exit(ended.exit_code)
        return ""


class _Output:
    """What a command prints, on its way to the outlet in its order.

    Like the pipes through which an agent reads: lines that are ready together leave together, a
    message for each being far more than a real agent sends.
    """

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._pieces: deque[tuple[bool, bytearray]] = deque()
        self._size = 0
        self._ended = False
        self._unread = False
        self._filled = asyncio.Event()
        self._room = asyncio.Event()

    async def write(self, data: bytes, *, apart: bool) -> None:
        """Take bytes of the output or, `apart`, of the error output; waits while it is full."""
        while self._size >= CAPACITY and not self._unread:
            self._room.clear()
            await self._room.wait()
        if self._unread:
            raise Closed
        if self._pieces and self._pieces[-1][0] == apart:
            self._pieces[-1][1].extend(data)
        else:
            self._pieces.append((apart, bytearray(data)))
        self._size += len(data)
        self._filled.set()

    def end(self) -> None:
        """Nothing more comes: `carry` returns when the rest has gone."""
        self._ended = True
        self._filled.set()

    async def carry(self) -> None:
        """Pass on what comes, until the end. Who writes gets Closed once nobody reads on."""
        try:
            while True:
                await self._filled.wait()
                self._filled.clear()
                while self._pieces:
                    apart, piece = self._pieces.popleft()
                    self._size -= len(piece)
                    self._room.set()
                    send = self._outlet.write_stderr if apart else self._outlet.write
                    await send(bytes(piece))
                if self._ended:
                    return
        finally:
            self._unread = True
            self._room.set()


class _Half:
    """One of a command's two sinks."""

    def __init__(self, output: _Output, *, apart: bool) -> None:
        self._output = output
        self._apart = apart

    async def write(self, data: bytes) -> None:
        await self._output.write(data, apart=self._apart)
