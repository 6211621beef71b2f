"""Port sessions over a real websocket, in all three modes."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.core.tasks import spawn
from ssmtui.core.wire import events as wire
from ssmtui.core.wire import smux
from ssmtui.core.wire.payloads import FlagCode
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node

FORWARD = "AWS-StartPortForwardingSession"
REMOTE = "AWS-StartPortForwardingSessionToRemoteHost"
OLD_AGENT = "3.0.196.0"  # the last one without a mux
GET = b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Streams:
    """The client's end of a mux on a session."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.mux = smux.Mux(client=True, now=0.0)
        self.data: dict[int, bytearray] = {}
        self.finished: set[int] = set()
        self._fed = 0

    def open(self, data: bytes = b"") -> int:
        stream = self.mux.open()
        self.data[stream] = bytearray()
        assert self.mux.write(stream, data) == len(data)
        return stream

    async def flush(self) -> None:
        while data := self.mux.take(1 << 20):
            await self.client.send(data)

    def feed(self) -> None:
        fresh = bytes(self.client.output[self._fed :])
        self._fed += len(fresh)
        for event in self.mux.feed(fresh, 0.0):
            if isinstance(event, smux.Data):
                self.data[event.stream] += event.data
                self.mux.consumed(event.stream, len(event.data))
            elif isinstance(event, smux.Finished):
                self.finished.add(event.stream)

    async def until_finished(self, *streams: int) -> None:
        await self.flush()

        def done() -> bool:
            self.feed()
            return set(streams) <= self.finished

        await self.client.until(done)


@pytest.fixture
async def streams(start: Any) -> Streams:
    client = await start(FORWARD, portNumber="80")
    done = await client.ready()
    assert done.session_type == "Port"
    expected = {"portNumber": "80", "localPortNumber": "0", "type": "LocalPortForwarding"}
    assert dict(done.properties) == expected
    return Streams(client)


async def test_a_page_comes_through_the_mux(streams: Streams, node: Node) -> None:
    stream = streams.open(GET % b"/")
    await streams.until_finished(stream)
    assert streams.data[stream].startswith(b"HTTP/1.1 200 OK\r\n")
    assert node.id.encode() in streams.data[stream]


async def test_many_streams_at_once_keep_their_bytes(streams: Streams) -> None:
    opened = [streams.open(GET % (b"/bytes/%d" % size)) for size in range(40_000, 40_020)]
    await streams.until_finished(*opened)
    for size, stream in zip(range(40_000, 40_020), opened, strict=True):
        head, _, body = bytes(streams.data[stream]).partition(b"\r\n\r\n")
        assert b"Content-Length: %d" % size in head
        assert body == (bytes(range(256)) * 160)[:size]


async def test_a_megabyte_comes_whole(streams: Streams) -> None:
    stream = streams.open(GET % b"/bytes/1000000")
    await streams.until_finished(stream)
    assert len(bytes(streams.data[stream]).partition(b"\r\n\r\n")[2]) == 1_000_000


async def test_what_goes_up_comes_back_from_echo(start: Any) -> None:
    streams = Streams(client := await start(FORWARD, portNumber="7"))
    await client.ready()
    stream = streams.open()
    sent = bytes(range(256)) * 1200
    rest = sent

    def echoed() -> bool:
        streams.feed()
        return len(streams.data[stream]) == len(sent)

    async def push() -> None:
        nonlocal rest
        while rest:
            rest = rest[streams.mux.write(stream, rest) :]
            await streams.flush()

    pushing = spawn(push(), "push")
    await client.until(echoed)
    await pushing
    assert bytes(streams.data[stream]) == sent
    streams.mux.finish(stream)
    await streams.until_finished(stream)


async def test_a_refused_port_is_told_of_by_flag_and_fin(start: Any, sessions: Any) -> None:
    streams = Streams(client := await start(FORWARD, portNumber="81"))
    await client.ready()
    first, second = streams.open(b"x"), streams.open()
    await streams.until_finished(first, second)
    flags = [event.flag for event in client.of(wire.Flagged)]
    assert flags == [FlagCode.CONNECT_TO_PORT_ERROR] * 2
    assert sessions.find(client.id).active


async def test_a_remote_host_answers_through_the_node(start: Any) -> None:
    streams = Streams(client := await start(REMOTE, host="db.internal", portNumber="5432"))
    done = await client.ready()
    assert done.properties["host"] == "db.internal"
    ssl_request = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
    start_up = (9).to_bytes(4, "big") + (196608).to_bytes(4, "big") + b"\0"
    stream = streams.open(ssl_request + start_up + b"p" + (4).to_bytes(4, "big"))
    await streams.until_finished(stream)
    answer = bytes(streams.data[stream])
    assert answer.startswith(b"NR\0\0\0\x08\0\0\0\x03E")
    assert b"28P01" in answer


async def test_an_unknown_host_is_refused(start: Any) -> None:
    streams = Streams(client := await start(REMOTE, host="nowhere.example", portNumber="80"))
    await client.ready()
    await streams.until_finished(streams.open())
    assert client.of(wire.Flagged)


async def test_an_agent_too_old_for_remote_hosts_says_so(
    start: Any, world: World, node: Node
) -> None:
    world.update_agent(node.id, "3.1.715.0")
    client = await start(REMOTE, host="db.internal", portNumber="5432")
    closed = await client.closed()
    assert closed.output.startswith("----------ERROR-------")
    assert "3.1.1374.0" in closed.output


async def test_garbage_in_the_mux_ends_the_session(start: Any) -> None:
    client = await start(FORWARD, portNumber="80")
    await client.ready()
    client.type(b"GET / HTTP/1.1\r\n\r\n")
    closed = await client.closed()
    assert "smux version" in closed.output


async def test_basic_mode_carries_one_connection_after_the_other(
    start: Any, world: World, node: Node
) -> None:
    world.update_agent(node.id, OLD_AGENT)
    client = await start(FORWARD, portNumber="7")
    assert (await client.ready()).agent_version == OLD_AGENT
    client.type(b"first")
    await client.until_output(b"first")
    client.flag(FlagCode.DISCONNECT_TO_PORT)
    client.type(b"second")
    await client.until_output(b"second")
    assert bytes(client.output) == b"firstsecond"


async def test_basic_mode_ends_when_the_port_closes(start: Any, world: World, node: Node) -> None:
    world.update_agent(node.id, OLD_AGENT)
    client = await start(FORWARD, portNumber="80")
    await client.ready()
    client.type(GET % b"/health")
    assert (await client.closed()).output == ""
    assert bytes(client.output).endswith(b'"node": "%s"}' % node.id.encode())


async def test_basic_mode_says_that_a_port_is_refused(start: Any, world: World, node: Node) -> None:
    world.update_agent(node.id, OLD_AGENT)
    client = await start(FORWARD, portNumber="81")
    assert "connection refused" in (await client.closed()).output


async def test_ssh_is_a_stream_with_a_banner(start: Any) -> None:
    client = await start("AWS-StartSSHSession")
    done = await client.ready()
    assert dict(done.properties) == {"portNumber": "22"}
    await client.until_output(b"SSH-2.0-OpenSSH")
    client.type(b"hello\n")
    await client.until_output(b"Invalid SSH identification")
    await client.closed()
