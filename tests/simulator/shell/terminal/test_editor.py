from __future__ import annotations

import asyncio

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.simulator.shell.terminal.editor import Editor, Ended, Interrupted
from ssmtui.simulator.shell.terminal.tty import Tty

HISTORY = ("first", "second")


async def edit(data: str | bytes, endings: tuple[str, ...] = ()) -> tuple[str, str]:
    """The line that keys make, and what a terminal shows of it."""
    tty = Tty(80, 24)
    tty.start_editing()
    await tty.receive(data.encode() if isinstance(data, str) else data)
    tty.keys.end()
    line = await Editor(tty, lambda _: endings).read("$ ", HISTORY)
    screen = pyte.Screen(200, 3)
    pyte.ByteStream(screen).feed(tty.output.take())
    return line, screen.display[0].rstrip()


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("abc\r", "abc"),
        ("abc\n", "abc"),
        ("ab\x7fc\r", "ac"),
        ("bc\x01a\r", "abc"),
        ("ac\x02b\r", "abc"),
        ("ac\x1b[Db\r", "abc"),
        ("ab\x1b[D\x1b[D\x1b[Cx\r", "axb"),
        ("abc\x1b[H\x1b[3~\r", "bc"),
        ("ab cd\x17x\r", "ab x"),
        ("abc\x01\x0b\r", ""),
        ("abc\x15x\x19\r", "xabc"),
        ("abc\x02\x02\x0b\x19\x19\r", "abcbc"),
        ("\x1b[A\r", "second"),
        ("\x1b[A\x1b[A\r", "first"),
        ("new\x1b[A\x1b[B\r", "new"),
        ("\x1bOA!\r", "second!"),
        ("a\x04\r", "a"),
        ("ab\x02\x04\r", "a"),
        ("漢字\x7f\r", "漢"),
        ("a\x1b[200~b\x1b[201~\r", "ab"),
        ("a\x1bxb\r", "ab"),
        ("\x05\x06\x02x\r", "x"),
    ],
)
async def test_keys(keys: str, line: str) -> None:
    made, shown = await edit(keys)
    assert made == line
    assert shown == f"$ {line}".rstrip()


async def test_leaving() -> None:
    with pytest.raises(Ended):
        await edit(b"\x04")
    with pytest.raises(Ended):
        await edit(b"unfinished")
    with pytest.raises(Interrupted):
        await edit(b"abc\x03")


async def test_completion() -> None:
    assert (await edit("ls /et\t\r", ("c/",)))[0] == "ls /etc/"
    assert (await edit("x\t\r", ("ab", "ac")))[0] == "xa"
    assert (await edit("x\t\r"))[0] == "x"


async def test_clearing_the_screen() -> None:
    assert await edit("ab\x02\x0cx\r") == ("axb", "$ axb")


async def test_what_is_typed_after_the_line() -> None:
    tty = Tty(80, 24)
    tty.start_editing()
    await tty.receive(b"one\r\ntwo\r")
    editor = Editor(tty, lambda _: ())
    assert await editor.read("", ()) == "one"
    assert editor.typed_ahead() == b"two\r"


KEYS = st.lists(
    st.sampled_from(
        [
            *"ab c漢",
            "\x7f",
            "\x01",
            "\x05",
            "\x02",
            "\x06",
            "\x0b",
            "\x15",
            "\x17",
            "\x19",
            "\x1b[3~",
            "\x1b[A",
            "\x1b[B",
        ]
    ),
    max_size=25,
)


@given(KEYS)
def test_the_screen_shows_the_line(keys: list[str]) -> None:
    line, shown = asyncio.run(edit("".join(keys) + "\r"))
    assert shown.replace(" ", "") == f"$ {line}".replace(" ", "")


@given(st.binary(max_size=40))
def test_any_bytes_are_a_line_or_an_end(data: bytes) -> None:
    async def read() -> None:
        try:
            line, _ = await edit(data)
        except (Ended, Interrupted):
            return
        assert line.isprintable()

    asyncio.run(read())
