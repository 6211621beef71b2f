from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ssmtui.simulator.clock import Clock
from ssmtui.simulator.shell.stage import Stage
from ssmtui.simulator.world import World


@pytest.fixture
def world() -> World:
    return World.generate(nodes=20, accounts=1, regions=1)


def ignore(task: asyncio.Task[Any]) -> None:
    task.cancelled() or task.result()


def test_work_that_waits_for_nothing_is_done_at_once(world: World) -> None:
    ended: list[int] = []

    async def work() -> int:
        await asyncio.sleep(0)
        return 7

    world.part(Stage).play(work(), "work", lambda task: ended.append(task.result()))
    assert ended == [7]


def test_time_that_work_waits_for_is_the_worlds(world: World) -> None:
    seen: list[float] = []

    async def work() -> None:
        for _ in range(3):
            await asyncio.sleep(10)
            seen.append(world.now - start)

    start = world.now
    world.part(Stage).play(work(), "work", ignore)
    assert seen == []
    world.clock.advance(100)
    assert seen == [10, 20, 30]


async def test_it_plays_within_another_loop(world: World) -> None:
    outer = asyncio.get_running_loop()
    inner: list[asyncio.AbstractEventLoop] = []

    async def work() -> None:
        inner.append(asyncio.get_running_loop())
        async with asyncio.timeout(5):
            await asyncio.gather(asyncio.sleep(1), asyncio.sleep(2))

    task = world.part(Stage).play(work(), "work", ignore)
    assert asyncio.get_running_loop() is outer
    world.clock.advance(3)
    assert task.done()
    assert inner == [world.part(Stage)]
    assert asyncio.current_task() is not None


def test_what_is_played_may_play_something_else(world: World) -> None:
    done: list[str] = []

    async def below() -> None:
        done.append("below")

    async def above() -> None:
        world.part(Stage).play(below(), "below", ignore)
        done.append("above")

    world.part(Stage).play(above(), "above", ignore)
    assert done == ["above", "below"]


def test_cancelled_work_ends_and_says_so(world: World) -> None:
    ended: list[bool] = []

    async def work() -> None:
        await asyncio.sleep(1000)

    task = world.part(Stage).play(work(), "work", lambda task: ended.append(task.cancelled()))
    task.cancel()
    world.clock.advance(0)
    assert ended == [True]


def test_a_timeout_is_one_of_simulated_time(world: World) -> None:
    async def work() -> None:
        async with asyncio.timeout(5):
            await asyncio.sleep(10)

    task = world.part(Stage).play(work(), "work", lambda task: None)
    world.clock.advance(6)
    assert isinstance(task.exception(), TimeoutError)


def test_endless_work_neither_holds_the_world_nor_is_forgotten(world: World) -> None:
    steps = 0

    async def spin() -> None:
        nonlocal steps
        while True:
            steps += 1
            await asyncio.sleep(0.001)

    task = world.part(Stage).play(spin(), "spin", ignore)
    world.clock.advance(3600)
    assert 20 < steps < 1000
    task.cancel()
    world.clock.advance(0)
    assert task.cancelled()


def test_busy_work_gives_way_to_other_work(world: World) -> None:
    steps = 0

    async def busy() -> None:
        nonlocal steps
        for _ in range(2000):
            steps += 1
            await asyncio.sleep(0)

    async def short() -> None:
        pass

    first = world.part(Stage).play(busy(), "busy", ignore)
    assert 0 < steps < 2000
    second = world.part(Stage).play(short(), "short", ignore)
    assert second.done()
    assert not first.done()
    world.clock.advance(10)
    assert first.done()


def test_a_mistake_comes_out_where_time_is_moved(world: World) -> None:
    async def wrong() -> None:
        await asyncio.sleep(1)
        raise KeyError("a mistake")

    world.part(Stage).play(wrong(), "wrong", ignore)
    with pytest.raises(KeyError, match="a mistake"):
        world.clock.advance(2)


def test_a_real_clock_drives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 0.0
    clock = Clock(1_000.0, pace=1.0, monotonic=lambda: moment)
    world = World.generate(nodes=5, accounts=1, regions=1, clock=clock)
    done: list[float] = []

    async def work() -> None:
        await asyncio.sleep(2)
        done.append(world.now)

    world.part(Stage).play(work(), "work", ignore)
    moment = 3.0
    clock.catch_up()
    assert done == [1_002.0]


def test_a_world_that_is_over_leaves_nothing_behind(world: World) -> None:
    told: list[object] = []
    ended: list[str] = []

    async def below() -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            await asyncio.sleep(0)
            ended.append("below")

    async def above() -> None:
        await asyncio.gather(below(), below())

    stage = world.part(Stage)
    stage.play(above(), "above", told.append)
    stage.close()
    assert (ended, told) == (["below", "below"], [])
    after = stage.play(above(), "after", told.append)
    stage.close()
    assert (after.cancelled(), told) == (True, [])
