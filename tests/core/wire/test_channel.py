"""Both ends on a link that loses, repeats, reorders and damages, in simulated time."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Raw

from ssmtui.core.secret import Secret
from ssmtui.core.wire.agent import AgentChannel
from ssmtui.core.wire.channel import DataChannel
from ssmtui.core.wire.client import ClientChannel
from ssmtui.core.wire.errors import Fault
from ssmtui.core.wire.events import (
    Event,
    Failed,
    HandshakeDone,
    Ignored,
    Input,
    NeedsDecryption,
    NeedsKey,
    Output,
)
from ssmtui.core.wire.message import AgentMessage, MessageType, decode, encode
from ssmtui.core.wire.payloads import (
    Acknowledge,
    HandshakeRequest,
    HandshakeResponse,
    ProcessedAction,
    RequestedAction,
    encode_payload,
)
from ssmtui.core.wire.stream import LIMIT

MakePair = Callable[..., Any]
DATA_KEY = bytes(range(64))


class BadLink:
    """A client and an agent with a link between them that is as bad as the dice say."""

    def __init__(self, seed: int, *, encrypted: bool, loss: float, cuts: int) -> None:
        self.dice = random.Random(seed)
        self.loss = loss
        self.now = 0.0
        self.client = ClientChannel(handshake_seconds=600.0)
        self.agent = AgentChannel("jane-0123", kms_key_id="key" if encrypted else None)
        self.flying: list[tuple[float, int, DataChannel, bytes]] = []
        self.order = count()
        self.cuts = sorted(self.dice.uniform(0, 3) for _ in range(cuts))
        self.mended: float | None = 0.0
        self.unsent = {
            self.client: self.dice.randbytes(self.dice.randrange(40_000)),
            self.agent: self.dice.randbytes(self.dice.randrange(40_000)),
        }
        self.expected = dict(self.unsent)
        self.received = {self.client: b"", self.agent: b""}

    @property
    def done(self) -> bool:
        return (
            self.received[self.client] == self.expected[self.agent]
            and self.received[self.agent] == self.expected[self.client]
            and self.client.unacknowledged == self.agent.unacknowledged == 0
        )

    def run(self, limit: float) -> None:
        """Until everything arrived and was acknowledged, or `limit` seconds went by."""
        while not self.done and self.now < limit:
            self._mend_or_cut()
            self._write()
            self._carry()
            self._wait()

    def _mend_or_cut(self) -> None:
        if self.mended is not None and self.now >= self.mended:
            self.mended = None
            self.client.connect(Secret("token"), self.now)
            self.agent.connect(self.now)
        elif self.mended is None and self.cuts and self.now >= self.cuts[0]:
            self.cuts.pop(0)
            self.mended = self.now + self.dice.uniform(0, 2)
            self.flying.clear()
            self.client.disconnect()
            self.agent.disconnect()

    def _write(self) -> None:
        for end, send in (
            (self.client, self.client.send_input),
            (self.agent, self.agent.send_output),
        ):
            piece = self.unsent[end][: self.dice.randrange(5_000)]
            self.unsent[end] = self.unsent[end][send(piece, self.now) :]

    def _carry(self) -> None:
        for end, other in ((self.client, self.agent), (self.agent, self.client)):
            self._note(end, end.tick(self.now))
            for frame in end.take(self.now):
                for copy in self._damaged(frame):
                    arrival = self.now + self.dice.choice([0.001, 0.02, 0.3])
                    heapq.heappush(self.flying, (arrival, next(self.order), other, copy))

    def _damaged(self, frame: bytes) -> list[bytes]:
        copies = [frame] * self.dice.choice([1, 1, 1, 2])
        return [self._damage(copy) for copy in copies if self.dice.random() >= self.loss]

    def _damage(self, frame: bytes) -> bytes:
        """Now and then, what the digest or the length tells; a header has no digest."""
        luck = self.dice.random()
        if luck < self.loss / 4:
            return frame[: self.dice.randrange(len(frame))]
        if luck < self.loss / 2:
            place = self.dice.randrange(120, len(frame))
            return frame[:place] + bytes([frame[place] ^ 0x20]) + frame[place + 1 :]
        return frame

    def _wait(self) -> None:
        times = [self.now + 0.25]
        times += [t for e in (self.client, self.agent) if (t := e.next_deadline()) is not None]
        if self.flying:
            times.append(self.flying[0][0])
        self.now = max(self.now + 0.000_1, min(times))
        while self.flying and self.flying[0][0] <= self.now:
            _, _, end, frame = heapq.heappop(self.flying)
            self._note(end, end.feed(frame, self.now))

    def _note(self, end: DataChannel, events: list[Event]) -> None:
        for event in events:
            match event:
                case NeedsKey():
                    self.client.give_key(DATA_KEY, b"sealed", self.now)
                case NeedsDecryption():
                    self.agent.give_key(DATA_KEY, self.now)
                case Input(data) | Output(data):
                    self.received[end] += data
                case Ignored(fault):
                    assert fault in (Fault.DIGEST, Fault.SHORT)
                case Failed(_, detail):
                    pytest.fail(detail)


@settings(max_examples=40)
@given(
    st.integers(0, 2**32),
    st.booleans(),
    st.sampled_from([0.0, 0.05, 0.25]),
    st.integers(0, 4),
)
def test_everything_arrives_once_and_in_order(
    seed: int, encrypted: bool, loss: float, cuts: int
) -> None:
    link = BadLink(seed, encrypted=encrypted, loss=loss, cuts=cuts)
    link.run(limit=120.0)

    assert link.received[link.client] == link.expected[link.agent]
    assert link.received[link.agent] == link.expected[link.client]
    assert link.done


def test_nothing_is_sent_without_a_connection(make_pair: MakePair) -> None:
    pair = make_pair()

    assert pair.agent.take(0.0) == pair.client.take(0.0) == []
    assert pair.agent.next_deadline() is pair.client.next_deadline() is None
    assert not pair.client.connected


def test_a_reconnect_goes_on_where_it_was(open_pair: MakePair) -> None:
    pair = open_pair()
    pair.client.send_input(b"lost on its way", pair.now)
    lost = pair.client.take(pair.now)
    assert len(lost) == 1
    pair.cut()
    assert pair.client.send_input(b", typed meanwhile", pair.now) == 17
    pair.now += 60.0
    assert pair.client.tick(pair.now) == []
    pair.connect("another token")
    pair.exchange()

    assert pair.to_agent == [Input(b"lost on its way"), Input(b", typed meanwhile")]
    assert pair.to_client == []  # no second handshake
    assert pair.client.unacknowledged == 0


def test_an_acknowledgement_that_a_cut_lost(open_pair: MakePair) -> None:
    pair = open_pair()
    pair.agent.send_output(b"$ ", pair.now)
    for frame in pair.agent.take(pair.now):
        pair.to_client += pair.client.feed(frame, pair.now)
    pair.cut()  # with the acknowledgement on its way
    pair.connect()
    pair.exchange()

    assert pair.to_client == [Output(b"$ ")]
    assert pair.agent.unacknowledged == 0


def test_an_end_that_does_not_answer_fails_the_session(open_pair: MakePair) -> None:
    pair = open_pair()
    pair.client.send_input(b"hello?", pair.now)
    events: list[Event] = []
    while not pair.client.over:
        pair.client.take(pair.now)
        pair.now = max(pair.now, pair.client.next_deadline())
        events += pair.client.tick(pair.now)

    (failure,) = events
    assert isinstance(failure, Failed)
    assert failure.fault is Fault.UNACKNOWLEDGED
    assert pair.client.take(pair.now) == []
    assert pair.client.next_deadline() is None
    assert pair.client.room == 0


def test_what_was_damaged_is_not_acknowledged(open_pair: MakePair) -> None:
    pair = open_pair()
    pair.agent.send_output(b"$ ", pair.now)
    (frame,) = pair.agent.take(pair.now)

    (event,) = pair.client.feed(frame[:-1] + b"X", pair.now)
    assert isinstance(event, Ignored)
    assert event.fault is Fault.DIGEST
    assert pair.client.take(pair.now) == []
    pair.advance(0.5)
    assert pair.to_client == [Output(b"$ ")]


def test_messages_that_are_not_for_this_end(open_pair: MakePair) -> None:
    pair = open_pair()
    for end, kind in ((pair.client, MessageType.INPUT), (pair.agent, MessageType.OUTPUT)):
        (event,) = end.feed(encode(AgentMessage(kind, 0, b"x")), pair.now)
        assert isinstance(event, Ignored)
        assert event.fault is Fault.MESSAGE_TYPE
        assert end.take(pair.now) == []


def test_acknowledgements_do_not_pile_up(open_pair: MakePair) -> None:
    pair = open_pair()
    old = encode(AgentMessage(MessageType.OUTPUT, 0, b"x"))
    for _ in range(LIMIT + 10):
        pair.client.feed(old, pair.now)

    assert len(pair.client.take(pair.now)) == LIMIT


def test_room_shrinks_and_grows(open_pair: MakePair) -> None:
    pair = open_pair()
    room = pair.client.room
    assert pair.client.send_input(bytes(room + 1), pair.now) == room
    assert pair.client.room == 0
    pair.exchange()
    assert pair.client.room == room


def acknowledging(number: int) -> bytes:
    return encode_payload(Acknowledge("", "", number))


def requesting(*actions: RequestedAction) -> bytes:
    return encode_payload(HandshakeRequest("3.3.0.0", list(actions)))


def responding(*actions: ProcessedAction) -> bytes:
    return encode_payload(HandshakeResponse("1.2.835.0", list(actions)))


FRAMES = st.builds(
    lambda kind, number, payload, payload_type, flags: encode(
        AgentMessage(kind, number, payload, payload_type, flags)
    ),
    st.sampled_from([name.value for name in MessageType]),
    st.integers(-2, 6),
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [
                b"{}",
                b'{"cols":80,"rows":24}',
                acknowledging(0),
                acknowledging(2),
                requesting(RequestedAction("Dance")),
                requesting(RequestedAction("KMSEncryption", Raw(b'{"KMSKeyId":"k"}'))),
                responding(ProcessedAction("SessionType", 1)),
                responding(
                    ProcessedAction("SessionType", 1),
                    ProcessedAction("KMSEncryption", 1, Raw(b'{"KMSCipherTextKey":"AAAA"}')),
                ),
                b'{"Challenge":"AAAA"}',
                b"EXIT_CODE: 1",
                b"\0\0\0\x02",
            ]
        ),
    ),
    st.integers(0, 13),
    st.integers(0, 3),
)


@given(st.lists(FRAMES | st.binary(max_size=200), max_size=30), st.booleans(), st.booleans())
def test_no_frames_raise(frames: list[bytes], encrypted: bool, is_client: bool) -> None:
    client = ClientChannel()
    agent = AgentChannel("jane-0123", kms_key_id="k" if encrypted else None)
    end: DataChannel = client if is_client else agent
    client.connect(Secret("token"), 0.0)
    agent.connect(0.0)
    done = failed = 0
    for now, frame in enumerate(frames):
        for event in [*end.feed(frame, float(now)), *end.tick(float(now))]:
            assert not failed  # a failure is the last event
            done += isinstance(event, HandshakeDone)
            failed += isinstance(event, Failed)
            if isinstance(event, NeedsKey):
                client.give_key(DATA_KEY, b"sealed", float(now))
            if isinstance(event, NeedsDecryption):
                agent.give_key(DATA_KEY, float(now))
        for sent in end.take(float(now)):
            decode(sent)

    assert done <= 1


@given(st.integers(0, 2**32), st.booleans())
def test_no_damage_to_real_frames_raises(seed: int, encrypted: bool) -> None:
    """A whole session whose frames are damaged anywhere, their headers too."""
    dice = random.Random(seed)
    client = ClientChannel()
    agent = AgentChannel("jane-0123", kms_key_id="k" if encrypted else None)
    client.connect(Secret("token"), 0.0)
    agent.connect(0.0)
    for step in range(60):
        now = step / 10
        client.send_input(b"ls\n", now)
        agent.send_output(b"file\n", now)
        for end, other in ((client, agent), (agent, client)):
            end.tick(now)
            for frame in end.take(now):
                damaged = bytearray(frame)
                if dice.random() < 0.2:
                    damaged[dice.randrange(len(frame))] ^= dice.randrange(1, 256)
                for event in other.feed(bytes(damaged), now):
                    if isinstance(event, NeedsKey):
                        client.give_key(DATA_KEY, b"sealed", now)
                    if isinstance(event, NeedsDecryption):
                        agent.give_key(DATA_KEY, now)

    assert client.unacknowledged <= LIMIT
    assert agent.unacknowledged <= LIMIT
