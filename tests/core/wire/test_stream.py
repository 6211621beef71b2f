from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.wire.errors import Fault, WireError
from ssmtui.core.wire.message import AgentMessage, Flags, MessageType, PayloadType, decode
from ssmtui.core.wire.stream import CHUNK, LIMIT, TRIES, WINDOW, Incoming, Outgoing


def outgoing(**options: object) -> Outgoing:
    return Outgoing(MessageType.OUTPUT, **options)  # type: ignore[arg-type]


def numbers(frames: list[bytes]) -> list[int]:
    return [decode(frame).sequence for frame in frames]


def incoming_message(number: int, payload: bytes = b"") -> AgentMessage:
    return AgentMessage(MessageType.OUTPUT, number, payload or b"%d" % number, PayloadType.OUTPUT)


# ── what one end sends ──


def test_messages_are_numbered_from_zero() -> None:
    stream = outgoing(syn=True, epoch_offset=1_000.0)
    stream.send(PayloadType.HANDSHAKE_REQUEST, b"{}", 5.0)
    stream.send(PayloadType.OUTPUT, b"$ ", 5.0)
    first, second = (decode(frame) for frame in stream.due(5.0))

    assert (first.sequence, first.flags, first.payload_type) == (0, Flags.SYN, 5)
    assert (second.sequence, second.flags, second.payload) == (1, Flags.NONE, b"$ ")
    assert first.type == MessageType.OUTPUT
    assert first.created == 1_005_000
    assert first.id != second.id
    assert stream.next_number == 2


def test_a_client_marks_nothing() -> None:
    stream = outgoing()
    stream.send(PayloadType.SIZE, b"{}", 0.0)

    assert decode(stream.due(0.0)[0]).flags == Flags.NONE


def test_data_goes_in_chunks() -> None:
    stream = outgoing()
    data = random.Random(1).randbytes(2 * CHUNK + 1)

    assert stream.write(PayloadType.OUTPUT, data, 0.0) == len(data)
    payloads = [decode(frame).payload for frame in stream.due(0.0)]
    assert [len(payload) for payload in payloads] == [CHUNK, CHUNK, 1]
    assert b"".join(payloads) == data


def test_chunks_are_sealed_one_by_one() -> None:
    stream = outgoing()

    taken = stream.write(
        PayloadType.OUTPUT, b"abcde", 0.0, seal=lambda piece: piece + b"!", chunk=2
    )
    assert taken == 5
    assert [decode(frame).payload for frame in stream.due(0.0)] == [b"ab!", b"cd!", b"e!"]


def test_a_writer_is_held_by_the_window() -> None:
    stream = outgoing(window=3)

    assert stream.write(PayloadType.OUTPUT, bytes(10 * CHUNK), 0.0) == 3 * CHUNK
    assert stream.room == 0
    assert stream.write(PayloadType.OUTPUT, b"more", 0.0) == 0
    stream.due(0.0)
    assert stream.acknowledge(1, 0.1)
    assert stream.room == 1
    assert stream.write(PayloadType.OUTPUT, b"more", 0.1) == 4
    assert stream.write(PayloadType.OUTPUT, b"", 0.1) == 0


def test_control_messages_pass_the_window_up_to_a_limit() -> None:
    stream = outgoing()
    stream.write(PayloadType.OUTPUT, bytes(CHUNK * WINDOW), 0.0)
    for _ in range(LIMIT - WINDOW):
        stream.send(PayloadType.FLAG, b"\0\0\0\x03", 0.0)

    with pytest.raises(WireError) as caught:
        stream.send(PayloadType.FLAG, b"\0\0\0\x03", 0.0)
    assert caught.value.fault is Fault.OVERFLOW
    assert stream.unacknowledged == LIMIT


def test_a_message_is_repeated_later_and_later() -> None:
    stream = outgoing()
    stream.send(PayloadType.OUTPUT, b"x", 0.0)
    frame = stream.due(0.0)
    waits = []
    now = 0.0
    for _ in range(8):
        deadline = stream.next_deadline()
        assert deadline is not None
        assert stream.due(deadline - 0.001) == []
        assert stream.due(deadline) == frame  # the same message, id and all
        waits.append(round(deadline - now, 3))
        now = deadline

    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 8.0, 8.0]


def test_each_message_has_a_timer_of_its_own() -> None:
    # The other end has message 0 and will never acknowledge it again: 1 must not wait for it.
    stream = outgoing()
    stream.send(PayloadType.OUTPUT, b"0", 0.0)
    stream.due(0.0)
    stream.send(PayloadType.OUTPUT, b"1", 0.15)
    stream.due(0.15)

    assert numbers(stream.due(0.2)) == [0]
    assert numbers(stream.due(0.35)) == [1]
    assert stream.acknowledge(1, 0.4)
    assert numbers(stream.due(0.61)) == [0]


def test_repeating_comes_to_an_end() -> None:
    stream = outgoing()
    stream.send(PayloadType.OUTPUT, b"x", 0.0)
    sent = 0
    now = 0.0
    while not stream.exhausted:
        now = max(now, stream.next_deadline() or 0.0)
        sent += len(stream.due(now))

    assert sent == 1 + TRIES
    assert 180 < now < 240
    assert stream.next_deadline() == 0.0  # whoever waits has to hear of it

    stream.halt()
    stream.resume()
    assert not stream.exhausted  # a new connection is a new chance
    assert numbers(stream.due(now)) == [0]


def test_repeating_without_end() -> None:
    stream = outgoing(tries=None)
    stream.send(PayloadType.OUTPUT, b"x", 0.0)
    stream.due(0.0)
    for now in range(10, 10_000, 10):
        assert len(stream.due(float(now))) == 1
    assert not stream.exhausted


