from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssmtui.core.text import plain
from ssmtui.sessions.screen import CellStyle, Cursor, Mouse, Span, TerminalScreen

COLUMNS, ROWS = 20, 6


def shown(screen: TerminalScreen) -> list[str]:
    return [screen.text(number) for number in range(screen.top_line, screen.end_line)]


def kept(screen: TerminalScreen) -> list[str]:
    return [text for number, text in screen.texts() if number < screen.top_line]


def test_text_and_cursor() -> None:
    screen = TerminalScreen(COLUMNS, ROWS)
    screen.feed(b"hello\r\nworld")
    assert shown(screen) == ["hello", "world", "", "", "", ""]
    assert screen.cursor == Cursor(5, 1, True)
    screen.feed(b"\x1b[?25l")
    assert not screen.cursor.visible


def test_spans_have_text_and_look() -> None:
    screen = TerminalScreen(10, 1)
    screen.feed(b"a\x1b[1;31mb\x1b[48;2;1;2;3mc\x1b[0m")
    assert screen.line(0) == (
        Span("a", CellStyle()),
        Span("b", CellStyle(1, bold=True)),
        Span("c", CellStyle(1, (1, 2, 3), bold=True)),
        Span(" " * 7, CellStyle()),
    )
    assert screen.line(0) is screen.line(0)
    assert screen.line(99) == ()
    assert screen.text(99) == ""
    assert not screen.is_wrapped(99)


def test_lines_scroll_away_and_keep_their_numbers() -> None:
    screen = TerminalScreen(COLUMNS, 3, scrollback_lines=4)
    screen.feed(b"".join(b"line %d\r\n" % number for number in range(10)))
    assert (screen.first_line, screen.top_line, screen.end_line) == (4, 8, 11)
    assert screen.text(4) == "line 4"
    assert screen.text(3) == ""
    assert kept(screen) == ["line 4", "line 5", "line 6", "line 7"]
    assert shown(screen) == ["line 8", "line 9", ""]


def test_the_scrollback_is_bounded_in_bytes() -> None:
    screen = TerminalScreen(COLUMNS, 3, scrollback_bytes=20_000)
    for number in range(3000):
        screen.feed(b"\x1b[3%dma\x1b[4%dmb\r\n" % (number % 8, number % 7))
    assert 0 < screen.scrollback_bytes <= 20_000
    assert screen.first_line > 0


def test_reading_goes_in_slices_by_the_clock() -> None:
    moments = iter(range(1_000_000))
    screen = TerminalScreen(COLUMNS, ROWS, clock=lambda: float(next(moments)))
    screen.write(b"\x1b[1mx" * 1000 + b"\r\nend")
    slices = 1
    while screen.advance(3.0):
        slices += 1
    assert slices > 5
    assert "end" in shown(screen)[-1]


def test_a_flood_is_the_same_whether_skipped_or_shown() -> None:
    lines = [f"{n} " + "x" * (n % 45) + ("\tz" if n % 5 == 0 else "") for n in range(300)]
    data = ("\r\n".join(lines) + "\r\n\x1b[33mtail\x1b[m").encode()
    at_once, slowly = (TerminalScreen(COLUMNS, ROWS) for _ in range(2))
    at_once.feed(data)
    for byte in data:
        slowly.feed(bytes((byte,)))
    assert list(at_once.texts()) == list(slowly.texts())
    numbers = range(at_once.end_line)
    assert [at_once.is_wrapped(n) for n in numbers] == [slowly.is_wrapped(n) for n in numbers]
    assert at_once.cursor == slowly.cursor


@given(
    st.lists(
        st.sampled_from(
            ["a", "word ", "x" * 25, "\t", "文", "e\u0301", "┌─┐", "\x1b[31m", "\x1b[m", "  "]
        ),
        max_size=8,
    ).map("".join),
    st.integers(8, 30),
)
@settings(max_examples=60, deadline=None)
def test_skipped_lines_are_what_they_would_have_been(line: str, count: int) -> None:
    data = (f"{line}\r\n" * count).encode()
    at_once, slowly = (TerminalScreen(COLUMNS, ROWS) for _ in range(2))
    at_once.feed(data)
    for at in range(0, len(data), 3):
        slowly.feed(data[at : at + 3])
    assert list(at_once.texts()) == list(slowly.texts())
    assert at_once.cursor == slowly.cursor


def test_growing_brings_lines_back_and_shrinking_takes_them() -> None:
    screen = TerminalScreen(COLUMNS, 3)
    screen.feed(b"one\r\ntwo\r\n\x1b[32mthree\x1b[m\r\nfour")
    assert kept(screen) == ["one"]
    screen.resize(COLUMNS, 5)
    assert shown(screen) == ["one", "two", "three", "four", ""]
    assert screen.line(2)[0] == Span("three", CellStyle(2))
    assert screen.cursor.row == 3
    screen.resize(COLUMNS, 2)
    assert kept(screen) == ["one", "two"]
    assert shown(screen) == ["three", "four"]
    assert screen.cursor.row == 1
    screen.resize(3, 2)
    assert shown(screen) == ["thr", "fou"]
    assert screen.size == (3, 2)


