"""What runs on the node for a session, and what it has of the data channel."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from ssmtui.core.wire.payloads import FlagCode
from ssmtui.simulator.shell.streams import Closed

# What a program may leave unread before its client has to wait.
INPUT_BUFFER = 64 * 1024


class Outlet(Protocol):
    """The way to the client, open until the session ends: then everything raises Closed."""

    async def write(self, data: bytes) -> None:
        """Send output, waiting while the client takes no more."""
        ...

    async def write_stderr(self, data: bytes) -> None:
        """Send error output: apart from the rest where document and client want it so."""
        ...

    async def exit(self, code: int) -> None:
        """Send a command's exit code."""
        ...

    def flag(self, flag: FlagCode) -> None:
        """Send a flag."""
        ...

    def room(self) -> None:
        """Say that the program is not congested any more."""
        ...


class Program(Protocol):
    """One session's work on the node. The session ends when `run` returns.

    `run` returns what the client is told at the end, mostly nothing; it is cancelled when the
    session ends otherwise. The other methods are called as messages come, and never wait.
    """

    async def run(self) -> str: ...

    def take(self, data: bytes) -> None:
        """Input: keystrokes, or bytes for a port."""
        ...

    @property
    def congested(self) -> bool:
        """Whether the program reads too slowly to be given more now."""
        ...

    def resize(self, cols: int, rows: int) -> None: ...

    def flagged(self, flag: int) -> None: ...


class Inbox:
    """Bytes that came and are not read yet: the source from which a program reads its input.

    `on_room` is called when it has been full and is not any more.
    """

    def __init__(self, on_room: Callable[[], None]) -> None:
        self._on_room = on_room
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._ended = False
        self._changed = asyncio.Event()

    @property
    def full(self) -> bool:
        return self._size >= INPUT_BUFFER

    @property
    def ended(self) -> bool:
        return self._ended

    def put(self, data: bytes) -> None:
        """Add bytes; the bound is the sender's to keep (see `full`). Nothing after the end."""
        if not self._ended:
            self._pieces.append(data)
            self._size += len(data)
            self._changed.set()

    def discard(self) -> None:
        """Forget what is not read yet."""
        self._pieces.clear()
        self._size = 0

    def end(self) -> None:
        """Nothing more comes."""
        self._ended = True
        self._changed.set()

    async def read(self) -> bytes:
        """Some bytes as soon as there are any; b"" at the end, and ever after."""
        while not self._pieces:
            if self._ended:
                return b""
            self._changed.clear()
            await self._changed.wait()
        was_full = self.full
        data = self._pieces.popleft()
        self._size -= len(data)
        if was_full and not self.full:
            self._on_room()
        return data


__all__ = ["INPUT_BUFFER", "Closed", "Inbox", "Outlet", "Program"]
