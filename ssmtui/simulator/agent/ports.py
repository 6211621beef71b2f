"""Port sessions: the node's connections, carried by the data channel in one of three ways."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ssmtui.core.tasks import spawn
from ssmtui.core.wire import smux, versions
from ssmtui.core.wire.payloads import FlagCode
from ssmtui.core.wire.versions import PortMode
from ssmtui.simulator.agent import network
from ssmtui.simulator.agent.connection import PeerConnection, pair
from ssmtui.simulator.agent.network import RefusedError
from ssmtui.simulator.agent.program import Closed, Inbox, Outlet, Program
from ssmtui.simulator.world.node import Node

# What is taken from the mux at a time; small enough that streams take turns.
_TURN = 64 * 1024


def port_program(
    node: Node, properties: Mapping[str, str], client_version: str, outlet: Outlet
) -> Program:
    """The program for a port session, as agent and client decide alike by their versions."""
    mode = versions.port_mode(properties, node.agent_version, client_version)
    if mode is PortMode.SMUX:
        return MuxPort(node, properties, outlet)
    return OnePort(node, properties, outlet, again=mode is PortMode.BASIC)


class _Port:
    """Where a port session leads to."""

    def __init__(self, node: Node, properties: Mapping[str, str]) -> None:
        self._node = node
        self._host = properties.get("host", "localhost")
        self._port = int(properties["portNumber"])
        self._services: set[asyncio.Task[None]] = set()

    def connect(self) -> PeerConnection:
        """A connection to the port. Raises RefusedError."""
        service = network.dial(self._node, self._host, self._port)
        ours, theirs = pair()
        task = spawn(network.run(service, theirs, self._node), f"port {self._port}")
        self._services.add(task)
        task.add_done_callback(self._services.discard)
        return ours

    async def close(self) -> None:
        services = list(self._services)
        for task in services:
            task.cancel()
        await asyncio.gather(*services, return_exceptions=True)


class OnePort:
    """One connection at a time, its bytes as they are.

    It is made at once, whether a client has connected or not, and made anew when the client says
    that its own has gone (only `again`: not for AWS-StartSSHSession). When the node's side closes,
    the session is over.
    """

    def __init__(
        self, node: Node, properties: Mapping[str, str], outlet: Outlet, *, again: bool
    ) -> None:
        self._port = _Port(node, properties)
        self._outlet = outlet
        self._again = again
        self._inbox = Inbox(outlet.room)
        self._peer: PeerConnection | None = None
        self._upward: asyncio.Task[None] | None = None
        self._reconnect = False

    @property
    def congested(self) -> bool:
        return self._inbox.full

    def take(self, data: bytes) -> None:
        self._inbox.put(data)

    def resize(self, cols: int, rows: int) -> None:
        """A port has no size."""

    def flagged(self, flag: int) -> None:
        if flag != FlagCode.DISCONNECT_TO_PORT or not self._again or self._peer is None:
            return
        self._reconnect = True
        self._inbox.discard()
        self._peer.end()
        if self._upward is not None:  # what comes from now on is for the next connection
            self._upward.cancel()

    async def run(self) -> str:
        try:
            while True:
                self._reconnect = False
                try:
                    self._peer = self._port.connect()
                except RefusedError as error:
                    return f"----------ERROR-------\nUnable to connect to specified port: {error}"
                await self._carry(self._peer)
                if not self._reconnect:
                    return ""
        finally:
            await self._port.close()

    async def _carry(self, peer: PeerConnection) -> None:
        upward = self._upward = spawn(self._carry_up(peer), "port input")
        try:
            while data := await peer.read():
                await self._outlet.write(data)
        finally:
            upward.cancel()
            await asyncio.gather(upward, return_exceptions=True)
            peer.end()

    async def _carry_up(self, peer: PeerConnection) -> None:
        try:
            while data := await self._inbox.read():
                await peer.write(data)
        except Closed:
            pass  # the node's side has closed: its reader says so


class MuxPort:
    """Any number of connections, as streams of a mux."""

    def __init__(self, node: Node, properties: Mapping[str, str], outlet: Outlet) -> None:
        self._port = _Port(node, properties)
        self._outlet = outlet
        self._loop = asyncio.get_running_loop()
        self._mux = smux.Mux(
            client=False,
            now=self._loop.time(),
            keepalive=versions.mux_keepalive(node.agent_version),
        )
        self._inboxes: dict[int, Inbox] = {}
        self._carriers: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._room = asyncio.Event()

    @property
    def congested(self) -> bool:
        return self._mux.congested

    def resize(self, cols: int, rows: int) -> None:
        """A port has no size."""

    def flagged(self, flag: int) -> None:
        """Clients of a mux close streams; they have no flag for it."""

    def take(self, data: bytes) -> None:
        for event in self._mux.feed(data, self._loop.time()):
            self._handle(event)
        self._wake.set()

    async def run(self) -> str:
        try:
            while not self._mux.broken:
                self._wake.clear()
                for event in self._mux.tick(self._loop.time()):
                    self._handle(event)
                if data := self._mux.take(_TURN):
                    await self._outlet.write(data)
                    self._room.set()
                    continue
                await self._wait()
            return f"----------ERROR-------\n{self._mux.broken}"
        finally:
            for task in (carriers := list(self._carriers)):
                task.cancel()
            await asyncio.gather(*carriers, return_exceptions=True)
            await self._port.close()

    async def _wait(self) -> None:
        deadline = self._mux.next_deadline()
        try:
            async with asyncio.timeout_at(deadline):
                await self._wake.wait()
        except TimeoutError:
            pass  # it is time to tick

    def _handle(self, event: smux.MuxEvent) -> None:
        match event:
            case smux.Opened(stream):
                self._open(stream)
            case smux.Data(stream, data):
                inbox = self._inboxes.get(stream)
                if inbox is None or inbox.ended:  # the node's side has closed already
                    self._consumed(stream, len(data))
                else:
                    inbox.put(data)
            case smux.Finished(stream):
                # Real agents close the node's connection whole when the client's half has ended.
                if stream in self._inboxes:
                    self._inboxes[stream].end()
            case smux.Broken():
                self._wake.set()

    def _open(self, stream: int) -> None:
        try:
            peer = self._port.connect()
        except RefusedError:
            self._outlet.flag(FlagCode.CONNECT_TO_PORT_ERROR)
            self._mux.abandon(stream)
            return
        inbox = self._inboxes[stream] = Inbox(self._wake.set)
        task = spawn(self._carry(stream, peer, inbox), f"stream {stream}")
        self._carriers.add(task)
        task.add_done_callback(self._carriers.discard)

    async def _carry(self, stream: int, peer: PeerConnection, inbox: Inbox) -> None:
        try:
            await asyncio.gather(
                self._carry_up(stream, peer, inbox), self._carry_down(stream, peer, inbox)
            )
        finally:
            if self._inboxes.get(stream) is inbox:
                del self._inboxes[stream]

    async def _carry_up(self, stream: int, peer: PeerConnection, inbox: Inbox) -> None:
        """From the client to the port."""
        try:
            while data := await inbox.read():
                await peer.write(data)
                self._consumed(stream, len(data))
        except Closed:
            while data := await inbox.read():  # nobody takes it any more, yet it must go
                self._consumed(stream, len(data))
        peer.end()

    def _consumed(self, stream: int, count: int) -> None:
        was = self._mux.congested
        self._mux.consumed(stream, count)
        if was and not self._mux.congested:
            self._outlet.room()

    async def _carry_down(self, stream: int, peer: PeerConnection, inbox: Inbox) -> None:
        """From the port to the client."""
        while data := await peer.read():
            while data:
                taken = self._mux.write(stream, data)
                data = data[taken:]
                self._wake.set()
                if data:
                    self._room.clear()
                    await self._room.wait()
        self._mux.finish(stream)
        inbox.end()
        self._wake.set()
