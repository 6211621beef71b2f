from __future__ import annotations

import asyncio
import socket

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.forwards import local as module
from ssmtui.sessions.forwards.local import Socket, bind_port, listen, port_of


@pytest.fixture
async def ends():
    """A Socket that was accepted, and the client's reader and writer."""
    accepted: asyncio.Queue[Socket] = asyncio.Queue()
    server = await bind_port("127.0.0.1", 0, accepted.put_nowait)
    await listen(server, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
    ours = await accepted.get()
    yield ours, reader, writer
    server.close()
    ours.close()
    writer.close()


async def test_bytes_and_their_end_go_both_ways(ends) -> None:
    ours, reader, writer = ends
    writer.write(b"question")
    writer.write_eof()
    assert await ours.read() == b"question"
    assert await ours.read() == b""
    await ours.write(b"answer")
    ours.finish()
    assert await reader.read() == b"answer"


async def test_a_reset_is_told(ends) -> None:
    ours, reader, _ = ends
    ours.reset()
    with pytest.raises(ConnectionResetError):
        await reader.read()
    ours.reset()  # once is enough


async def test_a_port_is_taken_before_anybody_can_connect() -> None:
    server = await bind_port("127.0.0.1", 0, lambda _: None)
    try:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port_of(server))
    finally:
        server.close()


async def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ProblemError, match=f"Port {port} on 127.0.0.1 is in use"):
            await bind_port("127.0.0.1", port, lambda _: None)


async def test_a_port_that_somebody_else_was_faster_to_listen_on() -> None:
    server = await bind_port("127.0.0.1", 0, lambda _: None)
    port = port_of(server)
    other = await bind_port("127.0.0.1", port, lambda _: None)
    try:
        await listen(other, "127.0.0.1", port)
        with pytest.raises(ProblemError, match=f"Port {port} on 127.0.0.1 is in use"):
            await listen(server, "127.0.0.1", port)
    finally:
        server.close()
        other.close()


async def test_an_address_of_another_machine() -> None:
    with pytest.raises(ProblemError, match=r"192\.0\.2\.1 is not an address of this machine"):
        await bind_port("192.0.2.1", 0, lambda _: None)


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (PermissionError(13, "Permission denied"), "may not be opened by you"),
        (socket.gaierror(-2, "Name or service not known"), "is not an address of this machine"),
        (OSError(99, "Cannot assign requested address"), "is not an address of this machine"),
        (OSError("could not bind on any address out of []"), "is not an address of this machine"),
        (OSError(24, "Too many open files"), "cannot be opened (Too many open files)"),
    ],
)
async def test_other_trouble_is_said(monkeypatch, error, what) -> None:
    async def start_server(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(module.asyncio, "start_server", start_server)
    with pytest.raises(ProblemError) as caught:
        await bind_port("127.0.0.1", 80, lambda _: None)
    assert what in caught.value.problem.what
