"""smux version 1: many connections in the one byte stream of a port session.

A frame is a header of 8 bytes, little-endian (version, command, length, stream id), and its data.
Frames follow each other without regard to where messages of the channel begin. The client opens
streams, with odd ids from 3. Version 1 has no windows: whoever does not read holds up all streams,
so the caller stops feeding the mux while it is `congested`.
"""

from __future__ import annotations

import struct
from collections import deque
from enum import IntEnum
from typing import Final

import msgspec

from ssmtui.core.wire.errors import Fault, WireError

VERSION: Final = 1
MAX_DATA: Final = 32_768  # what we put into a frame; any length of the field is taken
STREAM_BUFFER: Final = 64 * 1024
BUFFER: Final = 4 * 1024 * 1024  # of all streams together, each way
MAX_STREAMS: Final = 1024
KEEPALIVE_INTERVAL: Final = 10.0
KEEPALIVE_TIMEOUT: Final = 30.0

_HEADER: Final = struct.Struct("<BBHI")
_FIRST_ID: Final = 3
_LAST_ID: Final = 0xFFFF_FFFF


class Command(IntEnum):
    """What a frame does."""

    SYN = 0
    FIN = 1
    PSH = 2
    NOP = 3


class Opened(msgspec.Struct, frozen=True):
    """The other end opened a stream."""

    stream: int


class Data(msgspec.Struct, frozen=True, gc=False):
    """Bytes of a stream. Say `consumed` when they went on."""

    stream: int
    data: bytes


class Finished(msgspec.Struct, frozen=True):
    """The other end sends no more on this stream."""

    stream: int


class Broken(msgspec.Struct, frozen=True):
    """The mux is of no use any more, and all its streams with it."""

    detail: str


MuxEvent = Opened | Data | Finished | Broken


def encode(command: Command, stream: int, data: bytes = b"") -> bytes:
    """One frame; ValueError if its data is longer than MAX_DATA."""
    if len(data) > MAX_DATA:
        raise ValueError(f"{len(data)} bytes do not go into one frame")
    return _HEADER.pack(VERSION, command, len(data), stream) + data


class _Stream:
    """Our side of one stream."""

    __slots__ = ("fin_received", "finishing", "pending", "queued", "syn_due", "unread")

    def __init__(self, syn_due: bool) -> None:
        self.syn_due = syn_due
        self.pending = bytearray()
        self.finishing = False  # FIN goes out after what is pending
        self.fin_received = False
        self.queued = False
        self.unread = 0


