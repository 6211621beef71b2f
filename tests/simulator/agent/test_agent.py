"""The agent's side of a data channel, whatever the session is for: an echo stands for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import pytest
from aiohttp import WSMsgType

from ssmtui.core.wire import events as wire
from ssmtui.core.wire.agent import SETTLE_SECONDS
from ssmtui.core.wire.message import (
    AgentMessage,
    Flags,
    MessageType,
    PayloadType,
    decode,
    encode,
)
from ssmtui.core.wire.payloads import FlagCode
from ssmtui.simulator.agent.sessions import IDLE_OUTPUT, Sessions, Status, connected
from ssmtui.simulator.server import Endpoint
from ssmtui.simulator.shell import Machines
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node

MINUTE = 60.0
STREAM = "AWS-StartSSHSession"

Start = Callable[..., Awaitable[Any]]


@pytest.fixture
def echo(start: Start) -> Callable[[], Awaitable[Any]]:
    """A session that gives back what it is sent."""

    async def make() -> Any:
        client = await start(STREAM, portNumber="7")
        await client.ready()
        return client

    return make


async def test_the_handshake_comes_as_the_protocol_says(start: Start, node: Node) -> None:
    client = await start(STREAM, portNumber="7")
    done = await client.ready()
    assert done.session_type == "Port"
    assert done.agent_version == node.agent_version
    assert done.encrypted is False


async def test_nothing_comes_until_the_client_has_settled(start: Start) -> None:
    """Trap 2: within some milliseconds of the handshake any message ruins the plugin's mux."""
    client = await start(STREAM, portNumber="22")  # its banner is ready at once
    times: dict[int, float] = {}
    feed = client.channel.feed

    def watched(frame: bytes, now: float) -> Any:
        times.setdefault(decode(frame).payload_type, now)
        return feed(frame, now)

    client.channel.feed = watched
    await client.until_output(b"SSH-2.0")
    pause = times[PayloadType.OUTPUT] - times[PayloadType.HANDSHAKE_COMPLETE]
    assert pause >= SETTLE_SECONDS - 0.01


async def test_data_goes_both_ways_and_counts_as_activity(
    echo: Any, sessions: Sessions, world: World
) -> None:
    client = await echo()
    world.clock.advance(19 * MINUTE)
    client.type(b"there and back")
    await client.until_output(b"there and back")
    world.clock.advance(19 * MINUTE)
    session = sessions.find(client.id)
    assert session is not None
    assert session.status is Status.CONNECTED


async def test_an_idle_session_is_closed_with_a_word(echo: Any, ssm: Any, world: World) -> None:
    client = await echo()
    world.clock.advance(20 * MINUTE)
    assert (await client.closed()).output == IDLE_OUTPUT
    assert "TokenValue" not in await ssm.resume_session(SessionId=client.id)


async def test_terminate_session_closes_the_channel(echo: Any, ssm: Any) -> None:
    client = await echo()
    await ssm.terminate_session(SessionId=client.id)
    closed = await client.closed()
    assert (closed.session_id, closed.output) == (client.id, "")


async def test_the_terminate_flag_closes_the_channel(echo: Any, sessions: Sessions) -> None:
    client = await echo()
    client.flag(FlagCode.TERMINATE_SESSION)
    await client.closed()
    session = sessions.find(client.id)
    assert session is not None
    assert session.status is Status.TERMINATED


async def test_the_websocket_closes_after_the_farewell(echo: Any, ssm: Any) -> None:
    client = await echo()
    await ssm.terminate_session(SessionId=client.id)
    await client.lost()
    assert client.of(wire.Closed)


