"""Reading and writing descriptors without holding the event loop, and without changing them.

A descriptor of ours is shared with the shell that started us: making it non-blocking would make
the shell's so.
"""

from __future__ import annotations

import asyncio
import os
import select
from typing import Final

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
