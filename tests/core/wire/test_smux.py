from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.wire.smux import (
    BUFFER,
    MAX_DATA,
    MAX_STREAMS,
    STREAM_BUFFER,
    Broken,
    Command,
    Data,
    Finished,
    Mux,
    MuxEvent,
    Opened,
    encode,
)

EVERYTHING = 1 << 30


def client(**options: bool) -> Mux:
    return Mux(client=True, now=0.0, **options)


def agent(**options: bool) -> Mux:
    return Mux(client=False, now=0.0, **options)


def accepted(stream: int = 3) -> Mux:
    """An agent's mux on which the client has opened a stream."""
    mux = agent()
    assert mux.feed(encode(Command.SYN, stream), 0.0) == [Opened(stream)]
    return mux


def frames(data: bytes) -> list[tuple[int, int, int]]:
    """Command, length and stream of each frame."""
    found = []
    while data:
        version, command, length, stream = struct.unpack_from("<BBHI", data)
        assert version == 1
        found.append((command, length, stream))
        data = data[8 + length :]
    return found


def test_frames_as_they_stand_on_the_wire() -> None:
    assert encode(Command.SYN, 3) == bytes.fromhex("01 00 0000 03000000")
    assert encode(Command.FIN, 5) == bytes.fromhex("01 01 0000 05000000")
    assert encode(Command.PSH, 0x01020304, b"hi") == bytes.fromhex("01 02 0200 04030201 6869")
    assert encode(Command.NOP, 0) == bytes.fromhex("01 03 0000 00000000")
    with pytest.raises(ValueError, match="32769"):
        encode(Command.PSH, 3, bytes(MAX_DATA + 1))


def test_a_client_opens_odd_streams_from_three() -> None:
    mux = client()

    assert [mux.open(), mux.open()] == [3, 5]
    assert mux.take(EVERYTHING) == encode(Command.SYN, 3) + encode(Command.SYN, 5)
    assert not mux.wants_to_send


def test_an_agent_opens_none() -> None:
    with pytest.raises(RuntimeError):
        agent().open()


def test_a_connection_from_its_beginning_to_its_end() -> None:
    here, there = client(), agent()
    stream = here.open()
    assert here.write(stream, b"GET /") == 5
    here.finish(stream)
    assert there.feed(here.take(EVERYTHING), 0.0) == [
        Opened(3),
        Data(3, b"GET /"),
        Finished(3),
    ]

    assert there.write(3, b"200 OK") == 6  # half closed: the answer still goes through
    there.finish(3)
    there.consumed(3, 5)
    assert here.feed(there.take(EVERYTHING), 0.0) == [Data(3, b"200 OK"), Finished(3)]
    here.consumed(3, 6)
    assert here.streams == there.streams == []


def test_nothing_is_written_after_the_end() -> None:
    mux = accepted()
    mux.finish(3)
    mux.finish(3)

    assert mux.write(3, b"late") == 0
    assert frames(mux.take(EVERYTHING)) == [(Command.FIN, 0, 3)]
    assert mux.take(EVERYTHING) == b""


def test_a_stream_that_nobody_knows() -> None:
    mux = agent()

    assert mux.write(3, b"x") == 0
    assert mux.writable(3) == 0
    mux.finish(3)
    mux.abandon(3)
    mux.consumed(3, 10)
    # What crossed the end of a stream on its way is dropped without a word.
    assert mux.feed(encode(Command.PSH, 3, b"x") + encode(Command.FIN, 3), 0.0) == []
    assert mux.take(EVERYTHING) == b""


def test_a_stream_is_opened_once() -> None:
    assert accepted().feed(encode(Command.SYN, 3), 0.0) == []


def test_data_after_the_end_is_dropped() -> None:
    mux = accepted()
    events = mux.feed(
        encode(Command.FIN, 3) + encode(Command.PSH, 3, b"x") + encode(Command.FIN, 3), 0.0
    )

    assert events == [Finished(3)]


def test_an_abandoned_stream_says_so_once() -> None:
    mux = accepted()
    mux.write(3, b"never sent")
    mux.abandon(3)
    mux.abandon(3)

    assert mux.streams == []
    assert frames(mux.take(EVERYTHING)) == [(Command.FIN, 0, 3)]

    finished = accepted()
    finished.finish(3)
    finished.take(EVERYTHING)
    finished.abandon(3)
    assert finished.take(EVERYTHING) == b""

    unannounced = client()
    unannounced.abandon(unannounced.open())
    assert unannounced.take(EVERYTHING) == b""


