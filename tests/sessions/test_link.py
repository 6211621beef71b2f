from __future__ import annotations

import asyncio
import json

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.wire.events import Exit, HandshakeDone, Output, Stderr
from ssmtui.core.wire.payloads import SessionType
from ssmtui.sessions.link import WAITS, Link, Over, Status
from ssmtui.sessions.terminal import CONNECTING, OPEN, RECONNECTING, WAITING
from ssmtui.sessions.websocket import UpgradeError


def _problem(kind, what="the wire is cut", remedy=""):
    return ProblemError(Problem(kind, what, remedy))


def _texts(events):
    return [event.text for event in events if isinstance(event, Status)]


def _output(events):
    return b"".join(event.data for event in events if isinstance(event, Output))


async def test_a_session_opens_talks_and_is_closed_by_the_service(linked):
    linked.link.send(b"ls\r")
    await linked.node.opens()
    await linked.node.says(b"file\r\n")
    await linked.node.closes()
    events = await linked.ends()
    assert linked.node.typed == b"ls\r"
    assert _texts(events) == [CONNECTING, OPEN]
    assert [event for event in events if isinstance(event, HandshakeDone)]
    assert _output(events) == b"file\r\n"
    assert events[-1] == Over(closed=True, sentence="")
    assert linked.session.terminated == 0


async def test_the_first_frame_holds_the_token_and_the_upgrade_is_signed(linked):
    opening = json.loads(linked.node.opening[0])
    assert opening["TokenValue"] == "token-0"
    assert opening["ClientVersion"] >= "1.2.764.0"
    assert linked.node.urls == ["wss://channel.example/0"]
    await linked.link.close()


async def test_the_size_is_told_once_it_is_asked_for_and_only_the_last(make_link):
    linked = make_link()
    linked.link.resize(80, 24)
    linked.link.resize(120, 50)
    linked.link.start()
    await linked.node.opens()
    assert linked.node.sizes == [(120, 50)]
    await linked.link.close()


async def test_what_is_typed_before_the_session_is_open_arrives(make_link):
    linked = make_link()
    linked.link.start()
    linked.link.send(b"early")
    await linked.node.opens()
    assert linked.node.typed == b"early"
    await linked.link.close()


async def test_stderr_and_the_exit_code_come_apart(make_link):
    linked = make_link(session_type=SessionType.NON_INTERACTIVE_COMMANDS, separate_stderr=True)
    linked.link.start()
    await linked.node.opens()
    await linked.node.says(b"out")
    await linked.node.says(b"err", stderr=True)
    await linked.node.exits(3)
    await linked.node.closes()
    kinds = [event for event in await linked.ends() if isinstance(event, (Output, Stderr, Exit))]
    assert kinds == [Output(b"out"), Stderr(b"err"), Exit(3)]


async def test_pieces_of_output_are_joined_up_to_a_bound(linked):
    await linked.node.says(b"x" * 200_000)
    await linked.node.closes()
    pieces = [event.data for event in await linked.ends() if isinstance(event, Output)]
    assert b"".join(pieces) == b"x" * 200_000
    assert 3 < len(pieces) < 10


async def test_a_reader_that_stops_makes_the_node_wait(linked):
    """What the reader has not taken bounds what is kept, and is all there when it goes on."""
    sent = 0
    for _ in range(8):
        while linked.node.agent.room:
            taken = linked.node.agent.send_output(b"y" * 65_536, linked.clock.now())
            sent += taken
        await linked.node.go()
    assert linked.node.agent.unacknowledged > 0
    taken = 0
    while taken < sent:
        event = await linked.next()
        taken += len(event.data) if isinstance(event, Output) else 0
        await linked.node.go()
    assert linked.node.agent.unacknowledged == 0
    await linked.link.close()


@pytest.mark.parametrize("times", [1, 2])
async def test_a_cut_connection_is_resumed_with_a_new_token_and_loses_nothing(linked, times):
    for _ in range(times):
        linked.node.cut()
        linked.link.send(b"typed meanwhile ")
        linked.node.agent.send_output(b"said meanwhile ", linked.clock.now())
        await settle_and_speak(linked)
    await linked.node.closes()
    events = await linked.ends()
    assert linked.node.typed == b"typed meanwhile " * times
    assert _output(events) == b"said meanwhile " * times
    assert _texts(events) == [CONNECTING, OPEN, *[RECONNECTING, OPEN] * times]
    assert [json.loads(text)["TokenValue"] for text in linked.node.opening] == [
        f"token-{number}" for number in range(times + 1)
    ]
    assert len({json.loads(text)["ClientId"] for text in linked.node.opening}) == 1
    assert linked.node.urls[-1] == f"wss://channel.example/{times}"


async def settle_and_speak(linked):
    await linked.node.opens()
    await linked.clock.advance(1)
    await linked.node.go()


