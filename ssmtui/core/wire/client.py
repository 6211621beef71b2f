"""The client's end of a data channel, from the first frame to the last."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final
from uuid import UUID, uuid4

import msgspec

from ssmtui.core.secret import Secret
from ssmtui.core.wire.channel import DataChannel
from ssmtui.core.wire.crypto import SessionCipher
from ssmtui.core.wire.errors import Fault, WireError
from ssmtui.core.wire.events import (
    Closed,
    Event,
    Exit,
    Flagged,
    HandshakeDone,
    NeedsKey,
    Output,
    Stderr,
)
from ssmtui.core.wire.message import AgentMessage, MessageType, PayloadType
from ssmtui.core.wire.payloads import (
    ActionStatus,
    ActionType,
    ChannelClosed,
    EncryptionChallenge,
    FlagCode,
    HandshakeComplete,
    HandshakeRequest,
    HandshakeResponse,
    KMSEncryptionParameters,
    KMSEncryptionResult,
    ProcessedAction,
    RequestedAction,
    SessionType,
    SessionTypeParameters,
    Size,
    decode_exit_code,
    decode_flag,
    decode_payload,
    encode_flag,
    encode_payload,
    opening,
)
from ssmtui.core.wire.stream import TRIES
from ssmtui.core.wire.versions import CLIENT_VERSION

# The plugin waits for ever for an agent that does not start; the agent gives up after 15 s.
HANDSHAKE_SECONDS: Final = 30.0

_SESSION_TYPES: Final = frozenset(SessionType)


class _Step(Enum):
    """How far the handshake is."""

    WAITING = auto()  # for the agent's request
    KEY = auto()  # for the caller's data key
    ANSWERED = auto()  # for the agent to be content
    DONE = auto()


class ClientChannel(DataChannel):
    """A session as its client sees it; see `channel` for how it is driven.

    Its events are HandshakeDone, NeedsKey, Output, Stderr, Exit, Flagged, Closed, Ignored and
    Failed. A new connection needs no new handshake: `connect` again, with the new token.
    """

    def __init__(
        self,
        *,
        client_id: UUID | None = None,
        client_version: str = CLIENT_VERSION,
        epoch_offset: float = 0.0,
        tries: int | None = TRIES,
        handshake_seconds: float = HANDSHAKE_SECONDS,
    ) -> None:
        super().__init__(
            MessageType.INPUT,
            MessageType.OUTPUT,
            syn=False,
            epoch_offset=epoch_offset,
            tries=tries,
        )
        self._client_id = client_id or uuid4()
        self._client_version = client_version
        self._handshake_seconds = handshake_seconds
        self._step = _Step.WAITING
        self._agent_version = ""
        self._session = SessionTypeParameters(SessionType.STANDARD_STREAM)
        self._processed: list[ProcessedAction] = []
        self._key_index = 0
        self._size: Size | None = None
        self._size_sent: Size | None = None

    @property
    def _ready(self) -> bool:
        return self._step is _Step.DONE

    @property
    def session_type(self) -> str:
        """As the agent named it; a terminal's until it did."""
        return self._session.session_type

    def connect(self, token: Secret, now: float) -> str:
        """There is a connection: returns the text frame that must go before all others.

        After a lost connection, everything unacknowledged is sent again with the next `take`.
        """
        self._connect()
        if self._step is not _Step.DONE:
            self._deadline = now + self._handshake_seconds
        return opening(token.reveal(), self._client_id, self._client_version)

    def send_input(self, data: bytes, now: float) -> int:
        """Send keystrokes or a port's bytes; returns how many were taken, up to `room`."""
        return self._write(PayloadType.OUTPUT, data, now)

    def resize(self, cols: int, rows: int, now: float) -> None:
        """Tell the terminal's size: at once, or as soon as the session is open or has room.

        Of several that could not be sent only the last counts, and none in a port session.
        """
        self._size = Size(cols, rows)
        self._tell_size(now)

    def flag(self, flag: FlagCode, now: float) -> bool:
        """Send a flag; False if the session is not open, or over.

        WireError (OVERFLOW) if the agent has left thousands of messages unacknowledged.
        """
        if self._over or self._step is not _Step.DONE:
            return False
        self._outgoing.send(PayloadType.FLAG, encode_flag(flag), now)
        return True

    def terminate(self, now: float) -> bool:
        """Ask the agent to end the session; as `flag`."""
        return self.flag(FlagCode.TERMINATE_SESSION, now)

    def give_key(self, data_key: bytes, ciphertext: bytes, now: float) -> None:
        """Answer NeedsKey: the 64 bytes of GenerateDataKey, plain and as KMS encrypted them.

        ValueError if the plain key has not 64 bytes; RuntimeError if no key was asked for.
        """
        if not self._key_is_due():
            return
        self._cipher = SessionCipher.for_client(data_key)
        result = msgspec.Raw(encode_payload(KMSEncryptionResult(ciphertext)))
        self._processed[self._key_index] = ProcessedAction(
            ActionType.KMS_ENCRYPTION, ActionStatus.SUCCESS, result
        )
        self._respond(now)

    def refuse_key(self, reason: str, now: float) -> None:
        """Answer NeedsKey: there is no key, and the agent will most likely end the session.

        RuntimeError if no key was asked for.
        """
        if not self._key_is_due():
            return
        self._processed[self._key_index] = ProcessedAction(
            ActionType.KMS_ENCRYPTION, ActionStatus.FAILED, error=reason
        )
        self._respond(now)

    def _key_is_due(self) -> bool:
        """False if the session ended while the caller was after the key."""
        if self._step is not _Step.KEY:
            raise RuntimeError("the agent asked for no key, or was answered already")
        return not self._over

    def _frames(self, now: float) -> list[bytes]:
        self._tell_size(now)
        return super()._frames(now)

    def _expire(self, now: float) -> list[Event]:
        return [self._fail(Fault.HANDSHAKE, "the agent did not complete the handshake in time")]

    def _control(self, message: AgentMessage, now: float, events: list[Event]) -> None:
        if message.type == MessageType.CHANNEL_CLOSED:
            events.append(_closed(message.payload))
            self._over = True
        elif message.type not in (MessageType.START_PUBLICATION, MessageType.PAUSE_PUBLICATION):
            raise WireError(Fault.MESSAGE_TYPE, f"a message of type {message.type!r}")

    def _deliver(self, message: AgentMessage, now: float, events: list[Event]) -> None:
        payload = message.payload
        match message.payload_type:
            case PayloadType.OUTPUT:
                self._accept_data(events)
                events.append(Output(self._opened(payload)))
            case PayloadType.STDERR:
                self._accept_data(events)
                events.append(Stderr(self._opened(payload)))
            case PayloadType.ERROR:  # plain also in an encrypted session
                self._accept_data(events)
                events.append(Stderr(payload))
            case PayloadType.EXIT_CODE:
                self._accept_data(events)
                events.append(Exit(decode_exit_code(self._opened(payload))))
            case PayloadType.FLAG:
                events.append(Flagged(decode_flag(payload)))
            case PayloadType.HANDSHAKE_REQUEST:
                self._expect(_Step.WAITING, "handshake request")
                self._request(decode_payload(HandshakeRequest, payload), now, events)
            case PayloadType.CHALLENGE_REQUEST:
                self._expect(_Step.ANSWERED, "challenge")
                self._answer_challenge(payload, now)
            case PayloadType.HANDSHAKE_COMPLETE:
                self._complete(decode_payload(HandshakeComplete, payload), now, events)
            case unknown:
                raise WireError(Fault.PAYLOAD_TYPE, f"a payload of type {unknown}")

    def _expect(self, step: _Step, what: str) -> None:
        if self._step is not step:
            raise WireError(Fault.PAYLOAD_TYPE, f"a {what} at the wrong time")

    def _accept_data(self, events: list[Event]) -> None:
        """Data that comes in place of a handshake makes a shell of the session."""
        if self._step is _Step.WAITING:
            self._open("", events)
        self._expect(_Step.DONE, "piece of data")

    def _request(self, request: HandshakeRequest, now: float, events: list[Event]) -> None:
        self._agent_version = request.agent_version
        self._processed = []
        key_id = None
        for action in request.requested_client_actions:
            if action.action_type == ActionType.KMS_ENCRYPTION:
                key_id = decode_payload(KMSEncryptionParameters, action.action_parameters)
                self._key_index = len(self._processed)
            self._processed.append(self._process(action))
        if key_id is None:
            self._respond(now)
        else:
            self._step = _Step.KEY
            events.append(NeedsKey(key_id.kms_key_id))

    def _process(self, action: RequestedAction) -> ProcessedAction:
        if action.action_type == ActionType.SESSION_TYPE:
            session = decode_payload(SessionTypeParameters, action.action_parameters)
            if session.session_type not in _SESSION_TYPES:
                error = f"Unknown session type {session.session_type}"
                return ProcessedAction(action.action_type, ActionStatus.FAILED, error=error)
            self._session = session
            return ProcessedAction(action.action_type, ActionStatus.SUCCESS)
        if action.action_type == ActionType.KMS_ENCRYPTION:
            return ProcessedAction(action.action_type, ActionStatus.NONE)  # until the key is there
        # The plugin puts the status where the result belongs, and agents know it so.
        unsupported = msgspec.Raw(b"%d" % ActionStatus.UNSUPPORTED)
        error = f"Unsupported action {action.action_type}"
        return ProcessedAction(action.action_type, ActionStatus.NONE, unsupported, error)

    def _respond(self, now: float) -> None:
        errors = [action.error for action in self._processed if action.error]
        response = HandshakeResponse(self._client_version, self._processed, errors or None)
        self._step = _Step.ANSWERED
        self._outgoing.send(PayloadType.HANDSHAKE_RESPONSE, encode_payload(response), now)

    def _answer_challenge(self, payload: bytes, now: float) -> None:
        if self._cipher is None:
            raise WireError(Fault.PAYLOAD_TYPE, "a challenge in a session without a key")
        challenge = decode_payload(EncryptionChallenge, payload).challenge
        answer = encode_payload(EncryptionChallenge(self._cipher.answer(challenge)))
        self._outgoing.send(PayloadType.CHALLENGE_RESPONSE, answer, now)

    def _complete(self, complete: HandshakeComplete, now: float, events: list[Event]) -> None:
        if self._step is _Step.KEY:
            raise WireError(Fault.HANDSHAKE, "the agent did not wait for the session's key")
        self._expect(_Step.ANSWERED, "handshake completion")
        self._open(complete.customer_message or "", events)
        self._tell_size(now)

    def _open(self, customer_message: str, events: list[Event]) -> None:
        self._step = _Step.DONE
        self._deadline = None
        properties = self._session.properties or {}
        events.append(
            HandshakeDone(
                self._session.session_type,
                {name: _text(value) for name, value in properties.items()},
                self._agent_version,
                customer_message,
                self.encrypted,
            )
        )

    def _tell_size(self, now: float) -> None:
        size = self._size
        if size is None or size == self._size_sent or self.room == 0:
            return
        if self._session.session_type != SessionType.PORT:
            self._size_sent = size
            self._outgoing.send(PayloadType.SIZE, encode_payload(size), now)


def _closed(payload: bytes) -> Closed:
    """The service's goodbye, which counts however badly it is put."""
    try:
        goodbye = decode_payload(ChannelClosed, payload)
    except WireError:
        goodbye = ChannelClosed()
    return Closed(goodbye.session_id or "", goodbye.output or "")


def _text(value: object) -> str:
    """A property as text, which it should be already."""
    return value if isinstance(value, str) else "" if value is None else str(value)
