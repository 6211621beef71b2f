"""A flood through the terminal tab: bytes per second, the longest pause, ten tabs' memory."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import pyte
from textual.app import App

from benchmarks.measures import Pauses, Row
from ssmtui.core.tasks import spawn
from ssmtui.sessions.screen import TerminalScreen
from ssmtui.sessions.terminal import OPEN, Ended, Event, Output, State
from ssmtui.ui.screens.terminals import Terminals
from ssmtui.ui.style import APP_CSS
from ssmtui.ui.themes import VARIABLES

SIZE = (200, 50)
FLOOD = 20_000_000  # bytes
TABS = 10
_READ = 16384  # bytes that come at once, as in the data channel's larger messages
_PAUSE_GOAL = 33.0  # milliseconds


class Flood:
    """A session that writes as fast as it is read."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.done = asyncio.Event()

    async def start(self, columns: int, rows: int) -> None:
        """Begin at once."""

    async def send(self, data: bytes) -> None:
        """Nobody types."""

    async def resize(self, columns: int, rows: int) -> None:
        """It is written for one size."""

    async def __aiter__(self) -> AsyncIterator[Event]:
        yield State(OPEN)
        for at in range(0, len(self._data), _READ):
            yield Output(self._data[at : at + _READ])
        self.done.set()
        yield Ended(0)

    async def end(self) -> None:
        """It ends by itself."""

    def abandon(self) -> None:
        """It ends by itself."""


class Stage(App[None]):
    """What the tabs need of the explorer, with nothing else on the screen."""

    CSS = APP_CSS

    def __init__(self) -> None:
        super().__init__()
        self.launch = SimpleNamespace(now=time.monotonic)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(VARIABLES)

    def work(self, job: Callable[[], Any], description: str, *, group: str = "work") -> Any:
        return spawn(job(), description)

    def say(self, text: str, level: object = None) -> None:
        """Nobody reads it."""


class Played(NamedTuple):
    seconds: float
    pause: float


async def run(*, quick: bool = False) -> list[Row]:
    """Measure it all, on floods of two kinds."""
    size = FLOOD // 20 if quick else FLOOD
    rows = []
    for name, line in (("plain lines", _plain_line), ("coloured lines", _coloured_line)):
        data = _flood(line, size)
        played = await _play(data)
        rows += _rows(name, data, played, _parse_rate(data[: size // 20]))
    return [*rows, _memory(quick=quick)]


def _plain_line(number: int) -> bytes:
    return b"Nov 21 04:%02d:%02d web-0141 app[%d]: request %d took %d ms, all is well" % (
        number // 60 % 60,
        number % 60,
        number % 30000,
        number,
        number % 997,
    )


def _coloured_line(number: int) -> bytes:
    return (
        b"\x1b[32m04:%02d:%02d\x1b[0m \x1b[1;34mINFO\x1b[0m request \x1b[33m%d\x1b[0m is done"
        % (
            number // 60 % 60,
            number % 60,
            number,
        )
    )


def _flood(line: Callable[[int], bytes], size: int) -> bytes:
    lines: list[bytes] = []
    have = 0
    while have < size:
        lines.append(line(len(lines)) + b"\r\n")
        have += len(lines[-1])
    return b"".join(lines)


async def _play(data: bytes) -> Played:
    app: Any = Stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        session = Flood(data)
        # As the explorer does: what is there for good is not looked through again and again.
        gc.collect()
        gc.freeze()
        async with Pauses() as pauses:
            begun = time.perf_counter()
            Terminals(app).open(session, "web-0141")
            await session.done.wait()
            seconds = time.perf_counter() - begun
    return Played(seconds, pauses.longest)


def _parse_rate(data: bytes) -> float:
    """Bytes per second of pyte's screen with history, which draws nothing."""
    stream = pyte.ByteStream(pyte.HistoryScreen(*SIZE, history=10_000))
    begun = time.perf_counter()
    stream.feed(data)
    return len(data) / (time.perf_counter() - begun)


def _rows(name: str, data: bytes, played: Played, pyte_rate: float) -> list[Row]:
    rate = len(data) / played.seconds
    how = (
        f"{len(data):,} bytes come through a tab of {SIZE[0]}x{SIZE[1]} that is shown, in pieces "
        f"of {_READ:,}, in one run; pyte reads a twentieth of them without a screen to draw."
    )
    return [
        Row(
            what=f"terminal tab, {name}",
            ours=rate / 1e6,
            unit="MB/s",
            rivals={"pyte's HistoryScreen alone": pyte_rate / 1e6},
            ratio=f"{rate / pyte_rate:.0f} times as fast",
            how=how,
        ),
        Row(
            what=f"the same, longest pause of the UI ({name})",
            ours=1000 * played.pause,
            unit="ms",
            goal=f"at most {_PAUSE_GOAL:g} ms",
            met=1000 * played.pause <= _PAUSE_GOAL,
            how="What a task that wants to run every millisecond saw as its longest delay.",
        ),
    ]


def _memory(*, quick: bool) -> Row:
    data = _flood(_coloured_line, 100_000 if quick else 1_000_000)
    gc.collect()
    tracemalloc.start()
    screens = []
    for _ in range(TABS):
        screen = TerminalScreen(*SIZE)
        screen.feed(data)
        screens.append(screen)
    gc.collect()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    kept = sum(screen.top_line - screen.first_line for screen in screens)
    return Row(
        what=f"memory of {TABS} terminal tabs",
        ours=used / 1e6,
        unit="MB",
        how=f"Allocated by {TABS} screens of {SIZE[0]}x{SIZE[1]}, {kept:,} coloured lines kept.",
    )
