from __future__ import annotations

import asyncio
import time

from ssmtui.aws.clock import SystemClock


async def test_the_system_clock_is_monotonic_and_waits_on_the_loop():
    clock = SystemClock()
    before = time.monotonic()
    await clock.sleep(0)
    assert before <= clock.now() <= time.monotonic()


async def test_an_action_can_be_called_later_or_cancelled():
    clock, done, cancelled = SystemClock(), asyncio.Event(), asyncio.Event()
    cancel = clock.call_later(0, cancelled.set)
    cancel()
    clock.call_later(0, done.set)
    await done.wait()
    assert not cancelled.is_set()
