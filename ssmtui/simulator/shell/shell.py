"""A shell on a toy machine: at a terminal for a session, or with a script for Run Command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell.bash.flow import ShellExit
from ssmtui.simulator.shell.bash.interpreter import Bash
from ssmtui.simulator.shell.bash.login import BashPrompt, new_state
from ssmtui.simulator.shell.commands import programs_of
from ssmtui.simulator.shell.invocation import Streams
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.processes import Process
from ssmtui.simulator.shell.machine.users import SSM_USER, User
from ssmtui.simulator.shell.powershell.prompt import PowerShellPrompt
from ssmtui.simulator.shell.powershell.session import PowerShell
from ssmtui.simulator.shell.streams import (
    Closed,
    Collector,
    Nothing,
    Sink,
    Source,
    decode,
    encode,
)
from ssmtui.simulator.shell.terminal.repl import Repl
from ssmtui.simulator.shell.terminal.tty import Tty, TtyInput

Read = Callable[[], Awaitable[bytes]]
Write = Callable[[bytes], Awaitable[None]]

KILLED = 137  # what a shell exits with when its machine goes down
TIMED_OUT = 143


@dataclass(frozen=True)
class Ended:
    """How a script ended. `timed_out`: it was stopped; `down`: its machine went down."""

    exit_code: int
    timed_out: bool = False
    down: bool = False


@dataclass(frozen=True)
class Result:
    """What a script printed, as text, and how it ended."""

    stdout: str
    stderr: str
    exit_code: int
    timed_out: bool = False


class Shell:
    """One shell. Several may be on one machine: what one does to it, the others see.

    Sessions are `ssm-user`'s, Run Command's scripts are root's (SYSTEM's on Windows).
    """

    def __init__(
        self, machine: Machine, *, user: str = SSM_USER, cols: int = 80, rows: int = 24
    ) -> None:
        self.machine = machine
        self.user = machine.users.get(user) or User(user, 1001, f"/home/{user}")
        self._tty = Tty(cols, rows)

    def resize(self, cols: int, rows: int) -> None:
        """The terminal has another size from now on."""
        self._tty.resize(cols, rows)

    async def run(self, read: Read, write: Write, *, command: str | None = None) -> int:
        """Be at a terminal until the shell exits: its exit code.

        `read()` gives what the user types, b"" when they are gone; `write(data)` shows output and
        may take its time. With `command` that alone runs, at the terminal. Cancelling ends
        everything that was started.
        """
        tty = self._tty
        flushing = spawn(_flush(tty, write), "toy terminal's output")
        typing = spawn(_pump(tty, read), "toy terminal's input")
        process = self._process(tty.name)
        shell = self._prompt(command) if self.machine.windows else self._bash(command, process)
        working = spawn(self._supervised(shell, process, None), "toy session")
        try:
            # Output that cannot be delivered ends the session, too.
            await asyncio.wait({working, flushing}, return_when=asyncio.FIRST_COMPLETED)
            if not flushing.done():
                tty.output.end()
                await flushing
        finally:
            for task in (working, typing, flushing):
                task.cancel()
            results = await asyncio.gather(working, typing, flushing, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, Closed):
                raise result
        return working.result().exit_code

    async def run_script(
        self,
        text: str,
        *,
        stdout: Sink,
        stderr: Sink,
        stdin: Source | None = None,
        name: str = "_script.sh",
        cwd: str = "",
        time_limit: float | None = None,
        variables: dict[str, str] | None = None,
    ) -> Ended:
        """Run a script without a terminal, streaming what it prints.

        `time_limit` is in simulated seconds; at its end the script is stopped. `name` is what the
        messages of bash name the script by. Sinks may wait, and raise Closed to end the script.
        """
        text = decode(encode(text))
        streams = Streams.of(stdin or Nothing(), stdout, stderr)
        process = self._process("?")
        if self.machine.windows:
            powershell = PowerShell(self.machine, self.user, streams)
            return await self._supervised(powershell.run(text), process, time_limit)
        state = new_state(self.machine, self.user, cwd, **(variables or {}))
        state.name, state.pid = name, process.pid
        bash = Bash(self.machine, state, streams, programs_of(self.machine))
        return await self._supervised(_closing(bash, text), process, time_limit)

    async def capture(self, text: str, *, limit: int = 1 << 20, **options: Any) -> Result:
        """Run a script and keep what it prints, up to `limit` bytes of each stream; options are
        those of `run_script`.
        """
        stdout, stderr = Collector(limit), Collector(limit)
        ended = await self.run_script(text, stdout=stdout, stderr=stderr, **options)
        return Result(
            stdout.data.decode("utf-8", "replace"),
            stderr.data.decode("utf-8", "replace"),
            ended.exit_code,
            ended.timed_out,
        )

    def _process(self, tty: str) -> Process:
        command = "powershell.exe" if self.machine.windows else "bash"
        user = "SYSTEM" if self.machine.windows else self.user.name
        return self.machine.processes.spawn(
            user, command, self.machine.now, tty=tty, state="Ss", memory=5_200
        )

    async def _bash(self, command: str | None, process: Process) -> int:
        tty = self._tty
        state = new_state(self.machine, self.user, TERM="xterm-256color")
        state.name, state.pid = "bash", process.pid
        streams = Streams.of(TtyInput(tty), tty, tty)
        bash = Bash(self.machine, state, streams, programs_of(self.machine), tty=tty)
        prompt = BashPrompt(bash, tty)
        if command is None:
            try:
                return await bash.leave(await Repl(prompt, tty).run())
            finally:
                await bash.jobs.end()
        return await _one_command(tty, bash.run(command))

    async def _prompt(self, command: str | None) -> int:
        tty = self._tty
        streams = Streams.of(TtyInput(tty), tty, tty)
        powershell = PowerShell(self.machine, self.user, streams, tty=tty)
        if command is None:
            return await Repl(PowerShellPrompt(powershell, tty), tty).run()
        tty.echo = False  # a Windows console shows what is typed when it is read
        return await _one_command(tty, powershell.run(command))

    async def _supervised(
        self, work: Coroutine[Any, Any, int], process: Process, time_limit: float | None
    ) -> Ended:
        """Until it ends, is killed, time is up, or the machine goes down."""
        task = spawn(work, f"toy shell of {self.machine.node.id}")
        why: list[str] = []

        def stop(reason: str) -> None:
            why.append(reason)
            task.cancel()

        process.end = lambda signal: stop("killed")
        forget = self.machine.on_down(lambda: stop("down"))
        timer = None
        if time_limit is not None:
            timer = self.machine.clock.after(time_limit, lambda: stop("time"))
        try:
            await asyncio.wait({task})
        finally:
            forget()
            self.machine.processes.remove(process)
            if timer is not None:
                timer.cancel()
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        if not task.cancelled():
            return Ended(task.result())
        if why[:1] == ["time"]:
            return Ended(TIMED_OUT, timed_out=True)
        return Ended(KILLED, down=why[:1] == ["down"])


async def _closing(bash: Bash, text: str) -> int:
    """Run a script; if nobody reads what it prints, it ends as by SIGPIPE."""
    try:
        return await bash.run(text)
    except Closed:
        return 141


async def _one_command(tty: Tty, work: Coroutine[Any, Any, int]) -> int:
    """A command alone at the terminal; the terminal's signals end it."""
    task = spawn(work, "toy command")
    signals: list[int] = []

    def on_signal(signal: int) -> None:
        signals.append(signal)
        task.cancel()

    tty.on_signal = on_signal
    try:
        await asyncio.wait({task})
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    if task.cancelled():
        signal = signals[-1] if signals else 2
        tty.interrupted(signal)
        return 128 + signal
    try:
        return task.result()
    except ShellExit as leaving:
        return leaving.status


async def _flush(tty: Tty, write: Write) -> None:
    try:
        while data := await tty.output.read():
            await write(data)
    finally:
        tty.output.abandon()


async def _pump(tty: Tty, read: Read) -> None:
    try:
        while data := await read():
            await tty.receive(data)
    finally:
        tty.hang_up()
