from __future__ import annotations

import asyncio
import gc
from contextlib import aclosing

import pytest

from ssmtui.core.tasks import read_ahead, settled, spawn, work_until


async def test_a_spawned_task_gives_its_result_and_has_its_name() -> None:
    async def work() -> int:
        return 7

    task = spawn(work(), "seven")
    assert task.get_name() == "seven"
    assert await task == 7


async def test_a_task_that_nobody_holds_is_kept_until_its_end() -> None:
    begun, go, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go.wait()
        done.set()

    spawn(work(), "held by nobody")
    await begun.wait()
    gc.collect()
    go.set()
    await done.wait()


async def test_an_error_reaches_whoever_awaits() -> None:
    async def work() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await spawn(work(), "fails")


async def test_who_is_cancelled_waits_for_what_is_to_be_settled() -> None:
    go = asyncio.Event()
    task = spawn(go.wait(), "work")
    waiting = asyncio.ensure_future(settled(task))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not waiting.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert task.result()


async def test_what_is_settled_gives_its_result_and_its_error() -> None:
    async def work(error: Exception | None) -> int:
        if error is not None:
            raise error
        return 7

    assert await settled(spawn(work(None), "seven")) == 7
    with pytest.raises(ValueError, match="wrong"):
        await settled(spawn(work(ValueError("wrong")), "fails"))


async def test_work_is_stopped_with_its_helpers_when_the_end_is_told() -> None:
    ended = asyncio.Event()
    work, helper = (spawn(asyncio.Event().wait(), name) for name in ("work", "helper"))
    waiting = asyncio.ensure_future(work_until(ended, work, lambda: [helper]))
    await asyncio.sleep(0)
    assert not waiting.done()
    ended.set()
    await waiting
    assert work.cancelled()
    assert helper.cancelled()


async def test_work_that_fails_ends_the_wait_and_keeps_its_error() -> None:
    async def fail() -> None:
        raise ValueError("wrong")

    work = spawn(fail(), "fails")
    await work_until(asyncio.Event(), work)
    assert str(work.exception()) == "wrong"


async def test_who_is_cancelled_stops_the_work() -> None:
    work = spawn(asyncio.Event().wait(), "work")
    waiting = asyncio.ensure_future(work_until(asyncio.Event(), work))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert work.cancelled()


async def test_what_is_read_ahead_is_under_way_while_one_is_worked_on() -> None:
    log: list[str] = []

    async def source():
        for number in range(3):
            log.append(f"asked {number}")
            yield number

    async for number in read_ahead(source()):
        for _ in range(3):
            await asyncio.sleep(0)
        log.append(f"done {number}")
    assert log == ["asked 0", "asked 1", "done 0", "asked 2", "done 1", "done 2"]


async def test_an_error_comes_after_what_was_read_before_it() -> None:
    async def source():
        yield 1
        yield 0  # is one as well
        raise KeyError("the third")

    coming = read_ahead(source())
    assert [await anext(coming), await anext(coming)] == [1, 0]
    with pytest.raises(KeyError, match="third"):
        await anext(coming)


async def test_who_stops_reading_ahead_closes_the_source() -> None:
    closed = asyncio.Event()

    async def source():
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            closed.set()

    async with asyncio.timeout(20), aclosing(read_ahead(source())) as coming:
        async for _ in coming:
            break
    assert closed.is_set()
