"""Many nodes' lines as one stream: in the order of time within a small window, and bounded."""

from __future__ import annotations

import asyncio
from bisect import insort
from enum import StrEnum
from typing import Final

import msgspec

# How long a line waits for an earlier one of another node, in seconds.
WINDOW: Final = 0.25
# Lines that are kept for a slow reader; then the nodes have to wait.
HIGH_WATER: Final = 10_000
_BATCH: Final = 2_000


class State(StrEnum):
    """How it is with one node."""

    CONNECTING = "connecting"
    FOLLOWING = "following"
    RECONNECTING = "reconnecting"  # the connection was cut; the session still lives
    LOST = "lost"  # will be joined again
    GIVEN_UP = "given up"


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line of a node's log, remote text as it is. `node` is its place among the nodes followed.

    `at` is in seconds since the epoch. `aside` is what the following program itself complains of.
    """

    node: int
    at: float
    text: str
    aside: bool = False


class News(msgspec.Struct, frozen=True):
    """Another state of a node. `sentence` says why, safe to show, without a full stop."""

    node: int
    at: float
    state: State
    sentence: str = ""


Item = Line | News


class Merge:
    """What has come and is not read yet. Times of arrival are the clock's, in seconds."""

    def __init__(self) -> None:
        self._held: list[tuple[float, int, float, Item]] = []
        self._count = 0
        self.room = asyncio.Event()
        self.room.set()

    def __len__(self) -> int:
        return len(self._held)

    def add(self, item: Item, now: float) -> None:
        """Put it where its time belongs. Who finds no `room` afterwards has to wait for it."""
        self._count += 1
        insort(self._held, (item.at, self._count, now, item))
        if len(self._held) >= HIGH_WATER:
            self.room.clear()

    def due(self, now: float, *, all_of_it: bool = False) -> list[Item]:
        """What has waited for a WINDOW, and what comes before that in time; at most some 2,000."""
        oldest = self.next_at()
        if not all_of_it and (oldest is None or oldest > now - WINDOW):
            return []
        ready = 0
        for place, (_, _, arrived, _) in enumerate(self._held[:_BATCH], 1):
            if all_of_it or arrived <= now - WINDOW:
                ready = place
        if not ready:
            # What is due lies further back: a wrong clock is not to stop the stream.
            ready = _BATCH
        taken = [held[-1] for held in self._held[:ready]]
        del self._held[:ready]
        if len(self._held) < HIGH_WATER // 2:
            self.room.set()
        return taken

    def next_at(self) -> float | None:
        """When something is due, by the clock; None if nothing is held."""
        return min((held[2] for held in self._held), default=None)
