"""Two directions of one connection, and how the end of one leads to the end of the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

from ssmtui.aws.clock import Clock
from ssmtui.core.tasks import spawn

# When one direction has ended and so long nothing has come in the other, the connection is over.
# A node's agent takes the end of our half for the end of all, so that half is not ended before:
# who sends a question, closes and waits for the answer, gets it. And who closed for good is not
# to be told apart from that one.
QUIET_SECONDS: Final = 3.0


class BrokenOffError(Exception):
    """The session that carried a connection is gone, and the connection with it."""


async def exchange(
    up: Coroutine[Any, Any, None],
    down: Coroutine[Any, Any, None],
    *,
    moved: Callable[[], int],
    clock: Clock,
) -> None:
    """Run both directions until the connection is over. `moved` counts the bytes so far.

    OSError means that the near end has gone, and is the end, not an error. Anything else that one
    direction raises, such as BrokenOffError, ends both and comes through.
    """
    directions = [spawn(up, "connection, up"), spawn(down, "connection, down")]
    try:
        done, rest = await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        while rest and all(task.exception() is None for task in done):
            before = moved()
            quiet = spawn(clock.sleep(QUIET_SECONDS), "connection, quiet")
            try:
                await asyncio.wait([*rest, quiet], return_when=asyncio.FIRST_COMPLETED)
            finally:
                quiet.cancel()
            rest = {task for task in rest if not task.done()}
            if moved() == before:
                break
    finally:
        for task in directions:
            task.cancel()
        await asyncio.gather(*directions, return_exceptions=True)
    for task in directions:
        if not task.cancelled():
            with suppress(OSError):
                task.result()


class Inbox:
    """Bytes from the node that wait for the near end. `end` is in order, `break_off` is not."""

    def __init__(self) -> None:
        self.size = 0
        self._pieces: deque[bytes] = deque()
        self._news = asyncio.Event()
        self._ended = False
        self._broken = False

    def put(self, data: bytes) -> None:
        self._pieces.append(data)
        self.size += len(data)
        self._news.set()

    def end(self) -> None:
        """The node sends no more."""
        self._ended = True
        self._news.set()

    def break_off(self) -> None:
        """The node cannot send any more, though there may have been more to send."""
        self._broken = True
        self._news.set()

    async def get(self) -> bytes:
        """Bytes as they came; b"" at the end. BrokenOffError in its place, after all that came."""
        while not self._pieces:
            if self._ended:
                return b""
            if self._broken:
                raise BrokenOffError
            self._news.clear()
            await self._news.wait()
        data = self._pieces.popleft()
        self.size -= len(data)
        return data
