from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from ssmtui.aws.limiter import Limiter, Priority
from ssmtui.core.keys import ScopeKey
from ssmtui.core.tasks import spawn

SCOPE = ScopeKey("111122223333", "eu-west-1")
OTHER = ScopeKey("111122223333", "us-east-1")


class Callers:
    """Calls that start when the limiter lets them and end when told to."""

    def __init__(self, limiter: Limiter, clock) -> None:
        self.limiter, self.clock = limiter, clock
        self.started: list[str] = []
        self.times: list[float] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def add(self, name, priority=Priority.FOREGROUND, scope=SCOPE, op="ListNodes", throttle=False):
        self.ends[name] = asyncio.Event()
        self.tasks[name] = spawn(self._call(name, priority, scope, op, throttle), name)

    async def _call(self, name, priority, scope, op, throttle):
        async with self.limiter.slot(scope, "ssm", op, priority) as slot:
            self.started.append(name)
            self.times.append(self.clock.now())
            await self.ends[name].wait()
            if throttle:
                slot.throttled()
            else:
                slot.succeeded()

    async def end(self, *names):
        for name in names:
            self.ends[name].set()
        await self.clock.advance(0)

    async def end_all(self):
        await self.end(*self.ends)


@pytest.fixture
async def callers(clock):
    made = []

    def make(**bounds):
        made.append(Callers(Limiter(clock=clock, **bounds), clock))
        return made[-1]

    yield make
    for group in made:
        for task in group.tasks.values():
            task.cancel()
        await asyncio.gather(*group.tasks.values(), return_exceptions=True)
        assert group.limiter.in_flight == 0


async def test_one_operation_of_one_scope_has_its_own_bound(callers, clock):
    group = callers(per_operation=2)
    for number in range(3):
        group.add(f"a{number}")
    group.add("other operation", op="ListCommands")
    group.add("other region", scope=OTHER)
    await clock.advance(0)
    assert sorted(group.started) == ["a0", "a1", "other operation", "other region"]
    await group.end("a0")
    assert "a2" in group.started


async def test_all_calls_together_are_bounded(callers, clock):
    group = callers(overall=4)
    for number in range(6):
        group.add(str(number), op=f"Op{number}")
    await clock.advance(0)
    assert group.started == ["0", "1", "2", "3"]
    assert group.limiter.in_flight == 4


async def test_foreground_goes_first_and_otherwise_the_first_come(callers, clock):
    group = callers(per_operation=1)
    group.add("running")
    await clock.advance(0)
    group.add("back 1", Priority.BACKGROUND)
    group.add("back 2", Priority.BACKGROUND)
    group.add("front 1")
    group.add("front 2")
    await clock.advance(0)
    await group.end_all()
    assert group.started == ["running", "front 1", "front 2", "back 1", "back 2"]


async def test_background_never_takes_the_last_quarter(callers, clock):
    group = callers(overall=4)
    for number in range(4):
        group.add(f"back {number}", Priority.BACKGROUND, op=f"Op{number}")
    await clock.advance(0)
    assert len(group.started) == 3
    group.add("front", op="Front")
    await clock.advance(0)
    assert group.started[-1] == "front"


async def test_a_waiter_that_is_cancelled_takes_no_slot(callers, clock):
    group = callers(per_operation=1)
    group.add("running")
    group.add("impatient")
    group.add("patient")
    await clock.advance(0)
    group.tasks["impatient"].cancel()
    await clock.advance(0)
    await group.end("running")
    assert group.started == ["running", "patient"]


async def test_being_cancelled_when_the_slot_was_just_granted_gives_it_back(callers, clock):
    group = callers(per_operation=1)
    group.add("running")
    group.add("next")
    await clock.advance(0)
    group.ends["running"].set()
    # Two turns of the loop: the first call ends and grants the slot, the next has not woken yet.
    await asyncio.sleep(0)
    group.tasks["next"].cancel()
    group.add("last")
    await clock.advance(0)
    assert group.started[-1] == "last"


