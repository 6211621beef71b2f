"""What a session has said and nobody has read yet: in order, joined, and bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from ssmtui.core.wire.events import Output, Stderr
from ssmtui.sessions.events import LinkEvent

# Bytes of output kept for a slow reader before the node has to wait.
HIGH_WATER: Final = 512 * 1024
# Pieces of output are joined up to this size: a screen takes one large one faster than many.
PIECE: Final = 64 * 1024


class Backlog:
    """Events between a link and its reader, until it is closed.

    `room` is set as long as less than HIGH_WATER bytes of output wait: who fills it waits for that.
    """

    def __init__(self) -> None:
        self.room = asyncio.Event()
        self.room.set()
        self._events: deque[LinkEvent] = deque()
        self._bytes = 0
        self._news = asyncio.Event()
        self._closed = False

    def put(self, event: LinkEvent) -> None:
        """Add an event; after the end nothing is added."""
        if self._closed:
            return
        if isinstance(event, (Output, Stderr)):
            self._bytes += len(event.data)
            if self._bytes >= HIGH_WATER:
                self.room.clear()
        self._events.append(event)
        self._news.set()

    def close(self) -> None:
        """Nothing more will come; what is there can still be taken."""
        self._closed = True
        self.room.set()
        self._news.set()

    async def take(self) -> LinkEvent:
        """The next event, as soon as there is one; pieces of output that have piled up come as
        one. StopAsyncIteration after the last."""
        while not self._events:
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        event = self._events.popleft()
        if isinstance(event, (Output, Stderr)):
            event = self._joined(event)
            self._bytes -= len(event.data)
            if self._bytes < HIGH_WATER:
                self.room.set()
        return event

    def _joined(self, first: Output | Stderr) -> Output | Stderr:
        kind, pieces, size = type(first), [first.data], len(first.data)
        while self._events and isinstance(following := self._events[0], kind):
            size += len(following.data)
            if size > PIECE:
                break
            self._events.popleft()
            pieces.append(following.data)
        return first if len(pieces) == 1 else kind(b"".join(pieces))
