from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from ssmtui.core.secret import Secret
from ssmtui.core.wire.client import HANDSHAKE_SECONDS, ClientChannel
from ssmtui.core.wire.crypto import SessionCipher
from ssmtui.core.wire.errors import Fault
from ssmtui.core.wire.events import (
    Closed,
    Event,
    Exit,
    Failed,
    Flagged,
    HandshakeDone,
    Ignored,
    NeedsKey,
    Output,
    Stderr,
)
from ssmtui.core.wire.message import AgentMessage, MessageType, PayloadType, decode, encode
from ssmtui.core.wire.payloads import FlagCode, SessionType

MakePair = Callable[..., Any]
DATA_KEY = bytes(range(64))
AGENT = "3.3.1611.0"


class Script:
    """A client that is told what an agent says, message by message."""

    def __init__(self, **options: Any) -> None:
        self.client = ClientChannel(**options)
        self.client.connect(Secret("token"), 0.0)
        self.number = 0

    def say(self, payload_type: int, payload: bytes | dict[str, Any]) -> list[Event]:
        """The agent's next stream message."""
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        message = AgentMessage(MessageType.OUTPUT, self.number, data, payload_type)
        self.number += 1
        return self.client.feed(encode(message), 0.0)

    def request(self, *actions: tuple[str, Any]) -> list[Event]:
        return self.say(
            PayloadType.HANDSHAKE_REQUEST,
            {
                "AgentVersion": AGENT,
                "RequestedClientActions": [
                    {"ActionType": name, "ActionParameters": parameters}
                    for name, parameters in actions
                ],
            },
        )

    def complete(self) -> list[Event]:
        return self.say(PayloadType.HANDSHAKE_COMPLETE, {"CustomerMessage": ""})

    def heard(self) -> list[AgentMessage]:
        """The client's stream messages since the last time, without its acknowledgements."""
        messages = [decode(frame) for frame in self.client.take(0.0)]
        return [message for message in messages if message.type == MessageType.INPUT]

    def response(self) -> dict[str, Any]:
        (message,) = self.heard()
        assert message.payload_type == PayloadType.HANDSHAKE_RESPONSE
        answer: dict[str, Any] = json.loads(message.payload)
        return answer


def session(name: str = "Standard_Stream", properties: Any = None) -> tuple[str, Any]:
    return ("SessionType", {"SessionType": name, "Properties": properties})


def opened(**options: Any) -> Script:
    script = Script(**options)
    script.request(session())
    script.complete()
    script.heard()
    return script


def test_the_opening_frame_is_the_same_client_each_time() -> None:
    client = ClientChannel(client_id=UUID(int=5))
    first = json.loads(client.connect(Secret("one"), 0.0))
    client.disconnect()
    second = json.loads(client.connect(Secret("two"), 9.0))

    assert first["ClientId"] == second["ClientId"] == str(UUID(int=5))
    assert (first["TokenValue"], second["TokenValue"]) == ("one", "two")
    assert first["RequestId"] != second["RequestId"]


def test_a_shell_opens() -> None:
    script = Script()
    script.client.resize(100, 30, 0.0)

    assert script.request(session()) == []
    acknowledged, response = [decode(frame) for frame in script.client.take(0.0)]
    assert acknowledged.type == MessageType.ACKNOWLEDGE
    assert (response.sequence, response.payload_type) == (0, PayloadType.HANDSHAKE_RESPONSE)
    assert json.loads(response.payload) == {
        "ClientVersion": "1.2.835.0",
        "ProcessedClientActions": [
            {"ActionType": "SessionType", "ActionStatus": 1, "ActionResult": None, "Error": ""}
        ],
        "Errors": None,
    }
    assert script.client.room == 0

    (event,) = script.say(7, {"HandshakeTimeToComplete": 5, "CustomerMessage": "Be careful"})
    assert event == HandshakeDone("Standard_Stream", {}, AGENT, "Be careful", encrypted=False)
    (size,) = script.heard()
    assert (size.sequence, size.payload_type) == (1, PayloadType.SIZE)
    assert json.loads(size.payload) == {"cols": 100, "rows": 30}


