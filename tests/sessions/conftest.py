"""A node at the other end of a websocket that is only two queues, and time held in the hand."""

from __future__ import annotations

import asyncio
import heapq
import os
from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from ssmtui.core.keys import RowKey
from ssmtui.core.secret import Secret
from ssmtui.core.wire import events as wire
from ssmtui.core.wire.agent import SETTLE_SECONDS, AgentChannel
from ssmtui.sessions.link import Link, Over
from ssmtui.sessions.specs import SessionSpec
from ssmtui.sessions.start import Started, Upgrade
from ssmtui.sessions.websocket import LostError

NODE = RowKey("111122223333", "eu-west-1", "i-0123456789abcdef0")


async def settle() -> None:
    """Let every task go as far as it can."""
    for _ in range(30):
        await asyncio.sleep(0)


class HandClock:
    """Time that moves when told to; to sleep takes none but is counted."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._cancelled: set[int] = set()
        self._count = 0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)

    def call_later(self, seconds: float, action: Callable[[], None]) -> Callable[[], None]:
        self._count += 1
        number = self._count
        heapq.heappush(self._timers, (self.time + seconds, number, action))
        return lambda: self._cancelled.add(number)

    async def advance(self, seconds: float) -> None:
        """Move on, firing what falls due on the way."""
        await settle()
        end = self.time + seconds
        while self._timers and self._timers[0][0] <= end:
            at, number, action = heapq.heappop(self._timers)
            if number not in self._cancelled:
                self.time = max(self.time, at)
                action()
                await settle()
        self.time = end
        await settle()


class FakeSocket:
    """The client's side of one connection to a FakeNode."""

    def __init__(self, node: FakeNode) -> None:
        self._node = node
        self._frames: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.close_code: int | None = None
        self.lost = False
        self.pings = 0

    def put(self, frame: bytes) -> None:
        self._frames.put_nowait(frame)

    def cut(self, code: int | None = None) -> None:
        self.lost, self.close_code = True, code
        self._frames.put_nowait(None)

    async def receive(self) -> bytes | None:
        return await self._frames.get()

    async def send(self, frame: bytes | str) -> None:
        if self.lost:
            raise LostError
        self._node.hear(self, frame)

    async def ping(self) -> None:
        self.pings += 1

    async def close(self) -> None:
        self.lost = True


class FakeNode:
    """An agent's channel, whatever connection leads to it.

    `trouble` is what the next attempts to connect meet: an exception, a close code, or None.
    """

    def __init__(self, clock: HandClock, **agent: Any) -> None:
        self.clock = clock
        self.agent = AgentChannel("jane-0abc", **agent)
        self.sockets: list[FakeSocket] = []
        self.trouble: deque[Exception | int | None] = deque()
        self.urls: list[str] = []
        self.opening: list[str] = []
        self.typed = b""
        self.sizes: list[tuple[int, int]] = []
        self.ready = False
        self.mute = False
        self.unseal: Callable[[bytes], bytes] | None = None

    @property
    def socket(self) -> FakeSocket:
        return self.sockets[-1]

    async def connect(self, url: str, upgrade: Upgrade) -> FakeSocket:
        self.urls.append(url)
        met = self.trouble.popleft() if self.trouble else None
        if isinstance(met, Exception):
            raise met
        self.sockets.append(FakeSocket(self))
        if isinstance(met, int):
            self.socket.cut(met)
            self.socket.lost = False
        return self.socket

    def hear(self, socket: FakeSocket, frame: bytes | str) -> None:
        if isinstance(frame, str):
            self.opening.append(frame)
            self.agent.connect(self.clock.now())
        elif not self.mute:
            for event in self.agent.feed(frame, self.clock.now()):
                self._act(event)
        self.speak()

    def speak(self) -> None:
        """Put on the wire what is due."""
        if self.mute or not self.sockets or self.socket.lost:
            return
        for frame in self.agent.take(self.clock.now()):
            self.socket.put(frame)

    async def says(self, data: bytes, *, stderr: bool = False) -> None:
        send = self.agent.send_stderr if stderr else self.agent.send_output
        assert send(data, self.clock.now()) == len(data)
        await self.go()

    async def exits(self, code: int) -> None:
        assert self.agent.send_exit(code, self.clock.now())
        await self.go()

    async def closes(self, output: str = "") -> None:
        self.agent.close(output, self.clock.now())
        await self.go()
        await self.go()

    async def opens(self) -> None:
        """Let the handshake take its course, and the agent's silence after it pass."""
        await settle()
        await self.clock.advance(SETTLE_SECONDS)
        await self.go()

    async def go(self) -> None:
        self.speak()
        await settle()
        self.speak()
        await settle()

    def cut(self, code: int | None = None) -> None:
        self.agent.disconnect()
        self.socket.cut(code)

    def _act(self, event: wire.Event) -> None:
        match event:
            case wire.Input(data=data):
                self.typed += data
            case wire.Resized(cols=cols, rows=rows):
                self.sizes.append((cols, rows))
            case wire.ClientReady():
                self.ready = True
            case wire.NeedsDecryption(ciphertext=blob):
                assert self.unseal is not None
                self.agent.give_key(self.unseal(blob), self.clock.now())


class FakeSession:
    """What a Session asks of AWS, counted; `resumes` are the answers to ResumeSession."""

    def __init__(self) -> None:
        self.id = "jane-0abc"
        self.spec = SessionSpec(NODE)
        self.started = Started(self.id, Secret("token-0"), "wss://channel.example/0")
        self.resumes: deque[Any] = deque()
        self.resumed = 0
        self.terminated = 0
        self.key: Any = None
        self.data_keys: list[str] = []

    async def upgrade(self, url: str) -> Upgrade:
        return Upgrade({"Authorization": f"for {url}"})

    async def resume(self) -> Started | None:
        self.resumed += 1
        answer = self.resumes.popleft() if self.resumes else self._next()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _next(self) -> Started:
        number = self.resumed
        return Started(self.id, Secret(f"token-{number}"), f"wss://channel.example/{number}")

    async def data_key(self, key_id: str) -> tuple[bytes, bytes]:
        self.data_keys.append(key_id)
        if isinstance(self.key, Exception):
            raise self.key
        return self.key, b"sealed:" + self.key

    async def terminate(self) -> None:
        self.terminated += 1


class Linked(SimpleNamespace):
    """A link, its node, its session and its clock; `events` are read to the end by `ends`."""

    link: Link
    node: FakeNode
    session: FakeSession
    clock: HandClock

    async def next(self) -> Any:
        async with asyncio.timeout(5):
            return await anext(self.link)

    async def ends(self) -> list[Any]:
        """All events that are left; the last one is Over."""
        async with asyncio.timeout(5):
            events = [event async for event in self.link]
            assert isinstance(events[-1], Over)
            await self.link.close()
        return events


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def data_key() -> bytes:
    return os.urandom(64)


@pytest.fixture
def make_link(clock: HandClock) -> Callable[..., Linked]:
    """`linked = make_link(session_type=...)`, not yet started."""

    def make(**agent: Any) -> Linked:
        node, session = FakeNode(clock, **agent), FakeSession()
        link = Link(session, clock=clock, connect=node.connect)  # type: ignore[arg-type]
        return Linked(link=link, node=node, session=session, clock=clock)

    return make


@pytest.fixture
async def linked(make_link: Callable[..., Linked]) -> Linked:
    """A shell whose handshake is behind it."""
    made = make_link()
    made.link.start()
    await made.node.opens()
    return made
