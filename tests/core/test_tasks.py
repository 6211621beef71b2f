from __future__ import annotations

import asyncio
import gc

import pytest

from ssmtui.core.tasks import spawn


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