async def test_there_is_no_rate_until_aws_throttles(callers, clock):
    group = callers()
    for number in range(40):
        group.add(str(number))
    await clock.advance(0)
    await group.end_all()
    assert len(group.started) == 40
    assert group.limiter.slowed == []


async def test_throttling_halves_the_rate_of_this_quota_alone(callers, clock):
    group = callers()
    for number in range(16):
        group.add(f"burst {number}", throttle=True)
    await clock.advance(0)
    await clock.advance(0.1)
    await group.end_all()
    # 16 starts within the window of two seconds are 8 a second; all were of the same burst.
    assert group.limiter.rate(SCOPE, "ssm", "ListNodes") == pytest.approx(4)
    assert group.limiter.rate(OTHER, "ssm", "ListNodes") is None
    assert [key.quota for key in group.limiter.slowed] == ["ssm:ListNodes"]

    began = clock.now()
    for number in range(5):
        group.add(f"paced {number}")
    await clock.advance(2)
    starts = [round(at - began, 3) for at in group.times[16:]]
    assert starts == pytest.approx([0.15, 0.4, 0.65, 0.9, 1.15])


async def test_a_throttled_quota_does_not_hold_up_others(callers, clock):
    group = callers()
    group.add("throttled", throttle=True)
    await clock.advance(0)
    await clock.advance(0.1)
    await group.end("throttled")
    group.add("paced")
    group.add("free", op="ListCommands")
    await clock.advance(0)
    assert group.started == ["throttled", "free"]


async def test_the_rate_recovers_slowly_and_is_forgotten(callers, clock):
    group = callers()
    group.add("throttled", throttle=True)
    await clock.advance(0.1)
    await group.end("throttled")
    slow = group.limiter.rate(SCOPE, "ssm", "ListNodes")

    async def quiet(seconds, name):
        await clock.advance(seconds)
        group.add(name)
        await clock.advance(0)
        await group.end(name)
        return group.limiter.rate(SCOPE, "ssm", "ListNodes")

    assert await quiet(4, "a") == slow
    assert await quiet(2, "b") == pytest.approx(slow * 1.25)
    assert await quiet(1, "c") == pytest.approx(slow * 1.25)
    assert await quiet(60, "d") is None
    assert group.limiter.slowed == []


async def test_repeated_throttling_halves_again_down_to_a_floor(callers, clock):
    group = callers()
    rates = []
    group.add("stuck")
    await clock.advance(0)
    for number in range(8):
        group.add(str(number), throttle=True)
        await clock.advance(10)
        await group.end(str(number))
        rates.append(group.limiter.rate(SCOPE, "ssm", "ListNodes"))
    assert rates[:2] == [pytest.approx(0.5), pytest.approx(0.25)]
    assert rates[-1] == pytest.approx(0.2)


async def test_a_caller_by_itself_is_left_one_call_a_second(callers, clock):
    group = callers()
    for number in range(8):
        group.add(str(number), throttle=True)
        await clock.advance(3)
        await group.end(str(number))
        assert group.limiter.rate(SCOPE, "ssm", "ListNodes") == pytest.approx(1.0)


async def test_the_next_attempts_of_a_burst_do_not_halve_again(callers, clock):
    group = callers()
    for attempt in range(3):
        for number in range(8):
            group.add(f"{attempt} {number}", throttle=True)
        await clock.advance(0)
        await group.end_all()
        await clock.advance(0.4)
    assert group.limiter.rate(SCOPE, "ssm", "ListNodes") == pytest.approx(2)


async def test_a_published_rate_is_never_exceeded(clock):
    limiter = Limiter(clock=clock)
    times = []

    async def call():
        async with limiter.slot(SCOPE, "cloudtrail", "LookupEvents") as slot:
            times.append(clock.now())
            slot.succeeded()

    calls = [spawn(call(), f"call {number}") for number in range(5)]
    for _ in range(8):
        await clock.advance(0.5)
    await asyncio.gather(*calls)
    assert [after - before for before, after in pairwise(times)] == [0.5] * 4
    assert limiter.slowed == []
