from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    "test",
    [
        "-f /etc/passwd",
        "-d /etc",
        "! -e /nope",
        "-x /usr/bin/ls",
        "-L /bin",
        "-c /dev/null",
        "-s /etc/passwd",
        "-r /etc/passwd",
        "-z ''",
        "-n x",
        "a = a",
        "a != b",
        "1 -lt 2",
        "-3 -ge -3",
        "x",
        "-f /etc/passwd -a 1 -eq 1",
        "1 -eq 2 -o a = a",
        "'(' a = a ')'",
        "/etc/passwd -ef /etc/passwd",
        "-f = -f",
        "! = !",
        "a '<' b",
    ],
)
async def test_what_holds(bench: Any, test: str) -> None:
    result = await bench.run(f"test {test} && [ {test} ]")
    assert (result.stderr, result.exit_code) == ("", 0)


@pytest.mark.parametrize(
    "test", ["", "''", "-e /nope", "-d /etc/passwd", "a = b", "2 -lt 1", "! a"]
)
async def test_what_does_not_hold(bench: Any, test: str) -> None:
    assert (await bench.run(f"test {test}")).exit_code == 1


@pytest.mark.parametrize(
    ("test", "problem"),
    [
        ("a -eq 1", "integer expression expected"),
        ("a b c d", "too many arguments"),
        ("-q x", "unary operator expected"),
        ("'(' a", "expected"),
    ],
)
async def test_what_makes_no_sense(bench: Any, test: str, problem: str) -> None:
    result = await bench.run(f"test {test}")
    assert problem in result.stderr
    assert result.exit_code == 2


async def test_a_bracket_must_be_closed(bench: Any) -> None:
    assert (await bench.run("[ a")).stderr == "[: missing `]'\n"


@pytest.mark.parametrize(
    "test",
    [
        "abc == a*",
        "abc != b*",
        "'a*' == 'a*'",
        "abc =~ ^a.c$",
        "2 -gt 1",
        "x == x && y == y",
        "x == y || y == y",
        "! x == y",
        "( x == y ) || -d /etc",
        "-z $nothing",
        "x+1 -eq 6",
    ],
)
async def test_double_brackets_hold(bench: Any, test: str) -> None:
    assert (await bench.run(f"x=5; [[ {test} ]]")).exit_code == 0


async def test_double_brackets_do_not_split(bench: Any) -> None:
    assert (await bench.run("x='a b'; [[ $x == 'a b' ]] && [[ -n $x ]]")).exit_code == 0


async def test_a_match_is_kept(bench: Any) -> None:
    assert await bench.out("[[ v1.22 =~ [0-9]+\\.[0-9]+ ]]; echo $BASH_REMATCH") == "1.22\n"


async def test_a_regular_expression_that_is_none(bench: Any) -> None:
    result = await bench.run("[[ a =~ ( ]]; echo $?")
    assert "regular expression" in result.stderr
    assert result.stdout == "1\n"
