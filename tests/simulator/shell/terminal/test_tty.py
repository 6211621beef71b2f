from __future__ import annotations

import asyncio

import pytest

from ssmtui.simulator.shell.streams import CAPACITY
from ssmtui.simulator.shell.terminal.tty import SIGINT, SIGQUIT, Tty, TtyInput


@pytest.fixture
def tty() -> Tty:
    return Tty(80, 24)


async def typed(tty: Tty, data: bytes) -> tuple[bytes, bytes]:
    """What a program gets, and what is echoed."""
    await tty.receive(data)
    return tty.input.take(), tty.output.take()


@pytest.mark.parametrize(
    ("data", "line", "echo"),
    [
        (b"ab\r", b"ab\n", b"ab\r\n"),
        (b"ab\r\n", b"ab\n", b"ab\r\n"),
        (b"a\nb\n", b"a\nb\n", b"a\r\nb\r\n"),
        (b"ax\x7fb\r", b"ab\n", b"ax\b \bb\r\n"),
        ("aé\x7f\r".encode(), b"a\n", "aé".encode() + b"\b \b\r\n"),
        (b"ab\x15c\r", b"c\n", b"ab\b \b\b \bc\r\n"),
        (b"a b\x17c\r", b"a c\n", b"a b\b \bc\r\n"),
        (b"\x7f\r", b"\n", b"\r\n"),
        (b"\x01\r", b"\x01\n", b"^A\r\n"),
    ],
)
async def test_cooking(tty: Tty, data: bytes, line: bytes, echo: bytes) -> None:
    assert await typed(tty, data) == (line, echo)


async def test_signals(tty: Tty) -> None:
    signals: list[int] = []
    tty.on_signal = signals.append
    await tty.receive(b"half\x03\x1c")
    assert signals == [SIGINT, SIGQUIT]
    await tty.receive(b"\r")
    assert tty.input.take() == b"\n"


async def test_an_interrupted_program_is_cut_short(tty: Tty) -> None:
    await tty.write(b"much output\n")
    tty.interrupted(SIGINT)
    assert tty.output.take() == b"^C\r\n"


async def test_output_has_both_ends_of_a_line(tty: Tty) -> None:
    await tty.write(b"a\nb\n")
    assert tty.output.take() == b"a\r\nb\r\n"


async def test_without_echo(tty: Tty) -> None:
    tty.echo = False
    assert await typed(tty, b"secret\r") == (b"secret\n", b"")


async def test_raw_keys(tty: Tty) -> None:
    tty.canonical = False
    assert await typed(tty, b"q") == (b"q", b"q")


async def test_the_end_of_input(tty: Tty) -> None:
    source = TtyInput(tty)
    await tty.receive(b"half\x04")
    assert await source.read() == b"half"
    await tty.receive(b"\x04late\r")
    assert await source.read() == b""
    tty.start_editing()
    assert tty.keys.take() == b"late\n"


async def test_a_long_line_is_bounded(tty: Tty) -> None:
    await tty.receive(b"x" * 10_000 + b"\r")
    assert len(tty.input.take()) == 4097


def test_sizes_are_at_least_one(tty: Tty) -> None:
    tty.resize(0, -5)
    assert (tty.cols, tty.rows) == (1, 1)


async def test_hanging_up_ends_all_input(tty: Tty) -> None:
    tty.hang_up()
    assert await TtyInput(tty).read() == b""
    tty.start_program(b"typed\r")
    assert await TtyInput(tty).read() == b""


async def test_a_raw_terminal_takes_everything_as_it_is(tty: Tty) -> None:
    tty.canonical = tty.echo = tty.signals = False
    assert await typed(tty, b"a\r\n\x03\x04\x7f\xff") == (b"a\r\n\x03\x04\x7f\xff", b"")


@pytest.mark.parametrize("raw", [True, False])
async def test_who_types_faster_than_the_program_reads_has_to_wait(tty: Tty, raw: bool) -> None:
    if raw:
        tty.canonical = tty.echo = tty.signals = False
    tty.echo = False
    data = b"0123456789\n" * 20_000
    typing = asyncio.ensure_future(tty.receive(data))
    got = b""
    while len(got) < len(data):
        got += await tty.input.read()
        assert len(tty.input._data) <= CAPACITY
    await typing
    assert got == data


async def test_who_waits_is_let_go_when_the_session_ends(tty: Tty) -> None:
    tty.canonical = tty.echo = tty.signals = False
    typing = asyncio.ensure_future(tty.receive(b"x" * 200_000))
    await asyncio.sleep(0)
    assert not typing.done()
    tty.hang_up()
    tty.input.abandon()
    await typing
