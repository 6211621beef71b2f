from __future__ import annotations

import asyncio

import pytest

from ssmtui.core import turns as module
from ssmtui.core.turns import Turns, breathe, give_way, turns


class Clock:
    """Time passes by work alone."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def work(name: str, pieces: int, shared: Turns, clock: Clock, done: list[str]) -> None:
    """Work off a pile, a millisecond for each piece."""
    for _ in range(pieces):
        if shared.is_over:
            await shared.next()
        clock.now += 0.001
        done.append(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_little_work_is_done_in_one_turn(clock) -> None:
    shared, done = Turns(0.004, clock), []
    job = asyncio.ensure_future(work("a", 4, shared, clock, done))
    await asyncio.sleep(0)
    assert job.done()
    assert done == ["a"] * 4


async def test_all_together_take_no_more_than_the_share(clock) -> None:
    shared, done, longest = Turns(0.004, clock), [], 0.0
    jobs = [
        asyncio.ensure_future(work(name, 40, shared, clock, done)) for name in "abcdefghijklmnop"
    ]
    while not all(job.done() for job in jobs):
        before = clock.now
        await asyncio.sleep(0)
        longest = max(longest, clock.now - before)
    assert len(done) == 16 * 40
    assert 0.003 < longest < 0.0071  # one that was begun in time goes on to its end


async def test_turns_are_taken_in_order_and_none_is_left_out(clock) -> None:
    shared, done = Turns(0.004, clock), []
    await asyncio.gather(*(work(name, 12, shared, clock, done) for name in "abc"))
    # The first has the rest of the turn in which all begin; then each has one of its own.
    for name in "abc":
        assert name in done[: 4 * 4]
    assert sorted(done) == sorted("abc" * 12)


async def test_who_works_alone_gives_way_as_well(clock) -> None:
    shared, done, others = Turns(0.004, clock), [], []
    job = asyncio.ensure_future(work("a", 100, shared, clock, done))
    while not job.done():
        await asyncio.sleep(0)
        others.append(len(done))
    assert len(others) > 20


async def test_pieces_have_a_turn_of_their_own_each_in_their_order() -> None:
    done: list[str] = []

    async def pieces(name: str) -> None:
        for _ in range(10):
            done.append(name)
            await give_way()

    jobs = [asyncio.ensure_future(pieces(name)) for name in "abc"]
    await asyncio.sleep(0)
    assert done == list("abc")  # each begins when it begins
    while not all(job.done() for job in jobs):
        before = len(done)
        await asyncio.sleep(0)
        assert len(done) <= before + 1
    assert done == list("abc" * 10)


async def test_after_a_long_turn_the_next_piece_lets_two_pass(clock) -> None:
    shared = Turns(0.004, clock)
    for seconds, expected in ((0.001, 1), (0.02, 3)):
        piece = asyncio.ensure_future(shared.give_way())
        await asyncio.sleep(0)
        clock.now += seconds
        passed = 0
        while not piece.done():
            await asyncio.sleep(0)
            passed += 1
        assert passed == expected


async def test_pieces_take_nothing_from_those_that_share_a_turn(clock) -> None:
    shared, done = Turns(0.004, clock), []
    piece = asyncio.ensure_future(shared.give_way())
    await asyncio.sleep(0)
    assert not piece.done()
    await work("a", 4, shared, clock, done)
    assert not piece.done()
    await piece


async def test_a_thread_breathes_and_the_loop_does_not(monkeypatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr(module, "sleep", rests.append)
    breathe()
    assert not rests
    await asyncio.to_thread(breathe)
    assert rests == [module._BREATH]


async def test_a_loop_has_turns_of_its_own() -> None:
    assert turns() is turns()
    other = await asyncio.to_thread(asyncio.run, _turns())
    assert other is not turns()


async def _turns() -> Turns:
    return turns()
