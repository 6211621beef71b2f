"""A client of the data channel, small and patient, and the endpoint that it talks to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from aiohttp import WSMsgType

from ssmtui.core.secret import Secret
from ssmtui.core.tasks import spawn
from ssmtui.core.wire import events as wire
from ssmtui.core.wire.client import ClientChannel
from ssmtui.simulator.agent.sessions import Sessions, connected
from ssmtui.simulator.server import Endpoint, running
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node

CLIENT_ID = UUID("11111111-2222-4333-8444-555555555555")
PATIENCE = 20.0  # seconds: nothing in a test takes as long


class Client:
    """One session: `await client.until(...)` what its events should come to."""

    def __init__(self, http: aiohttp.ClientSession, ssm: Any, started: dict[str, Any]) -> None:
        self.http = http
        self.ssm = ssm
        self.id: str = started["SessionId"]
        self.started = started
        self.channel = ClientChannel(client_id=CLIENT_ID)
        self.events: list[wire.Event] = []
        self.output = bytearray()
        self.stderr = bytearray()
        self.headers: dict[str, str] = {}
        self.socket: aiohttp.ClientWebSocketResponse | None = None
        self._changed = asyncio.Event()
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, opening: dict[str, Any] | None = None) -> None:
        opening = opening or self.started
        self.socket = await self.http.ws_connect(opening["StreamUrl"], headers=self.headers)
        token = Secret(opening["TokenValue"])
        await self.socket.send_str(self.channel.connect(token, self._loop.time()))
        self._tasks = [spawn(self._read(), "client reads"), spawn(self._write(), "client writes")]

    async def resume(self) -> dict[str, Any]:
        """Open it again after the connection was lost."""
        answer: dict[str, Any] = await self.ssm.resume_session(SessionId=self.id)
        if answer.get("TokenValue"):
            await self.open(answer)
        return answer

    def type(self, data: bytes) -> None:
        assert self.channel.send_input(data, self._loop.time()) == len(data)
        self._wake.set()

    async def send(self, data: bytes) -> None:
        """Input of any length, as there is room for it."""
        while data:
            taken = self.channel.send_input(data, self._loop.time())
            data = data[taken:]
            self._wake.set()
            await asyncio.sleep(0 if taken else 0.001)

    def resize(self, cols: int, rows: int) -> None:
        self.channel.resize(cols, rows, self._loop.time())
        self._wake.set()

    def flag(self, flag: Any) -> None:
        assert self.channel.flag(flag, self._loop.time())
        self._wake.set()

    async def until(self, holds: Callable[[], Any]) -> None:
        """Wait until something holds that events may bring about."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"{self.events[-5:]} {bytes(self.output[-200:])!r}") from None

    async def until_output(self, text: bytes) -> None:
        await self.until(lambda: text in self.output)

    async def ready(self) -> wire.HandshakeDone:
        await self.until(lambda: self.of(wire.HandshakeDone))
        return self.of(wire.HandshakeDone)[0]

    async def closed(self) -> wire.Closed:
        await self.until(lambda: self.of(wire.Closed))
        return self.of(wire.Closed)[0]

    async def lost(self) -> None:
        """The connection was lost."""
        await self.until(lambda: not self.channel.connected)

    def of(self, kind: Any) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def answer_key(self, data_key: bytes, blob: bytes) -> None:
        self.channel.give_key(data_key, blob, self._loop.time())
        self._wake.set()

    def refuse_key(self, reason: str) -> None:
        self.channel.refuse_key(reason, self._loop.time())
        self._wake.set()

    async def forget(self) -> aiohttp.ClientWebSocketResponse:
        """Lose the connection without closing it; its websocket."""
        assert self.socket is not None
        await self._stop()
        self.channel.disconnect()
        return self.socket

    async def close(self) -> None:
        await self._stop()
        if self.socket is not None:
            await self.socket.close()

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read(self) -> None:
        assert self.socket is not None
        async for message in self.socket:
            if message.type is WSMsgType.BINARY:
                for event in self.channel.feed(message.data, self._loop.time()):
                    self._note(event)
                self._wake.set()
        self.channel.disconnect()
        self._changed.set()

    def _note(self, event: wire.Event) -> None:
        self.events.append(event)
        if isinstance(event, wire.Output):
            self.output += event.data
        elif isinstance(event, wire.Stderr):
            self.stderr += event.data
        self._changed.set()

    async def _write(self) -> None:
        assert self.socket is not None
        while self.channel.connected:
            self._wake.clear()
            now = self._loop.time()
            for event in self.channel.tick(now):
                self._note(event)
            for frame in self.channel.take(now):
                await self.socket.send_bytes(frame)
            deadline = self.channel.next_deadline()
            try:
                async with asyncio.timeout_at(deadline):
                    await self._wake.wait()
            except TimeoutError:
                continue


@pytest.fixture
def world() -> World:
    """Small, and without a life of its own; time moves only when told."""
    return World.generate(nodes=150, accounts=1, regions=1)


@pytest.fixture
def node(world: World) -> Node:
    """A connected EC2 instance with Linux and the latest agent."""
    for node in world.scopes[0].managed:
        if connected(node) and node.state == "running" and node.platform.type == "Linux":
            world.update_agent(node.id)
            return node
    raise AssertionError("no node is connected")


@pytest.fixture
def sessions(world: World) -> Sessions:
    return world.part(Sessions)


@pytest.fixture
async def endpoint(world: World) -> AsyncIterator[Endpoint]:
    async with running(world) as served:
        yield served
        assert served.mistakes == []


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def ssm(endpoint: Endpoint) -> AsyncIterator[Any]:
    config = AioConfig(retries={"total_max_attempts": 1})
    options = endpoint.client_options()
    async with get_session().create_client("ssm", config=config, **options) as client:
        yield client


Start = Callable[..., Awaitable[Client]]


@pytest.fixture
async def start(ssm: Any, http: aiohttp.ClientSession, node: Node) -> AsyncIterator[Start]:
    """`await start("AWS-StartSSHSession", portNumber="22")`: a session whose channel is open."""
    clients: list[Client] = []

    async def make(
        document: str = "",
        *,
        target: str = "",
        headers: dict[str, str] | None = None,
        **parameters: str,
    ) -> Client:
        params: dict[str, Any] = {"Target": target or node.id}
        if document:
            params["DocumentName"] = document
            params["Parameters"] = {name: [value] for name, value in parameters.items()}
        client = Client(http, ssm, await ssm.start_session(**params))
        clients.append(client)
        client.headers = headers or {}
        await client.open()
        return client

    yield make
    for client in clients:
        await client.close()


@pytest.fixture
async def control(endpoint: Endpoint, http: aiohttp.ClientSession) -> Callable[..., Awaitable[Any]]:
    """`await control("sessions")` reads, `await control("sessions/ID/cut", times=1)` changes."""

    async def ask(path: str, **body: Any) -> Any:
        method = "POST" if body or path.startswith("nodes/") else "GET"
        json = body if method == "POST" else None
        async with http.request(method, endpoint.control + path, json=json) as answer:
            return await answer.json()

    return ask
