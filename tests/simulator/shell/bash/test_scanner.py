from __future__ import annotations

import pytest

from ssmtui.simulator.shell.bash.parser import parse_all
from ssmtui.simulator.shell.bash.scanner import Scanner, ansi_escape
from ssmtui.simulator.shell.bash.syntax import (
    Incomplete,
    Parameter,
    Program,
    ShellSyntaxError,
    Text,
    Word,
)


def tokens(text: str) -> list[tuple[str, str]]:
    def nested(scanner: Scanner) -> Program:
        raise AssertionError("nothing is nested here")

    scanner = Scanner(text, nested)
    found = []
    while (token := scanner.next()).kind != "end":
        found.append((token.kind, token.text))
    return found


def only_word(text: str) -> Word:
    def nested(scanner: Scanner) -> Program:
        return []

    return Scanner(text, nested).next().word


def test_operators_and_words() -> None:
    assert tokens("a&&b 2>x # c\n;;") == [
        ("word", "a"),
        ("op", "&&"),
        ("word", "b"),
        ("number", "2"),
        ("op", ">"),
        ("word", "x"),
        ("newline", "newline"),
        ("op", ";;"),
    ]


def test_continued_lines() -> None:
    assert tokens("a \\\n b") == [("word", "a"), ("word", "b")]


def test_quotes() -> None:
    assert only_word("'a b'") == (Text("a b", quoted=True),)
    assert only_word("a\\ b") == (Text("a"), Text(" ", quoted=True), Text("b"))
    assert only_word("$'a\\n\\x41'") == (Text("a\nA", quoted=True),)


def test_parameters() -> None:
    assert only_word("$x") == (Parameter("x", quoted=False),)
    assert only_word("${x:-y}") == (Parameter("x", False, ":-", (Text("y"),)),)
    assert only_word("${#x}") == (Parameter("x", False, length=True),)
    assert only_word("$1a") == (Parameter("1", False), Text("a"))
    assert only_word("a$") == (Text("a$"),)


@pytest.mark.parametrize(
    "text", ["'a", '"a', "$(a", "${a", "`a", "$((1", "cat <<E\nx", "a |", "if a"]
)
def test_what_is_not_finished_is_incomplete(text: str) -> None:
    with pytest.raises(Incomplete):
        parse_all(text + "\n" if "<<" in text else text)


@pytest.mark.parametrize("text", ["${}", "${a b}", "${#x:-y}"])
def test_bad_substitutions(text: str) -> None:
    with pytest.raises(ShellSyntaxError, match="bad substitution"):
        parse_all(f"echo {text}")


def test_nesting_is_bounded() -> None:
    with pytest.raises(ShellSyntaxError, match="nesting"):
        parse_all("echo " + "$(" * 50 + ")" * 50)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n", ("\n", 1)),
        ("x4f", ("O", 3)),
        ("u00e9!", ("é", 5)),
        ("101", ("A", 3)),
        ("q", ("\\q", 1)),
        ("xzz", ("\\x", 1)),
        ("U00110000", ("\\U", 9)),
    ],
)
def test_escapes(text: str, expected: tuple[str, int]) -> None:
    assert ansi_escape(text) == expected