async def test_a_lost_connection_loses_nothing(echo: Any, control: Any, sessions: Sessions) -> None:
    client = await echo()
    client.type(b"before ")
    await client.until_output(b"before ")
    shown = await control(f"sessions/{client.id}/cut", times=1)
    assert shown["connections"] == 1
    await client.lost()
    client.type(b"meanwhile ")
    session = sessions.find(client.id)
    assert session is not None
    await client.resume()
    client.type(b"after")
    await client.until_output(b"after")
    assert bytes(client.output) == b"before meanwhile after"
    assert len(client.of(wire.HandshakeDone)) == 1
    (shown,) = (await control("sessions"))["sessions"]
    assert shown["connections"] == 2
    assert shown["connected"] is True


async def test_a_connection_can_be_cut_twice(echo: Any, control: Any) -> None:
    client = await echo()
    await control(f"sessions/{client.id}/cut", times=2)
    await client.lost()
    await client.resume()
    await client.lost()
    await client.resume()
    client.type(b"third time lucky")
    await client.until_output(b"third time lucky")


async def test_a_connection_can_be_cut_for_good(
    echo: Any, control: Any, sessions: Sessions
) -> None:
    client = await echo()
    await control(f"sessions/{client.id}/cut", for_good=True)
    for _ in range(3):
        await client.lost()
        await client.resume()
    await client.lost()
    session = sessions.find(client.id)
    assert session is not None
    assert session.status is Status.DISCONNECTED


async def test_a_new_connection_replaces_the_old_one(echo: Any, control: Any) -> None:
    client = await echo()
    client.type(b"one ")
    await client.until_output(b"one ")
    old = await client.forget()
    await client.resume()
    client.type(b"two")
    await client.until_output(b"one two")
    assert (await old.receive()).type in (WSMsgType.CLOSED, WSMsgType.ERROR)
    (shown,) = (await control("sessions"))["sessions"]
    assert (shown["connections"], shown["connected"]) == (2, True)


@pytest.mark.parametrize("kind", ["corrupt", "duplicate", "reorder", "drop"])
@pytest.mark.parametrize("frame", ["OutputFrame", "InputFrame"])
async def test_frames_survive_what_befalls_them(
    echo: Any, endpoint: Endpoint, kind: str, frame: str
) -> None:
    client = await echo()
    rule = endpoint.faults.add(f"{kind} ssmmessages:{frame} count=3")
    expected = b""
    for number in range(6):
        piece = b"piece %d " % number
        expected += piece
        client.type(piece)
        await client.until_output(expected)
    assert bytes(client.output) == expected
    assert rule.hits == 3


async def test_a_rule_cuts_the_connection_after_some_frames(echo: Any, endpoint: Endpoint) -> None:
    client = await echo()
    endpoint.faults.add("abort ssmmessages:OutputFrame after=2 count=1")
    await client.send(b"x" * 5000)
    await client.lost()
    await client.resume()
    await client.until(lambda: len(client.output) == 5000)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\0" * 119,
        b"\xff" * 120,
        b"\0" * 4000,
        b'{"MessageSchemaVersion":"1.0"}',
    ],
)
async def test_malformed_frames_are_dropped(echo: Any, frame: bytes) -> None:
    client = await echo()
    await client.socket.send_bytes(frame)
    await client.socket.send_str("not a frame at all")
    client.type(b"still there")
    await client.until_output(b"still there")


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_a_client_sends_is_no_mistake_of_the_agents(
    start: Start, endpoint: Endpoint, seed: int
) -> None:
    """Well-formed frames of every type with any payload, some of them in order."""
    client = await start(*(("AWS-StartPortForwardingSession",) if seed % 2 else ()))
    await client.ready()
    random = Random(seed)
    payloads = (b"", b"{}", b"[]", b"null", b"\0\0\0\x09", b'{"cols":-1,"rows":1e99}', b"\xff" * 9)
    number = client.channel._outgoing.next_number
    for _ in range(200):
        if client.socket.closed:
            break
        message = AgentMessage(
            random.choice([*MessageType, "strange"]),
            number + random.choice((-3, 0, 0, 1, 5)),
            random.choice(payloads),
            random.choice([kind for kind in PayloadType if kind is not PayloadType.OUTPUT]),
        )
        number += 1
        await client.socket.send_bytes(encode(message))
    assert endpoint.mistakes == []
    other = await start(STREAM, portNumber="7")
    await other.ready()
    other.type(b"well")
    await other.until_output(b"well")


