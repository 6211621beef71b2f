from __future__ import annotations

import pytest

from ssmtui.sessions.screen import TerminalScreen

FULL = b"11111\r\n22222\r\n33333\r\n44444"


def after(data: bytes) -> list[str]:
    screen = TerminalScreen(5, 4)
    screen.feed(data)
    return [screen.text(number).rstrip() for number in range(screen.top_line, screen.end_line)]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"\x1b[2;3Hx", ["11111", "22x22", "33333", "44444"]),
        (b"\x1b[2;3Hx\x1b[Ay\x1b[2Bz", ["111y1", "22x22", "3333z", "44444"]),
        (b"\x1b[H\x1b[2Cx\x1b[3Dy", ["y1x11", "22222", "33333", "44444"]),
        (b"\x1b[H\x1b[2Ex\x1b[Fy", ["11111", "y2222", "x3333", "44444"]),
        (b"\x1b[3Gx\x1b[2dy\x1b[1`z", ["11111", "z22y2", "33333", "44x44"]),
        (b"\x1b[2;2H\x1b[J", ["11111", "2", "", ""]),
        (b"\x1b[2;2H\x1b[1J", ["", "  222", "33333", "44444"]),
        (b"\x1b[2J", ["", "", "", ""]),
        (b"\x1b[2;2H\x1b[K", ["11111", "2", "33333", "44444"]),
        (b"\x1b[2;2H\x1b[1K", ["11111", "  222", "33333", "44444"]),
        (b"\x1b[2;2H\x1b[2K", ["11111", "", "33333", "44444"]),
        (b"\x1b[2;2H\x1b[9K", ["11111", "22222", "33333", "44444"]),
        (b"\x1b[2;2H\x1b[2X", ["11111", "2  22", "33333", "44444"]),
        (b"\x1b[2;2H\x1b[2@", ["11111", "2  22", "33333", "44444"]),
        (b"\x1b[2;2H\x1b[2P", ["11111", "222", "33333", "44444"]),
        (b"\x1b[2;2H\x1b[L", ["11111", "", "22222", "33333"]),
        (b"\x1b[2;2H\x1b[2M", ["11111", "44444", "", ""]),
        (b"\x1b[2S", ["33333", "44444", "", ""]),
        (b"\x1b[99T", ["", "", "", ""]),
        (b"\x1b[2;3r\x1b[3;1H\n", ["11111", "33333", "", "44444"]),
        (b"\x1b[2;3r\x1b[2;1H\x1bM", ["11111", "", "22222", "44444"]),
        (b"\x1b[2;3r\x1b[?6h\x1b[2;2Hx", ["11111", "22222", "3x333", "44444"]),
        (b"\x1b[3;2r\x1b[4;1H\n", ["22222", "33333", "44444", ""]),
        (b"\x1b[2J\x1b[Hx\x1b[2b", ["xxx", "", "", ""]),
        (b"\x1b[2J\x1b[Hx\x1b[99b", ["xxxxx", "", "", ""]),
        (b"\x1b[H\x1b[4hx\x1b[4ly", ["xy111", "22222", "33333", "44444"]),
        (b"\x1b[H\x1b[?7lxyzabcd", ["xyzad"[:4] + "d", "22222", "33333", "44444"]),
        (b"\x1b[2J\x1b[H\x1b[20hx\ny", ["x", "y", "", ""]),
        (b"\x1b[H\x1b[s\x1b[3;3H\x1b[ux", ["x1111", "22222", "33333", "44444"]),
        (b"\x1b[3J\x1b[9;9~\x1b[1;2'}", ["11111", "22222", "33333", "44444"]),
    ],
)
def test_sequences(data: bytes, lines: list[str]) -> None:
    assert after(FULL + data) == lines


def test_tabs() -> None:
    screen = TerminalScreen(30, 2)
    screen.feed(b"a\tb\x1b[2Ic\x1b[2Zd\x1b[1;4H\x1bH\r\te\x1b[3g\r\tf")
    assert screen.text(0) == "a  e    b       d       c    f"
    screen.feed(b"\r\x1b[99Zx\x1b[99Iy")
    assert screen.text(0)[0] == "x"
    assert screen.text(0)[-1] == "y"


def test_the_scrollback_can_be_cleared() -> None:
    screen = TerminalScreen(5, 2)
    screen.feed(b"1\r\n2\r\n3\x1b[3J")
    assert screen.first_line == screen.top_line == 1


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (b"\x1b[5n", b"\x1b[0n"),
        (b"\x1b[2;3H\x1b[6n", b"\x1b[2;3R"),
        (b"\x1b[2;3H\x1b[?6n", b"\x1b[?2;3;1R"),
        (b"\x1b[2;4r\x1b[?6h\x1b[2;2H\x1b[6n", b"\x1b[2;2R"),
        (b"\x1b[c", b"\x1b[?62;22c"),
        (b"\x1bZ", b"\x1b[?62;22c"),
        (b"\x1b[>c", b"\x1b[>1;10;0c"),
        (b"\x1b[18t", b"\x1b[8;4;5t"),
        (b"\x1b[?25$p", b"\x1b[?25;1$y"),
        (b"\x1b[?2004$p", b"\x1b[?2004;2$y"),
        (b"\x1b[?12345$p", b"\x1b[?12345;0$y"),
        (b"\x1b[4h\x1b[4$p", b"\x1b[4;1$y"),
        (b"\x1b[20$p", b"\x1b[20;2$y"),
        (b"\x1b[7$p", b"\x1b[7;0$y"),
        # What would give away a title, or bring text of the remote's own, is not answered.
        (b"\x1b]2;rm -rf\x07\x1b[21t", b""),
        (b"\x1b[20t\x1b[14t\x1b[1c\x1b[>1c\x1b[0x\x1bP$qm\x1b\\\x1b]52;c;?\x07\x05", b""),
    ],
)
def test_questions(question: bytes, answer: bytes) -> None:
    answers: list[bytes] = []
    screen = TerminalScreen(5, 4, answers=answers.append)
    screen.feed(question)
    assert b"".join(answers) == answer