async def test_a_connection_cut_for_good_ends_after_a_bounded_number_of_attempts(linked):
    linked.node.trouble.extend([UpgradeError("channel.example cannot be reached")] * 50)
    linked.node.cut()
    events = await linked.ends()
    assert linked.clock.slept == list(WAITS)
    assert linked.session.resumed == len(WAITS)
    assert events[-1] == Over(
        False, "The connection could not be restored: channel.example cannot be reached"
    )
    assert linked.session.terminated == 1


async def test_connections_that_drop_at_once_are_one_chain_of_attempts(linked):
    linked.node.trouble.extend([1011] * 50)
    linked.node.cut()
    events = await linked.ends()
    assert linked.session.resumed == len(WAITS)
    assert events[-1].sentence.startswith("The connection could not be restored")


async def test_an_address_that_is_never_reached_ends_too(make_link):
    linked = make_link()
    linked.node.trouble.extend([UpgradeError("channel.example cannot be reached")] * 50)
    linked.link.start()
    events = await linked.ends()
    assert "could not be restored" in events[-1].sentence
    assert linked.session.terminated == 1


async def test_a_refused_upgrade_is_not_tried_again(make_link):
    linked = make_link()
    linked.node.trouble.append(UpgradeError("HTTP 403", refused=True))
    linked.link.start()
    events = await linked.ends()
    assert events[-1] == Over(False, "HTTP 403")
    assert (linked.session.resumed, linked.session.terminated) == (0, 1)


async def test_a_refused_token_is_not_tried_again(make_link):
    linked = make_link()
    linked.node.mute = True
    linked.node.trouble.append(1003)
    linked.link.start()
    events = await linked.ends()
    assert events[-1] == Over(False, "The service refused the session's token")
    assert (linked.session.resumed, linked.session.terminated) == (0, 1)


async def test_a_session_that_ended_while_the_connection_was_lost(linked):
    linked.session.resumes.append(None)
    linked.node.cut()
    events = await linked.ends()
    assert events[-1] == Over(True, "The session ended while the connection was lost")
    assert linked.session.terminated == 0


async def test_trouble_with_resuming_that_may_pass_is_waited_out(linked):
    linked.session.resumes.extend([_problem(ProblemKind.ENDPOINT), _problem(ProblemKind.THROTTLED)])
    linked.node.cut()
    await settle_and_speak(linked)
    await linked.node.says(b"back")
    await linked.node.closes()
    assert _output(await linked.ends()) == b"back"
    assert linked.session.resumed == 3


async def test_trouble_with_resuming_that_will_not_pass_is_said(linked):
    linked.session.resumes.append(_problem(ProblemKind.DENIED, "Access denied", "Ask for a policy"))
    linked.node.cut()
    events = await linked.ends()
    assert events[-1] == Over(False, "Access denied. Ask for a policy")
    assert linked.session.terminated == 1


async def test_what_the_service_says_at_the_end_is_told_in_plain(linked):
    await linked.node.closes("Your session timed out due to inactivity.\x1b[31m")
    events = await linked.ends()
    assert events[-1].closed
    assert events[-1].sentence.startswith("Your session timed out due to inactivity.")
    assert "\x1b" not in events[-1].sentence


async def test_what_an_agent_says_in_the_place_of_a_session_is_one_line(linked):
    await linked.node.closes("----------ERROR-------\nUnable to start shell:\n  no such user.\n")
    assert (await linked.ends())[-1].sentence == "Unable to start shell: no such user"


async def test_a_connection_lost_in_the_handshake_is_not_called_open(make_link):
    linked = make_link()
    linked.node.trouble.extend([1011, 1011])
    linked.link.start()
    await linked.node.opens()
    await linked.node.closes()
    assert _texts(await linked.ends()) == [CONNECTING, RECONNECTING, OPEN]


async def test_a_node_that_takes_its_time_is_said_to_be_waited_for_once(make_link):
    linked = make_link()
    linked.node.mute = True
    linked.link.start()
    await linked.clock.advance(4.9)
    assert linked.link._status == CONNECTING
    await linked.clock.advance(3)
    linked.node.mute = False
    await linked.node.go()
    await linked.node.opens()
    await linked.node.closes()
    assert _texts(await linked.ends()) == [CONNECTING, WAITING, OPEN]


async def test_waiting_is_said_again_after_a_connection_that_was_lost(make_link):
    linked = make_link()
    linked.node.mute = True
    linked.link.start()
    await linked.clock.advance(6)
    linked.node.cut()
    linked.node.mute = False
    await linked.node.opens()
    await linked.node.closes()
    texts = _texts(await linked.ends())
    assert texts == [CONNECTING, WAITING, RECONNECTING, WAITING, OPEN]