async def test_a_lost_node_is_silent_until_it_returns(
    echo: Any, control: Any, endpoint: Endpoint, node: Node
) -> None:
    client = await echo()
    assert (await control(f"nodes/{node.id}/lose"))["ping"] == "ConnectionLost"
    sent = endpoint.faults.add("latency ssmmessages:InputFrame ms=1")
    client.type(b"anyone?")
    async with asyncio.timeout(20):
        while sent.hits < 3:  # the client repeats what nobody acknowledges
            await asyncio.sleep(0.01)
    assert bytes(client.output) == b""
    assert client.channel.unacknowledged == 1
    await control(f"nodes/{node.id}/restore")
    await client.until_output(b"anyone?")


async def test_a_lost_nodes_session_ends_when_it_was_idle_for_too_long(
    echo: Any, sessions: Sessions, world: World, node: Node
) -> None:
    client = await echo()
    world.lose(node.id)
    world.clock.advance(20 * MINUTE)
    session = sessions.find(client.id)
    assert session is not None
    assert session.status is Status.TERMINATED
    assert (await client.closed()).output == IDLE_OUTPUT


@pytest.mark.parametrize("happening", ["stop", "terminate", "deregister"])
async def test_a_node_that_goes_down_in_order_ends_its_sessions(
    echo: Any, control: Any, node: Node, happening: str
) -> None:
    client = await echo()
    await control(f"nodes/{node.id}/{happening}")
    assert (await client.closed()).output == ""


async def test_a_reboot_ends_every_session(echo: Any, world: World, node: Node) -> None:
    client = await echo()
    world.part(Machines).of(node.id).reboot()
    assert (await client.closed()).output == ""
    assert node.silent_since
    world.clock.advance(MINUTE)
    assert connected(node)


async def test_the_last_output_is_not_lost(start: Start, world: World, node: Node) -> None:
    world.update_agent(node.id, "3.0.196.0")  # without a mux: the session ends with the answer
    client = await start("AWS-StartPortForwardingSession", portNumber="80")
    await client.ready()
    client.type(b"GET /bytes/300000 HTTP/1.1\r\nConnection: close\r\n\r\n")
    await client.closed()
    assert len(bytes(client.output).partition(b"\r\n\r\n")[2]) == 300_000


async def test_a_session_beyond_the_agents_limit_fails(
    start: Start, control: Any, world: World, sessions: Sessions
) -> None:
    account, region = world.accounts[0].id, world.regions[0]
    given = await control("session-settings", account=account, region=region, sessions_per_node=1)
    assert given["sessions_per_node"] == 1
    first = await start(STREAM, portNumber="7")
    await first.ready()
    second = await start(STREAM, portNumber="7")
    closed = await second.closed()
    assert "which is its limit" in closed.output
    session = sessions.find(second.id)
    assert session is not None
    assert session.status is Status.FAILED
    assert session.details in closed.output


async def test_a_client_that_opens_and_answers_nothing_fails_in_the_end(
    ssm: Any, http: Any, node: Node, sessions: Sessions
) -> None:
    started = await ssm.start_session(Target=node.id)
    async with http.ws_connect(started["StreamUrl"]) as socket:
        token = {"MessageSchemaVersion": "1.0", "RequestId": "r", "ClientId": "c"}
        await socket.send_json({**token, "TokenValue": started["TokenValue"]})
        first = decode((await socket.receive()).data)
        assert first.payload_type == PayloadType.HANDSHAKE_REQUEST
        assert (first.sequence, first.flags) == (0, Flags.SYN)
        again = decode((await socket.receive()).data)  # repeated, as nobody acknowledges it
        assert again.id == first.id
