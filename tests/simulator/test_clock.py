"""Simulated time: it stands still, runs at a pace, and fires what is due in order."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import pytest

from ssmtui.core.tasks import spawn
from ssmtui.simulator.clock import Clock

START = 1_800_000_000.0


def test_time_stands_still_at_pace_zero(clock, monotonic):
    monotonic.seconds += 500
    assert clock.now == START


def test_time_runs_at_its_pace_and_keeps_what_has_passed(clock, monotonic):
    clock.set_pace(60)
    monotonic.seconds += 2
    assert clock.now == START + 120
    clock.set_pace(1)
    monotonic.seconds += 5
    assert clock.now == START + 125


def test_a_negative_pace_or_leap_is_refused(clock):
    with pytest.raises(ValueError, match="does not run backwards"):
        clock.set_pace(-1)
    with pytest.raises(ValueError, match="does not run backwards"):
        clock.advance(-1)


def test_actions_fire_in_order_at_their_own_instants(clock):
    seen = []
    clock.after(20, lambda: seen.append(("late", clock.now)))
    clock.after(10, lambda: seen.append(("first", clock.now)))
    clock.after(10, lambda: seen.append(("second", clock.now)))
    assert clock.advance(15) == 2
    assert seen == [("first", START + 10), ("second", START + 10)]
    assert clock.now == START + 15
    assert clock.advance(5) == 1
    assert seen[-1] == ("late", START + 20)


def test_one_leap_is_the_same_life_as_many_steps(monotonic):
    def life(steps):
        clock, seen = Clock(START, monotonic=monotonic), []

        def beat():
            seen.append(clock.now)
            clock.after(7, beat)

        clock.after(7, beat)
        for step in steps:
            clock.advance(step)
        return seen

    assert life([100]) == life([3] * 33 + [1]) == [START + 7 * n for n in range(1, 15)]


def test_a_cancelled_action_never_fires(clock):
    seen = []
    timer = clock.after(5, lambda: seen.append("cancelled"))
    clock.after(6, lambda: seen.append("kept"))
    timer.cancel()
    assert clock.next_due == START + 6
    clock.advance(10)
    assert seen == ["kept"]
    assert clock.next_due is None


def test_what_was_due_in_the_past_fires_at_once(clock):
    seen = []
    clock.at(START - 100, lambda: seen.append(clock.now))
    assert clock.catch_up() == 1
    assert seen == [START]


def test_catching_up_fires_only_what_is_due(clock, monotonic):
    seen = []
    clock.after(10, lambda: seen.append("due"))
    clock.set_pace(1)
    monotonic.seconds += 9
    assert clock.catch_up() == 0
    monotonic.seconds += 2
    assert clock.catch_up() == 1
    assert seen == ["due"]


def test_an_action_cannot_move_time(clock):
    clock.after(1, lambda: clock.advance(1))
    with pytest.raises(RuntimeError, match="not move time"):
        clock.advance(2)
    assert clock.now == START  # and time can go on
    assert clock.advance(2) == 0


async def test_running_fires_what_falls_due_and_wakes_for_what_is_new(monotonic):
    clock = Clock(START, monotonic=monotonic)
    fired = asyncio.Event()
    runner = asyncio.ensure_future(clock.run())
    try:
        await asyncio.sleep(0)
        clock.after(0, fired.set)
        await asyncio.wait_for(fired.wait(), 5)
        fired.clear()
        clock.after(3600, fired.set)
        monotonic.seconds += 1  # an hour passes at the new pace
        clock.set_pace(3600)
        monotonic.seconds += 1
        await asyncio.wait_for(fired.wait(), 5)
    finally:
        runner.cancel()
        with pytest.raises(asyncio.CancelledError):
            await runner


def test_a_clock_outlives_the_loop_that_ran_it(clock):
    async def run_for_a_moment():
        runner = asyncio.ensure_future(clock.run())
        await asyncio.sleep(0)
        runner.cancel()

    asyncio.run(run_for_a_moment())
    asyncio.run(run_for_a_moment())
    clock.after(1, lambda: None)
    assert clock.advance(1) == 1


def test_patience_leaves_the_rest_for_another_time() -> None:
    seconds = 0.0
    clock = Clock(1_000.0, pace=1.0, monotonic=lambda: seconds)
    fired: list[int] = []

    def work(number: int) -> None:
        nonlocal seconds
        seconds += 0.4  # which is what it takes
        fired.append(number)

    for number in range(5):
        clock.at(1_000.0, partial(work, number))
    assert clock.catch_up(1.0) == 3
    assert fired == [0, 1, 2]
    assert clock.catch_up(0.0) == 1  # one at the least
    clock.catch_up()
    assert fired == [0, 1, 2, 3, 4]


def test_an_action_finds_nothing_due() -> None:
    clock = Clock(1_000.0)
    found: list[int] = []
    for _ in range(2):
        clock.at(1_000.0, lambda: found.append(clock.catch_up()))
    assert clock.advance(0) == 2
    assert found == [0, 0]


async def test_a_busy_clock_leaves_the_loop_to_others() -> None:
    clock = Clock(START, pace=1.0)
    turns = 0

    def again() -> None:
        time.sleep(0.002)
        clock.after(0.0001, again)

    clock.after(0.0, again)
    running = spawn(clock.run(), "clock")
    try:
        for _ in range(20):
            await asyncio.sleep(0)
            turns += 1
    finally:
        running.cancel()
    assert turns == 20
