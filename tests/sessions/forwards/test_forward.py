from __future__ import annotations

import asyncio
import socket

import pytest

from ssmtui.aws.mode import Mode
from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.sessions import link
from ssmtui.sessions.forwards.forward import WAITS, Forward, State
from ssmtui.sessions.forwards.spec import parse_forward
from ssmtui.sessions.terminal import WAITING

OLD_AGENT = "3.0.196.0"  # the last one without a mux
CHATTY_AGENT = "3.1.1511.0"  # the last one whose mux sends NOPs
BYTES = bytes(range(256))


def body(size: int) -> bytes:
    return (BYTES * (size // 256 + 1))[:size]


async def test_a_page_comes_through(place) -> None:
    forward = await place.opened("0:80")
    assert forward.state is State.OPEN
    assert place.node.id.encode() in await place.get(forward, "/")
    figures = forward.figures
    assert figures.connections == 1
    assert figures.sent == len(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert figures.received > 100
    assert figures.refused == figures.reconnects == 0
    assert forward.uptime is not None
    assert forward.title == f"127.0.0.1:{forward.local_port} -> web-1:80"
    assert place.open[0].document_named == "AWS-StartPortForwardingSession"
    assert place.open[0].id == forward.session_id


async def test_a_node_that_does_not_answer_is_said(place, monkeypatch) -> None:
    monkeypatch.setattr(link, "_PATIENCE_SECONDS", 0.01)
    place.fleet.endpoint.faults.add("hang ssmmessages:OpenDataChannel")
    forward = place.begin("0:80")
    await place.until(lambda: forward.sentence)
    assert (forward.state, forward.sentence) == (State.STARTING, WAITING)
    await forward.close()
    assert place.open == []


async def test_closing_frees_the_port_and_the_session(place) -> None:
    forward = await place.opened("0:80")
    assert await forward.close() is None
    assert forward.state is State.CLOSED
    assert forward.uptime is None
    assert place.open == []
    assert place.calls["ssm:TerminateSession"] == 1
    with pytest.raises(ConnectionRefusedError):
        await place.connect(forward)
    assert await forward.close() is None


async def test_eight_downloads_at_once_keep_their_bytes(place) -> None:
    forward = await place.opened("0:80")
    sizes = range(200_000, 200_008)
    bodies = await asyncio.gather(*(place.get(forward, f"/bytes/{size}") for size in sizes))
    assert bodies == [body(size) for size in sizes]
    assert len(place.sessions) == 1
    assert forward.figures.connections == 8


async def test_what_goes_up_arrives(place) -> None:
    forward = await place.opened("0:80")
    peer = await place.connect(forward)
    peer.send(b"POST /bytes HTTP/1.1\r\nConnection: close\r\nContent-Length: 700000\r\n\r\n")
    peer.send(bytes(700_000))
    assert (await peer.rest()).endswith(b'{"bytes": 700000}')
    assert forward.figures.sent > 700_000


async def test_who_reads_slowly_holds_the_node_back(place) -> None:
    forward = await place.opened("0:80")
    peer = await place.connect(forward)
    peer.writer.transport.pause_reading()
    peer.send(b"GET /bytes/40000000 HTTP/1.1\r\nConnection: close\r\n\r\n")
    # The mux has no windows: another connection's bytes come behind what is under way.
    assert await place.get(forward, "/bytes/1000") == body(1000)
    assert forward.figures.received < 30_000_000
    peer.writer.transport.abort()


async def test_who_ends_the_question_still_gets_the_answer(place) -> None:
    forward = await place.opened("0:80")
    peer = await place.connect(forward)
    peer.send(b"GET /bytes/300000 HTTP/1.1\r\nConnection: close\r\n\r\n")
    peer.writer.write_eof()
    assert (await peer.rest()).endswith(body(300_000))


async def test_when_it_has_become_quiet_the_node_is_told_of_the_end(place) -> None:
    forward = await place.opened("0:7")
    peer = await place.connect(forward)
    peer.send(b"hello")
    assert await peer.read(5) == b"hello"
    peer.writer.write_eof()
    place.clock.quiet.set()
    assert await peer.rest() == b""
    assert forward.figures.open == 0


async def test_a_client_that_vanishes_is_no_matter_to_the_others(place) -> None:
    forward = await place.opened("0:80")
    peer = await place.connect(forward)
    peer.send(b"GET /bytes/20000000 HTTP/1.1\r\n\r\n")
    await peer.read(100_000)
    peer.writer.transport.abort()
    assert await place.get(forward, "/bytes/1000") == body(1000)


async def test_through_the_node_to_another_host(place) -> None:
    forward = await place.opened("0:db.internal:5432")
    peer = await place.connect(forward)
    peer.send((8).to_bytes(4, "big") + (80877103).to_bytes(4, "big"))  # SSLRequest
    assert await peer.read(1) == b"N"
    assert place.open[0].document_named == "AWS-StartPortForwardingSessionToRemoteHost"
    assert forward.title.endswith("-> web-1:db.internal:5432")


async def test_an_agent_whose_mux_is_kept_alive(place) -> None:
    place.world.update_agent(place.node.id, CHATTY_AGENT)
    forward = await place.opened("0:80")
    assert place.node.id.encode() in await place.get(forward, "/")


async def test_an_old_agent_carries_one_connection_after_the_other(place) -> None:
    place.world.update_agent(place.node.id, OLD_AGENT)
    forward = await place.opened("0:7")
    first, second = await place.connect(forward), await place.connect(forward)
    first.send(b"one")
    assert await first.read(3) == b"one"
    second.send(b"two")
    assert forward.figures.connections == 2
    first.writer.write_eof()
    place.clock.quiet.set()
    assert await first.rest() == b""
    assert await second.read(3) == b"two"
    assert len(place.sessions) == 2
    assert len(place.open) == 1
    assert forward.figures.reconnects == 0


async def test_an_old_agent_is_ready_for_the_next_one(place) -> None:
    place.world.update_agent(place.node.id, OLD_AGENT)
    forward = await place.opened("0:80")
    for size in (1000, 100_000):
        assert await place.get(forward, f"/bytes/{size}") == body(size)
    assert forward.state is State.OPEN


async def test_a_port_that_refuses_is_said_and_the_forward_stays(place) -> None:
    forward = await place.opened("0:81")
    peer = await place.connect(forward)
    assert await peer.rest() == b""
    await place.until(lambda: forward.sentence)
    assert forward.sentence == "Nothing accepts connections on port 81 of web-1"
    assert forward.state is State.OPEN
    assert forward.figures.refused == 1


async def test_a_host_that_refuses_is_said_with_its_name(place) -> None:
    forward = await place.opened("0:no.example:5432")
    peer = await place.connect(forward)
    assert await peer.rest() == b""
    await place.until(lambda: forward.sentence)
    assert forward.sentence == "web-1 cannot connect to port 5432 of no.example"


async def test_a_port_that_refuses_an_old_agent_is_said_too(place) -> None:
    place.world.update_agent(place.node.id, OLD_AGENT)
    forward = await place.opened("0:81")
    await place.until(lambda: forward.sentence)
    assert forward.sentence.startswith("Nothing accepts connections on port 81 of web-1 (dial tcp")
    started = len(place.sessions)
    peer = await place.connect(forward)
    with pytest.raises(ConnectionResetError):
        await peer.rest()
    await place.until(lambda: forward.figures.refused == 2)
    assert len(place.sessions) == started + 1
    assert forward.state is State.OPEN


async def test_a_refusal_is_forgotten_once_a_connection_went_through(place) -> None:
    forward = await place.opened("0:80")
    forward._refused("Nothing accepts connections")
    await place.get(forward, "/")
    place.clock.quiet.set()
    await place.until(lambda: not forward.sentence)


async def test_a_port_in_use_is_said_before_a_session_is_started(place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        forward = place.begin(f"{port}:80")
        with pytest.raises(ProblemError, match=f"Port {port} on 127.0.0.1 is in use") as caught:
            await forward.opened()
    assert caught.value.problem.kind is ProblemKind.INPUT
    assert forward.state is State.FAILED
    assert place.calls["ssm:StartSession"] == 0


async def test_a_node_that_is_not_connected_is_said(place) -> None:
    place.world.lose(place.node.id)
    forward = place.begin("0:80")
    with pytest.raises(ProblemError, match="is not connected to Systems Manager"):
        await forward.opened()
    assert forward.over
    assert "is not connected to Systems Manager" in forward.sentence


async def test_a_data_channel_that_is_refused_is_said_and_nothing_stays_open(place) -> None:
    place.fault("denied ssmmessages:OpenDataChannel")
    forward = place.begin("0:80")
    with pytest.raises(ProblemError, match="missing ssmmessages:OpenDataChannel"):
        await forward.opened()
    assert place.open == []


async def test_in_look_mode_nothing_is_forwarded(open_fleet, place) -> None:
    place.scope._opening.ceiling = Mode.LOOK
    place.scope._opening._resting = Mode.LOOK
    forward = place.begin("0:80")
    with pytest.raises(ProblemError) as caught:
        await forward.opened()
    assert caught.value.problem.kind is ProblemKind.MODE
    assert place.sessions == []


@pytest.mark.parametrize("times", [1, 2])
async def test_a_connection_that_is_cut_is_restored_with_what_it_carries(place, times) -> None:
    forward = await place.opened("0:7")
    peer = await place.connect(forward)
    peer.send(b"before")
    assert await peer.read(6) == b"before"
    await place.cut(times)
    await place.until(lambda: forward.figures.reconnects)
    peer.send(b"after")
    assert await peer.read(5) == b"after"
    assert place.said[:2] == ["open", "reconnecting: The connection was lost"]
    assert forward.state is State.OPEN
    assert len(place.sessions) == 1


async def test_a_connection_that_is_cut_for_good_is_replaced_by_another_session(place) -> None:
    forward = await place.opened("0:7")
    peer = await place.connect(forward)
    peer.send(b"before")
    assert await peer.read(6) == b"before"
    await place.cut(for_good=True)
    with pytest.raises(ConnectionResetError):
        await peer.rest()
    await place.until(lambda: forward.state is State.OPEN)
    another = await place.connect(forward)
    another.send(b"after")
    assert await another.read(5) == b"after"
    assert forward.figures.reconnects >= 1
    assert len(place.sessions) == 2
    assert [session.id for session in place.open] == [forward.session_id]


@pytest.mark.parametrize("kind", ["drop", "corrupt", "duplicate", "reorder", "abort"])
async def test_what_befalls_single_frames_befalls_no_byte(place, kind) -> None:
    forward = await place.opened("0:80")
    place.fault(f"{kind} ssmmessages:OutputFrame after=40 count=2")
    place.fault(f"{kind} ssmmessages:InputFrame after=20 count=2")
    bodies = await asyncio.gather(*(place.get(forward, "/bytes/300000") for _ in range(3)))
    assert bodies == [body(300_000)] * 3
    assert len(place.sessions) == 1


async def test_a_session_that_is_gone_when_it_should_be_resumed_is_replaced(place) -> None:
    forward = await place.opened("0:7")
    place.clock.on_wait = lambda _: place.end() if len(place.sessions) == 1 and place.open else None
    await place.cut()
    await place.until(lambda: forward.figures.reconnects)
    assert len(place.sessions) == 2
    assert forward.state is State.OPEN


async def test_a_session_that_someone_ended_is_replaced(place) -> None:
    forward = await place.opened("0:7")
    place.end()
    await place.until(lambda: forward.figures.reconnects)
    assert place.said == ["open", "reconnecting: The session was ended on the service", "open"]
    assert place.clock.waits == [WAITS[0]]


async def test_connections_that_come_meanwhile_wait(place) -> None:
    forward = await place.opened("0:7")
    peers = []

    def meanwhile(_: float) -> None:
        peers.append(asyncio.ensure_future(place.connect(forward)))

    place.clock.on_wait = meanwhile
    place.end()
    await place.until(lambda: forward.figures.reconnects)
    peer = await peers[0]
    peer.send(b"hello")
    assert await peer.read(5) == b"hello"


async def test_a_session_that_was_idle_is_replaced_when_somebody_connects(place) -> None:
    forward = await place.opened("0:7")
    place.end("Your session timed out due to inactivity.")
    await place.until(lambda: forward.sentence)
    assert forward.state is State.OPEN
    assert forward.sentence == (
        "Your session timed out due to inactivity; the next connection starts another session"
    )
    assert place.calls["ssm:StartSession"] == 1
    peer = await place.connect(forward)
    peer.send(b"hello")
    assert await peer.read(5) == b"hello"
    assert forward.sentence == ""
    assert place.calls["ssm:StartSession"] == 2


async def test_a_node_that_dies_is_said_and_comes_back(place) -> None:
    forward = await place.opened("0:7")
    peer = await place.connect(forward)
    peer.send(b"hello")
    assert await peer.read(5) == b"hello"

    def again(seconds: float) -> None:
        if seconds == WAITS[3]:
            place.world.start(place.node.id)

    place.clock.on_wait = again
    place.world.stop(place.node.id)
    with pytest.raises(ConnectionResetError):
        await peer.rest()
    await place.until(lambda: forward.figures.reconnects)
    assert any(
        said.startswith(f"reconnecting: {place.node.id} is not connected to Systems Manager")
        for said in place.said
    )
    assert forward.state is State.OPEN


async def test_a_node_that_stays_dead_is_given_up(place) -> None:
    forward = await place.opened("0:7")
    place.world.stop(place.node.id)
    await place.until(lambda: forward.over)
    assert forward.state is State.FAILED
    assert f"{place.node.id} is not connected to Systems Manager" in forward.sentence
    assert place.clock.waits == list(WAITS)
    assert place.calls["ssm:StartSession"] == 1
    with pytest.raises(ConnectionRefusedError):
        await place.connect(forward)
    assert place.open == []


async def test_trouble_that_does_not_pass_ends_it(place) -> None:
    forward = await place.opened("0:7")
    place.fault("denied ssm:StartSession")
    place.end()
    await place.until(lambda: forward.over)
    assert "missing ssm:StartSession" in forward.sentence
    assert len(place.clock.waits) == 1


async def test_closing_ends_connections_as_what_they_are(place) -> None:
    forward = await place.opened("0:7")
    peer = await place.connect(forward)
    peer.send(b"hello")
    assert await peer.read(5) == b"hello"
    await forward.close()
    with pytest.raises(ConnectionResetError):
        await peer.rest()
    assert forward.figures.open == 0


async def test_what_keeps_the_session_from_ending_is_returned(place) -> None:
    forward = await place.opened("0:7")
    place.fault("denied ssm:TerminateSession")
    problem = await forward.close()
    assert problem is not None
    assert problem.kind is ProblemKind.DENIED
    place.end()


async def test_closing_is_finished_when_it_is_cancelled(place) -> None:
    forward = await place.opened("0:7")
    closing = asyncio.ensure_future(forward.close())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert place.open == []


async def test_before_the_start_there_is_nothing_to_close(place) -> None:
    forward = Forward(place.scope, parse_forward(place.target, "8080:80"))
    await forward.ended()
    assert await forward.close() is None
    assert forward.state is State.CLOSED
    assert forward.name == place.node.id
    assert place.sessions == []


async def test_a_mistake_of_ours_is_no_silence(place, monkeypatch) -> None:
    forward = await place.opened("0:7")

    def broken(_: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr("ssmtui.sessions.forwards.forward.refused", broken)
    place.end("words")
    await place.until(lambda: forward.over)
    assert forward.problem.kind is ProblemKind.BUG
    with pytest.raises(ZeroDivisionError):
        await forward.close()
    place.forwards.clear()
    assert place.open == []
