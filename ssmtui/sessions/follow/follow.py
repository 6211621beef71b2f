"""A log followed on many nodes at once: one stream of lines, and of news about the nodes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from ssmtui.aws.clock import Clock, SystemClock
from ssmtui.aws.scope import Scope
from ssmtui.core.problem import Problem
from ssmtui.core.tasks import settled, spawn
from ssmtui.sessions.follow.merging import WINDOW, Item, Merge
from ssmtui.sessions.follow.node import Node, NodeFollower, Ways
from ssmtui.sessions.follow.source import Source
from ssmtui.sessions.specs import SessionSpec
from ssmtui.sessions.start import Session, Upgrade, start
from ssmtui.sessions.websocket import Websocket, open_websocket

# Each node has a session and a connection of its own.
MOST_NODES: Final = 200
# Between two batches, in seconds: fewer and larger ones are cheaper to write and to draw.
_LEAST_WAIT: Final = 0.05


class Follow:
    """Follows `source` on all `nodes`. `start` it, iterate over its batches, and `close` it.

    A batch is what is due: lines in the order of their times, within a WINDOW, and news. The
    iteration ends when every node is given up. `lines` are those to begin with, of each node.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        source: Source,
        *,
        lines: int = 10,
        reason: str = "",
        clock: Clock | None = None,
        opening: Callable[[Scope, SessionSpec], Awaitable[Session]] = start,
        connect: Callable[[str, Upgrade], Awaitable[Websocket]] = open_websocket,
    ) -> None:
        self.nodes = tuple(nodes)
        self.source = source
        self._clock = clock or SystemClock()
        ways = Ways(self._clock, time.time() - self._clock.now(), opening, connect)
        self._followers = [
            NodeFollower(place, node, source, ways, self._put, lines=lines, reason=reason)
            for place, node in enumerate(self.nodes)
        ]
        self._merge = Merge()
        self._tasks: list[asyncio.Task[None]] = []
        self._news = asyncio.Event()

    def start(self) -> None:
        """Begin on every node."""
        for follower, node in zip(self._followers, self.nodes, strict=True):
            task = spawn(follower.run(), f"follow {node.key.id}")
            task.add_done_callback(lambda _: self._news.set())
            self._tasks.append(task)

    def __aiter__(self) -> Follow:
        return self

    async def __anext__(self) -> list[Item]:
        while True:
            done = [task for task in self._tasks if task.done()]
            for task in done:
                if not task.cancelled():
                    task.result()  # a mistake of ours is not to look like silence
            over = len(done) == len(self._tasks)
            if batch := self._merge.due(self._clock.now(), all_of_it=over):
                return batch
            if over:
                raise StopAsyncIteration
            await self._wait()

    async def close(self) -> list[Problem]:
        """End every session; returns what kept sessions from ending. Also when cancelled."""
        for task in self._tasks:
            task.cancel()
        await settled(asyncio.gather(*self._tasks, return_exceptions=True))
        return [problem for follower in self._followers for problem in follower.left_open]

    async def _wait(self) -> None:
        """Until something is due, or anything comes where nothing has been."""
        self._news.clear()
        cancel: Callable[[], None] | None = None
        if (at := self._merge.next_at()) is not None:
            wait = max(_LEAST_WAIT, at + WINDOW - self._clock.now())
            cancel = self._clock.call_later(wait, self._news.set)
        try:
            await self._news.wait()
        finally:
            if cancel is not None:
                cancel()

    async def _put(self, item: Item) -> None:
        if not len(self._merge):
            self._news.set()
        self._merge.add(item, self._clock.now())
        if not self._merge.room.is_set():
            self._news.set()
            await self._merge.room.wait()
