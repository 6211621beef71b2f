"""Shell sessions and sessions of one command, on the node's toy machine."""

from __future__ import annotations

from ssmtui.simulator.agent.program import Inbox, Outlet
from ssmtui.simulator.shell import Machine, Shell

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
        ended = await self._shell.run_script(
            self._command, stdout=_Stdout(self._outlet), stderr=_Stderr(self._outlet)
        )
        if self._tells_exit:
            await self._outlet.exit(ended.exit_code)
        return ""


class _Stdout:
    """The outlet as the sink of a command's output."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    async def write(self, data: bytes) -> None:
        await self._outlet.write(data)


class _Stderr:
    """The outlet as the sink of a command's error output."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    async def write(self, data: bytes) -> None:
        await self._outlet.write_stderr(data)
