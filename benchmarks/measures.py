"""What a benchmark gives back, and how two contestants are measured in turn."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from statistics import median
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from ssmtui.core.tasks import spawn

T = TypeVar("T")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the results.

    `rivals` goes by name, in the same unit. `ratio` says in words how `ours` compares with them.
    `met` is None where there is no goal: the row is context. `how` is one sentence.
    """

    what: str
    ours: float
    unit: str
    how: str
    rivals: Mapping[str, float] = {}
    ratio: str = ""
    goal: str = ""
    met: bool | None = None


async def alternate(rounds: int, *contestants: Callable[[], Awaitable[T]]) -> list[list[T]]:
    """Let the contestants run in turn, A B A B, after one unmeasured round; what each gave.

    Neighbours in time share the machine's mood, so that a ratio says more than either number.
    """
    for contestant in contestants:
        await contestant()
    played: list[list[T]] = [[] for _ in contestants]
    for _ in range(rounds):
        for results, contestant in zip(played, contestants, strict=True):
            results.append(await contestant())
    return played


def ratio_of(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of the ratios of pairs that were measured one after the other."""
    return median(a / b for a, b in zip(above, below, strict=True))


def resident_bytes(pid: int) -> int:
    """The resident set of a process. `ps` is on every system, and counts in KiB."""
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout) * 1024


class Pauses(AbstractAsyncContextManager["Pauses"]):
    """Watches the running loop: `async with Pauses() as pauses: ...; pauses.longest`.

    A task that wants to run every millisecond notes how late it is.
    """

    _TICK = 0.001

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self.longest = 0.0
        """Seconds for which the loop did nothing else, since the last `reset`."""
        self._ticking: asyncio.Task[None] | None = None

    def reset(self) -> None:
        """Begin anew."""
        self.longest = 0.0

    async def __aenter__(self) -> Self:
        self._ticking = spawn(self._tick(), "benchmark ticker")
        await asyncio.sleep(0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The tick that is due must be heard, too.
        await asyncio.sleep(2 * self._TICK)
        if self._ticking is not None:
            self._ticking.cancel()

    async def _tick(self) -> None:
        last = self._clock()
        while True:
            await asyncio.sleep(self._TICK)
            now = self._clock()
            self.longest = max(self.longest, now - last - self._TICK)
            last = now
