from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.wire.errors import Fault, WireError
from ssmtui.core.wire.message import (
    HEADER_SIZE,
    AgentMessage,
    Flags,
    MessageType,
    PayloadType,
    decode,
    encode,
    milliseconds,
)

# A frame written out by hand from the layout: "hello" typed at 2026-11-21 04:00:00.
MESSAGE = AgentMessage(
    MessageType.INPUT,
    7,
    b"hello",
    PayloadType.OUTPUT,
    Flags.NONE,
    1_795_233_600_000,
    UUID("00112233-4455-6677-8899-aabbccddeeff"),
)
FRAME = bytes.fromhex(
    "00000074"  # header length 116
    "696e7075745f73747265616d5f64617461"
    + "20"
    * 15  # "input_stream_data", spaces
    + "00000001"  # schema version
    "000001a1fc42d200"  # created
    "0000000000000007"  # sequence number
    "0000000000000000"  # flags
    "8899aabbccddeeff0011223344556677"  # message id, halves swapped
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # SHA-256 of "hello"
    "00000001"  # payload type
    "00000005"  # payload length
    "68656c6c6f"
)

MESSAGES = st.builds(
    AgentMessage,
    st.one_of(
        st.sampled_from([name.value for name in MessageType]),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=32),
    ),
    st.integers(-(2**63), 2**63 - 1),
    st.binary(max_size=2048),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**64 - 1),
    st.integers(1, 2**64 - 1),
    st.uuids(),
    st.integers(0, 2**32 - 1),
)


def patched(offset: int, data: bytes, frame: bytes = FRAME) -> bytes:
    return frame[:offset] + data + frame[offset + len(data) :]


def fault_of(frame: bytes) -> Fault:
    with pytest.raises(WireError) as caught:
        decode(frame)
    return caught.value.fault


def test_the_recorded_frame() -> None:
    assert len(FRAME) == HEADER_SIZE + 5
    assert encode(MESSAGE) == FRAME
    assert decode(FRAME) == MESSAGE


def test_an_acknowledgement_that_is_padded_with_nuls() -> None:
    padded = patched(4, b"acknowledge" + b"\0" * 21)
    message = decode(patched(56, (3).to_bytes(8, "big"), padded))

    assert message.type == MessageType.ACKNOWLEDGE
    assert message.flags == Flags.SYN | Flags.FIN


def test_an_unknown_type_stays_as_it_came() -> None:
    assert decode(patched(4, b"something_new".ljust(32))).type == "something_new"


def test_negative_numbers_are_read() -> None:
    assert decode(patched(48, b"\xff" * 8)).sequence == -1


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        (b"", Fault.SHORT),
        (FRAME[: HEADER_SIZE - 1], Fault.SHORT),
        (FRAME[:-1], Fault.SHORT),
        (FRAME[:HEADER_SIZE], Fault.SHORT),
        (patched(0, b"\x00\x00\x00\x75"), Fault.HEADER),
        (patched(0, b"\xff\xff\xff\xff"), Fault.HEADER),
        (patched(4, b" " * 32), Fault.MESSAGE_TYPE),
        (patched(4, b"\0" * 32), Fault.MESSAGE_TYPE),
        (patched(4, "ä".encode().ljust(32)), Fault.MESSAGE_TYPE),
        (patched(40, b"\0" * 8), Fault.CREATED),
        (patched(120, b"H"), Fault.DIGEST),
        (patched(80, b"\0"), Fault.DIGEST),
        (FRAME + b"!", Fault.DIGEST),
    ],
)
def test_what_is_refused(frame: bytes, fault: Fault) -> None:
    assert fault_of(frame) == fault


def test_an_empty_payload_needs_no_digest() -> None:
    frame = patched(116, b"\0" * 4, FRAME[:HEADER_SIZE])

    assert decode(patched(80, b"\xee" * 32, frame)).payload == b""


def test_everything_after_the_header_is_payload() -> None:
    # The length announces less than there is, and the digest is of all of it.
    assert decode(patched(116, b"\0\0\0\x02")).payload == b"hello"


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_any_kind_of_buffer(kind: type[bytearray] | type[memoryview]) -> None:
    assert decode(kind(FRAME)) == MESSAGE


@pytest.mark.parametrize(
    "message",
    [
        AgentMessage("", 0, b""),
        AgentMessage("x" * 33, 0, b""),
        AgentMessage("ä", 0, b""),
        AgentMessage("x", 2**63, b""),
        AgentMessage("x", 0, b"", payload_type=-1),
    ],
)
def test_what_cannot_be_encoded(message: AgentMessage) -> None:
    with pytest.raises(ValueError, match=r"message|ascii"):
        encode(message)


@given(MESSAGES)
def test_round_trip(message: AgentMessage) -> None:
    assert decode(encode(message)) == message


@given(st.binary(max_size=400))
def test_nothing_but_the_documented_error(data: bytes) -> None:
    try:
        message = decode(data)
    except WireError:
        return
    assert message.payload == data[HEADER_SIZE:]


@given(MESSAGES, st.data())
def test_damage_to_a_payload_never_goes_unseen(message: AgentMessage, data: st.DataObject) -> None:
    frame = bytearray(encode(message))
    if not message.payload:
        return
    place = data.draw(st.integers(80, len(frame) - 1).filter(lambda at: not 112 <= at < 120))
    frame[place] ^= data.draw(st.integers(1, 255))

    assert fault_of(bytes(frame)) is Fault.DIGEST


@given(MESSAGES, st.integers(0, HEADER_SIZE - 1), st.integers(1, 255))
def test_a_damaged_header_is_read_or_refused(message: AgentMessage, place: int, flip: int) -> None:
    frame = bytearray(encode(message))
    frame[place] ^= flip
    try:
        decoded = decode(frame)
    except WireError:
        return
    assert decoded.payload == message.payload


def test_creation_dates() -> None:
    assert milliseconds(1.5, 1_000.0) == 1_001_500
    assert milliseconds(0.0, 0.0) == 1
