from __future__ import annotations

import pytest

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
