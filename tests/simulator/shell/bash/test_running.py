from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell.bash.running import as_process


async def test_a_process_is_listed_while_it_runs(bench: Any) -> None:
    machine = bench.machine()
    process = machine.processes.start("root", "job", machine.now, parent=1, tty="?", state="S")

    async def work() -> int:
        assert machine.processes.get(process.pid) is process
        return 5

    assert await as_process(work(), machine, process) == 5
    assert machine.processes.get(process.pid) is None


async def test_a_signal_is_its_status(bench: Any) -> None:
    machine = bench.machine()
    process = machine.processes.start("root", "job", machine.now, parent=1, tty="?", state="S")

    async def work() -> int:
        await asyncio.Event().wait()
        return 0

    running = spawn(as_process(work(), machine, process), "test")
    await asyncio.sleep(0)
    assert process.end is not None
    process.end(15)
    assert await running == 143


async def test_whoever_is_cancelled_takes_the_process_along(bench: Any) -> None:
    machine = bench.machine()
    process = machine.processes.start("root", "job", machine.now, parent=1, tty="?", state="S")
    ended: list[str] = []

    async def work() -> int:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("work")
        return 0

    running = spawn(as_process(work(), machine, process), "test")
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended == ["work"]
    assert machine.processes.get(process.pid) is None
