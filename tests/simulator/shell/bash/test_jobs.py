from __future__ import annotations

import asyncio

from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell.bash.jobs import Jobs


async def done() -> int:
    return 3


async def never() -> int:
    await asyncio.Event().wait()
    return 0


async def test_jobs_are_found_by_number_and_pid() -> None:
    jobs = Jobs()
    first = jobs.add(spawn(never(), "1"), "first", 100)
    second = jobs.add(spawn(never(), "2"), "second", 101)
    assert jobs.find("%1") is first
    assert jobs.find("101") is second
    assert jobs.find("%%") is second
    assert jobs.find("%3") is None
    await jobs.end()
    assert first.task.cancelled()
    assert first.status == 143
    assert jobs.all() == []


async def test_what_is_done_is_told_once() -> None:
    jobs = Jobs()
    job = jobs.add(spawn(done(), "1"), "quick", 100)
    assert jobs.take_done() == []
    await job.task
    assert [one.status for one in jobs.take_done()] == [3]
    assert jobs.take_done() == []
