"""Sessions on a simulated node: from the key to the prompt, bytes of output, memory of tabs."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from statistics import median

from benchmarks.fleet import Fleet, simulated
from benchmarks.forwards import Play, scope_of, target_of
from benchmarks.measures import Row, alternate, ratio_of, resident_bytes
from benchmarks.terminal import Terminal
from ssmtui.aws.scope import Scope
from ssmtui.core.keys import RowKey
from ssmtui.sessions.command import run_command
from ssmtui.sessions.plugin import NAME, find_plugin, invocation
from ssmtui.sessions.specs import command_spec
from ssmtui.sessions.start import start

SIZE = 100_000_000  # bytes of output
TABS = 10
LINES = 10_000  # in the scrollback of each tab
_LINE = "0123456789" * 8
_SECONDS = 120.0
_DEAF = 0.5  # seconds after a session in which the explorer may hear no keys
_PROMPT = b"$ "
_ABSENT = f" {NAME} is not on PATH here, so there is nothing to compare with."


async def run(*, quick: bool = False) -> list[Row]:
    async with simulated(40) as fleet, scope_of(fleet) as scope:
        target = await target_of(scope, platform="Linux")
        return [
            await asyncio.to_thread(_prompts, fleet, target, 1 if quick else 5),
            await _output(scope, target, SIZE // 50 if quick else SIZE, 1 if quick else 2),
            await asyncio.to_thread(_memory, fleet, target, 2 if quick else TABS),
        ]


# From the key to the prompt


def _prompts(fleet: Fleet, target: RowKey, rounds: int) -> Row:
    has_plugin = shutil.which(NAME) is not None
    ours, theirs = [], []
    with _explorer(fleet, target) as terminal:
        for _ in range(rounds + 1):  # the first one is not counted: it imports
            ours.append(_timed(terminal, b"s"))
            terminal.press(b"exit\r")
            _until(terminal, b"ended")
            _back(terminal, b"\r")
            if has_plugin:
                theirs.append(_timed(terminal, b"S"))
                terminal.press(b"exit\r")
                _back(terminal)
    rivals = {"plugin (S)": 1000 * median(theirs[1:])} if theirs else {}
    return Row(
        what="from the key s to the node's prompt",
        ours=1000 * median(ours[1:]),
        unit="ms",
        rivals=rivals,
        ratio=f"{ratio_of(theirs[1:], ours[1:]):.1f} times as fast" if theirs else "",
        how=(
            f"The real program on a pty, {rounds} time(s): GetConnectionStatus, StartSession, the "
            "channel, and 50 ms that agents are silent after the handshake."
            + _ABSENT
            * (not theirs)
        ),
    )


def _explorer(fleet: Fleet, target: RowKey) -> Terminal:
    command = (sys.executable, "-m", "ssmtui", "-c", f":no {target.id}")
    return Opened(command, fleet.environ)


class Opened(Terminal):
    """The explorer with its cursor on a node."""

    def __enter__(self) -> Opened:
        super().__enter__()
        _until(self, b"forward")
        return self


def _timed(terminal: Terminal, key: bytes) -> float:
    terminal.forget()
    begun = time.perf_counter()
    terminal.press(key)
    _until(terminal, _PROMPT)
    return time.perf_counter() - begun


def _until(terminal: Terminal, words: bytes) -> None:
    """Read until these words came since the last `forget`. RuntimeError if they do not."""
    deadline = time.monotonic() + _SECONDS
    while words not in b"".join(piece.data for piece in terminal.pieces):
        if not terminal.read(0.002) or time.monotonic() > deadline:
            raise RuntimeError(f"{words!r} did not come: {terminal.last_words}")


def _back(terminal: Terminal, key: bytes = b"") -> None:
    """Wait for the list of nodes, after a session or behind the tabs."""
    time.sleep(_DEAF)
    terminal.forget()
    terminal.press(key)
    if key:
        _until(terminal, b"forward")
    else:
        terminal.read(_DEAF)


# Bytes of output


async def _output(scope: Scope, target: RowKey, size: int, rounds: int) -> Row:
    lines = size // (len(_LINE) + 1)
    command = f"yes {_LINE} | head -{lines}"
    contestants: list[Play] = [lambda: _ours(scope, target, command, size)]
    if shutil.which(NAME) is not None:
        contestants.append(lambda: _rival(scope, target, command, size))
    played = await alternate(rounds, *contestants)
    ours, theirs = played[0], played[1] if len(played) > 1 else []
    return Row(
        what="output of a command through our client",
        ours=size / 1e6 / median(ours),
        unit="MB/s",
        rivals={"plugin": size / 1e6 / median(theirs)} if theirs else {},
        ratio=f"{ratio_of(theirs, ours):.1f} times as fast" if theirs else "",
        how=(
            f"{size / 1e6:g} MB of lines; the node is simulated by a process of its own, whose toy "
            "shell writes them and whose Python end of the channel bounds both."
            + _ABSENT
            * (not theirs)
        ),
    )


async def _ours(scope: Scope, target: RowKey, command: str, size: int) -> float:
    got = 0

    async def count(data: bytes) -> None:
        nonlocal got
        got += len(data)

    begun = time.perf_counter()
    result = await run_command(scope, command_spec(target, command), stdout=count, stderr=count)
    if result.code != 0 or got < size - len(_LINE) - 1:
        raise RuntimeError(f"{got} of {size} bytes came: {result}")
    return time.perf_counter() - begun


async def _rival(scope: Scope, target: RowKey, command: str, size: int) -> float:
    begun = time.perf_counter()
    session = await start(scope, command_spec(target, command))
    called = await invocation(await find_plugin(), session)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *called.arguments, env=called.environment, stdin=pipe, stdout=pipe
    )
    got = 0
    try:
        while process.stdout is not None and (data := await process.stdout.read(1 << 16)):
            got += len(data)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await session.terminate()
    if got < size - len(_LINE) - 1:
        raise RuntimeError(f"{got} of {size} bytes came through the plugin")
    return time.perf_counter() - begun


# Memory


def _memory(fleet: Fleet, target: RowKey, tabs: int) -> Row:
    with _explorer(fleet, target) as terminal:
        sizes = []
        for number in range(tabs + 1):
            _timed(terminal, b"s")
            terminal.press(b"seq 1 %d; echo d''one\r" % LINES)
            terminal.forget()
            _until(terminal, b"done")
            if number in (0, tabs):  # the first one brings the code along
                terminal.read(1.0)
                sizes.append(resident_bytes(terminal.pid))
            terminal.press(b"\x1d")
            _until(terminal, b"Back to the fleet")
            _back(terminal, b"l")
    return Row(
        what=f"memory that {tabs} more open tabs take",
        ours=(sizes[-1] - sizes[0]) / 1e6,
        unit="MB",
        how=(
            f"Resident set of the real program with {tabs} sessions more than one, each with "
            f"{LINES:,} short lines behind it."
        ),
    )
