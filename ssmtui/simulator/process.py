"""The simulated fleet in a process of its own, for the demo and the benches."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TypeVar

import msgspec

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import spawn
from ssmtui.simulator.server import Info

P = TypeVar("P")

_PATIENCE = 3.0  # seconds for each of the ways to end a process
_LAST_WORDS = 20  # lines of its stderr that are kept


class SimulatorProcess:
    """Runs `ssmtui simulator` as a child: `async with SimulatorProcess(["--nodes", "50"]) as info`.

    The child inherits no AWS or proxy setting. It ends with the block, and also with this process
    however that ends, as it watches a pipe that only this process holds open. Raises ProblemError
    if it does not get ready within `timeout` seconds.
    """

    def __init__(self, arguments: Sequence[str] = (), *, timeout: float = 60.0) -> None:
        self._arguments = tuple(arguments)
        self._timeout = timeout
        self._process: Process | None = None
        self._listener: asyncio.Task[None] | None = None
        self._last_words: deque[str] = deque(maxlen=_LAST_WORDS)

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._process.pid if self._process is not None else None

    async def __aenter__(self) -> Info:
        command = ["-m", "ssmtui", "simulator", *self._arguments, "--exit-with-parent"]
        # A session of its own: keys of the terminal that mean signals are none of its business.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=scrubbed(os.environ),
            start_new_session=True,
        )
        self._listener = spawn(self._listen(self._process), "simulator's stderr")
        try:
            return await self._ready(self._process)
        except BaseException:
            await self._end()
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._end()

    async def _ready(self, process: Process) -> Info:
        try:
            async with asyncio.timeout(self._timeout):
                line = await _pipe(process.stdout).readline()
                if not line:
                    await process.wait()
        except TimeoutError:
            raise _failure(f"The simulator was not ready after {self._timeout:g} s") from None
        if line:
            return msgspec.json.decode(line, type=Info)
        if self._listener is not None:
            await self._listener
        words = " ".join(self._last_words).removeprefix("ssmtui: ").rstrip(".")
        raise _failure(f"The simulator did not start: {words or 'it said nothing'}")

    async def _listen(self, process: Process) -> None:
        """Keep the last lines of stderr, so that the pipe never fills and a failure has words."""
        stderr = _pipe(process.stderr)
        while line := await stderr.readline():
            self._last_words.append(line.decode(errors="replace").strip())

    async def _end(self) -> None:
        process = self._process
        if process is None:
            return
        _pipe(process.stdin).close()
        try:
            for insist in (process.terminate, process.kill):
                with suppress(TimeoutError):
                    async with asyncio.timeout(_PATIENCE):
                        await process.wait()
                    break
                with suppress(ProcessLookupError):
                    insist()
        finally:  # also where the caller is cancelled: a child does not outlive the loop
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            await _pipe(process.stdout).read()
            if self._listener is not None:
                await asyncio.wait([self._listener])
            self._process = None


def scrubbed(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without AWS and proxy settings."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_") and not name.lower().endswith("_proxy")
    }


def _pipe(stream: P | None) -> P:
    """One of the pipes that the child was made with."""
    if stream is None:
        raise RuntimeError("the simulator was started without its pipes")
    return stream


def _failure(what: str) -> ProblemError:
    return ProblemError(Problem(ProblemKind.ENDPOINT, what))
