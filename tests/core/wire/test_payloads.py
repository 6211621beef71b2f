from __future__ import annotations

import json
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.wire.errors import Fault, WireError
from ssmtui.core.wire.message import AgentMessage, MessageType
from ssmtui.core.wire.payloads import (
    Acknowledge,
    ChannelClosed,
    EncryptionChallenge,
    HandshakeComplete,
    HandshakeRequest,
    HandshakeResponse,
    KMSEncryptionParameters,
    KMSEncryptionResult,
    OpenDataChannelInput,
    ProcessedAction,
    SessionTypeParameters,
    Size,
    acknowledgement,
    decode_exit_code,
    decode_flag,
    decode_payload,
    encode_exit_code,
    encode_flag,
    encode_payload,
    opening,
)

KINDS: list[type[msgspec.Struct]] = [
    Acknowledge,
    ChannelClosed,
    EncryptionChallenge,
    HandshakeComplete,
    HandshakeRequest,
    HandshakeResponse,
    KMSEncryptionParameters,
    KMSEncryptionResult,
    OpenDataChannelInput,
    SessionTypeParameters,
    Size,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["AgentVersion", "RequestedClientActions", "ActionType", "cols", "rows", "Output"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def test_the_opening_frame() -> None:
    client_id = UUID(int=7)
    frame = json.loads(opening("the token", client_id, "1.2.835.0"))

    assert UUID(frame.pop("RequestId")).version == 4
    assert frame == {
        "MessageSchemaVersion": "1.0",
        "TokenValue": "the token",
        "ClientId": str(client_id),
        "ClientVersion": "1.2.835.0",
    }


def test_an_opening_frame_of_an_old_client_has_no_version() -> None:
    text = '{"MessageSchemaVersion":"1.0","RequestId":"r","TokenValue":"t","ClientId":"c"}'

    assert decode_payload(OpenDataChannelInput, text).client_version == ""


def test_the_token_is_not_shown() -> None:
    frame = decode_payload(OpenDataChannelInput, opening("hunter2", UUID(int=7), "1.0.0.0"))

    assert frame.token_value == "hunter2"
    assert "hunter2" not in repr(frame)


def test_an_acknowledgement() -> None:
    message = AgentMessage(MessageType.OUTPUT, 5, b"x", id=UUID(int=1))

    assert json.loads(acknowledgement(message)) == {
        "AcknowledgedMessageType": "output_stream_data",
        "AcknowledgedMessageId": "00000000-0000-0000-0000-000000000001",
        "AcknowledgedMessageSequenceNumber": 5,
        "IsSequentialMessage": True,
    }


def test_a_handshake_request_as_agents_write_it() -> None:
    request = decode_payload(
        HandshakeRequest,
        b'{"AgentVersion":"3.3.1611.0","RequestedClientActions":[{"ActionType":"SessionType",'
        b'"ActionParameters":{"SessionType":"Standard_Stream","Properties":null}},'
        b'{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"k","Challenge":"c"}}]}',
    )
    session, encryption = request.requested_client_actions

    assert decode_payload(SessionTypeParameters, session.action_parameters) == (
        SessionTypeParameters("Standard_Stream")
    )
    assert decode_payload(
        KMSEncryptionParameters, encryption.action_parameters
    ) == KMSEncryptionParameters("k")


def test_a_handshake_response_as_the_plugin_writes_it() -> None:
    response = HandshakeResponse("1.2.835.0", [ProcessedAction("SessionType", 1)])

    assert encode_payload(response) == (
        b'{"ClientVersion":"1.2.835.0","ProcessedClientActions":[{"ActionType":"SessionType",'
        b'"ActionStatus":1,"ActionResult":null,"Error":""}],"Errors":null}'
    )


def test_key_material_is_base64() -> None:
    assert encode_payload(KMSEncryptionResult(b"\xff\xfe")) == b'{"KMSCipherTextKey":"//4="}'
    assert decode_payload(EncryptionChallenge, b'{"Challenge":"//4="}').challenge == b"\xff\xfe"


@pytest.mark.parametrize(
    "text", ["{}", '{"HandshakeTimeToComplete":null,"CustomerMessage":null}', '{"New":[1]}']
)
def test_a_handshake_completion_may_lack_everything(text: str) -> None:
    assert not decode_payload(HandshakeComplete, text).customer_message


@pytest.mark.parametrize("date", ['"2026-11-21T04:00:00Z"', "1795233600000", "1.5e12", "null"])
def test_channels_are_closed_on_any_date(date: str) -> None:
    text = f'{{"CreatedDate":{date},"Output":"idle for 20 minutes","SchemaVersion":1}}'

    assert decode_payload(ChannelClosed, text).output == "idle for 20 minutes"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"null",
        b'{"cols":80}',
        b'{"cols":"80","rows":24}',
        b'{"cols":1.5,"rows":24}',
        b'{"cols":' + b"9" * 5000 + b',"rows":1}',
        b'{"cols":1,"rows":1,"x":' + b"[" * 100_000,
    ],
)
def test_what_is_no_size(data: bytes) -> None:
    with pytest.raises(WireError) as caught:
        decode_payload(Size, data)
    assert caught.value.fault is Fault.PAYLOAD


@given(st.sampled_from(KINDS), st.one_of(st.binary(max_size=80), JSON.map(msgspec.json.encode)))
def test_nothing_but_the_documented_error(kind: type[msgspec.Struct], data: bytes) -> None:
    try:
        payload = decode_payload(kind, data)
    except WireError:
        return
    assert isinstance(payload, kind)


def test_flags() -> None:
    assert encode_flag(2) == b"\0\0\0\x02"
    assert decode_flag(b"\xff\0\0\0") == 0xFF00_0000
    with pytest.raises(WireError):
        decode_flag(b"2")


@given(st.integers(-(2**31), 2**32 - 1))
def test_exit_codes(code: int) -> None:
    assert decode_exit_code(encode_exit_code(code)) == code


def test_exit_codes_as_written() -> None:
    assert encode_exit_code(3) == b"EXIT_CODE: 3"
    assert decode_exit_code(b"EXIT_CODE: -1\n") == -1


@pytest.mark.parametrize("text", [b"", b"3", b"EXIT_CODE: ", b"EXIT_CODE: 3 4", b"EXIT_CODE: \xb2"])
def test_what_is_no_exit_code(text: bytes) -> None:
    with pytest.raises(WireError) as caught:
        decode_exit_code(text)
    assert caught.value.fault is Fault.PAYLOAD
