from __future__ import annotations

import asyncio
import os
from contextlib import suppress

import pytest

from ssmtui.sessions.outlet import read_line, ready, while_read, write_out


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    for fileno in (reading, writing):
        with suppress(OSError):  # a test may have closed it
            os.close(fileno)


async def test_more_than_a_pipe_holds_waits_for_who_reads_and_holds_nobody(pipe):
    reading, writing = pipe
    data = os.urandom(300_000)
    work = asyncio.ensure_future(write_out(writing, data))
    read = b""
    while len(read) < len(data):
        await ready(reading, writing=False)
        read += os.read(reading, 65536)
    await work
    assert read == data


async def test_the_descriptor_stays_blocking_for_those_who_share_it(pipe):
    await write_out(pipe[1], b"x")
    assert os.get_blocking(pipe[1])


async def test_a_file_is_written_too(tmp_path):
    with (tmp_path / "out").open("wb") as file:
        await write_out(file.fileno(), b"x" * 100_000)
    assert (tmp_path / "out").stat().st_size == 100_000


async def test_nobody_reading_is_a_broken_pipe(pipe):
    os.close(pipe[0])
    with pytest.raises(BrokenPipeError):
        await write_out(pipe[1], b"x")


async def test_a_pipe_that_breaks_ends_the_work_that_writes_nothing(pipe):
    ended = []

    async def wait():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    working = asyncio.ensure_future(while_read(pipe[1], wait(), "waiting"))
    await asyncio.sleep(0)
    assert not working.done()
    os.close(pipe[0])
    async with asyncio.timeout(5):
        with pytest.raises(BrokenPipeError):
            await working
    assert ended == [True]


async def test_work_on_a_pipe_or_a_file_ends_as_it_ends(pipe, tmp_path):
    await while_read(pipe[1], write_out(pipe[1], b"x"), "writing")
    assert os.read(pipe[0], 9) == b"x"
    with (tmp_path / "out").open("wb") as file:
        await while_read(file.fileno(), write_out(file.fileno(), b"y"), "writing")
    assert (tmp_path / "out").read_bytes() == b"y"

    async def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await while_read(pipe[1], fail(), "failing")


async def test_waiting_can_be_cancelled(pipe):
    work = asyncio.ensure_future(write_out(pipe[1], bytes(1_000_000)))
    await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


@pytest.mark.parametrize(
    ("pieces", "line"), [([b"2\n"], "2"), ([b" 1", b"2 \n"], "12"), ([b"3"], "3"), ([], "")]
)
async def test_a_line_is_read_to_its_end(pipe, pieces, line):
    reading, writing = pipe
    for piece in pieces:
        os.write(writing, piece)
    os.close(writing)
    assert await read_line(reading) == line
