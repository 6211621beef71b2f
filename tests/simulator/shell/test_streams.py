from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell.streams import (
    CAPACITY,
    LONGEST_LINE,
    Bytes,
    Closed,
    Collector,
    LineReader,
    Pipe,
    Turns,
    decode,
    encode,
    lines,
    wake,
)


async def test_a_pipe_gives_what_it_got_and_then_the_end() -> None:
    pipe = Pipe()
    await pipe.write(b"ab")
    await pipe.write(b"cd")
    pipe.end()
    assert await pipe.read() == b"abcd"
    assert await pipe.read() == b""
    with pytest.raises(Closed):
        await pipe.write(b"late")


async def test_a_full_pipe_holds_its_writer() -> None:
    pipe = Pipe()
    writing = spawn(pipe.write(b"x" * (CAPACITY + 5)), "writer")
    await asyncio.sleep(0)
    assert not writing.done()
    got = 0
    while got < CAPACITY + 5:
        got += len(await pipe.read())
    await writing


async def test_an_abandoned_pipe_tells_its_writer() -> None:
    pipe = Pipe()
    writing = spawn(pipe.write(b"x" * (CAPACITY + 5)), "writer")
    await asyncio.sleep(0)
    pipe.abandon()
    with pytest.raises(Closed):
        await writing


async def test_putting_never_waits_and_never_overflows() -> None:
    pipe = Pipe()
    pipe.put(b"x" * (CAPACITY * 2))
    assert len(pipe.take()) == CAPACITY
    assert pipe.take() == b""


async def test_a_collector_is_bounded() -> None:
    collector = Collector(4)
    await collector.write(b"abc")
    with pytest.raises(Closed):
        await collector.write(b"def")
    assert collector.data == b"abcd"


@given(st.binary(max_size=60))
def test_lines_are_those_of_the_text(data: bytes) -> None:
    async def read() -> tuple[bytes, list[bytes]]:
        reader = LineReader(Bytes(data))
        whole = b""
        while line := await reader.line():
            whole += line
        return whole, [line async for line in lines(Bytes(data))]

    whole, found = asyncio.run(read())
    assert whole == data
    assert found == data.removesuffix(b"\n").split(b"\n") if data else found == []


async def test_a_line_reader_gives_the_rest() -> None:
    reader = LineReader(Bytes(b"one\ntwo\nthree"))
    assert await reader.line() == b"one\n"
    assert await reader.read() == b"two\nthree"
    assert await reader.read() == b""


async def test_long_lines_come_in_pieces() -> None:
    reader = LineReader(Bytes(b"x" * (LONGEST_LINE * 2)))
    assert len(await reader.line()) == LONGEST_LINE


@given(st.binary(max_size=30))
def test_bytes_survive_being_text(data: bytes) -> None:
    assert encode(decode(data)) == data


def test_what_is_no_byte_becomes_a_question_mark() -> None:
    assert encode("a\ud800") == b"a?"


async def test_work_gives_way() -> None:
    others = 0

    async def count() -> None:
        nonlocal others
        while True:
            others += 1
            await asyncio.sleep(0)

    counting = spawn(count(), "others")
    turns = Turns()
    for _ in range(320):
        await turns.take()
    counting.cancel()
    assert others >= 10


async def test_waking_twice_is_harmless() -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    wake(future)
    wake(future)
    assert future.done()
