"""A real pseudo-terminal with the explorer in it."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import asyncio, sys
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from ssmtui.core.columns import Column, Kind
from ssmtui.local.config import Config
from ssmtui.local.paths import Paths
from ssmtui.resources.base import Resource
from ssmtui.ui import app as ui
from ssmtui.ui.launch import Launch

folder = Path(sys.argv[1])

@asynccontextmanager
async def connect():
    async def resolve():
        return [], []
    yield SimpleNamespace(resolve=resolve)

things = Resource(
    name="things", singular="thing", aliases=(), title="Things", row_type=object,
    columns=(Column("name", "NAME", Kind.TEXT, 20, "the name"),),
    listing=lambda scopes: None, detail=None, raw=None, problem=lambda row: False,
    label=lambda row: row.name, refresh_seconds=60.0, stages=("things",), sort="name", pane=1,
)
if "break" in sys.argv:
    def broken(self):
        secret = "hunter2"
        raise ZeroDivisionError(secret)
    ui.SsmtuiApp.action_help = broken
sys.exit(ui.run(Launch(
    config=Config(), paths=Paths(folder / "config", folder / "state", folder / "cache"),
    resources=(things,), connect=connect,
)))
"""

# What a program switches on and must switch off: mouse, paste, focus, alternate screen, cursor.
MODES = ("1000", "1003", "1006", "1015", "1004", "2004", "1049")


class Terminal:
    """The explorer in a pseudo-terminal; everything that it wrote is in `written`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.written = b""
        environ = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "90", "LINES": "24"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder), *arguments],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env=environ,
            start_new_session=True,
        )

    def read_until(self, wanted: bytes, seconds: float = 30.0) -> None:
        """Read what the program writes until `wanted` is in it."""
        end = time.monotonic() + seconds
        while wanted not in self.written:
            ready, _, _ = select.select([self.master], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"{wanted!r} was not written: {self.written[-2000:]!r}")
            self.written += os.read(self.master, 65536)

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def kill(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self, seconds: float = 30.0) -> int:
        """Read to the end of the program; its exit code."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self.master], [], [], 0.05)[0]:
                self.written += os.read(self.master, 65536)
        while select.select([self.master], [], [], 0)[0]:
            self.written += os.read(self.master, 65536)
        code = self.process.poll()
        assert code is not None, "it does not end"
        return code

    @property
    def settings(self) -> list[Any]:
        return termios.tcgetattr(self.slave)

    def left_on(self) -> list[str]:
        """The modes that were switched on last and never off."""
        return [
            mode
            for mode in MODES
            if self.written.rfind(b"\x1b[?%sh" % mode.encode())
            > self.written.rfind(b"\x1b[?%sl" % mode.encode())
        ]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """A running explorer that has painted its first screen."""
    made = Terminal(tmp_path, *getattr(request, "param", ()))
    try:
        made.read_until(b"Things")
        # The footer is the last thing of the first screen, and signals are handled by then.
        made.read_until(b"help")
        yield made
    finally:
        made.close()
