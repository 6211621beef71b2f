"""Background tasks that are neither lost nor silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")

_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """Start `work` as a named task and keep a reference until it ends.

    The event loop itself holds tasks weakly, so a bare `asyncio.create_task` may vanish half-way.
    """
    task = asyncio.get_running_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_running.discard)
    return task


async def settled(task: asyncio.Future[T]) -> T:
    """The result of a task or of several. Who is cancelled meanwhile still waits for their end."""
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def read_ahead(source: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """What the source gives, the next of it under way while this one is worked on.

    The source is closed with it. Who does not read to the end has asked for one too many.
    """
    coming = spawn(_next_of(source), "the next one")
    try:
        while found := await coming:
            coming = spawn(_next_of(source), "the next one")
            yield found[0]
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await source.aclose()


async def _next_of(source: AsyncGenerator[T, None]) -> tuple[T] | None:
    """The next one, None at the end: a task cannot raise StopAsyncIteration."""
    try:
        return (await anext(source),)
    except StopAsyncIteration:
        return None


async def work_until(
    ended: asyncio.Event,
    work: asyncio.Task[Any],
    helpers: Callable[[], Iterable[asyncio.Task[Any]]] = tuple,
) -> None:
    """Wait until `work` is done or `ended` is set, then stop it and its `helpers` of that moment.

    Also when cancelled. Nothing is raised for how they end: ask `work`, which is done then.
    """
    ending = spawn(ended.wait(), f"end of {work.get_name()}")
    try:
        await asyncio.wait([work, ending], return_when=asyncio.FIRST_COMPLETED)
    finally:
        tasks = (work, ending, *helpers())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
