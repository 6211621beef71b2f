"""The near end of a forwarded connection: somebody on this machine, behind a socket or a pipe."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
from collections.abc import Callable
from typing import Final, Protocol

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain

# What is read at a time, and what may wait for somebody who reads slowly.
PIECE: Final = 64 * 1024
# Closing sends a reset: (on, 0 seconds).
_NO_LINGER: Final = struct.pack("ii", 1, 0)


class Local(Protocol):
    """Bytes from and to this machine. OSError if whoever is there has gone."""

    async def read(self) -> bytes:
        """Some bytes as soon as there are any; b"" once no more will come."""

    async def write(self, data: bytes) -> None:
        """Write all of it, waiting for who reads."""

    def finish(self) -> None:
        """There is no more to write."""


class Socket:
    """A Local that has connected to a port of ours."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> bytes:
        return await self._reader.read(PIECE)

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def finish(self) -> None:
        self._writer.write_eof()

    def close(self) -> None:
        """End in order: what was written still goes out."""
        self._writer.close()

    def reset(self) -> None:
        """End so that the other side knows of it: what it got is not all there was."""
        if not self._writer.is_closing():
            raw = self._writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self._writer.transport.abort()


async def bind_port(bind: str, port: int, accepted: Callable[[Socket], None]) -> asyncio.Server:
    """Take a port, 0 for any free one, without listening on it yet. ProblemError."""

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted(Socket(reader, writer))

    try:
        return await asyncio.start_server(connected, bind, port, limit=PIECE, start_serving=False)
    except OSError as error:
        raise _explained(error, bind, port) from error


async def listen(server: asyncio.Server, bind: str, port: int) -> None:
    """Let connections come. ProblemError: another program may have been faster."""
    try:
        await server.start_serving()
    except OSError as error:
        raise _explained(error, bind, port) from error


def port_of(server: asyncio.Server) -> int:
    """The port that a server has got."""
    return int(server.sockets[0].getsockname()[1])


def _explained(error: OSError, bind: str, port: int) -> Exception:
    if isinstance(error, socket.gaierror):
        return input_problem(f"{plain(bind)} is not an address of this machine", "Leave --bind out")
    match error.errno:
        case errno.EADDRINUSE:
            what = f"Port {port} on {plain(bind)} is in use by another program"
            return input_problem(what, "Choose another local port, or 0 for any free one")
        case errno.EACCES:
            what = f"Port {port} on {plain(bind)} may not be opened by you"
            return input_problem(what, "Choose a local port above 1023")
        # From Python 3.13 on asyncio keeps the number of this one to itself.
        case errno.EADDRNOTAVAIL | None:
            return input_problem(
                f"{plain(bind)} is not an address of this machine", "Leave --bind out"
            )
    reason = plain(error.strerror or str(error))
    return input_problem(f"Port {port} on {plain(bind)} cannot be opened ({reason})")
