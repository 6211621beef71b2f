"""One connection between two descriptors and a node's port, through a served fleet."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ssmtui.aws.clock import SystemClock
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.core.tasks import spawn
from ssmtui.sessions.forwards.exchange import QUIET_SECONDS
from ssmtui.sessions.outlet import ready
from ssmtui.sessions.proxy import Pipes, proxy, proxy_spec
from ssmtui.sessions.specs import SessionSpec
from ssmtui.simulator.agent.sessions import Session, Sessions, connected

BANNER = b"SSH-2.0-OpenSSH_8.7\r\n"
PATIENCE = 30.0


class HastyClock(SystemClock):
    """Waits take no time, but for the one after the end of one direction, which has no end."""

    async def sleep(self, seconds: float) -> None:
        if seconds == QUIET_SECONDS:
            await asyncio.Event().wait()
        await asyncio.sleep(0)


class Proxied:
    """A proxy that runs, and the pipes of the program behind which it stands."""

    def __init__(self, fleet: Any) -> None:
        self.fleet = fleet
        self.scope = fleet.scopes[0]
        nodes = fleet.world.nodes.values()
        self.node = next(node for node in nodes if connected(node) and not node.platform.windows)
        fleet.world.update_agent(self.node.id)
        self.target = RowKey(*self.scope.key, self.node.id)
        self._theirs_in, self.to = os.pipe()
        self.back, self._theirs_out = os.pipe()
        self.task: asyncio.Task[str] | None = None

    def run(self, port: int = 22, spec: SessionSpec | None = None) -> asyncio.Task[str]:
        self.task = spawn(
            proxy(
                self.scope,
                spec or proxy_spec(self.target, port),
                Pipes(self._theirs_in, self._theirs_out),
                name="web-1",
                clock=HastyClock(),
            ),
            "proxy under test",
        )
        return self.task

    async def ended(self) -> str:
        assert self.task is not None
        async with asyncio.timeout(PATIENCE):
            return await self.task

    async def read(self, count: int) -> bytes:
        data = b""
        async with asyncio.timeout(PATIENCE):
            while len(data) < count:
                await ready(self.back, writing=False)
                data += os.read(self.back, count - len(data))
        return data

    @property
    def open(self) -> list[Session]:
        return [session for session in self.fleet.world.part(Sessions) if session.active]

    async def close(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
        for fileno in (self._theirs_in, self.to, self.back, self._theirs_out):
            try:
                os.close(fileno)
            except OSError:
                continue  # a test has closed it
        assert self.open == []


@pytest.fixture
async def proxied(open_fleet: Any) -> AsyncIterator[Proxied]:
    async with open_fleet(nodes=30) as fleet:
        made = Proxied(fleet)
        yield made
        await made.close()


async def test_bytes_go_both_ways_and_the_session_is_the_ssh_one(proxied) -> None:
    proxied.run()
    assert await proxied.read(len(BANNER)) == BANNER
    os.write(proxied.to, b"hello\r\n")
    refusal = b"Invalid SSH identification string.\r\n"
    assert await proxied.read(len(refusal)) == refusal
    assert await proxied.ended() == ""
    (session,) = proxied.fleet.world.part(Sessions)
    assert session.document_named == "AWS-StartSSHSession"
    assert session.properties["portNumber"] == "22"
    assert not session.active


async def test_much_goes_through_unchanged(proxied) -> None:
    sent = bytes(range(256)) * 2000
    proxied.run(7)
    writing = spawn(asyncio.to_thread(_write_all, proxied.to, sent), "writer")
    assert await proxied.read(len(sent)) == sent
    await writing


async def test_the_end_of_the_input_waits_for_the_answer(proxied) -> None:
    os.write(proxied.to, b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n")
    os.close(proxied.to)
    proxied.run(80)
    assert await proxied.ended() == ""
    assert b'"status": "ok"' in os.read(proxied.back, 4096)


async def test_who_no_longer_reads_ends_it(proxied) -> None:
    proxied.run(80)
    os.close(proxied.back)
    os.write(proxied.to, b"GET / HTTP/1.1\r\n\r\n")
    assert await proxied.ended() == ""


async def test_a_port_that_refuses_is_said(proxied) -> None:
    proxied.run(23)
    said = await proxied.ended()
    assert said.startswith("Nothing accepts connections on port 23 of web-1 (dial tcp")


async def test_words_of_the_service_are_said(proxied) -> None:
    proxied.run()
    await proxied.read(len(BANNER))
    (session,) = proxied.open
    proxied.fleet.world.part(Sessions).end(session, output="Your session timed out.")
    assert await proxied.ended() == "Your session timed out"


async def test_a_node_that_is_not_connected_is_said(proxied) -> None:
    proxied.fleet.world.lose(proxied.node.id)
    proxied.run()
    with pytest.raises(ProblemError, match="is not connected to Systems Manager"):
        await proxied.ended()


async def test_a_document_without_a_port_is_none_for_this(proxied) -> None:
    proxied.run(spec=SessionSpec(proxied.target, "SSM-SessionManagerRunShell"))
    said = await proxied.ended()
    assert said == "The document SSM-SessionManagerRunShell opens no port"


async def test_cancelling_leaves_nothing_open(proxied) -> None:
    task = proxied.run()
    await proxied.read(len(BANNER))
    assert len(proxied.open) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert proxied.open == []


async def test_nothing_more_is_read_after_the_end_of_the_output() -> None:
    theirs, ours = os.pipe()
    pipes = Pipes(theirs, ours)
    reading = spawn(pipes.read(), "reader")
    await asyncio.sleep(0)
    pipes.finish()
    assert await reading == b""
    os.write(ours, b"late")
    assert await pipes.read() == b""
    os.close(theirs)
    os.close(ours)


def _write_all(fileno: int, data: bytes) -> None:
    while data:
        data = data[os.write(fileno, data) :]
