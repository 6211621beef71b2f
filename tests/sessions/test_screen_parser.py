from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssmtui.sessions.screen_parser import Parser


class Recorder:
    """Writes down what the parser says; texts that follow each other are one."""

    def __init__(self, takes_lines: bool = False) -> None:
        self.takes_lines = takes_lines
        self.said: list[tuple[str, ...]] = []

    def text(self, text: str) -> None:
        if self.said and self.said[-1][0] == "text":
            text = self.said.pop()[1] + text
        self.said.append(("text", text))

    def lines(self, lines: list[str]) -> None:
        self.said.append(("lines", *lines))

    def control(self, code: str) -> None:
        self.said.append(("control", code))

    def escape(self, intermediates: str, final: str) -> None:
        self.said.append(("escape", intermediates, final))

    def sequence(self, name: str, parameters: str) -> None:
        self.said.append(("sequence", name, parameters))

    def command(self, text: str) -> None:
        self.said.append(("command", text))


def parsed(*pieces: bytes, takes_lines: bool = False) -> list[tuple[str, ...]]:
    recorder = Recorder(takes_lines)
    parser = Parser(recorder)
    for piece in pieces:
        parser.push(piece)
        while parser.run(1.0, lambda: 0.0):
            pass
    return recorder.said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a\r\n", [("text", "a"), ("control", "\r"), ("control", "\n")]),
        ("ä文".encode(), [("text", "ä文")]),
        (b"\x1b[1;2H", [("sequence", "H", "1;2")]),
        (b"\x1b[?25l", [("sequence", "?l", "25")]),
        (b"\x1b[?1$p", [("sequence", "?$p", "1")]),
        (b"\x1b[1\n;2H", [("control", "\n"), ("sequence", "H", "1;2")]),
        (b"\x1b[1?Hx", [("text", "x")]),
        (b"\x1b[1\x18x", [("control", "\x18"), ("text", "x")]),
        ("\x1b[1äx".encode(), [("text", "äx")]),
        (b"\x1b[1\x1b[2J", [("sequence", "J", "2")]),
        (b"\x1b(0\x1b#8\x1b7", [("escape", "(", "0"), ("escape", "#", "8"), ("escape", "", "7")]),
        (b"\x1b\x1b7", [("escape", "", "7")]),
        (b"\x1b(\rx", [("control", "\r"), ("text", "x")]),
        (b"\x1b]0;a\x07b", [("command", "0;a"), ("text", "b")]),
        (b"\x1b]0;a\x1b\\b", [("command", "0;a"), ("text", "b")]),
        (b"\x1b]0;a\x18b", [("text", "b")]),
        (b"\x1b]0;a\x1b[2Jb", [("sequence", "J", "2"), ("text", "b")]),
        (b"\x1bPdcs\x07still\x1b\\b", [("text", "b")]),
        (b"\x1b_apc\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\b", [("text", "b")]),
        (
            "\u009b2J\u009d0;a\u009cb".encode(),
            [("sequence", "J", "2"), ("command", "0;a"), ("text", "b")],
        ),
        (b"\xff", [("text", "\ufffd")]),
        pytest.param(b"\x1b[" + b"1;" * 600 + b"mx", [("text", "x")], id="too long"),
        pytest.param(
            b"\x1b[" + b"1;" * 600 + b"\x18x",
            [("control", "\x18"), ("text", "x")],
            id="too long, broken",
        ),
    ],
)
def test_what_it_says_however_it_is_cut(data: bytes, said: list[tuple[str, ...]]) -> None:
    assert parsed(data) == said
    assert parsed(*(bytes((byte,)) for byte in data)) == said


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=5))
@settings(deadline=None)
def test_a_cut_changes_nothing(data: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(edges)]
    assert parsed(*pieces) == parsed(data)


def test_many_lines_are_told_together() -> None:
    data = b"".join(b"%d\tx\r\n" % number for number in range(20))
    said = parsed(data + b"end", takes_lines=True)
    assert said[0] == ("lines", *(f"{number}\tx" for number in range(20)))
    assert said[1:] == [("text", "end")]


@pytest.mark.parametrize("data", [b"a\n" * 20, b"a\r\r\n" * 20, b"a\r\n" * 5])
def test_few_or_odd_lines_are_not(data: bytes) -> None:
    assert all(said[0] != "lines" for said in parsed(data, takes_lines=True))


def test_it_stops_when_its_time_is_over() -> None:
    recorder = Recorder()
    parser = Parser(recorder)
    parser.push(b"\r" * 10_000)
    assert parser.run(0.0, lambda: 1.0)
    assert 0 < len(recorder.said) < 100
    assert parser.pending


def test_an_endless_string_is_given_up() -> None:
    recorder = Recorder()
    parser = Parser(recorder)
    parser.push(b"\x1b]0;" + b"x" * (5 << 20) + b"\r\nback")
    while parser.run(1.0, lambda: 0.0):
        pass
    assert recorder.said[-1] == ("text", "back")


def test_a_reset_ends_a_string() -> None:
    recorder = Recorder()
    parser = Parser(recorder)
    parser.push(b"\x1bPlost")
    parser.run(1.0, lambda: 0.0)
    parser.reset()
    parser.push(b"found")
    parser.run(1.0, lambda: 0.0)
    assert recorder.said == [("text", "found")]