def test_a_size_is_never_absurd() -> None:
    screen = TerminalScreen(0, -3)
    assert screen.size == (1, 1)
    screen.feed("文a\x1b[5;5Hb".encode())
    screen.resize(10**6, 10**6)
    assert screen.size == (1000, 500)


def test_the_alternate_screen_comes_and_goes() -> None:
    screen = TerminalScreen(COLUMNS, 3)
    screen.feed(b"1\r\n2\r\n3\r\n$ vi")
    before = list(screen.texts())
    screen.feed(b"\x1b[?1049h\x1b[2J\x1b[Hfile\r\n~\r\n~\r\n~")
    assert screen.is_alternate
    assert shown(screen) == ["~", "~", "~"]
    assert screen.first_line == screen.top_line
    screen.resize(COLUMNS, 4)
    screen.resize(COLUMNS, 3)
    screen.feed(b"\x1b[?1049l")
    assert not screen.is_alternate
    assert list(screen.texts()) == before
    assert screen.cursor == Cursor(4, 2, True)


@pytest.mark.parametrize("mode", [b"47", b"1047"])
def test_the_older_ways_to_the_alternate_screen(mode: bytes) -> None:
    screen = TerminalScreen(COLUMNS, 3)
    screen.feed(b"main\x1b[?%sh" % mode)
    assert shown(screen) == ["", "", ""]
    screen.feed(b"\x1b[Hover\x1b[?%sl" % mode)
    assert shown(screen)[0] == "main"


def test_what_a_program_switches_on() -> None:
    screen = TerminalScreen()
    assert (screen.bracketed_paste, screen.application_cursor, screen.mouse) == (
        False,
        False,
        Mouse.OFF,
    )
    screen.feed(b"\x1b[?2004;1;1002;1006;1004;5h\x1b=")
    assert screen.bracketed_paste
    assert screen.application_cursor
    assert screen.application_keypad
    assert screen.mouse is Mouse.DRAG
    assert screen.mouse_sgr
    assert screen.focus_events
    assert screen.reverse_video
    screen.feed(b"\x1bc")
    assert not screen.bracketed_paste
    assert screen.mouse is Mouse.OFF
    screen.feed(b"\x1b]0;t\x07x")
    screen.reset()
    assert screen.title == ""
    assert shown(screen)[0] == ""


def test_a_title_is_data_and_plain() -> None:
    screen = TerminalScreen()
    screen.feed("\x1b]2;evil\u202e[b]\x1b\\".encode() + b"\x1b]0;" + b"x" * 9999 + b"\x07\a")
    assert screen.title == "x" * 200
    screen.feed("\x1b]2;a\u202eb\x07".encode())
    assert screen.title == plain("a\u202eb")
    assert screen.bells == 1


# Two terminals side by side, in what both of them know. pyte deletes and inserts lines wrongly
# where some were never written, and moves up and down from beyond the end of a full line, where
# xterm's cursor is back in its last cell: so the moves begin somewhere else here.
_COMMON = st.one_of(
    st.text("abcXYZ 0123#", min_size=1, max_size=12),
    st.sampled_from(["\r", "\r\n", "\r\x1bM", "\r\x1bD", "\r\t", "\b"]),
    st.builds("\x1b[{};{}H".format, st.integers(1, 8), st.integers(1, 24)),
    st.builds(
        "\r\x1b[{}C\x1b[{}{}".format,
        st.integers(1, 25),
        st.integers(1, 5),
        st.sampled_from("ABCDEFGPX@d"),
    ),
    st.builds(
        "\r\x1b[{}C\x1b[{}{}".format, st.integers(1, 25), st.integers(0, 2), st.sampled_from("JK")
    ),
)


@given(st.lists(_COMMON, max_size=30))
@settings(max_examples=150, deadline=None)
def test_it_shows_what_pyte_shows(pieces: list[str]) -> None:
    data = "".join(pieces)
    rival = pyte.Screen(COLUMNS, ROWS)
    pyte.Stream(rival).feed(data)
    screen = TerminalScreen(COLUMNS, ROWS)
    screen.feed(data.encode())
    assert [line.rstrip() for line in shown(screen)] == [line.rstrip() for line in rival.display]


