"""Running a program: as a process that can be seen and killed, with its errors said as they are."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell.bash.limits import Exhausted
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.processes import Process
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.streams import Closed

PIPE_STATUS = 141  # 128 + SIGPIPE


async def guarded(program: Program, invocation: Invocation) -> int:
    """Run a command; what it complains of goes to its stderr."""
    try:
        return await _complaining(program, invocation)
    except Closed:
        return PIPE_STATUS


async def _complaining(program: Program, invocation: Invocation) -> int:
    try:
        return await program(invocation)
    except Complaint as complaint:
        await invocation.complain(str(complaint))
        return complaint.status
    except FileProblem as problem:
        await invocation.complain(f"{problem.path}: {problem.reason}")
        return 1
    except Exhausted as problem:
        await invocation.complain(str(problem))
        return 2


async def as_process(work: Coroutine[Any, Any, int], machine: Machine, process: Process) -> int:
    """Do the work in a task of its own, as a process of the machine that has been started for it;
    what it exits with. A signal from `kill` cancels it: then that is 128 and the signal's number.
    """
    signals: list[int] = []
    task = spawn(work, f"toy process {process.command[:40]}")

    def end(signal: int) -> None:
        signals.append(signal)
        task.cancel()

    process.end = end
    try:
        await asyncio.wait({task})
    finally:
        machine.processes.finish(process)
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    if task.cancelled():
        return 128 + (signals[-1] if signals else 15)
    return task.result()
