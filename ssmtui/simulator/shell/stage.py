"""Where scripts run without a client: an event loop of their own, played in simulated time.

A session's shell lives in the server's event loop, as its client does. Run Command's scripts have
nobody to wait for but the world's clock, whose actions are plain functions: when one fires, what
the script does until it waits for time again is done at once. So a world that is advanced in one
leap sees the same scripts do the same things as one that is advanced in steps.
"""

from __future__ import annotations

import asyncio
from asyncio import events
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary, WeakSet

from ssmtui.simulator.clock import Clock, Timer
from ssmtui.simulator.world import World

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

# What the loop does at one instant; what is left goes on after a rest (simulated seconds), so that
# processor time is not quite for nothing, and nothing holds the simulator for long.
_STEPS = 400
_REST = 0.05
# A script that goes on and on leaves the processor to others with tiny waits (see `Turns`). Here it
# has to wait for longer every time, so that hours of an endless loop are soon over.
_TINY = 0.005
_ROUNDS = 1_000  # of cancelling what goes on, before it is left alone
_LONGEST_REST = 60.0


class Stage(asyncio.AbstractEventLoop):
    """The event loop of all scripts of a world: `world.part(Stage)`.

    Only what tasks, futures and `asyncio`'s own tools need is there: no sockets, no threads.
    """

    def __init__(self, world: World) -> None:
        self._clock: Clock = world.clock
        self._ready: deque[asyncio.Handle] = deque()
        self._tasks: WeakSet[asyncio.Task[Any]] = WeakSet()
        self._played: set[asyncio.Task[Any]] = set()  # the loop alone would forget them
        self._closed = False
        self._playing = False
        self._summons: Timer | None = None
        self._rests: WeakKeyDictionary[asyncio.Task[Any], float] = WeakKeyDictionary()

    def play(
        self, work: Coroutine[Any, Any, T], name: str, then: Callable[[asyncio.Task[T]], None]
    ) -> asyncio.Task[T]:
        """Begin `work` now; `then` is called with its task at the instant at which it ends.

        It has begun, and may have ended, when this returns; unless it is called by what is being
        played itself.
        """
        task = self.create_task(work, name=name)
        self._played.add(task)

        def ended(task: asyncio.Task[T]) -> None:
            self._played.discard(task)
            if not self._closed:
                then(task)

        task.add_done_callback(ended)
        self._go_on()
        return task

    def close(self) -> None:
        """End everything that is being played; nothing is told of it. The world is over."""
        self._closed = True
        for _ in range(_ROUNDS):
            going = [task for task in self._tasks if not task.done()]
            if not going:
                return
            for task in going:
                task.cancel()
            self._go_on()

    def _go_on(self) -> None:
        """Play until everything waits for time."""
        if self._playing:
            return
        if self._summons is not None:
            self._summons.cancel()
            self._summons = None
        outer = events._get_running_loop()
        self._playing = True
        events._set_running_loop(self)
        try:
            steps = 0
            while self._ready and steps < _STEPS:
                handle = self._ready.popleft()
                if not handle.cancelled():
                    handle._run()
                    steps += 1
        finally:
            events._set_running_loop(outer)
            self._playing = False
        if self._ready:
            self._summon(_REST)

    def _summon(self, seconds: float) -> None:
        if self._summons is None:
            self._summons = self._clock.after(seconds, self._go_on)

    # What asyncio asks of a loop.

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        if not self._playing:
            self._summon(0.0)
        return handle

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        if when - self.time() < _TINY:
            when = self.time() + self._longer_rest()

        def due() -> None:
            if not handle.cancelled():
                self._ready.append(handle)
                self._go_on()

        self._clock.at(when, due)
        return handle

    def _longer_rest(self) -> float:
        """How long the task that is being played has to rest now."""
        task = asyncio.current_task(self)
        if task is None:
            return _REST
        rest = self._rests[task] = min(2 * self._rests.get(task, _REST), _LONGEST_REST)
        return rest

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """The clock's timer fires and finds it cancelled."""

    def time(self) -> float:
        return self._clock.now

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=self, **options)
        self._tasks.add(task)
        return task

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return self._playing

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """A mistake in a callback comes out where time is moved, as every other one does.

        That tasks are pending when a world is forgotten is none.
        """
        error = context.get("exception")
        if error is not None:
            raise error
