"""`ssmtui connect` in a real pseudo-terminal, on a fleet that this test's own loop serves."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from ssmtui.simulator.agent.sessions import Session, Sessions, connected

SECONDS = 40.0
STAND_IN = Path(__file__).with_name("stand_in.py")


class Console:
    """A program with a terminal of its own; everything that it wrote is in `written`."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()
        os.set_blocking(self.master, False)
        self.resize(90, 30)
        self.before = termios.tcgetattr(self.slave)
        self.written = b""
        self.gone = False
        self._news = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    async def run(self, *arguments: str, program: tuple[str, ...] = ("-m", "ssmtui")) -> None:
        def adopt() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *program,
            *arguments,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            # A size in the environment (readline leaves one there) is believed before the
            # terminal's own.
            env={
                name: value
                for name, value in os.environ.items()
                if name not in ("COLUMNS", "LINES")
            },
            start_new_session=True,
            preexec_fn=adopt,
        )
        asyncio.get_running_loop().add_reader(self.master, self._read)

    def _read(self) -> None:
        try:
            self.written += os.read(self.master, 65536)
        except BlockingIOError:
            return
        self._news.set()

    async def shows(self, wanted: bytes, *, after: int = 0) -> int:
        """Wait until `wanted` is written behind position `after`; the position behind it."""
        try:
            async with asyncio.timeout(SECONDS):
                while (found := self.written.find(wanted, after)) < 0:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{wanted!r} is not in {self.written[-3000:]!r}") from None
        return found + len(wanted)

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def resize(self, columns: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def kill(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def hang_up(self) -> None:
        """Take the terminal away, as a closed window does."""
        asyncio.get_running_loop().remove_reader(self.master)
        os.close(self.master)
        os.close(self.slave)
        self.gone = True

    async def ends(self) -> int:
        """Wait for the program's end; its exit code."""
        assert self._process is not None
        try:
            async with asyncio.timeout(SECONDS):
                code = await self._process.wait()
        except TimeoutError:
            raise AssertionError(f"it does not end: {self.written[-3000:]!r}") from None
        if not self.gone:
            self._read()
        return code

    @property
    def restored(self) -> bool:
        """Whether the terminal's settings are what they were."""
        return termios.tcgetattr(self.slave) == self.before

    async def close(self) -> None:
        if self._process is not None:
            if self._process.returncode is None:
                self._process.kill()
            await self._process.wait()
            if not self.gone:
                asyncio.get_running_loop().remove_reader(self.master)
        if not self.gone:
            os.close(self.master)
            os.close(self.slave)


class Stage:
    """A fleet, one Linux node of it that can be connected to, and a console.

    At the end of each test the terminal's settings are what they were, and no session is open.
    """

    def __init__(self, fleet: Any, console: Console, folder: Path) -> None:
        self.fleet = fleet
        self.console = console
        self.folder = folder
        self.world = fleet.world
        self.node = next(
            node
            for node in self.world.nodes.values()
            if connected(node) and not node.platform.windows
        )

    @property
    def sessions(self) -> list[Session]:
        return list(self.world.part(Sessions))

    @property
    def open(self) -> list[Session]:
        """The sessions that were asked for here and are still open on the service."""
        return [session for session in self.sessions if session.active]

    def end_session(self, output: str = "") -> None:
        (session,) = self.open
        self.world.part(Sessions).end(session, output=output)

    async def connect(self, *arguments: str) -> None:
        await self.console.run("connect", self.node.id, *arguments)


@pytest.fixture
async def console() -> AsyncIterator[Console]:
    made = Console()
    try:
        yield made
    finally:
        await made.close()


@pytest.fixture
async def stage(
    open_fleet: Any, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    async with open_fleet(nodes=30) as fleet:
        made = Stage(fleet, console, tmp_path)
        yield made
        # Whatever a test is about: the terminal is as it was, and no session is left open.
        assert console.gone or console.restored
        assert made.open == []


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`stand_in("hang", version="1.2.804.0")` puts a plugin that plays this part on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def play(part: str, version: str = "1.2.804.0") -> None:
        plugin = folder / "session-manager-plugin"
        plugin.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STAND_IN}" "$@"\n')
        plugin.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("STAND_IN", part)
        monkeypatch.setenv("STAND_IN_VERSION", version)
        monkeypatch.setenv("STAND_IN_REPORT", str(tmp_path / "report.json"))

    return play


# What a full-screen program switches on and must switch off again.
SWITCHED = (b"1000", b"1002", b"1003", b"1006", b"1015", b"1004", b"2004", b"1049")


class InExplorer:
    """The explorer on the console, once it is opened, with the cursor on the stage's node."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.console = stage.console
        self.settings: list[Any] = []  # the terminal's, as long as the explorer has it

    async def open(self, **how: Any) -> None:
        await self.console.run("-c", f":no {self.stage.node.id}", **how)
        await self.console.shows(b"forward")  # offered once there is a row
        self.settings = termios.tcgetattr(self.console.slave)

    async def shell(self) -> int:
        """A shell in a tab; the position behind its first prompt."""
        if not self.settings:
            await self.open()
        at = len(self.console.written)
        self.console.type(b"s")
        return await self.console.shows(b"$ ", after=at)

    async def ended(self, words: bytes, *, after: int) -> None:
        """Wait until the tab says how its session ended, close it and come back to the node."""
        at = await self.console.shows(words, after=after)
        await self.hears(b"\r", b"forward", after=at)

    async def hears(self, keys: bytes, wanted: bytes, *, after: int) -> int:
        """Press keys until they are heard: for a moment after a session they are dropped."""
        while self.console.written.find(wanted, after) < 0:
            self.console.type(keys)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await self.console.shows(wanted, after=after)
        return await self.console.shows(wanted, after=after)

    async def notices(self, words: bytes, *, after: int) -> None:
        """Open the errors and notices: they have these words, and keys are heard."""
        await self.hears(b"!", b"Errors and notices", after=after)
        await self.console.shows(words, after=after)

    async def quits(self) -> None:
        """Leave from anywhere; nothing is left behind, here and on the service."""
        self.console.type(b":q\r")
        await self.leaves(0)

    async def leaves(self, code: int) -> None:
        assert await self.console.ends() == code, self.console.written[-3000:]
        assert self.console.restored
        written = self.console.written
        left_on = [
            mode
            for mode in SWITCHED
            if written.rfind(b"\x1b[?%bh" % mode) > written.rfind(b"\x1b[?%bl" % mode)
        ]
        assert left_on == []
        assert written.rfind(b"\x1b[?25h") > written.rfind(b"\x1b[?25l")
        assert self.stage.open == []


@pytest.fixture
def explorer(stage: Stage) -> InExplorer:
    return InExplorer(stage)