def test_frames_of_any_length_are_read_across_pieces() -> None:
    mux = accepted()
    data = random.Random(2).randbytes(65_535)
    frame = struct.pack("<BBHI", 1, Command.PSH, len(data), 3) + data
    events: list[MuxEvent] = []
    for at in range(0, len(frame), 1000):
        events += mux.feed(frame[at : at + 1000], 0.0)

    assert events == [Data(3, data)]


def test_a_writer_is_held_by_the_buffers() -> None:
    mux = client()
    streams = [mux.open() for _ in range(BUFFER // STREAM_BUFFER + 1)]

    assert [mux.write(stream, bytes(STREAM_BUFFER + 1)) for stream in streams] == [
        *[STREAM_BUFFER] * (len(streams) - 1),
        0,
    ]
    sent = mux.take(EVERYTHING)
    assert mux.writable(streams[0]) == STREAM_BUFFER
    assert sum(length for _, length, _ in frames(sent)) == BUFFER
    assert max(length for _, length, _ in frames(sent)) == MAX_DATA


def test_the_streams_take_turns() -> None:
    mux = client()
    for stream in (mux.open(), mux.open()):
        mux.write(stream, bytes(STREAM_BUFFER))
    pushes = [frame[2] for frame in frames(mux.take(EVERYTHING)) if frame[0] == Command.PSH]

    assert pushes == [3, 5, 3, 5]


@given(st.lists(st.integers(0, 100), max_size=60))
def test_any_limit_is_kept_and_cuts_no_frame(limits: list[int]) -> None:
    mux = client()
    stream = mux.open()
    mux.write(stream, b"0123456789" * 10)
    mux.finish(stream)
    sent = b""
    for limit in limits:
        piece = mux.take(limit)
        assert len(piece) <= limit
        frames(piece)
        sent += piece
        if limit > 8 and mux.wants_to_send:
            assert piece
    sent += mux.take(EVERYTHING)

    there = agent()
    events = there.feed(sent, 0.0)
    assert b"".join(event.data for event in events if isinstance(event, Data)) == b"0123456789" * 10
    assert events[0] == Opened(3)
    assert events[-1] == Finished(3)


def test_what_is_not_consumed_congests() -> None:
    mux = accepted()
    push = encode(Command.PSH, 3, bytes(MAX_DATA))
    for _ in range(BUFFER // MAX_DATA):
        assert not mux.congested
        mux.feed(push, 0.0)

    assert mux.congested
    mux.consumed(3, 1)
    assert not mux.congested
    mux.feed(push, 0.0)
    assert mux.congested
    mux.abandon(3)
    assert not mux.congested


def test_too_many_streams_are_refused() -> None:
    mux = agent()
    events = mux.feed(b"".join(encode(Command.SYN, 3 + 2 * n) for n in range(MAX_STREAMS + 2)), 0.0)

    assert len(events) == MAX_STREAMS
    assert frames(mux.take(EVERYTHING)) == [
        (Command.FIN, 0, 3 + 2 * MAX_STREAMS),
        (Command.FIN, 0, 5 + 2 * MAX_STREAMS),
    ]

    ours = client()
    for _ in range(MAX_STREAMS):
        ours.open()
    with pytest.raises(RuntimeError):
        ours.open()


def test_a_flood_of_streams_breaks_the_mux() -> None:
    mux = agent()
    events = mux.feed(b"".join(encode(Command.SYN, 3 + 2 * n) for n in range(5 * MAX_STREAMS)), 0.0)

    assert isinstance(events[-1], Broken)


def test_ids_start_anew_when_they_run_out() -> None:
    mux = client()
    mux._next_id = 0xFFFF_FFFF

    assert [mux.open(), mux.open()] == [0xFFFF_FFFF, 3]


@pytest.mark.parametrize(
    "data",
    [
        b"\x02\x00\x00\x00\x03\x00\x00\x00",  # version 2
        b"\x01\x04\x00\x00\x03\x00\x00\x00",  # no such command
        b"\x01\x00\x01\x00\x03\x00\x00\x00x",  # SYN with data
        b"HTTP/1.1 200 OK",
    ],
)
def test_what_cannot_be_understood_breaks_the_mux(data: bytes) -> None:
    mux = accepted()
    mux.write(3, b"pending")
    first, last = mux.feed(encode(Command.PSH, 3, b"before") + data, 0.0)

    assert first == Data(3, b"before")
    assert last == Broken(mux.broken)
    assert mux.broken
    assert mux.feed(encode(Command.PSH, 3, b"after"), 0.0) == []
    assert mux.take(EVERYTHING) == b""
    assert mux.write(3, b"x") == 0
    assert mux.streams == []
    assert mux.tick(1000.0) == []


def test_an_agent_opens_no_stream_with_a_client() -> None:
    assert isinstance(client().feed(encode(Command.SYN, 2), 0.0)[0], Broken)


def test_signs_of_life() -> None:
    mux = client(keepalive=True)

    assert mux.next_deadline() == 10.0
    assert mux.tick(9.9) == []
    assert mux.take(EVERYTHING) == b""
    assert mux.tick(10.0) == []
    assert mux.take(EVERYTHING) == encode(Command.NOP, 0)
    assert mux.next_deadline() == 20.0
    assert mux.feed(encode(Command.NOP, 0), 25.0) == []
    mux.tick(25.0)
    mux.tick(54.9)
    assert mux.next_deadline() == 55.0
    (event,) = mux.tick(55.0)
    assert isinstance(event, Broken)
    assert mux.next_deadline() is None


def test_newer_agents_want_no_signs_of_life() -> None:
    mux = client()

    assert mux.next_deadline() is None
    assert mux.tick(1e9) == []
    assert mux.take(EVERYTHING) == b""


@given(st.binary(max_size=300), st.booleans(), st.integers(1, 40))
def test_no_bytes_raise_or_pile_up(data: bytes, is_client: bool, piece: int) -> None:
    mux = Mux(client=is_client, now=0.0)
    if is_client:
        mux.open()
    for at in range(0, len(data), piece):
        mux.feed(data[at : at + piece], 0.0)
        mux.take(64)

    assert len(mux._partial) < 8 + 65_536


COMMANDS = st.tuples(
    st.sampled_from([0, 1, 2, 2, 2, 3]), st.integers(0, 6), st.binary(max_size=20)
).map(
    lambda parts: encode(Command(parts[0]), parts[1], parts[2] if parts[0] == Command.PSH else b"")
)


@given(st.lists(COMMANDS, max_size=60))
def test_any_frames_keep_their_streams_in_order(script: list[bytes]) -> None:
    mux = agent()
    state: dict[int, str] = {}
    for event in mux.feed(b"".join(script), 0.0):
        match event:
            case Opened(stream):
                assert state.get(stream) != "open"
                state[stream] = "open"
            case Data(stream, data):
                assert state[stream] == "open"
                assert data
            case Finished(stream):
                assert state[stream] == "open"
                state[stream] = "finished"
            case Broken(detail):
                pytest.fail(detail)


@given(st.integers(0, 2**32))
def test_many_streams_both_ways(seed: int) -> None:
    dice = random.Random(seed)
    here, there = client(), agent()
    sent: dict[tuple[int, bool], bytes] = {}
    got: dict[tuple[int, bool], bytes] = {}
    ended: set[tuple[int, bool]] = set()
    for stream in [here.open() for _ in range(4)]:
        for upwards in (True, False):
            sent[stream, upwards] = dice.randbytes(dice.randrange(100_000))
    waiting = dict(sent)
    for _ in range(10_000):
        for (stream, upwards), data in list(waiting.items()):
            mux = here if upwards else there
            waiting[stream, upwards] = data[mux.write(stream, data[: dice.randrange(70_000)]) :]
            if not waiting[stream, upwards] and stream in mux.streams:
                mux.finish(stream)
                del waiting[stream, upwards]
        for source, target, upwards in ((here, there, True), (there, here, False)):
            for event in target.feed(source.take(dice.randrange(50_000)), 0.0):
                match event:
                    case Data(stream, data):
                        got[stream, upwards] = got.get((stream, upwards), b"") + data
                        target.consumed(stream, len(data))
                    case Finished(stream):
                        ended.add((stream, upwards))
                    case Broken(detail):
                        pytest.fail(detail)
        if len(ended) == len(sent):
            break

    assert ended == set(sent)
    assert got == {key: data for key, data in sent.items() if data}
    assert here.streams == there.streams == []
