"""Reading and writing descriptors without holding the event loop, and without changing them.

A descriptor of ours is shared with the shell that started us: making it non-blocking would make
the shell's so.
"""

from __future__ import annotations

import asyncio
import os
import select
import stat
from collections.abc import Coroutine
from typing import Any, Final

from ssmtui.core.tasks import spawn, work_until

# A pipe that can be written takes so many bytes at once, by POSIX.
_PIECE: Final = select.PIPE_BUF


async def ready(fileno: int, *, writing: bool) -> None:
    """Wait until a descriptor can be read or written. Files always can."""
    loop = asyncio.get_running_loop()
    is_ready = asyncio.Event()
    add, remove = (
        (loop.add_writer, loop.remove_writer) if writing else (loop.add_reader, loop.remove_reader)
    )
    try:
        add(fileno, is_ready.set)
    except PermissionError:  # epoll's word for a file
        return
    try:
        await is_ready.wait()
    finally:
        remove(fileno)


async def write_out(fileno: int, data: bytes) -> None:
    """Write everything, waiting for who reads. OSError, BrokenPipeError if nobody does."""
    rest = memoryview(data)
    while rest:
        await ready(fileno, writing=True)
        try:
            rest = rest[os.write(fileno, rest[:_PIECE]) :]
        except BlockingIOError:
            await asyncio.sleep(0)  # someone else was faster, or has made it non-blocking


async def while_read(fileno: int, work: Coroutine[Any, Any, None], name: str) -> None:
    """Do `work` that writes to a descriptor now and then; BrokenPipeError once nobody reads it.

    At once, that is, and not with the next bytes: there may be none for hours. Of a pipe only.
    """
    loop = asyncio.get_running_loop()
    left = asyncio.Event()
    task = spawn(work, name)
    is_pipe = stat.S_ISFIFO(os.fstat(fileno).st_mode)
    if is_pipe:
        # Nothing ever comes to be read from the writing end; only its breaking wakes who waits.
        loop.add_reader(fileno, left.set)
    try:
        await work_until(left, task)
    finally:
        if is_pipe:
            loop.remove_reader(fileno)
    if task.cancelled():
        raise BrokenPipeError
    task.result()


async def read_line(fileno: int) -> str:
    """A line from a terminal or pipe, without its end; "" at the end of the input.

    What a pipe holds behind the line is lost.
    """
    typed = b""
    while not typed.endswith(b"\n"):
        await ready(fileno, writing=False)
        piece = os.read(fileno, 4096)
        if not piece:
            break
        typed += piece
    return typed.partition(b"\n")[0].decode(errors="replace").strip()
