"""The reliable half-streams of a data channel: numbers, acknowledgements, repetition, order.

Each end numbers what it sends from 0, handshake and sizes included; acknowledgements and
channel_closed have no numbers. The numbers outlive a connection: after a reconnect both sides go
on counting and the sender repeats what was not acknowledged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

from ssmtui.core.wire.errors import Fault, WireError
from ssmtui.core.wire.message import AgentMessage, Flags, encode, milliseconds

CHUNK: Final = 1024  # bytes of payload in a data message, at most

# The receivers keep 10,000 messages that came early. A window well below it fits any of them, and
# 4 MiB in flight are 40 MB/s at 100 ms.
WINDOW: Final = 4096
LIMIT: Final = 10_000

_FIRST_TIMEOUT: Final = 0.2
# The plugin looks at its timer every 100 ms, so nobody repeats earlier, though by the formula a
# fast link would; and a peer busy for a moment is not a peer that lost something.
_SHORTEST_TIMEOUT: Final = 0.1
_LONGEST_TIMEOUT: Final = 1.0
_LONGEST_BACKOFF: Final = 8.0
_LEAST_VARIATION: Final = 0.01
TRIES: Final = 30  # a little over three minutes


class _Kept:
    """A message that was not acknowledged yet."""

    __slots__ = ("clean", "frame", "sent", "tries")

    def __init__(self, frame: bytes) -> None:
        self.frame = frame
        self.sent = 0.0
        self.tries = 0
        self.clean = True  # sent once, so that its acknowledgement tells the round trip


class Outgoing:
    """What one end sends: numbered, kept until it is acknowledged, repeated in time.

    Every message has a timer of its own, doubled with each repetition up to 8 s. A sender that
    repeats only its oldest message stalls for ever with the real plugin: that one never
    acknowledges an old number again, so after a reconnect which lost one acknowledgement the
    oldest message is never acknowledged, and those behind it are never repeated.

    `tries` bounds the repetitions of a message (None: no bound, for a peer that may ignore data for
    as long as nobody connects to its port, as a basic port session does); `epoch_offset` is what to
    add to `now` to get seconds of the epoch; `syn` marks the first message, as an agent does.
    """

    def __init__(
        self,
        message_type: str,
        *,
        syn: bool = False,
        epoch_offset: float = 0.0,
        tries: int | None = TRIES,
        window: int = WINDOW,
    ) -> None:
        self._message_type = message_type
        self._syn = syn
        self._epoch_offset = epoch_offset
        self._tries = tries
        self._window = window
        self._next = 0
        self._kept: dict[int, _Kept] = {}
        self._unsent: deque[int] = deque()
        self._timers: list[tuple[float, int]] = []
        self._halted = False
        self._round_trip: float | None = None
        self._variation = 0.0
        self.exhausted = False  # a message was repeated as often as allowed, and nobody answers

    @property
    def room(self) -> int:
        """How many messages of data the window still takes."""
        return max(0, self._window - len(self._kept))

    @property
    def idle(self) -> bool:
        """Whether everything was acknowledged."""
        return not self._kept

    @property
    def unacknowledged(self) -> int:
        """How many messages are kept."""
        return len(self._kept)

    @property
    def next_number(self) -> int:
        """The number of the next message."""
        return self._next

    @property
    def timeout(self) -> float:
        """Seconds until a message is repeated for the first time."""
        if self._round_trip is None:
            return _FIRST_TIMEOUT
        timeout = self._round_trip + max(_LEAST_VARIATION, 4 * self._variation)
        return min(max(timeout, _SHORTEST_TIMEOUT), _LONGEST_TIMEOUT)

    def send(self, payload_type: int, payload: bytes, now: float) -> int:
        """Number one message and hand it to `due`; returns its number.

        For what must not wait for room: handshake, sizes, flags. WireError (OVERFLOW) when the
        other end has left so many unacknowledged that no more can be kept.
        """
        if len(self._kept) >= LIMIT:
            detail = f"the other end left {len(self._kept)} messages unacknowledged"
            raise WireError(Fault.OVERFLOW, detail)
        number = self._next
        message = AgentMessage(
            self._message_type,
            number,
            payload,
            payload_type,
            Flags.SYN if self._syn and number == 0 else Flags.NONE,
            milliseconds(now, self._epoch_offset),
        )
        self._kept[number] = _Kept(encode(message))
        self._unsent.append(number)
        self._next = number + 1
        return number

    def write(
        self,
        payload_type: int,
        data: bytes,
        now: float,
        *,
        seal: Callable[[bytes], bytes] | None = None,
        chunk: int = CHUNK,
    ) -> int:
        """Send as much of `data` as there is room for, in chunks; returns the bytes taken.

        The rest stays with the caller until acknowledgements make room. `seal` encrypts a chunk.
        """
        taken = 0
        for _ in range(min(self.room, -(-len(data) // chunk))):
            piece = data[taken : taken + chunk]
            self.send(payload_type, piece if seal is None else seal(piece), now)
            taken += len(piece)
        return taken

    def acknowledge(self, number: int, now: float) -> bool:
        """Forget a message; False if it was not waited for, as when it was acknowledged twice."""
        kept = self._kept.get(number)
        if kept is None or (kept.tries == 0 and kept.clean):
            return False  # never sent: whoever acknowledges it does not know what he says
        del self._kept[number]
        if kept.clean:
            self._measure(now - kept.sent)
        if len(self._timers) > 2 * len(self._kept) + LIMIT:
            self._timers = [timer for timer in self._timers if timer[1] in self._kept]
            heapify(self._timers)
        return True

    def due(self, now: float) -> list[bytes]:
        """The frames to put on the wire now, new ones and those to repeat; none while halted."""
        if self._halted:
            return []
        frames = []
        while self._timers and self._timers[0][0] <= now:
            number = heappop(self._timers)[1]
            kept = self._kept.get(number)
            if kept is None:
                continue  # acknowledged since the timer was set
            if self._tries is not None and kept.tries > self._tries:
                self.exhausted = True
                continue
            kept.clean = False
            frames.append(self._put(number, kept, now))
        while self._unsent:
            number = self._unsent.popleft()
            waiting = self._kept.get(number)
            if waiting is not None:
                frames.append(self._put(number, waiting, now))
        return frames

    def next_deadline(self) -> float | None:
        """When to call `due` again; None if there is nothing to wait for, or it is halted."""
        if self._halted:
            return None
        if self._unsent or self.exhausted:
            return 0.0
        while self._timers:
            deadline, number = self._timers[0]
            if number in self._kept:
                return deadline
            heappop(self._timers)
        return None

    def halt(self) -> None:
        """Send nothing until `resume`: the connection is lost, or the service said to pause."""
        self._halted = True

    def resume(self) -> None:
        """Go on after a halt, with everything that was not acknowledged."""
        self._halted = False
        self.resend_all()

    def resend_all(self) -> None:
        """Have `due` repeat all unacknowledged messages in their order, with fresh timers."""
        self.exhausted = False
        self._timers.clear()
        for kept in self._kept.values():
            kept.clean = kept.clean and not kept.tries
            kept.tries = 0
        self._unsent = deque(self._kept)

    def _put(self, number: int, kept: _Kept, now: float) -> bytes:
        kept.sent = now
        # The exponent is bounded because the product is, and a float is not.
        wait = min(self.timeout * 2.0 ** min(kept.tries, 10), _LONGEST_BACKOFF)
        heappush(self._timers, (now + wait, number))
        kept.tries += 1
        return kept.frame

    def _measure(self, sample: float) -> None:
        if self._round_trip is None:
            self._round_trip, self._variation = sample, sample / 2
            return
        self._variation += (abs(sample - self._round_trip) - self._variation) / 4
        self._round_trip += (sample - self._round_trip) / 8


class Arrival(NamedTuple):
    """What became of one message: what can be delivered now, and whether to acknowledge it."""

    messages: list[AgentMessage]
    acknowledge: bool


class Incoming:
    """What one end receives: each message delivered once, in order.

    An old number is acknowledged again (the plugin does not, and others stall for it). One that
    came early is acknowledged and kept, within bounds of number and size; beyond them it is left
    unacknowledged, and so comes again.

    The real plugin acknowledges data only after its handler took it, and drops it unacknowledged
    while there is none, which is why an agent stays silent for a moment after the handshake. Here
    whoever calls `accept` takes what it returns.
    """

    def __init__(self, capacity: int = LIMIT, capacity_bytes: int = 16 * 1024 * 1024) -> None:
        self._capacity = capacity
        self._capacity_bytes = capacity_bytes
        self._early: dict[int, AgentMessage] = {}
        self._early_bytes = 0
        self._expected = 0

    @property
    def expected(self) -> int:
        """The number of the next message to deliver."""
        return self._expected

    @property
    def early(self) -> int:
        """How many messages are kept for the ones before them."""
        return len(self._early)

    def accept(self, message: AgentMessage) -> Arrival:
        """Take a message in; WireError (SEQUENCE) for a number that cannot be or be kept."""
        number = message.sequence
        if number < 0:
            raise WireError(Fault.SEQUENCE, f"a message with the number {number}")
        if number > self._expected:
            return self._keep(message)
        if number < self._expected:
            return Arrival([], acknowledge=True)
        messages = [message]
        self._expected += 1
        while self._early and (following := self._early.pop(self._expected, None)) is not None:
            self._early_bytes -= len(following.payload)
            messages.append(following)
            self._expected += 1
        return Arrival(messages, acknowledge=True)

    def _keep(self, message: AgentMessage) -> Arrival:
        if message.sequence not in self._early:
            size = self._early_bytes + len(message.payload)
            if message.sequence - self._expected > self._capacity or size > self._capacity_bytes:
                detail = f"message {message.sequence} where {self._expected} is expected"
                raise WireError(Fault.SEQUENCE, detail)
            self._early[message.sequence] = message
            self._early_bytes = size
        return Arrival([], acknowledge=True)
