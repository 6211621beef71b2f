"""Byte streams between the toy machine's processes: bounded pipes, ends and fair turns.

A source or a sink is anything with `read` or `write`; a session's and a command's own are made by
their callers. Nothing here buffers without a bound, so `yes` waits for whoever reads it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

CHUNK = 8192
CAPACITY = 65536  # of a pipe, as on Linux
LONGEST_LINE = 1 << 16  # longer ones are handed on in pieces

_STEPS_A_TURN = 32
_RUNAWAY_STEPS = 20_000
_RUNAWAY_REST = 0.001  # seconds


class Closed(Exception):
    """Nobody reads what is written here any more."""


class Source(Protocol):
    async def read(self) -> bytes:
        """Some bytes as soon as there are any; b"" at the end, and ever after."""
        ...


class Sink(Protocol):
    async def write(self, data: bytes) -> None:
        """Take bytes, waiting while there is no room. Closed if nobody will read them."""
        ...


class Nothing:
    """/dev/null: empty, and takes everything."""

    async def read(self) -> bytes:
        return b""

    async def write(self, data: bytes) -> None:
        pass


class Bytes:
    """A source of bytes that are there already."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    async def read(self) -> bytes:
        piece = self._data[self._at : self._at + CHUNK]
        self._at += len(piece)
        return piece


class Collector:
    """A sink that keeps what it gets, up to `limit` bytes; what would go beyond is refused."""

    def __init__(self, limit: int = 1 << 20) -> None:
        self._limit = limit
        self._data = bytearray()

    async def write(self, data: bytes) -> None:
        room = self._limit - len(self._data)
        self._data += data[:room]
        if len(data) > room:
            raise Closed

    @property
    def data(self) -> bytes:
        return bytes(self._data)


class Pipe:
    """One side writes, the other reads; at most CAPACITY bytes are under way."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._ended = False
        self._unread = False
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()

    async def read(self) -> bytes:
        while not self._data and not self._ended:
            self._filled.clear()
            await self._filled.wait()
        piece = bytes(self._data[:CHUNK])
        del self._data[:CHUNK]
        self._drained.set()
        return piece

    async def write(self, data: bytes) -> None:
        while data:
            if self._unread or self._ended:
                raise Closed
            room = CAPACITY - len(self._data)
            if room <= 0:
                self._drained.clear()
                await self._drained.wait()
                continue
            self._data += data[:room]
            data = data[room:]
            self._filled.set()

    def put(self, data: bytes) -> None:
        """Write without waiting; what there is no room for is lost, as a terminal's echo is."""
        self._data += data[: max(0, CAPACITY - len(self._data))]
        self._filled.set()

    async def room(self) -> None:
        """Wait until half of it is free, for who writes without waiting."""
        while len(self._data) > CAPACITY // 2 and not (self._ended or self._unread):
            self._drained.clear()
            await self._drained.wait()

    def take(self) -> bytes:
        """All that is under way, at once."""
        data = bytes(self._data)
        self.clear()
        return data

    def clear(self) -> None:
        """Forget what is under way."""
        self._data.clear()
        self._drained.set()

    @property
    def ended(self) -> bool:
        return self._ended

    def end(self) -> None:
        """The writer is done: the reader gets what is left, and then the end."""
        self._ended = True
        self._filled.set()
        self._drained.set()

    def abandon(self) -> None:
        """The reader is gone: the writer gets Closed."""
        self._unread = True
        self._data.clear()
        self._drained.set()


class LineReader:
    """Lines of a source, one at a time, for those who stop in the middle (`read`, `head`)."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._rest = bytearray()
        self._ended = False

    @property
    def source(self) -> Source:
        """Where the lines come from."""
        return self._source

    async def read(self) -> bytes:
        """The source's own reading, after what has been looked at."""
        if self._rest:
            piece = bytes(self._rest)
            self._rest.clear()
            return piece
        return await self._source.read()

    async def line(self) -> bytes:
        """The next line with its newline, if it has one; b"" at the end."""
        while True:
            end = self._rest.find(b"\n")
            if end < 0 and (self._ended or len(self._rest) > LONGEST_LINE):
                end = min(len(self._rest), LONGEST_LINE) - 1
            if end >= 0:
                line = bytes(self._rest[: end + 1])
                del self._rest[: end + 1]
                return line
            if self._ended:
                return b""
            piece = await self._source.read()
            self._ended = not piece
            self._rest += piece


async def lines(source: Source) -> AsyncIterator[bytes]:
    """Every line of a source, without its newline."""
    reader = source if isinstance(source, LineReader) else LineReader(source)
    while line := await reader.line():
        yield line.removesuffix(b"\n")


def wake(waiting: asyncio.Future[None]) -> None:
    """End the wait for a future, unless it has ended."""
    if not waiting.done():
        waiting.set_result(None)


class Turns:
    """Lets the event loop go round between the steps of work that never waits by itself.

    A loop such as `while true; do :; done` gives way every few steps, and once it has gone on for
    long it also rests, so that a forgotten one leaves the processor to the others.
    """

    def __init__(self) -> None:
        self._steps = 0.0
        self._left = float(_STEPS_A_TURN)

    async def take(self, steps: float = 1.0) -> None:
        """Called once for every step: a command, or a piece of output."""
        self._steps += steps
        self._left -= steps
        if self._left <= 0:
            self._left = _STEPS_A_TURN
            await asyncio.sleep(_RUNAWAY_REST if self._steps > _RUNAWAY_STEPS else 0)

    async def take_line(self, size: int) -> None:
        """Called for every line of so many bytes, of which many make a step."""
        await self.take(0.05 + size / 4096)

    def waited(self) -> None:
        """The work has waited for time or input: it is no runaway."""
        self._steps = 0.0


def decode(data: bytes) -> str:
    """Bytes as text; those that are no UTF-8 survive the way back."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes of a text; a lone surrogate that stands for no byte becomes "?"."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
