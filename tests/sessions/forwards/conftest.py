"""Forwards through a simulated fleet, by programs on this machine that use sockets as all do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from ssmtui.aws.clock import SystemClock
from ssmtui.core.keys import RowKey
from ssmtui.sessions.forwards.exchange import QUIET_SECONDS
from ssmtui.sessions.forwards.forward import Forward
from ssmtui.sessions.forwards.spec import parse_forward
from ssmtui.simulator.agent.sessions import Session, Sessions, connected

PATIENCE = 30.0  # seconds: nothing in a test takes as long
OLD_AGENT = "3.0.196.0"  # the last one without a mux
CLOSING_GET = b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class HastyClock(SystemClock):
    """Waits take no time, but for the one after the end of one direction: `quiet` lets it pass.

    `on_wait` is called with every other wait, and may let something happen in it.
    """

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.quiet = asyncio.Event()
        self.on_wait: Callable[[float], None] = lambda _: None

    async def sleep(self, seconds: float) -> None:
        if seconds == QUIET_SECONDS:
            await self.quiet.wait()
            return
        self.waits.append(seconds)
        self.on_wait(seconds)
        await asyncio.sleep(0)


class Peer:
    """A program on this machine that has connected to a forward."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def read(self, count: int) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self._reader.readexactly(count)

    async def rest(self) -> bytes:
        """Everything to the end; ConnectionResetError if that is not in order."""
        async with asyncio.timeout(PATIENCE):
            return await self._reader.read()

    def close(self) -> None:
        self.writer.close()


class Place:
    """A served fleet, a connected node of it, and forwards to that node."""

    def __init__(self, fleet: Any) -> None:
        self.fleet = fleet
        self.world = fleet.world
        self.scope = fleet.scopes[0]
        self.calls = fleet.endpoint.calls
        self.clock = HastyClock()
        self.node = next(node for node in self.world.nodes.values() if connected(node))
        self.world.update_agent(self.node.id)
        self.target = RowKey(*self.scope.key, self.node.id)
        self.said: list[str] = []
        self.forwards: list[Forward] = []
        self._news = asyncio.Event()
        self._peers: list[Peer] = []

    def fault(self, rule: str) -> None:
        self.fleet.endpoint.faults.add(rule)

    @property
    def sessions(self) -> list[Session]:
        return list(self.world.part(Sessions))

    @property
    def open(self) -> list[Session]:
        return [session for session in self.sessions if session.active]

    def end(self, output: str = "") -> None:
        """The service ends the one open session."""
        (session,) = self.open
        self.world.part(Sessions).end(session, output=output)

    async def cut(self, times: int = 1, *, for_good: bool = False) -> None:
        """Cut the connection of the one open session."""
        (session,) = self.open
        url = f"{self.fleet.endpoint.control}sessions/{session.id}/cut"
        body = {"times": times, "for_good": for_good}
        async with aiohttp.ClientSession() as http, http.post(url, json=body) as answer:
            assert answer.status == 200, await answer.text()

    def begin(self, text: str, **given: Any) -> Forward:
        """A forward that has been started."""

        def changed() -> None:
            self.said.append(f"{forward.state}: {forward.sentence}".rstrip(": "))
            self._news.set()

        forward = Forward(
            self.scope,
            parse_forward(self.target, text, **given),
            name="web-1",
            clock=self.clock,
            changed=changed,
        )
        self.forwards.append(forward)
        forward.start()
        return forward

    async def opened(self, text: str, **given: Any) -> Forward:
        forward = self.begin(text, **given)
        async with asyncio.timeout(PATIENCE):
            await forward.opened()
        return forward

    async def until(self, holds: Callable[[], Any]) -> None:
        """Wait until something holds that a change of a forward's state may bring about."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(self.said) from None

    async def connect(self, forward: Forward) -> Peer:
        peer = Peer(*await asyncio.open_connection("127.0.0.1", forward.local_port))
        self._peers.append(peer)
        return peer

    async def get(self, forward: Forward, path: str) -> bytes:
        """The body of an answer of the node's web server."""
        peer = await self.connect(forward)
        peer.send(CLOSING_GET % path.encode())
        answer = await peer.rest()
        peer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK"), answer[:200]
        return body

    async def close(self) -> None:
        self.clock.quiet.set()
        for peer in self._peers:
            peer.close()
        for forward in self.forwards:
            await forward.close()
        assert self.open == []


@pytest.fixture
async def place(open_fleet: Any) -> AsyncIterator[Place]:
    async with open_fleet(nodes=30) as fleet:
        made = Place(fleet)
        yield made
        await made.close()
