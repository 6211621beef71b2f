"""When a headless explorer has nothing left to do.

Textual's pilot waits until the process has rested for 20 ms, twice after each key, and that was
more than half of what the tests of the UI took. Here queues tell it, and nothing rests for long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import monotonic, process_time
from typing import Any

from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump, active_app

SLICE = 0.002  # seconds
RESTING = 0.25  # of a slice: who works less has nothing to do, or waits
CALM = 2  # idle slices in a row
# Slices of rest after which messages that are still there are waiting for something else.
RESTED = 10


async def wait_for_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until the active app is idle, in Textual's place; times are in seconds."""
    app, began, rested, calm = active_app.get(), monotonic(), 0, 0
    while True:
        worked = process_time()
        await asyncio.sleep(SLICE)
        rests = process_time() - worked < RESTING * SLICE
        rested = rested + 1 if rests else 0
        calm = calm + 1 if rests and is_idle(app) else 0
        waited = monotonic() - began
        if waited >= max_sleep:
            return
        if waited >= min_sleep and (rested >= RESTED or calm >= CALM):
            return


def is_idle(app: App[Any]) -> bool:
    """Whether no widget has a message to handle or is to be drawn, and no thread works for it."""
    if app._resize_event is not None or _is_something_due():
        return False
    if any(pump.message_queue_size or pump._next_callbacks for pump in _pumps(app)):
        return False
    return not (_is_to_be_drawn(app) or _threads_work())


def _pumps(app: App[Any]) -> Iterator[MessagePump]:
    yield app
    yield from app._registry


def _is_to_be_drawn(app: App[Any]) -> bool:
    try:
        screen = app.screen
    except ScreenStackError:
        return False
    return bool(
        screen._layout_required
        or screen._repaint_required
        or screen._dirty_widgets
        or screen._callbacks
    )


def _is_something_due() -> bool:
    loop: Any = asyncio.get_running_loop()
    return bool(loop._ready)


def _threads_work() -> bool:
    executor: Any = getattr(asyncio.get_running_loop(), "_default_executor", None)
    if executor is None:
        return False
    return bool(
        executor._work_queue.qsize() or executor._idle_semaphore._value < len(executor._threads)
    )