HOSTILE = [
    b"\x1b]52;c;cm0gLXJm\x07",
    b"\x1b]52;c;?\x1b\\",
    b"\x1b]0;title\x07\x1b]2;title\x1b\\\x1b]l;x\x1b\\",
    b"\x1b]4;1;rgb:00/00/00\x07\x1b]104\x07\x1b]10;red\x07\x1b]11;?\x07\x1b]P1ff0000\x07",
    b"\x1b]8;;file:///etc/passwd\x07link\x1b]8;;\x07",
    b"\x1b]1337;File=:AAAA\x07\x1b]777;notify;a;b\x07\x1b]9;boo\x07",
    b"\x1bPq#0;2;0;0;0~~\x1b\\\x1bP$qm\x1b\\\x1bP+q544e\x1b\\\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\",
    b"\x1b_Gf=24;AAAA\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\",
    b"\x1b[21t\x1b[20t\x1b[8;1;1t\x1b[3;0;0t\x1b[2t\x1b[14t",
    b"\x1b[?4m\x1b[>4;1m\x1b[<u\x1b[>1u\x1b[?u\x1b[=1;1u\x1b[4:3m\x1b[38:2::1:2:3m",
    b"\x1b[5i\x1b[4i\x1b[?5i\x1b[0q\x1b[1;2'z\x1b[?69h\x1b[1;2s\x1b[?2026h\x1b[?3h\x1b[?2048h",
    b"\x1b[99999999999999999999999999A\x1b[99999b\x1b[9999999L\x1b[99999S\x1b[65536;99999H",
    b"\x9b31m\x9d0;x\x9c\x90q\x9c",
    "\u009b2J\u009d52;c;AAAA\u009c\u0090x\u009c".encode(),
    "\u202eevil\u2066\u200b\ufeff\U000e0041\u2028".encode(),
    "Z\u0335\u0321\u0327\u0315\u0336\u0322\u0328\u0316\u0337".encode(),
    b"\x1b[\x1b[\x1b]\x18\x1b[1\x1a\x1b(\x1b%G\x1b#3\x1b#8\x1bl\x1bm\x1b`\x05\x00\x7f",
    b"\xff\xfe\xc0\x80\xed\xa0\x80\xf8\x88",
    b"\x1b[0$}\x1b[1$~\x1b[1+T\x1b#6\x1bc\x1b[!p\x1b[?1049h\x1b[?1049h\x1b[?47l",
]
_HOSTILE_BYTES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(HOSTILE),
        st.builds(
            lambda a, b, c: b"\x1b[" + a + b + c,
            st.sampled_from([b"", b"?", b">", b"=", b"!", b"\x07", b"<"]),
            st.text("0123456789;:$ ", max_size=12).map(str.encode),
            st.integers(0x40, 0x7E).map(lambda code: bytes((code,))),
        ),
    ),
    max_size=25,
).map(b"".join)
# Everything that may ever be sent back: nothing of it holds a word of the remote's own.
_ANSWERS = (b"\x1b[?62;22c", b"\x1b[>1;10;0c", b"\x1b[0n")


def assert_sound(screen: TerminalScreen) -> None:
    columns, rows = screen.size
    from rich.cells import cell_len

    for number in range(screen.first_line, screen.end_line):
        spans = screen.line(number)
        text = "".join(span.text for span in spans)
        assert plain(text) in (text, "\N{DOTTED CIRCLE}" + text)
        if number >= screen.top_line:
            assert sum(cell_len(span.text) for span in spans) == columns
        else:
            assert sum(cell_len(span.text) for span in spans) <= columns
    assert 0 <= screen.cursor.column < columns
    assert 0 <= screen.cursor.row < rows
    assert screen.end_line - screen.top_line == rows


@given(_HOSTILE_BYTES, st.integers(1, 30), st.integers(1, 8))
@settings(max_examples=200, deadline=None)
def test_nothing_hostile_gets_through(data: bytes, columns: int, rows: int) -> None:
    answers: list[bytes] = []
    screen = TerminalScreen(columns, rows, answers=answers.append, scrollback_lines=50)
    screen.feed(data)
    assert_sound(screen)
    for answer in answers:
        assert answer in _ANSWERS or answer[-1:] in b"Rty"
        assert answer.translate(None, b"\x1b[?0123456789;$") in (
            b"R",
            b"y",
            b"t",
            b"c",
            b">c",
            b"n",
        )
    screen.feed(b"\x1b\\\x18\x1bc\x1b[Hstill here"[:9] + b"ok")
    screen.resize(rows + 3, columns)
    assert_sound(screen)


@pytest.mark.parametrize("data", HOSTILE)
def test_each_hostile_sequence_leaves_the_terminal_usable(data: bytes) -> None:
    screen = TerminalScreen(40, 5)
    screen.feed(data)
    screen.feed(b"\x1b\\\x18\x1bc$ ok")
    assert shown(screen)[0] == "$ ok"


def test_a_hostile_flood_takes_bounded_memory() -> None:
    screen = TerminalScreen(200, 50, scrollback_bytes=100_000)
    marks = "\u0301" * 50
    for number in range(60):
        colours = "".join(
            f"\x1b[38;2;{number};{x};7;48;2;1;{x};{number}m\U0001f600{marks}" for x in range(120)
        )
        screen.feed(colours.encode())
    screen.feed(b"\x1b]0;" + b"y" * 5_000_000)
    screen.feed(b"\x1b[" + b"1;" * 100_000)
    assert screen.scrollback_bytes <= 100_000
    assert len(screen._parser._string_text) <= 4096
    assert len(screen._parser._text) <= 2048
    assert max(len(char) for row in screen._grid.rows for char in row.chars) <= 5
