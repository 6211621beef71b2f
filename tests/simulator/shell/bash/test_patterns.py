from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.simulator.shell.bash.limits import Exhausted
from ssmtui.simulator.shell.bash.patterns import CharacterClass, Pattern, bracket_end


def pattern(text: str) -> Pattern:
    return Pattern([(text, False)])


@given(st.text("ab*?c", max_size=8), st.text("abc", max_size=10))
def test_matches_as_fnmatch_does(text: str, candidate: str) -> None:
    assert pattern(text).matches(candidate) == fnmatchcase(candidate, text)


@pytest.mark.parametrize(
    ("text", "candidate", "expected"),
    [
        ("[a-c]x", "bx", True),
        ("[!a-c]x", "bx", False),
        ("[^a-c]x", "dx", True),
        ("[]]", "]", True),
        ("[[:digit:]]*", "7up", True),
        ("[[:upper:]]", "a", False),
        ("\\*", "*", True),
        ("\\*", "x", False),
        ("[a", "[a", True),
        ("[[:punct:]]", "!", True),
    ],
)
def test_brackets_and_escapes(text: str, candidate: str, expected: bool) -> None:
    assert pattern(text).matches(candidate) is expected


def test_what_is_quoted_stands_for_itself() -> None:
    star = Pattern([("*", True)])
    assert star.matches("*")
    assert not star.matches("x")
    assert not star.magic


def test_prefixes_and_suffixes() -> None:
    assert pattern("*.").prefix("a.b.c", longest=False) == 2
    assert pattern("*.").prefix("a.b.c", longest=True) == 4
    assert pattern(".*").suffix("a.b.c", longest=False) == 2
    assert pattern(".*").suffix("a.b.c", longest=True) == 4
    assert pattern("x").prefix("abc", longest=True) is None


def test_a_costly_search_is_given_up() -> None:
    with pytest.raises(Exhausted):
        pattern("*a*a*a*a*b").find("a" * 5000, 0)


def test_the_end_of_a_bracket() -> None:
    assert bracket_end("[]a]", 0) == 3
    assert bracket_end("[[:alpha:]]", 0) == 10
    assert bracket_end("[abc", 0) == -1


def test_a_class_alone() -> None:
    assert CharacterClass("a-c_").matches("b")
    assert CharacterClass("!a-c").matches("z")