async def test_who_was_open_in_time_is_not_waited_for(linked):
    await linked.clock.advance(60)
    await linked.node.closes()
    assert WAITING not in _texts(await linked.ends())


async def test_malformed_frames_change_nothing(linked):
    for frame in (b"", b"\0" * 119, b"\xff" * 500, bytes(120)):
        linked.node.socket.put(frame)
    await linked.node.says(b"still here")
    await linked.node.closes()
    assert _output(await linked.ends()) == b"still here"


async def test_an_agent_that_does_not_begin_is_given_up(make_link):
    linked = make_link()
    linked.node.mute = True
    linked.link.start()
    await linked.clock.advance(31)
    events = await linked.ends()
    assert events[-1].sentence.startswith("The session did not open")
    assert linked.session.terminated == 1


async def test_a_node_that_goes_silent_is_reconnected_to_and_then_given_up(linked):
    linked.node.mute = True
    linked.link.send(b"are you there?")
    for _ in range(4):
        await linked.clock.advance(21)
    events = await linked.ends()
    assert events[-1] == Over(False, "The node no longer answers")
    assert linked.session.resumed == 2
    assert linked.session.terminated == 1


async def test_a_quiet_session_is_no_silent_node(linked):
    await linked.clock.advance(3600)
    assert not linked.link.over
    assert linked.node.socket.pings == 13
    await linked.link.close()


async def test_ending_terminates_and_waits_a_moment_for_the_goodbye(linked):
    await linked.link.end()
    assert linked.session.terminated == 1
    assert not linked.link.over
    await linked.node.closes()
    assert (await linked.ends())[-1] == Over(True, "")


async def test_ending_a_frozen_session_does_not_hang(linked):
    linked.node.mute = True
    await linked.link.end()
    await linked.clock.advance(2)
    assert (await linked.ends())[-1] == Over(False, "")


async def test_abandoning_is_over_at_once_and_terminates(linked):
    linked.link.abandon()
    assert linked.link.over
    assert (await linked.ends())[-1] == Over(False, "")
    assert linked.session.terminated == 1


async def test_closing_before_the_start_terminates(make_link):
    linked = make_link()
    await linked.link.close()
    assert linked.session.terminated == 1


async def test_a_cancelled_close_still_terminates(linked):
    started, go_on = asyncio.Event(), asyncio.Event()
    count = linked.session.terminate

    async def slow_terminate():
        started.set()
        await go_on.wait()
        await count()

    linked.session.terminate = slow_terminate
    closing = asyncio.ensure_future(linked.link.close())
    await started.wait()
    closing.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert linked.session.terminated == 1


async def test_an_encrypted_session(make_link, data_key):
    linked = make_link(kms_key_id="alias/session")
    linked.session.key = data_key
    linked.node.unseal = lambda blob: blob.removeprefix(b"sealed:")
    linked.link.start()
    await linked.node.opens()
    await linked.node.opens()
    linked.link.send(b"secret in")
    await linked.node.opens()
    await linked.node.says(b"secret out")
    await linked.node.closes()
    events = await linked.ends()
    assert linked.session.data_keys == ["alias/session"]
    assert linked.node.typed == b"secret in"
    assert _output(events) == b"secret out"
    assert [event.encrypted for event in events if isinstance(event, HandshakeDone)] == [True]


async def test_without_the_key_an_encrypted_session_says_why(make_link):
    linked = make_link(kms_key_id="alias/session")
    linked.session.key = _problem(ProblemKind.DENIED, "missing kms:GenerateDataKey")
    linked.link.start()
    await linked.node.opens()
    events = await linked.ends()
    assert events[-1].sentence == (
        "The session is encrypted with a KMS key. missing kms:GenerateDataKey"
    )
    assert linked.session.terminated == 1


async def test_much_to_send_waits_for_room_and_arrives_whole(linked):
    data = bytes(range(256)) * 4096
    linked.link.send(data)
    draining = asyncio.ensure_future(linked.link.drain())
    await settle_and_speak(linked)
    async with asyncio.timeout(5):
        await draining
    for _ in range(20):
        if len(linked.node.typed) == len(data):
            break
        await settle_and_speak(linked)
    assert linked.node.typed == data
    await linked.link.close()


async def test_a_bug_in_the_client_is_not_silent(make_link):
    linked = make_link()

    async def broken(url):
        raise ZeroDivisionError

    linked.session.upgrade = broken
    linked.link.start()
    async with asyncio.timeout(5):
        events = [event async for event in linked.link]
        with pytest.raises(ZeroDivisionError):
            await linked.link.close()
    assert "bug" in events[-1].sentence
    assert linked.session.terminated == 1


def test_a_link_is_its_own_iterator(make_link):
    link = make_link().link
    assert isinstance(link, Link)
    assert aiter(link) is link