def test_a_port_session_has_properties_and_no_size() -> None:
    script = Script()
    script.client.resize(100, 30, 0.0)
    script.request(session("Port", {"portNumber": "80", "localPortNumber": 9999, "host": None}))

    (event,) = script.complete()
    assert isinstance(event, HandshakeDone)
    assert event.session_type == script.client.session_type == SessionType.PORT
    assert event.properties == {"portNumber": "80", "localPortNumber": "9999", "host": ""}
    assert [message.payload_type for message in script.heard()] == [PayloadType.HANDSHAKE_RESPONSE]


def test_an_unknown_action_is_answered_as_the_plugin_does() -> None:
    script = Script()
    script.request(session(), ("Dance", {"steps": 3}))
    response = script.response()

    assert response["ProcessedClientActions"][1] == {
        "ActionType": "Dance",
        "ActionStatus": 0,
        "ActionResult": 3,
        "Error": "Unsupported action Dance",
    }
    assert response["Errors"] == ["Unsupported action Dance"]


def test_an_unknown_session_type_is_refused() -> None:
    script = Script()
    script.request(session("Telepathy"))
    (action,) = script.response()["ProcessedClientActions"]

    assert action["ActionStatus"] == 2
    assert "Telepathy" in action["Error"]


def test_an_agent_that_skips_the_handshake_has_a_shell() -> None:
    script = Script()
    first, second = script.say(PayloadType.OUTPUT, b"$ ")

    assert first == HandshakeDone("Standard_Stream", {}, "", "", encrypted=False)
    assert second == Output(b"$ ")
    assert script.client.send_input(b"ls\r", 0.0) == 3


def test_what_an_agent_sends() -> None:
    script = opened()

    assert script.say(PayloadType.OUTPUT, b"out") == [Output(b"out")]
    assert script.say(PayloadType.STDERR, b"err") == [Stderr(b"err")]
    assert script.say(PayloadType.ERROR, b"err") == [Stderr(b"err")]
    assert script.say(PayloadType.EXIT_CODE, b"EXIT_CODE: 3") == [Exit(3)]
    assert script.say(PayloadType.FLAG, b"\0\0\0\x03") == [Flagged(FlagCode.CONNECT_TO_PORT_ERROR)]


@pytest.mark.parametrize(
    ("payload_type", "payload", "fault"),
    [
        (PayloadType.EXIT_CODE, b"3", Fault.PAYLOAD),
        (PayloadType.FLAG, b"3", Fault.PAYLOAD),
        (PayloadType.SIZE, b"{}", Fault.PAYLOAD_TYPE),
        (99, b"", Fault.PAYLOAD_TYPE),
        (PayloadType.HANDSHAKE_REQUEST, b"{}", Fault.PAYLOAD_TYPE),
        (PayloadType.HANDSHAKE_COMPLETE, b"{}", Fault.PAYLOAD_TYPE),
        (PayloadType.CHALLENGE_REQUEST, b"{}", Fault.PAYLOAD_TYPE),
    ],
)
def test_nonsense_is_passed_over(payload_type: int, payload: bytes, fault: Fault) -> None:
    script = opened()
    (event,) = script.say(payload_type, payload)

    assert isinstance(event, Ignored)
    assert event.fault is fault
    assert script.say(PayloadType.OUTPUT, b"still here") == [Output(b"still here")]


def test_nonsense_among_early_messages_costs_only_itself() -> None:
    script = opened()
    held = script.number
    script.number += 1
    assert script.say(99, b"") == []
    assert script.say(PayloadType.OUTPUT, b"after") == []
    script.number = held
    events = script.say(PayloadType.OUTPUT, b"before")

    assert [type(event) for event in events] == [Output, Ignored, Output]