class Mux:
    """One end of an smux session: bytes of the channel in and out, streams above.

    It answers with events and never raises for what the other end sends: whatever it cannot
    understand breaks it, with `Broken` as its last event. `take` gives what is to be sent, as much
    as the channel has room for; `write` takes no more than the buffers hold.

    `keepalive` is for old agents (see `versions.mux_keepalive`): a NOP every 10 s, and broken after
    30 s without a byte.
    """

    def __init__(self, *, client: bool, now: float, keepalive: bool = False) -> None:
        self._client = client
        self._next_id = _FIRST_ID
        self._streams: dict[int, _Stream] = {}
        self._ready: deque[int] = deque()
        self._urgent: deque[bytes] = deque()
        self._partial = bytearray()
        self._pending = 0
        self._unread = 0
        self._keepalive = keepalive
        self._heard = now
        self._next_nop = now + KEEPALIVE_INTERVAL
        self._broken = ""

    @property
    def broken(self) -> str:
        """Why the mux came to its end; empty while it works."""
        return self._broken

    @property
    def congested(self) -> bool:
        """Whether too much was received and not consumed: feed nothing until it changes."""
        return self._unread >= BUFFER

    @property
    def streams(self) -> list[int]:
        """The ids of the streams that are open in at least one direction."""
        return list(self._streams)

    @property
    def wants_to_send(self) -> bool:
        """Whether `take` has something to give."""
        return bool(self._urgent or self._ready)

    def open(self) -> int:
        """Open a stream and return its id.

        RuntimeError for the agent's end, which never opens one, and for a mux that is broken or
        full: ask `broken` and count `streams` first.
        """
        if not self._client or self._broken or len(self._streams) >= MAX_STREAMS:
            raise RuntimeError("this mux cannot open a stream")
        stream = self._next_id
        self._next_id = stream + 2 if stream + 2 <= _LAST_ID else _FIRST_ID
        if stream in self._streams:
            raise RuntimeError("all ids of this mux are in use")
        self._streams[stream] = _Stream(syn_due=True)
        self._enqueue(stream)
        return stream

    def writable(self, stream: int) -> int:
        """How many bytes `write` would take now."""
        state = self._streams.get(stream)
        if state is None or state.finishing:
            return 0
        return max(0, min(STREAM_BUFFER - len(state.pending), BUFFER - self._pending))

    def write(self, stream: int, data: bytes) -> int:
        """Take bytes to send; returns how many. Zero also for a stream that is gone."""
        taken = min(self.writable(stream), len(data))
        if taken:
            self._streams[stream].pending += data[:taken]
            self._pending += taken
            self._enqueue(stream)
        return taken

    def finish(self, stream: int) -> None:
        """Send no more on this stream; what comes from the other end still comes.

        Real agents close the node's connection on it, whole, also for what is still to come.
        """
        state = self._streams.get(stream)
        if state is not None and not state.finishing:
            state.finishing = True
            self._enqueue(stream)

    def abandon(self, stream: int) -> None:
        """Forget the stream, tell the other end, and drop what is pending or still comes."""
        state = self._streams.pop(stream, None)
        if state is None:
            return
        self._pending -= len(state.pending)
        self._unread -= state.unread
        opened = not state.syn_due  # what was never announced need not be taken back
        finished = state.finishing and not state.queued
        if opened and not finished:
            self._urgent.append(encode(Command.FIN, stream))

    def consumed(self, stream: int, count: int) -> None:
        """So many bytes of this stream's `Data` went on to where they belong."""
        state = self._streams.get(stream)
        if state is not None:
            count = min(count, state.unread)
            state.unread -= count
            self._unread -= count
            self._forget_if_done(stream, state)

    def take(self, limit: int) -> bytes:
        """At most `limit` bytes to send, in whole frames; the streams take turns.

        A limit under 9 bytes may yield nothing though there is something.
        """
        out = bytearray()
        while self._urgent and len(out) + len(self._urgent[0]) <= limit:
            out += self._urgent.popleft()
        while self._ready and limit - len(out) > _HEADER.size:
            stream = self._ready.popleft()
            state = self._streams.get(stream)
            if state is None or not state.queued:
                continue  # abandoned
            state.queued = False
            self._put(stream, state, out, limit)
        return bytes(out)

    def feed(self, data: bytes, now: float) -> list[MuxEvent]:
        """Bytes from the channel; returns what they mean. Nothing after the mux broke."""
        if self._broken:
            return []
        self._heard = now
        events: list[MuxEvent] = []
        buffer = self._partial
        buffer += data
        start = 0
        try:
            while len(buffer) - start >= _HEADER.size:
                command, length, stream = _header(buffer, start)
                end = start + _HEADER.size + length
                if end > len(buffer):
                    break
                payload = bytes(buffer[start + _HEADER.size : end])
                start = end
                self._receive(command, stream, payload, events)
        except WireError as error:
            events.append(self._break(str(error)))
            return events
        del buffer[:start]
        return events

    def tick(self, now: float) -> list[MuxEvent]:
        """Let time pass: send a NOP, or break after a long silence."""
        if self._broken or not self._keepalive:
            return []
        if now >= self._heard + KEEPALIVE_TIMEOUT:
            return [self._break(f"the agent sent nothing for {KEEPALIVE_TIMEOUT:.0f} s")]
        if now >= self._next_nop:
            self._next_nop = now + KEEPALIVE_INTERVAL
            if not self._urgent:  # or something else will show that we are alive
                self._urgent.append(encode(Command.NOP, 0))
        return []

    def next_deadline(self) -> float | None:
        """When to call `tick`; None if never."""
        if self._broken or not self._keepalive:
            return None
        return min(self._next_nop, self._heard + KEEPALIVE_TIMEOUT)

    def _enqueue(self, stream: int) -> None:
        state = self._streams[stream]
        if not state.queued:
            state.queued = True
            self._ready.append(stream)

    def _put(self, stream: int, state: _Stream, out: bytearray, limit: int) -> None:
        """Append the frames that this stream has now, one of data at most."""
        if state.syn_due:
            state.syn_due = False
            out += encode(Command.SYN, stream)
        size = min(len(state.pending), MAX_DATA, limit - len(out) - _HEADER.size)
        if size > 0:
            out += encode(Command.PSH, stream, bytes(state.pending[:size]))
            del state.pending[:size]
            self._pending -= size
        if state.pending or (state.finishing and limit - len(out) < _HEADER.size):
            self._enqueue(stream)
        elif state.finishing:
            out += encode(Command.FIN, stream)
            self._forget_if_done(stream, state)

    def _receive(self, command: int, stream: int, data: bytes, events: list[MuxEvent]) -> None:
        if command == Command.PSH:
            state = self._streams.get(stream)
            # Data that crossed our own end of the stream belongs to nobody.
            if state is not None and not state.fin_received and data:
                state.unread += len(data)
                self._unread += len(data)
                events.append(Data(stream, data))
        elif data:
            raise WireError(Fault.MUX, f"smux command {command} with {len(data)} bytes of data")
        elif command == Command.SYN:
            self._receive_syn(stream, events)
        elif command == Command.FIN:
            state = self._streams.get(stream)
            if state is not None and not state.fin_received:
                state.fin_received = True
                events.append(Finished(stream))
                self._forget_if_done(stream, state)

    def _receive_syn(self, stream: int, events: list[MuxEvent]) -> None:
        if self._client:
            raise WireError(Fault.MUX, "the agent opened a stream, which only clients do")
        if stream in self._streams:
            return  # as the original does
        if len(self._urgent) >= MAX_STREAMS:
            raise WireError(Fault.MUX, "the client opens streams and reads no answer")
        if len(self._streams) >= MAX_STREAMS:
            self._urgent.append(encode(Command.FIN, stream))
            return
        self._streams[stream] = _Stream(syn_due=False)
        events.append(Opened(stream))

    def _forget_if_done(self, stream: int, state: _Stream) -> None:
        """Drop a stream whose two directions came to their ends."""
        sent = state.finishing and not state.queued and not state.pending
        if sent and state.fin_received and not state.unread:
            del self._streams[stream]

    def _break(self, detail: str) -> Broken:
        self._broken = detail
        self._streams.clear()
        self._ready.clear()
        self._urgent.clear()
        self._partial.clear()
        self._pending = self._unread = 0
        return Broken(detail)


def _header(buffer: bytearray, start: int) -> tuple[int, int, int]:
    """Command, length and stream id; WireError (MUX) for another version."""
    version, command, length, stream = _HEADER.unpack_from(buffer, start)
    if version != VERSION:
        raise WireError(Fault.MUX, f"smux version {version} instead of {VERSION}")
    if command > Command.NOP:
        raise WireError(Fault.MUX, f"smux command {command}, which does not exist")
    return command, length, stream
