"""AgentMessage, the one frame of a data channel: a header of 120 bytes and a payload.

Big-endian. Every websocket message is one AgentMessage, after the first one of the client, which is
text. The layout is the agent's and the session-manager-plugin's:

    offset  length
         0       4  header length: 116, the offset of the payload length
         4      32  message type, ASCII, padded with spaces (or NULs)
        36       4  schema version: 1
        40       8  created, milliseconds of the epoch; zero is refused
        48       8  sequence number, signed
        56       8  flags
        64      16  message id, a UUID with its two halves swapped
        80      32  SHA-256 of the payload; not looked at when the payload is empty
       112       4  payload type
       116       4  payload length
       120          payload
"""

from __future__ import annotations

import struct
from enum import IntEnum, IntFlag, StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

import msgspec

from ssmtui.core.wire.errors import Fault, WireError

HEADER_SIZE: Final = 120
_HEADER_LENGTH: Final = 116
_LAYOUT: Final = struct.Struct(">I32sIQqQ8s8s32sII")


class MessageType(StrEnum):
    """The kinds of message; receivers skip those that they do not know."""

    INPUT = "input_stream_data"  # client to agent
    OUTPUT = "output_stream_data"  # agent to client
    ACKNOWLEDGE = "acknowledge"  # both ways, outside the numbering
    CHANNEL_CLOSED = "channel_closed"  # service to client
    START_PUBLICATION = "start_publication"  # service: go on sending
    PAUSE_PUBLICATION = "pause_publication"  # service: stop sending
    SESSION_STATE = "agent_session_state"  # agent to service only


class PayloadType(IntEnum):
    """What the payload of a stream message is."""

    NONE = 0  # acknowledge, channel_closed
    OUTPUT = 1  # bytes of the terminal or the port, in both directions
    ERROR = 2
    SIZE = 3
    PARAMETER = 4
    HANDSHAKE_REQUEST = 5
    HANDSHAKE_RESPONSE = 6
    HANDSHAKE_COMPLETE = 7
    CHALLENGE_REQUEST = 8
    CHALLENGE_RESPONSE = 9
    FLAG = 10
    STDERR = 11
    EXIT_CODE = 12


class Flags(IntFlag):
    """An agent's first stream message has SYN; messages outside the numbering have both."""

    NONE = 0
    SYN = 1
    FIN = 2


class AgentMessage(msgspec.Struct, frozen=True, gc=False):
    """One frame, decoded. `type` and `payload_type` are open: unknown ones stay as they came."""

    type: str
    sequence: int
    payload: bytes
    payload_type: int = PayloadType.NONE
    flags: int = Flags.NONE
    created: int = 1  # milliseconds of the epoch
    id: UUID = msgspec.field(default_factory=uuid4)
    schema_version: int = 1


def milliseconds(now: float, epoch_offset: float) -> int:
    """The creation date of a message made now; never the zero that receivers refuse."""
    return max(1, int((now + epoch_offset) * 1000))


def _names() -> dict[bytes, str]:
    """The known message types as they stand in a header, padded either way."""
    spaced = {name.value.encode().ljust(32): name.value for name in MessageType}
    return spaced | {name.value.encode().ljust(32, b"\0"): name.value for name in MessageType}


_NAMES: Final = _names()


def encode(message: AgentMessage) -> bytes:
    """The frame of a message.

    ValueError for a type that is not 1 to 32 ASCII characters or a number beyond its field: that
    is a mistake of the caller.
    """
    name = message.type.encode("ascii")
    if not 0 < len(name) <= 32:
        raise ValueError(f"not a message type: {message.type!r}")
    octets = message.id.bytes
    try:
        header = _LAYOUT.pack(
            _HEADER_LENGTH,
            name.ljust(32),
            message.schema_version,
            message.created,
            message.sequence,
            message.flags,
            octets[8:],
            octets[:8],
            sha256(message.payload).digest(),
            message.payload_type,
            len(message.payload),
        )
    except struct.error as error:
        raise ValueError(f"a field of the message is out of range: {error}") from error
    return header + message.payload


def decode(frame: bytes | bytearray | memoryview) -> AgentMessage:
    """The message of a frame; WireError with its reason for everything else.

    As the real receivers do, it takes everything after the header as payload, whatever length is
    announced, but not less: a frame that was cut is refused even where there is no digest to tell.
    """
    if len(frame) < HEADER_SIZE:
        raise WireError(Fault.SHORT, f"a frame of {len(frame)} bytes has no whole header")
    (
        header_length,
        padded,
        schema_version,
        created,
        sequence,
        flags,
        low,
        high,
        digest,
        payload_type,
        payload_length,
    ) = _LAYOUT.unpack_from(frame)
    if header_length != _HEADER_LENGTH:
        raise WireError(Fault.HEADER, f"a header length of {header_length}")
    if created == 0:
        raise WireError(Fault.CREATED, "a message without a creation date")
    name = _NAMES.get(padded) or _unknown_name(padded)
    payload = bytes(frame[HEADER_SIZE:])
    if payload_length > len(payload):
        detail = f"{len(payload)} bytes of payload where {payload_length} are announced"
        raise WireError(Fault.SHORT, detail)
    if payload and sha256(payload).digest() != digest:
        raise WireError(Fault.DIGEST, f"message {sequence} was damaged on its way")
    return AgentMessage(
        name,
        sequence,
        payload,
        payload_type,
        flags,
        created,
        UUID(bytes=high + low),
        schema_version,
    )


def _unknown_name(padded: bytes) -> str:
    name = padded.strip(b" \0")
    if not name or not name.isascii():
        raise WireError(Fault.MESSAGE_TYPE, f"not a message type: {padded!r}")
    return name.decode("ascii")
