"""The agent's end of a data channel, and the service's word at its close.

The real agent tells the service that the session is over, and the service closes the channel; here
both are one.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Final
from uuid import uuid4

import msgspec

from ssmtui.core.wire.channel import DataChannel
from ssmtui.core.wire.crypto import CHALLENGE_SIZE, SessionCipher
from ssmtui.core.wire.errors import Fault, WireError
from ssmtui.core.wire.events import ClientReady, Event, Flagged, Input, NeedsDecryption, Resized
from ssmtui.core.wire.message import AgentMessage, MessageType, PayloadType, milliseconds
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
    RequestedAction,
    SessionType,
    SessionTypeParameters,
    Size,
    decode_flag,
    decode_payload,
    encode_exit_code,
    encode_flag,
    encode_payload,
)
from ssmtui.core.wire.stream import TRIES
from ssmtui.core.wire.versions import AGENT_VERSION, takes_stderr

# The real agent's patience with each answer of the handshake, and with the last acknowledgements.
ANSWER_SECONDS: Final = 15.0
DRAIN_SECONDS: Final = 2.0

# Right after the handshake the plugin has no handler for data yet, which it then drops; in a port
# session any message that reaches it before its mux is set up stops its reader for good.
SETTLE_SECONDS: Final = 0.05

ENCRYPTED_MESSAGE: Final = "This session is encrypted using AWS KMS."


class _Step(Enum):
    """How far the handshake is."""

    NEW = auto()
    REQUESTED = auto()  # for the client's response
    KEY = auto()  # for the caller to have the data key decrypted
    CHALLENGED = auto()  # for the client's answer to the challenge
    DONE = auto()


class AgentChannel(DataChannel):
    """A session as the agent sees it; see `channel` for how it is driven.

    Its events are ClientReady, NeedsDecryption, Input, Resized, Flagged, Ignored and Failed.
    `properties` are a port session's; `kms_key_id` asks for encryption (never ask it of the
    plugin in a simulation: it goes to the real KMS); `separate_stderr` sends what `send_stderr`
    is given as messages of their own, to clients that know them. `tries` is None where the client
    may leave data unacknowledged until somebody connects to its port.
    """

    def __init__(
        self,
        session_id: str,
        session_type: str = SessionType.STANDARD_STREAM,
        properties: Mapping[str, str] | None = None,
        *,
        agent_version: str = AGENT_VERSION,
        customer_message: str = "",
        kms_key_id: str | None = None,
        separate_stderr: bool = False,
        epoch_offset: float = 0.0,
        tries: int | None = TRIES,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        super().__init__(
            MessageType.OUTPUT,
            MessageType.INPUT,
            syn=True,
            epoch_offset=epoch_offset,
            tries=tries,
            silence=SETTLE_SECONDS,
        )
        self._session_id = session_id
        self._session = SessionTypeParameters(
            session_type, None if properties is None else dict(properties)
        )
        self._agent_version = agent_version
        self._customer_message = customer_message
        self._kms_key_id = kms_key_id
        self._separate_stderr = separate_stderr
        self._random = random
        self._step = _Step.NEW
        self._started = 0.0
        self._client_version = ""
        self._challenge = b""
        self._keyed: SessionCipher | None = None
        self._paused = False
        self._farewell: str | None = None
        self._said = False

    @property
    def client_version(self) -> str:
        """What the client called itself in the handshake; empty before."""
        return self._client_version

    @property
    def ended(self) -> bool:
        """Whether channel_closed was taken: the websocket can be closed."""
        return self._said

    @property
    def _ready(self) -> bool:
        return self._step is _Step.DONE

    def connect(self, now: float) -> None:
        """A client is there, its token checked: begin the handshake, or go on where it was."""
        self._connect()
        if self._paused:
            self._outgoing.halt()
        if self._step is _Step.NEW:
            self._step = _Step.REQUESTED
            self._started = now
            self._outgoing.send(PayloadType.HANDSHAKE_REQUEST, self._request(), now)
        if self._step is not _Step.DONE and self._farewell is None:
            self._deadline = now + ANSWER_SECONDS

    def send_output(self, data: bytes, now: float) -> int:
        """Send output of the terminal or the port; returns how many bytes were taken."""
        return self._write(PayloadType.OUTPUT, data, now)

    def send_stderr(self, data: bytes, now: float) -> int:
        """Send error output, apart from the rest if the session is so; as `send_output`."""
        apart = self._separate_stderr and takes_stderr(self._client_version)
        return self._write(PayloadType.STDERR if apart else PayloadType.OUTPUT, data, now)

    def send_exit(self, code: int, now: float) -> bool:
        """Send the command's exit code; False if there is no room, or no open session."""
        return self._write(PayloadType.EXIT_CODE, encode_exit_code(code), now) > 0

    def flag(self, flag: FlagCode, now: float) -> bool:
        """Send a flag; False if the session is not open, or over.

        WireError (OVERFLOW) if the client has left thousands of messages unacknowledged.
        """
        if self._over or self._step is not _Step.DONE:
            return False
        self._outgoing.send(PayloadType.FLAG, encode_flag(flag), now)
        return True

    def give_key(self, data_key: bytes, now: float) -> None:
        """Answer NeedsDecryption with the 64 bytes of the data key.

        ValueError if it has not 64 bytes; RuntimeError if it was not asked for.
        """
        if self._step is not _Step.KEY:
            raise RuntimeError("no key is to be decrypted")
        if self._over:
            return
        cipher = SessionCipher.for_agent(data_key)
        self._challenge = self._random(CHALLENGE_SIZE)
        challenge = encode_payload(EncryptionChallenge(cipher.encrypt(self._challenge)))
        self._keyed = cipher
        self._step = _Step.CHALLENGED
        self._deadline = now + ANSWER_SECONDS
        self._outgoing.send(PayloadType.CHALLENGE_REQUEST, challenge, now)

    def close(self, output: str, now: float) -> None:
        """End the session: channel_closed goes out when all is acknowledged, or after 2 s.

        `output` is a text for the user, or empty. From now on no data is taken; see `ended`.
        """
        if self._farewell is None:
            self._farewell = output
            self._deadline = now + DRAIN_SECONDS

    def _request(self) -> bytes:
        actions = [_action(ActionType.SESSION_TYPE, self._session)]
        if self._kms_key_id is not None:
            key = KMSEncryptionParameters(self._kms_key_id)
            actions.append(_action(ActionType.KMS_ENCRYPTION, key))
        return encode_payload(HandshakeRequest(self._agent_version, actions))

    def _write(self, payload_type: int, data: bytes, now: float) -> int:
        return 0 if self._farewell is not None else super()._write(payload_type, data, now)

    def _frames(self, now: float) -> list[bytes]:
        if self._farewell is not None and not self._said:
            self._over = self._over or self._outgoing.idle
            if self._over:
                self._say(self._farewell, now)
        return super()._frames(now)

    def _say(self, farewell: str, now: float) -> None:
        created = milliseconds(now, self._epoch_offset) / 1000
        goodbye = ChannelClosed(
            message_id=str(uuid4()),
            destination_id=self._session_id,
            session_id=self._session_id,
            created_date=datetime.fromtimestamp(created, UTC).isoformat(timespec="milliseconds"),
            output=farewell,
        )
        self._said = True
        self._send_control(MessageType.CHANNEL_CLOSED, encode_payload(goodbye), now)

    def _expire(self, now: float) -> list[Event]:
        if self._farewell is not None:
            self._over = True  # whatever was not acknowledged by now is lost
            return []
        return [self._fail(Fault.HANDSHAKE, "the client did not complete the handshake in time")]

    def _control(self, message: AgentMessage, now: float, events: list[Event]) -> None:
        if message.type == MessageType.PAUSE_PUBLICATION:
            self._paused = True
            self._outgoing.halt()
        elif message.type == MessageType.START_PUBLICATION:
            self._paused = False
            if self._connected:
                self._outgoing.resume()
        else:
            raise WireError(Fault.MESSAGE_TYPE, f"a message of type {message.type!r}")

    def _deliver(self, message: AgentMessage, now: float, events: list[Event]) -> None:
        payload = message.payload
        match message.payload_type:
            case PayloadType.OUTPUT:
                # As the real agent does: what comes before the handshake's end is lost.
                self._expect(_Step.DONE, "piece of input")
                events.append(Input(self._opened(payload)))
            case PayloadType.SIZE:
                self._expect(_Step.DONE, "size")
                size = decode_payload(Size, payload)
                events.append(Resized(size.cols, size.rows))
            case PayloadType.FLAG:
                events.append(Flagged(decode_flag(payload)))
            case PayloadType.HANDSHAKE_RESPONSE:
                self._expect(_Step.REQUESTED, "handshake response")
                self._take_response(decode_payload(HandshakeResponse, payload), now, events)
            case PayloadType.CHALLENGE_RESPONSE:
                self._expect(_Step.CHALLENGED, "challenge response")
                self._take_answer(decode_payload(EncryptionChallenge, payload), now, events)
            case unknown:
                raise WireError(Fault.PAYLOAD_TYPE, f"a payload of type {unknown}")

    def _expect(self, step: _Step, what: str) -> None:
        if self._step is not step:
            raise WireError(Fault.PAYLOAD_TYPE, f"a {what} at the wrong time")

    def _take_response(self, response: HandshakeResponse, now: float, events: list[Event]) -> None:
        self._client_version = response.client_version
        actions = {action.action_type: action for action in response.processed_client_actions}
        wanted = [ActionType.SESSION_TYPE]
        if self._kms_key_id is not None:
            wanted.append(ActionType.KMS_ENCRYPTION)
        for name in wanted:
            action = actions.get(name)
            if action is None or action.action_status != ActionStatus.SUCCESS:
                reason = "no answer" if action is None else action.error or "no reason given"
                raise WireError(Fault.HANDSHAKE, f"the client refused {name}: {reason}")
        if self._kms_key_id is None:
            self._complete(self._customer_message, now, events)
            return
        key = decode_payload(KMSEncryptionResult, actions[ActionType.KMS_ENCRYPTION].action_result)
        self._step = _Step.KEY
        self._deadline = now + ANSWER_SECONDS
        events.append(NeedsDecryption(key.kms_cipher_text_key))

    def _take_answer(self, answer: EncryptionChallenge, now: float, events: list[Event]) -> None:
        cipher = self._keyed
        if cipher is None or not hmac.compare_digest(
            cipher.decrypt(answer.challenge), self._challenge
        ):
            raise WireError(Fault.HANDSHAKE, "the client's answer to the challenge is wrong")
        self._cipher = cipher
        lines = [ENCRYPTED_MESSAGE, self._customer_message]
        self._complete("\n".join(line for line in lines if line), now, events)

    def _complete(self, customer_message: str, now: float, events: list[Event]) -> None:
        self._step = _Step.DONE
        self._deadline = None
        elapsed = int((now - self._started) * 1e9)
        complete = encode_payload(HandshakeComplete(elapsed, customer_message))
        self._outgoing.send(PayloadType.HANDSHAKE_COMPLETE, complete, now)
        self._hush(now)
        events.append(ClientReady(self._client_version, self.encrypted))


def _action(name: ActionType, parameters: msgspec.Struct) -> RequestedAction:
    return RequestedAction(name, msgspec.Raw(encode_payload(parameters)))
