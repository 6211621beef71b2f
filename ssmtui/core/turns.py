"""A share of each turn of the event loop, for all that could fill it together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import current_thread, main_thread
from time import perf_counter, sleep
from weakref import WeakKeyDictionary

# Of a turn, in seconds: others and the drawing of a frame want theirs within 33 ms.
SHARE = 0.004
# Turns of more seconds than this are long.
_LONG = 0.008
# In seconds, what a thread leaves to others between two pieces of its work.
_BREATH = 0.002


class Turns:
    """What many connections may take of one turn, all of them together.

    Each of them takes little. But whatever holds the loop or the other end up lets their messages
    pile up, and a pile is there at once for whoever reads it: 20 logs were seen to hold the loop
    for 50 ms. Who asks before every message, and waits where the turn is over, has a turn of its
    own in the order in which it came, while the others wait:

        if turns.is_over:
            await turns.next()

    What lists are made of is worked on in pieces of a millisecond or two. Each of these has a turn
    of its own, also in the order in which they came, and is followed by `give_way`.
    """

    def __init__(self, share: float = SHARE, now: Callable[[], float] = perf_counter) -> None:
        self._share = share
        self._now = now
        self._until = 0.0
        self._counting = False
        # They wake who waits in the order in which they came.
        self._queue = asyncio.Lock()
        self._pieces = asyncio.Lock()

    @property
    def is_over(self) -> bool:
        """Whether the share of this turn is used up, or others wait for theirs."""
        if self._queue.locked():
            return True
        now = self._now()
        if self._counting:
            return now >= self._until
        self._counting = True
        self._until = now + self._share
        asyncio.get_running_loop().call_soon(self._renew)
        return False

    async def next(self) -> None:
        """Wait for a turn that is not over."""
        async with self._queue:
            await asyncio.sleep(0)

    async def give_way(self) -> None:
        """After a piece of work: let everything else run, and the other pieces before the next.

        What came during a long turn, as a frame is or the wait for a thread, is not to be held up
        once more: a key is read in one turn and handled in the one after that.
        """
        async with self._pieces:
            began = self._now()
            await asyncio.sleep(0)
            if self._now() - began > _LONG:
                await asyncio.sleep(0)
                await asyncio.sleep(0)

    def _renew(self) -> None:
        self._counting = False


_of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = WeakKeyDictionary()


async def give_way() -> None:
    """`Turns.give_way` of the running loop."""
    await turns().give_way()


def breathe() -> None:
    """In a thread, after a piece of work of a millisecond or so: let the loop have the interpreter.

    A thread that always has something to do takes half of it, and a turn of the loop twice as long.
    """
    if current_thread() is not main_thread():
        sleep(_BREATH)


def turns() -> Turns:
    """Those that everything in the running loop shares."""
    loop = asyncio.get_running_loop()
    found = _of_loops.get(loop)
    if found is None:
        found = _of_loops[loop] = Turns()
    return found
