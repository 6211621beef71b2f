from __future__ import annotations

import asyncio

import pytest

from ssmtui.sessions.forwards.exchange import (
    QUIET_SECONDS,
    BrokenOffError,
    Inbox,
    exchange,
)


class QuietClock:
    """Only the wait for quiet is asked for; each one ends when the test says so."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    def now(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        assert seconds == QUIET_SECONDS
        over = asyncio.Event()
        self.waiting.put_nowait(over)
        await over.wait()


async def nothing() -> None:
    pass


async def for_ever() -> None:
    await asyncio.Event().wait()


async def failing(error: Exception) -> None:
    raise error


async def test_it_is_over_when_both_directions_are() -> None:
    await exchange(nothing(), nothing(), moved=lambda: 0, clock=QuietClock())


async def test_one_direction_goes_on_while_anything_moves_in_it() -> None:
    clock, moved = QuietClock(), 0
    running = asyncio.ensure_future(
        exchange(nothing(), for_ever(), moved=lambda: moved, clock=clock)
    )
    first = await clock.waiting.get()
    moved = 5
    first.set()
    second = await clock.waiting.get()
    assert not running.done()
    second.set()
    await running


async def test_who_is_gone_ends_it_without_an_error() -> None:
    await exchange(failing(ConnectionResetError()), for_ever(), moved=lambda: 0, clock=QuietClock())
    await exchange(for_ever(), failing(BrokenPipeError()), moved=lambda: 0, clock=QuietClock())


async def test_a_session_that_is_gone_comes_through() -> None:
    with pytest.raises(BrokenOffError):
        await exchange(for_ever(), failing(BrokenOffError()), moved=lambda: 0, clock=QuietClock())


async def test_cancelling_ends_both() -> None:
    ended = []

    async def direction() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(1)

    running = asyncio.ensure_future(
        exchange(direction(), direction(), moved=lambda: 0, clock=QuietClock())
    )
    for _ in range(5):
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(ended) == 2


async def test_an_inbox_gives_what_came_and_then_the_end() -> None:
    inbox = Inbox()
    inbox.put(b"one")
    inbox.put(b"two")
    assert inbox.size == 6
    inbox.end()
    assert [await inbox.get() for _ in range(4)] == [b"one", b"two", b"", b""]
    assert inbox.size == 0


async def test_an_inbox_that_is_broken_off_still_gives_what_came() -> None:
    inbox = Inbox()
    inbox.put(b"one")
    inbox.break_off()
    assert await inbox.get() == b"one"
    with pytest.raises(BrokenOffError):
        await inbox.get()


async def test_an_end_in_order_counts_more_than_a_later_break() -> None:
    inbox = Inbox()
    inbox.end()
    inbox.break_off()
    assert await inbox.get() == b""


async def test_who_waits_is_woken() -> None:
    inbox = Inbox()
    waiting = asyncio.ensure_future(inbox.get())
    await asyncio.sleep(0)
    inbox.put(b"late")
    assert await waiting == b"late"
