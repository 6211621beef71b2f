"""Streams of scopes as one."""

import asyncio

import pytest

from ssmtui.core.keys import ScopeKey
from ssmtui.resources.base import Progress
from ssmtui.resources.merging import merged

SCOPE = ScopeKey("1", "eu-west-1")


async def test_a_reader_that_is_slower_than_the_work_gets_everything():
    async def work(emit):
        for count in range(100):
            await emit(Progress(SCOPE, "things", count))

    seen = []
    async for event in merged(work, "work"):
        seen.append(event.done)
        for _ in range(3):
            await asyncio.sleep(0)
    assert seen == list(range(100))


async def test_an_error_comes_after_the_events_before_it():
    async def work(emit):
        await emit(Progress(SCOPE, "things", 1))
        raise LookupError("lost")

    events = merged(work, "work")
    assert (await anext(events)).done == 1
    with pytest.raises(LookupError, match="lost"):
        await anext(events)


async def test_closing_half_way_cancels_the_work():
    ended = asyncio.Event()

    async def work(emit):
        try:
            while True:
                await emit(Progress(SCOPE, "things", 1))
        finally:
            ended.set()

    events = merged(work, "work")
    await anext(events)
    await events.aclose()
    assert ended.is_set()
