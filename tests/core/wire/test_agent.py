from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ssmtui.core.wire.agent import (
    ANSWER_SECONDS,
    DRAIN_SECONDS,
    ENCRYPTED_MESSAGE,
    SETTLE_SECONDS,
    AgentChannel,
)
from ssmtui.core.wire.crypto import SessionCipher
from ssmtui.core.wire.errors import Fault
from ssmtui.core.wire.events import (
    ClientReady,
    Closed,
    Exit,
    Failed,
    Flagged,
    HandshakeDone,
    Ignored,
    Input,
    NeedsDecryption,
    Output,
    Resized,
    Stderr,
)
from ssmtui.core.wire.message import AgentMessage, Flags, MessageType, PayloadType, decode, encode
from ssmtui.core.wire.payloads import FlagCode, SessionType

MakePair = Callable[..., Any]
DATA_KEY = bytes(range(64))


def said(agent: AgentChannel, number: int, payload_type: int, payload: Any) -> list[Any]:
    """What the agent makes of a client's stream message."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    message = AgentMessage(MessageType.INPUT, number, data, payload_type)
    return list(agent.feed(encode(message), 0.0))


def response(*actions: dict[str, Any], version: str = "1.2.835.0") -> dict[str, Any]:
    return {"ClientVersion": version, "ProcessedClientActions": list(actions), "Errors": None}


SHELL = {"ActionType": "SessionType", "ActionStatus": 1, "ActionResult": None, "Error": ""}


def test_the_handshake_request() -> None:
    agent = AgentChannel(
        "jane-0123",
        SessionType.PORT,
        {"portNumber": "80", "type": "LocalPortForwarding"},
        epoch_offset=1_000.0,
    )
    agent.connect(0.0)
    (message,) = [decode(frame) for frame in agent.take(0.0)]

    assert (message.type, message.sequence, message.flags) == (MessageType.OUTPUT, 0, Flags.SYN)
    assert message.payload_type == PayloadType.HANDSHAKE_REQUEST
    assert message.created == 1_000_000
    assert json.loads(message.payload) == {
        "AgentVersion": "3.3.1611.0",
        "RequestedClientActions": [
            {
                "ActionType": "SessionType",
                "ActionParameters": {
                    "SessionType": "Port",
                    "Properties": {"portNumber": "80", "type": "LocalPortForwarding"},
                },
            }
        ],
    }


def test_a_shell_from_its_opening_to_its_close(make_pair: MakePair) -> None:
    pair = make_pair(customer_message="Be careful")
    pair.client.resize(80, 24, 0.0)
    pair.connect()
    pair.exchange()
    assert pair.to_agent == [ClientReady("1.2.835.0", encrypted=False), Resized(80, 24)]
    assert pair.to_client == [
        HandshakeDone("Standard_Stream", {}, "3.3.1611.0", "Be careful", encrypted=False)
    ]

    assert pair.agent.send_output(b"$ ", pair.now) == 2
    pair.client.send_input(b"exit\r", pair.now)
    pair.advance(0.1)
    assert pair.to_client[1:] == [Output(b"$ ")]
    assert pair.to_agent[2:] == [Input(b"exit\r")]

    pair.agent.send_output(b"logout\r\n", pair.now)
    pair.agent.close("", pair.now)
    assert pair.agent.send_output(b"too late", pair.now) == 0
    assert not pair.agent.ended
    pair.exchange()
    assert pair.to_client[2:] == [Output(b"logout\r\n"), Closed("jane-0123", "")]
    assert pair.agent.ended
    assert pair.agent.over
    assert pair.client.over


def test_silence_after_the_handshake() -> None:
    # The real client loses what comes while it sets its handlers up; its mux dies of it.
    agent = AgentChannel("jane-0123")
    agent.connect(0.0)
    agent.take(0.0)
    assert said(agent, 0, PayloadType.HANDSHAKE_RESPONSE, response(SHELL)) == [
        ClientReady("1.2.835.0", encrypted=False)
    ]
    agent.send_output(b"$ ", 0.0)
    assert agent.next_deadline() == 0.0
    first = [decode(frame) for frame in agent.take(0.01)]
    assert [message.type for message in first] == [MessageType.ACKNOWLEDGE, MessageType.OUTPUT]
    assert first[1].payload_type == PayloadType.HANDSHAKE_COMPLETE

    said(agent, 1, PayloadType.SIZE, {"cols": 80, "rows": 24})
    assert agent.take(0.01 + SETTLE_SECONDS - 0.001) == []  # nor is the size acknowledged
    assert agent.next_deadline() == 0.01 + SETTLE_SECONDS
    then = [decode(frame) for frame in agent.take(0.01 + SETTLE_SECONDS)]
    assert [message.type for message in then] == [MessageType.ACKNOWLEDGE, MessageType.OUTPUT]
    assert then[1].payload == b"$ "


def test_a_connection_lost_in_that_silence(make_pair: MakePair) -> None:
    pair = make_pair()
    pair.connect()
    pair.exchange()
    pair.agent.send_output(b"$ ", pair.now)
    pair.cut()
    pair.connect()
    pair.exchange()

    assert pair.to_client[1:] == [Output(b"$ ")]


def test_the_time_that_the_handshake_took() -> None:
    agent = AgentChannel("jane-0123")
    agent.connect(10.0)
    agent.take(10.0)
    message = AgentMessage(
        MessageType.INPUT, 0, json.dumps(response(SHELL)).encode(), PayloadType.HANDSHAKE_RESPONSE
    )
    agent.feed(encode(message), 10.25)
    complete = json.loads(decode(agent.take(10.25)[-1]).payload)

    assert complete == {"HandshakeTimeToComplete": 250_000_000, "CustomerMessage": ""}


def test_input_before_the_handshake_is_acknowledged_and_lost() -> None:
    agent = AgentChannel("jane-0123")
    agent.connect(0.0)
    agent.take(0.0)
    (event,) = said(agent, 0, PayloadType.OUTPUT, b"rm -rf /")

    assert isinstance(event, Ignored)
    assert [decode(frame).type for frame in agent.take(0.0)] == [MessageType.ACKNOWLEDGE]
    assert said(agent, 1, PayloadType.HANDSHAKE_RESPONSE, response(SHELL)) == [
        ClientReady("1.2.835.0", encrypted=False)
    ]


@pytest.mark.parametrize(
    "actions",
    [
        [],
        [SHELL | {"ActionStatus": 2, "Error": "no"}],
        [SHELL | {"ActionStatus": 0, "ActionResult": 3}],
        [SHELL | {"ActionType": "Dance"}],
    ],
)
def test_a_client_that_refuses(actions: list[dict[str, Any]]) -> None:
    agent = AgentChannel("jane-0123")
    agent.connect(0.0)
    agent.take(0.0)
    (event,) = said(agent, 0, PayloadType.HANDSHAKE_RESPONSE, response(*actions))

    assert isinstance(event, Failed)
    assert event.fault is Fault.HANDSHAKE
    agent.close("refused", 0.0)
    goodbye = decode(agent.take(0.0)[-1])
    assert goodbye.type == MessageType.CHANNEL_CLOSED
    assert agent.ended


def test_a_client_that_never_answers() -> None:
    agent = AgentChannel("jane-0123")
    agent.connect(1.0)
    agent.take(1.0)

    assert agent.tick(ANSWER_SECONDS + 0.9) == []
    (event,) = agent.tick(ANSWER_SECONDS + 1.0)
    assert isinstance(event, Failed)


@pytest.mark.parametrize(
    ("payload_type", "payload", "fault"),
    [
        (PayloadType.SIZE, b"big", Fault.PAYLOAD),
        (PayloadType.FLAG, b"big", Fault.PAYLOAD),
        (PayloadType.HANDSHAKE_RESPONSE, b"{}", Fault.PAYLOAD_TYPE),
        (PayloadType.CHALLENGE_RESPONSE, b"{}", Fault.PAYLOAD_TYPE),
        (PayloadType.STDERR, b"x", Fault.PAYLOAD_TYPE),
        (99, b"x", Fault.PAYLOAD_TYPE),
    ],
)
def test_nonsense_is_passed_over(
    open_pair: MakePair, payload_type: int, payload: bytes, fault: Fault
) -> None:
    pair = open_pair()
    (event,) = said(pair.agent, 1, payload_type, payload)

    assert isinstance(event, Ignored)
    assert event.fault is fault
    assert said(pair.agent, 2, PayloadType.OUTPUT, b"x") == [Input(b"x")]


def test_flags_go_both_ways(open_pair: MakePair) -> None:
    pair = open_pair()
    pair.agent.flag(FlagCode.CONNECT_TO_PORT_ERROR, pair.now)
    pair.client.flag(FlagCode.DISCONNECT_TO_PORT, pair.now)
    pair.client.terminate(pair.now)
    pair.exchange()

    assert pair.to_client == [Flagged(3)]
    assert pair.to_agent == [Flagged(1), Flagged(2)]


def test_nothing_is_sent_before_the_handshake() -> None:
    agent = AgentChannel("jane-0123")

    assert agent.send_output(b"x", 0.0) == 0
    assert agent.room == 0
    assert not agent.send_exit(0, 0.0)
    assert not agent.flag(FlagCode.TERMINATE_SESSION, 0.0)


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_command_with_streams_of_its_own(open_pair: MakePair, encrypted: bool) -> None:
    pair = open_pair(
        session_type=SessionType.NON_INTERACTIVE_COMMANDS,
        separate_stderr=True,
        kms_key_id="key" if encrypted else None,
    )
    pair.agent.send_output(b"out", pair.now)
    pair.agent.send_stderr(b"err", pair.now)
    assert pair.agent.send_exit(3, pair.now)
    pair.exchange()

    assert pair.to_client == [Output(b"out"), Stderr(b"err"), Exit(3)]


def test_error_output_among_the_rest(open_pair: MakePair) -> None:
    pair = open_pair()
    pair.agent.send_stderr(b"err", pair.now)
    pair.exchange()
    assert pair.to_client == [Output(b"err")]

    old = AgentChannel("jane-0123", separate_stderr=True)
    old.connect(0.0)
    old.take(0.0)
    said(old, 0, PayloadType.HANDSHAKE_RESPONSE, response(SHELL, version="1.2.295.0"))
    old.take(0.0)
    old.send_stderr(b"err", 0.0)
    assert decode(old.take(1.0)[-1]).payload_type == PayloadType.OUTPUT


def test_encryption_is_agreed_upon(make_pair: MakePair) -> None:
    pair = make_pair(kms_key_id="key", customer_message="Be careful")
    pair.connect()
    pair.advance(0.1)

    assert pair.agent.encrypted
    assert [type(event) for event in pair.to_agent] == [NeedsDecryption, ClientReady]
    done = pair.to_client[-1]
    assert done.encrypted
    assert done.customer_message == f"{ENCRYPTED_MESSAGE}\nBe careful"

    pair.client.send_input(b"secret", pair.now)
    (frame,) = pair.client.take(pair.now)
    assert b"secret" not in frame
    assert pair.agent.feed(frame, pair.now) == [Input(b"secret")]


def test_a_wrong_answer_to_the_challenge() -> None:
    agent = AgentChannel("jane-0123", kms_key_id="key", random=lambda size: b"\1" * size)
    agent.connect(0.0)
    agent.take(0.0)
    key = {
        "ActionType": "KMSEncryption",
        "ActionStatus": 1,
        "ActionResult": {"KMSCipherTextKey": "AAAA"},
    }
    assert said(agent, 0, PayloadType.HANDSHAKE_RESPONSE, response(SHELL, key)) == [
        NeedsDecryption(b"\0\0\0")
    ]
    agent.give_key(DATA_KEY, 0.0)
    # The right key, and other bytes than the challenge's.
    answer = base64.b64encode(SessionCipher.for_client(DATA_KEY).encrypt(bytes(64))).decode()
    (event,) = said(agent, 1, PayloadType.CHALLENGE_RESPONSE, {"Challenge": answer})

    assert isinstance(event, Failed)
    assert event.fault is Fault.HANDSHAKE
    assert not agent.encrypted


def test_a_client_without_a_key() -> None:
    agent = AgentChannel("jane-0123", kms_key_id="key")
    agent.connect(0.0)
    agent.take(0.0)
    refusal = {"ActionType": "KMSEncryption", "ActionStatus": 2, "Error": "AccessDenied"}
    (event,) = said(agent, 0, PayloadType.HANDSHAKE_RESPONSE, response(SHELL, refusal))

    assert isinstance(event, Failed)
    assert "AccessDenied" in event.detail


def test_a_key_that_is_not_waited_for(open_pair: MakePair) -> None:
    with pytest.raises(RuntimeError):
        open_pair().agent.give_key(DATA_KEY, 0.0)


def test_the_service_pauses_the_agent(open_pair: MakePair) -> None:
    pair = open_pair()
    assert pair.agent.feed(encode(AgentMessage(MessageType.PAUSE_PUBLICATION, 0, b"")), 1.0) == []
    pair.agent.send_output(b"waits", 1.0)
    assert pair.agent.take(1.0) == []
    pair.cut()
    pair.connect()
    assert pair.agent.take(1.0) == []  # a new connection does not end the pause
    assert pair.agent.feed(encode(AgentMessage(MessageType.START_PUBLICATION, 0, b"")), 1.0) == []
    assert [decode(frame).payload for frame in pair.agent.take(1.0)] == [b"waits"]


def test_messages_between_agent_and_service_are_not_the_clients_business(
    open_pair: MakePair,
) -> None:
    pair = open_pair()
    for kind in (MessageType.SESSION_STATE, MessageType.CHANNEL_CLOSED):
        (event,) = pair.agent.feed(encode(AgentMessage(kind, 0, b"{}")), 1.0)
        assert isinstance(event, Ignored)


def test_closing_waits_for_acknowledgements_but_not_for_ever(open_pair: MakePair) -> None:
    pair = open_pair()
    pair.agent.send_output(b"last words", pair.now)
    pair.agent.close("idle for 20 minutes", pair.now)
    pair.agent.close("said twice", pair.now)
    (frame,) = pair.agent.take(pair.now)
    assert decode(frame).payload == b"last words"
    assert not pair.agent.over

    later = pair.now + DRAIN_SECONDS
    assert pair.agent.tick(later) == []
    (frame,) = pair.agent.take(later)
    goodbye = decode(frame)
    assert goodbye.type == MessageType.CHANNEL_CLOSED
    assert (goodbye.sequence, goodbye.flags) == (0, Flags.SYN | Flags.FIN)
    closing = json.loads(goodbye.payload)
    assert closing["Output"] == "idle for 20 minutes"
    assert closing["SessionId"] == "jane-0123"
    assert closing["SchemaVersion"] == 1
    assert datetime.fromisoformat(closing["CreatedDate"]) == datetime.fromtimestamp(later, UTC)
    assert pair.agent.ended


def test_a_goodbye_waits_for_the_next_connection(open_pair: MakePair) -> None:
    pair = open_pair()
    pair.agent.close("", pair.now)
    pair.cut()
    assert not pair.agent.ended
    pair.now += 10.0
    pair.connect()
    pair.exchange()

    assert pair.to_client == [Closed("jane-0123", "")]
    assert pair.agent.ended
    pair.cut()
    assert pair.agent.ended
