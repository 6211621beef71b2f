"""What waits between a link and its reader."""

from __future__ import annotations

import asyncio

import pytest

from ssmtui.core.wire.events import Exit, Output, Stderr
from ssmtui.sessions.backlog import HIGH_WATER, PIECE, Backlog
from ssmtui.sessions.events import Over, Status

OVER = Over(True, "")


@pytest.fixture
async def backlog() -> Backlog:
    return Backlog()


async def test_events_come_in_their_order_and_then_the_end(backlog) -> None:
    events = [Status("open"), Output(b"a"), Exit(3), OVER]
    for event in events:
        backlog.put(event)
    backlog.close()
    backlog.put(Output(b"too late"))
    assert [await backlog.take() for _ in events] == events
    with pytest.raises(StopAsyncIteration):
        await backlog.take()


async def test_output_that_piled_up_comes_as_one_but_not_with_stderr(backlog) -> None:
    for event in (Output(b"a"), Output(b"b"), Stderr(b"c"), Stderr(b"d"), Output(b"e")):
        backlog.put(event)
    assert [await backlog.take() for _ in range(3)] == [Output(b"ab"), Stderr(b"cd"), Output(b"e")]


async def test_pieces_are_joined_up_to_a_size(backlog) -> None:
    for _ in range(3):
        backlog.put(Output(bytes(PIECE // 2)))
    assert len((await backlog.take()).data) == PIECE
    assert len((await backlog.take()).data) == PIECE // 2


async def test_there_is_room_up_to_a_bound_and_again_when_it_was_read(backlog) -> None:
    backlog.put(Output(bytes(HIGH_WATER - 1)))
    assert backlog.room.is_set()
    backlog.put(Stderr(b"x"))
    assert not backlog.room.is_set()
    await backlog.take()
    assert backlog.room.is_set()


async def test_who_waits_for_room_is_let_go_at_the_end(backlog) -> None:
    backlog.put(Output(bytes(HIGH_WATER)))
    backlog.close()
    assert backlog.room.is_set()


async def test_a_reader_waits_for_news_and_for_the_end(backlog) -> None:
    reading = asyncio.ensure_future(backlog.take())
    await asyncio.sleep(0)
    assert not reading.done()
    backlog.put(Output(b"x"))
    assert await reading == Output(b"x")

    async def take() -> object:
        try:
            return await backlog.take()
        except StopAsyncIteration:
            return "the end"

    ending = asyncio.ensure_future(take())
    await asyncio.sleep(0)
    backlog.close()
    assert await ending == "the end"
