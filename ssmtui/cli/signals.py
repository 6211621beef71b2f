"""SIGTERM and SIGHUP as a verb takes them: it is cancelled, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def told_to_end() -> Iterator[list[int]]:
    """Both cancel the running task, which closes everything in order; gives their numbers."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    told: list[int] = []

    def end(number: int) -> None:
        if not told and task is not None:
            task.cancel()
        told.append(number)

    numbers = [signal.SIGTERM, signal.SIGHUP] if os.name != "nt" else []
    for number in numbers:
        loop.add_signal_handler(number, end, number)
    try:
        yield told
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