def test_the_timeout_follows_the_round_trip() -> None:
    stream = outgoing()
    assert stream.timeout == 0.2
    now = 0.0
    for _ in range(200):
        number = stream.send(PayloadType.OUTPUT, b"x", now)
        stream.due(now)
        now += 0.3
        stream.due(now)  # repeated meanwhile, in the beginning: no sample, then
        stream.acknowledge(number, now)
    assert stream.timeout == 0.2  # every sample was of a repeated message

    for _ in range(200):
        number = stream.send(PayloadType.OUTPUT, b"x", now)
        stream.due(now)
        now += 0.3
        stream.acknowledge(number, now)
    assert stream.timeout == pytest.approx(0.31, abs=0.001)


@pytest.mark.parametrize(("round_trip", "timeout"), [(0.001, 0.1), (5.0, 1.0)])
def test_the_timeout_has_bounds(round_trip: float, timeout: float) -> None:
    stream = outgoing()
    number = stream.send(PayloadType.OUTPUT, b"x", 0.0)
    stream.due(0.0)
    stream.acknowledge(number, round_trip)

    assert stream.timeout == timeout


def test_acknowledgements_that_nobody_waits_for() -> None:
    stream = outgoing()
    stream.send(PayloadType.OUTPUT, b"x", 0.0)

    assert not stream.acknowledge(0, 0.0)  # never sent
    stream.due(0.0)
    assert not stream.acknowledge(1, 0.1)
    assert not stream.acknowledge(-1, 0.1)
    assert stream.acknowledge(0, 0.1)
    assert not stream.acknowledge(0, 0.2)
    assert stream.idle
    assert stream.next_deadline() is None
    assert stream.due(100.0) == []


def test_nothing_is_sent_while_halted_and_everything_after() -> None:
    stream = outgoing()
    for text in (b"0", b"1", b"2"):
        stream.send(PayloadType.OUTPUT, text, 0.0)
    stream.due(0.0)
    stream.acknowledge(1, 0.1)
    stream.halt()
    stream.send(PayloadType.OUTPUT, b"3", 0.1)

    assert stream.due(1000.0) == []
    assert stream.next_deadline() is None
    stream.resume()
    assert stream.next_deadline() == 0.0
    assert numbers(stream.due(1000.0)) == [0, 2, 3]
    assert stream.next_deadline() == pytest.approx(1000.1, abs=0.2)
    assert not stream.exhausted


def test_an_acknowledgement_from_before_the_cut_counts() -> None:
    stream = outgoing()
    stream.send(PayloadType.OUTPUT, b"0", 0.0)
    stream.due(0.0)
    stream.halt()
    stream.resume()

    assert stream.acknowledge(0, 50.0)
    assert stream.due(50.0) == []
    assert stream.timeout == 0.2  # fifty seconds were the cut's, not the link's


def test_a_fast_sender_leaves_no_timers_behind() -> None:
    stream = outgoing()
    for _ in range(12_000):
        number = stream.send(PayloadType.OUTPUT, b"x", 0.0)
        stream.due(0.0)
        stream.acknowledge(number, 0.0)

    assert len(stream._timers) <= LIMIT + 1
    assert stream.next_deadline() is None


# ── what one end receives ──


def test_in_order() -> None:
    stream = Incoming()
    for number in range(3):
        arrival = stream.accept(incoming_message(number))
        assert arrival.acknowledge
        assert [message.sequence for message in arrival.messages] == [number]
    assert stream.expected == 3


def test_an_early_message_waits_and_is_acknowledged() -> None:
    stream = Incoming()

    assert stream.accept(incoming_message(2)) == ([], True)
    assert stream.accept(incoming_message(1)) == ([], True)
    assert stream.accept(incoming_message(1)) == ([], True)
    assert stream.early == 2
    arrival = stream.accept(incoming_message(0))
    assert [message.sequence for message in arrival.messages] == [0, 1, 2]
    assert stream.early == 0


def test_an_old_message_is_acknowledged_again_and_not_delivered() -> None:
    stream = Incoming()
    stream.accept(incoming_message(0))

    assert stream.accept(incoming_message(0)) == ([], True)


def test_a_number_that_cannot_be() -> None:
    with pytest.raises(WireError) as caught:
        Incoming().accept(incoming_message(-1))
    assert caught.value.fault is Fault.SEQUENCE


def test_early_messages_are_bounded_in_number() -> None:
    stream = Incoming(capacity=3)
    for number in (1, 2, 3):
        stream.accept(incoming_message(number))
    with pytest.raises(WireError) as caught:
        stream.accept(incoming_message(4))
    assert caught.value.fault is Fault.SEQUENCE
    assert len(stream.accept(incoming_message(0)).messages) == 4
    assert len(stream.accept(incoming_message(4)).messages) == 1


def test_early_messages_are_bounded_in_size() -> None:
    stream = Incoming(capacity_bytes=100)
    stream.accept(incoming_message(1, bytes(60)))
    with pytest.raises(WireError):
        stream.accept(incoming_message(2, bytes(60)))
    stream.accept(incoming_message(0))
    assert stream.accept(incoming_message(3, bytes(100))) == ([], True)


@given(st.lists(st.integers(-2, 40), max_size=120))
def test_any_arrivals_are_delivered_once_and_in_order(arrivals: list[int]) -> None:
    stream = Incoming(capacity=16)
    delivered: list[int] = []
    for number in [*arrivals, *range(41)]:
        try:
            arrival = stream.accept(incoming_message(number))
        except WireError:
            continue
        assert arrival.acknowledge
        delivered += [message.sequence for message in arrival.messages]
        assert stream.early <= 16

    assert delivered == list(range(41))
