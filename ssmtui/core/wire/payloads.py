"""What the payloads of a data channel hold: JSON for the most part, in AWS's own words.

Decoding is tolerant where real senders differ (absent and null members, unknown ones, a creation
date as text or number) and strict where a wrong value would be acted upon.
"""

from __future__ import annotations

import re
import struct
from enum import IntEnum, StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

import msgspec

from ssmtui.core.secret import MASK
from ssmtui.core.wire.errors import Fault, WireError
from ssmtui.core.wire.message import AgentMessage


class SessionType(StrEnum):
    """The session types that clients take; the first three are a terminal's, the last a port's."""

    STANDARD_STREAM = "Standard_Stream"
    INTERACTIVE_COMMANDS = "InteractiveCommands"
    NON_INTERACTIVE_COMMANDS = "NonInteractiveCommands"
    PORT = "Port"


class ActionType(StrEnum):
    """What an agent's handshake may ask of the client."""

    SESSION_TYPE = "SessionType"
    KMS_ENCRYPTION = "KMSEncryption"


class ActionStatus(IntEnum):
    """How the client fared with an action of the handshake."""

    NONE = 0  # what the plugin really answers to an unknown action, with the status as the result
    SUCCESS = 1
    FAILED = 2
    UNSUPPORTED = 3


class FlagCode(IntEnum):
    """The payload of a Flag message."""

    DISCONNECT_TO_PORT = 1  # the local connection of a basic port session went
    TERMINATE_SESSION = 2
    CONNECT_TO_PORT_ERROR = 3  # the node could not connect to the port: once for each attempt


_NULL: Final = msgspec.Raw(b"null")


class _Payload(msgspec.Struct, frozen=True, rename="pascal"):
    """JSON with members in Pascal case."""


class OpenDataChannelInput(_Payload, frozen=True, kw_only=True):
    """The client's first frame, as text. `client_id` stays the same for a process."""

    message_schema_version: str = "1.0"
    request_id: str
    token_value: str
    client_id: str
    client_version: str = ""

    def __repr__(self) -> str:
        # The token opens the session to whoever holds it.
        return f"OpenDataChannelInput(client_id={self.client_id!r}, token_value={MASK})"


class Acknowledge(_Payload, frozen=True, gc=False):
    """A received message; only its number is used to find it again."""

    acknowledged_message_type: str
    acknowledged_message_id: str
    acknowledged_message_sequence_number: int
    is_sequential_message: bool = True


class RequestedAction(_Payload, frozen=True):
    """One thing that the agent asks of the client; its parameters depend on its type."""

    action_type: str
    action_parameters: msgspec.Raw = _NULL


class SessionTypeParameters(_Payload, frozen=True):
    """Parameters of the action SessionType. Of a port session all properties are strings."""

    session_type: str
    properties: dict[str, Any] | None = None


class KMSEncryptionParameters(_Payload, frozen=True):
    """Parameters of the action KMSEncryption. What newer agents add has no use to a client."""

    kms_key_id: str = msgspec.field(name="KMSKeyId")


class HandshakeRequest(_Payload, frozen=True):
    """The agent's first message. Its version must have four parts, or clients misjudge it."""

    agent_version: str
    requested_client_actions: list[RequestedAction]


class ProcessedAction(_Payload, frozen=True):
    """The client's answer to one action."""

    action_type: str
    action_status: int
    action_result: msgspec.Raw = _NULL
    error: str | None = ""


class KMSEncryptionResult(_Payload, frozen=True):
    """The session's data key, as KMS encrypted it."""

    kms_cipher_text_key: bytes = msgspec.field(name="KMSCipherTextKey")


class HandshakeResponse(_Payload, frozen=True):
    """The client's answers to all actions."""

    client_version: str
    processed_client_actions: list[ProcessedAction]
    errors: list[str] | None = None


class HandshakeComplete(_Payload, frozen=True):
    """The end of the handshake: the time it took in nanoseconds, and a line for the user."""

    handshake_time_to_complete: int | float | None = None
    customer_message: str | None = ""


class EncryptionChallenge(_Payload, frozen=True):
    """64 random bytes, encrypted by the agent, and given back encrypted by the client."""

    challenge: bytes


class Size(msgspec.Struct, frozen=True):
    """The terminal's size in cells. A client chooses it freely: clamp it before it is used."""

    cols: int
    rows: int


class ChannelClosed(_Payload, frozen=True, kw_only=True):
    """The service's last word. Real ones write the creation date as text; a number also closes."""

    message_type: str | None = "channel_closed"
    message_id: str | None = ""
    destination_id: str | None = ""
    session_id: str | None = ""
    created_date: str | int | float | None = ""
    schema_version: int | str | None = 1
    output: str | None = ""


P = TypeVar("P", bound=msgspec.Struct)

_encoder: Final = msgspec.json.Encoder()
_decoders: Final[dict[type[Any], msgspec.json.Decoder[Any]]] = {}


def encode_payload(payload: msgspec.Struct) -> bytes:
    """The payload as JSON; bytes in it become base64."""
    return _encoder.encode(payload)


def decode_payload(kind: type[P], data: bytes | str | msgspec.Raw) -> P:
    """The payload of that kind; WireError (PAYLOAD) for anything else."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    try:
        payload: P = decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise WireError(Fault.PAYLOAD, f"not a {kind.__name__}: {error}") from error
    return payload


def opening(token: str, client_id: UUID, client_version: str) -> str:
    """The text frame that opens a data channel, or opens it again after it was cut."""
    payload = OpenDataChannelInput(
        request_id=str(uuid4()),
        token_value=token,
        client_id=str(client_id),
        client_version=client_version,
    )
    return encode_payload(payload).decode()


def acknowledgement(message: AgentMessage) -> bytes:
    """The payload that acknowledges a message."""
    return _encoder.encode(Acknowledge(message.type, str(message.id), message.sequence))


_FLAG: Final = struct.Struct(">I")


def encode_flag(flag: int) -> bytes:
    """The payload of a Flag message."""
    return _FLAG.pack(flag)


def decode_flag(payload: bytes) -> int:
    """The number in a Flag message, known or not; WireError (PAYLOAD) if it is not four bytes."""
    if len(payload) != _FLAG.size:
        raise WireError(Fault.PAYLOAD, f"a flag of {len(payload)} bytes")
    (flag,) = _FLAG.unpack(payload)
    return int(flag)


_EXIT_CODE: Final = re.compile(rb"\s*EXIT_CODE:\s*(-?[0-9]{1,10})\s*")


def encode_exit_code(code: int) -> bytes:
    """The payload of an ExitCode message."""
    return b"EXIT_CODE: %d" % code


def decode_exit_code(payload: bytes) -> int:
    """The command's exit code; WireError (PAYLOAD) for any other text."""
    match = _EXIT_CODE.fullmatch(payload)
    if match is None:
        raise WireError(Fault.PAYLOAD, f"not an exit code: {payload[:40]!r}")
    return int(match[1])
