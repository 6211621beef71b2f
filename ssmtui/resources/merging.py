"""Many scopes that are listed side by side, as one stream of events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress

from ssmtui.core.tasks import spawn
from ssmtui.resources.base import Event

Emit = Callable[[Event], Awaitable[None]]

# Events that may wait to be read; a reader that falls behind slows the listing down.
_AHEAD = 32


async def merged(work: Callable[[Emit], Awaitable[None]], name: str) -> AsyncGenerator[Event, None]:
    """The events that `work` emits, in their order, until it ends; its error is raised then.

    `name` is what the task is called. Closing the stream half-way cancels the work.
    """
    queue: asyncio.Queue[Event | None] = asyncio.Queue(maxsize=_AHEAD)
    task = spawn(_emitting(work, queue), name)
    try:
        while (event := await queue.get()) is not None:
            yield event
        await task
    finally:
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _emitting(
    work: Callable[[Emit], Awaitable[None]], queue: asyncio.Queue[Event | None]
) -> None:
    try:
        await work(queue.put)
    except Exception:
        await queue.put(None)
        raise
    # Not after a cancellation: whoever reads is gone, and the queue may be full.
    await queue.put(None)