def test_keystrokes() -> None:
    script = opened()
    assert script.client.send_input(b"ls\r", 0.0) == 3
    (message,) = script.heard()

    assert (message.payload_type, message.payload) == (PayloadType.OUTPUT, b"ls\r")


def test_nothing_is_typed_into_a_session_that_is_not_open() -> None:
    script = Script()

    assert script.client.send_input(b"ls\r", 0.0) == 0
    assert not script.client.terminate(0.0)
    assert script.heard() == []


def test_a_size_is_told_once_and_a_storm_of_them_costs_little() -> None:
    script = opened()
    script.client.resize(80, 24, 0.0)
    script.client.resize(80, 24, 0.0)
    assert len(script.heard()) == 1

    script.client.send_input(bytes(script.client.room), 0.0)
    for cols in range(50, 500):
        script.client.resize(cols, 24, 0.0)
    data = script.heard()
    assert {message.payload_type for message in data} == {PayloadType.OUTPUT}
    acknowledged = {
        "AcknowledgedMessageType": "input_stream_data",
        "AcknowledgedMessageId": "",
        "AcknowledgedMessageSequenceNumber": data[0].sequence,
    }
    payload = json.dumps(acknowledged).encode()
    script.client.feed(encode(AgentMessage(MessageType.ACKNOWLEDGE, 0, payload)), 0.0)
    (size,) = script.heard()
    assert json.loads(size.payload) == {"cols": 499, "rows": 24}


def test_ending_a_session() -> None:
    script = opened()
    assert script.client.terminate(0.0)
    (message,) = script.heard()

    assert (message.payload_type, message.payload) == (PayloadType.FLAG, b"\0\0\0\x02")


@pytest.mark.parametrize(
    ("payload", "event"),
    [
        (b'{"SessionId":"s","CreatedDate":"x","Output":"idle"}', Closed("s", "idle")),
        (b'{"SessionId":"s","CreatedDate":1,"Output":null}', Closed("s", "")),
        (b"goodbye", Closed("", "")),
        (b"", Closed("", "")),
    ],
)
def test_the_service_closes_the_channel(payload: bytes, event: Closed) -> None:
    script = opened()
    script.client.send_input(b"x", 0.0)

    assert script.client.feed(
        encode(AgentMessage(MessageType.CHANNEL_CLOSED, 0, payload)), 0.0
    ) == [event]
    assert script.client.over
    assert script.heard() == []
    assert script.say(PayloadType.OUTPUT, b"after the end") == []
    assert script.client.send_input(b"x", 0.0) == 0
    assert not script.client.terminate(0.0)


def test_the_service_may_pause_and_start_whatever_it_likes() -> None:
    script = opened()
    for kind in (MessageType.PAUSE_PUBLICATION, MessageType.START_PUBLICATION):
        assert script.client.feed(encode(AgentMessage(kind, 0, b"")), 0.0) == []
    script.client.send_input(b"x", 0.0)
    assert len(script.heard()) == 1


def test_an_agent_that_never_starts() -> None:
    client = ClientChannel()
    client.connect(Secret("token"), 5.0)

    assert client.next_deadline() == 5.0 + HANDSHAKE_SECONDS
    assert client.tick(4.9 + HANDSHAKE_SECONDS) == []
    (event,) = client.tick(5.0 + HANDSHAKE_SECONDS)
    assert isinstance(event, Failed)
    assert event.fault is Fault.HANDSHAKE
    assert client.tick(1e6) == []


# ── encryption ──


def asked_for_key() -> Script:
    script = Script()
    assert script.request(session(), ("KMSEncryption", {"KMSKeyId": "k1", "Challenge": "c"})) == [
        NeedsKey("k1")
    ]
    assert script.heard() == []  # the response waits for the key
    return script


