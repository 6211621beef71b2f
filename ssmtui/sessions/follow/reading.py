"""A Follow that is read into a Book, and can be held for a while."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from ssmtui.aws.clock import Clock, SystemClock
from ssmtui.core.problem import Problem
from ssmtui.sessions.follow.book import Book, Voice
from ssmtui.sessions.follow.changes import Changes
from ssmtui.sessions.follow.follow import Follow
from ssmtui.sessions.follow.merging import Item, Line, News, State

# Lines that wait while it is held; then the nodes have to wait, too.
MOST_WAITING: Final = 20_000
# Lines that come so soon after a node was joined are its log's last ones, of whatever time.
JOINING_SECONDS: Final = 2.0
# Lines that are put into the book before others have their turn.
_SLICE: Final = 100


class Reading:
    """What a view of a followed log shows. `run` it until it ends, and `close` it whatever happens.

    `changed` is called whenever there is something else to show.
    """

    def __init__(
        self,
        follow: Follow,
        changed: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
    ) -> None:
        self.follow = follow
        self.book = Book()
        self.names = [node.label for node in follow.nodes]
        self.news = [News(place, 0.0, State.CONNECTING) for place in range(len(follow.nodes))]
        self.over = False
        self.changed = changed
        self._clock = clock or SystemClock()
        self._changes = Changes()
        self._joined = [float("-inf")] * len(follow.nodes)
        self._waiting: list[Item] = []
        self._going = asyncio.Event()
        self._going.set()

    @property
    def paused(self) -> bool:
        return not self._going.is_set()

    @property
    def waiting(self) -> int:
        """How many lines have come while it is paused."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether so many lines wait that the nodes have to wait, too."""
        return len(self._waiting) >= MOST_WAITING

    @property
    def states(self) -> Counter[State]:
        """How many nodes are in which state."""
        return Counter(news.state for news in self.news)

    async def run(self) -> None:
        """Read until every node is given up."""
        self.follow.start()
        async for batch in self.follow:
            for news in batch:
                if isinstance(news, News):
                    self._note(news)
            if self.paused:
                self._waiting += batch
                self.changed()
                if self.full:
                    await self._going.wait()
            else:
                await self._put(batch)
        self.over = True
        self.changed()

    def pause(self) -> None:
        """Show nothing new for a while."""
        self._going.clear()
        self.changed()

    async def resume(self) -> None:
        """Show what has come meanwhile, and what comes."""
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            await self._put(waiting)
        self._going.set()
        self.changed()

    async def close(self) -> list[Problem]:
        """End every session; returns what kept sessions from ending."""
        self._going.set()
        return await self.follow.close()

    def _note(self, news: News) -> None:
        self.news[news.node] = news
        if news.state is State.FOLLOWING:
            self._joined[news.node] = self._clock.now()

    async def _put(self, items: Sequence[Item]) -> None:
        now = self._clock.now()
        for place, item in enumerate(items, 1):
            if isinstance(item, Line):
                if not item.aside or item.text.strip():
                    voice = Voice.ASIDE if item.aside else Voice.LOG
                    joining = now - self._joined[item.node] < JOINING_SECONDS
                    self.book.put(item.node, item.at, item.text, voice, joining=joining)
            elif words := self._changes.said(item):
                self.book.put(item.node, item.at, words, Voice.NEWS, joining=False)
            if place % _SLICE == 0:
                self.book.trim()
                self.changed()
                await asyncio.sleep(0)
        self.book.trim()
        self.changed()
