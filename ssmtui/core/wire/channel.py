"""What both ends of a data channel have in common: frames in, events and frames out.

The caller owns the websocket and the clock, and goes round like this:

    connect(...)                       at each new connection
    feed(frame, now) -> events         for each binary message that came
    tick(now) -> events                when `next_deadline` is over
    take(now) -> frames                after each of these, and after whatever else was asked of the
                                       channel: put them on the wire
    next_deadline() -> seconds | None  on the scale of `now`; anything in the past is "at once"
    disconnect()                       when the connection is lost; everything else stays

Take only when the websocket accepts more: timers begin when a frame is taken. Stop feeding when
what came cannot be passed on, and the other end will wait.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from typing import Final

from ssmtui.core.wire.crypto import OVERHEAD, SessionCipher
from ssmtui.core.wire.errors import Fault, WireError
from ssmtui.core.wire.events import Event, Failed, Ignored
from ssmtui.core.wire.message import (
    AgentMessage,
    Flags,
    MessageType,
    decode,
    encode,
    milliseconds,
)
from ssmtui.core.wire.payloads import Acknowledge, acknowledgement, decode_payload
from ssmtui.core.wire.stream import CHUNK, LIMIT, Incoming, Outgoing

# Without these the session cannot go on; other faults cost one message.
_FATAL: Final = frozenset({Fault.HANDSHAKE, Fault.DECRYPT, Fault.OVERFLOW})


class DataChannel(ABC):
    """One end: `sends` and `receives` are the types of its two streams.

    It never raises for what the other end sends. `silence` seconds pass after `_hush` in which
    nothing at all is sent.
    """

    def __init__(
        self,
        sends: MessageType,
        receives: MessageType,
        *,
        syn: bool,
        epoch_offset: float,
        tries: int | None,
        silence: float = 0.0,
    ) -> None:
        self._receives = receives
        self._epoch_offset = epoch_offset
        self._outgoing = Outgoing(sends, syn=syn, epoch_offset=epoch_offset, tries=tries)
        self._outgoing.halt()
        self._incoming = Incoming()
        # An acknowledgement that falls off here costs a repetition, not more.
        self._outbox: deque[bytes] = deque(maxlen=LIMIT)
        self._cipher: SessionCipher | None = None
        self._connected = False
        self._over = False
        self._deadline: float | None = None
        self._silence = silence
        self._hushed: list[bytes] | None = None
        self._quiet_until: float | None = None

    @property
    def connected(self) -> bool:
        """Whether there is a connection, as far as the caller said."""
        return self._connected

    @property
    def over(self) -> bool:
        """Whether the session came to its end: closed or failed."""
        return self._over

    @property
    def encrypted(self) -> bool:
        """Whether the session's data is encrypted with a key of KMS."""
        return self._cipher is not None

    @property
    def unacknowledged(self) -> int:
        """How many messages wait for their acknowledgement."""
        return self._outgoing.unacknowledged

    @property
    def room(self) -> int:
        """How many bytes of data would be taken now; it grows as acknowledgements come."""
        return self._outgoing.room * self._chunk if self._ready and not self._over else 0

    def disconnect(self) -> None:
        """The connection is lost: keep the numbers and what was not acknowledged."""
        self._connected = False
        self._outgoing.halt()
        self._outbox.clear()
        self._hushed = self._quiet_until = None

    def feed(self, frame: bytes, now: float) -> list[Event]:
        """Take a binary message in; returns what it means. Nothing once the session is over."""
        events: list[Event] = []
        if not self._over:
            try:
                self._receive(decode(frame), now, events)
            except WireError as error:
                events.append(self._judge(error))
        return events

    def tick(self, now: float) -> list[Event]:
        """Let time pass; returns what it brought to an end."""
        if self._over or not self._connected:
            return []
        if self._outgoing.exhausted:
            detail = "the other end does not acknowledge what it is sent"
            return [self._fail(Fault.UNACKNOWLEDGED, detail)]
        if self._deadline is not None and now >= self._deadline:
            self._deadline = None
            return self._expire(now)
        return []

    def take(self, now: float) -> list[bytes]:
        """The frames to put on the wire, in order."""
        if not self._connected:
            return []
        if self._hushed is not None:
            frames, self._hushed = self._hushed, None
            self._quiet_until = now + self._silence
            return frames
        if self._quiet_until is not None:
            if now < self._quiet_until:
                return []
            self._quiet_until = None
        return self._frames(now)

    def next_deadline(self) -> float | None:
        """When to `tick` and `take` next, if nothing else happens; None while disconnected."""
        if not self._connected:
            return None
        if self._hushed is not None:
            return 0.0
        if self._quiet_until is not None:
            return self._quiet_until
        if self._outbox:
            return 0.0
        if self._over:
            return None
        timers = (self._deadline, self._outgoing.next_deadline())
        return min((timer for timer in timers if timer is not None), default=None)

    @property
    @abstractmethod
    def _ready(self) -> bool:
        """Whether the handshake is behind us, so that data may be sent."""

    @abstractmethod
    def _deliver(self, message: AgentMessage, now: float, events: list[Event]) -> None:
        """Act on the next message of the other end; WireError for one that makes no sense."""

    @abstractmethod
    def _control(self, message: AgentMessage, now: float, events: list[Event]) -> None:
        """Act on a message outside the numbering, other than an acknowledgement."""

    @abstractmethod
    def _expire(self, now: float) -> list[Event]:
        """The deadline is over."""

    def _connect(self) -> None:
        self._connected = True
        self._outgoing.resume()

    def _hush(self, now: float) -> None:
        """Send what there is, and then nothing for the time of `silence`."""
        self._hushed = self._frames(now)

    def _frames(self, now: float) -> list[bytes]:
        frames = list(self._outbox)
        self._outbox.clear()
        if not self._over:
            frames += self._outgoing.due(now)
        return frames

    @property
    def _chunk(self) -> int:
        return CHUNK if self._cipher is None else CHUNK - OVERHEAD

    def _write(self, payload_type: int, data: bytes, now: float) -> int:
        """Send data as far as there is room; returns the bytes taken."""
        if self._over or not self._ready:
            return 0
        seal = None if self._cipher is None else self._cipher.encrypt
        return self._outgoing.write(payload_type, data, now, seal=seal, chunk=self._chunk)

    def _send_control(self, message_type: MessageType, payload: bytes, now: float) -> None:
        """Send a message outside the numbering, once."""
        created = milliseconds(now, self._epoch_offset)
        flags = Flags.SYN | Flags.FIN
        message = AgentMessage(message_type, 0, payload, flags=flags, created=created)
        self._outbox.append(encode(message))

    def _opened(self, payload: bytes) -> bytes:
        return payload if self._cipher is None else self._cipher.decrypt(payload)

    def _receive(self, message: AgentMessage, now: float, events: list[Event]) -> None:
        if message.type == MessageType.ACKNOWLEDGE:
            answered = decode_payload(Acknowledge, message.payload)
            self._outgoing.acknowledge(answered.acknowledged_message_sequence_number, now)
        elif message.type == self._receives:
            arrival = self._incoming.accept(message)
            if arrival.acknowledge:
                self._send_control(MessageType.ACKNOWLEDGE, acknowledgement(message), now)
            for ripe in arrival.messages:
                if not self._over:
                    self._try_deliver(ripe, now, events)
        else:
            self._control(message, now, events)

    def _try_deliver(self, message: AgentMessage, now: float, events: list[Event]) -> None:
        try:
            self._deliver(message, now, events)
        except WireError as error:
            events.append(self._judge(error))

    def _judge(self, error: WireError) -> Event:
        if error.fault in _FATAL:
            return self._fail(error.fault, str(error))
        return Ignored(error.fault, str(error))

    def _fail(self, fault: Fault, detail: str) -> Failed:
        self._over = True
        self._deadline = None
        return Failed(fault, detail)