def test_a_session_is_encrypted() -> None:
    script = asked_for_key()
    script.client.give_key(DATA_KEY, b"\xff\xfe", 0.0)
    encryption = script.response()["ProcessedClientActions"][1]
    assert encryption["ActionStatus"] == 1
    assert encryption["ActionResult"] == {"KMSCipherTextKey": "//4="}

    agent = SessionCipher.for_agent(DATA_KEY)
    challenge = base64.b64encode(agent.encrypt(b"random")).decode()
    assert script.say(PayloadType.CHALLENGE_REQUEST, {"Challenge": challenge}) == []
    (answer,) = script.heard()
    assert answer.payload_type == PayloadType.CHALLENGE_RESPONSE
    assert agent.decrypt(base64.b64decode(json.loads(answer.payload)["Challenge"])) == b"random"

    (done,) = script.complete()
    assert isinstance(done, HandshakeDone)
    assert done.encrypted
    assert script.say(PayloadType.OUTPUT, agent.encrypt(b"$ ")) == [Output(b"$ ")]
    assert script.say(PayloadType.STDERR, agent.encrypt(b"e")) == [Stderr(b"e")]
    assert script.say(PayloadType.EXIT_CODE, agent.encrypt(b"EXIT_CODE: 0")) == [Exit(0)]

    assert script.client.send_input(bytes(3000), 0.0) == 3000
    pieces = script.heard()
    assert max(len(piece.payload) for piece in pieces) == 1024
    assert b"".join(agent.decrypt(piece.payload) for piece in pieces) == bytes(3000)


def test_plain_data_in_an_encrypted_session_ends_it() -> None:
    script = asked_for_key()
    script.client.give_key(DATA_KEY, b"sealed", 0.0)
    script.complete()
    (event,) = script.say(PayloadType.OUTPUT, b"what is your password, please? ")

    assert isinstance(event, Failed)
    assert event.fault is Fault.DECRYPT
    assert script.client.over


def test_data_before_the_key_is_not_taken_for_a_shell() -> None:
    script = asked_for_key()
    (event,) = script.say(PayloadType.OUTPUT, b"$ ")

    assert isinstance(event, Ignored)
    assert script.client.room == 0


def test_an_agent_that_does_not_wait_for_the_key() -> None:
    script = asked_for_key()
    (event,) = script.complete()

    assert isinstance(event, Failed)
    assert event.fault is Fault.HANDSHAKE
    script.client.give_key(DATA_KEY, b"sealed", 0.0)  # it was on its way meanwhile
    assert script.heard() == []


def test_a_wrong_challenge_ends_the_session() -> None:
    script = asked_for_key()
    script.client.give_key(DATA_KEY, b"sealed", 0.0)
    (event,) = script.say(PayloadType.CHALLENGE_REQUEST, {"Challenge": "AAAA"})

    assert isinstance(event, Failed)
    assert event.fault is Fault.DECRYPT


def test_no_key_for_the_agent() -> None:
    script = asked_for_key()
    script.client.refuse_key("AccessDenied on the key", 0.0)
    encryption = script.response()["ProcessedClientActions"][1]

    assert encryption["ActionStatus"] == 2
    assert encryption["Error"] == "AccessDenied on the key"
    (event,) = script.say(PayloadType.CHALLENGE_REQUEST, {"Challenge": "AAAA"})
    assert isinstance(event, Ignored)


def test_a_key_that_nobody_asked_for() -> None:
    script = opened()
    with pytest.raises(RuntimeError):
        script.client.give_key(DATA_KEY, b"sealed", 0.0)
    with pytest.raises(RuntimeError):
        script.client.refuse_key("no", 0.0)


def test_a_key_of_the_wrong_size_can_be_given_again() -> None:
    script = asked_for_key()
    with pytest.raises(ValueError, match="32 bytes"):
        script.client.give_key(bytes(32), b"sealed", 0.0)
    script.client.give_key(DATA_KEY, b"sealed", 0.0)

    assert script.response()["ProcessedClientActions"][1]["ActionStatus"] == 1
