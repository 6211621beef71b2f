from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.simulator.shell.bash.limits import Exhausted
from ssmtui.simulator.shell.regex import Regex, RegexProblem

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "(a|b)", "(ab)", "(a*)b"])
REPEATS = st.sampled_from(["", "*", "+", "?", "{2}", "{1,2}", "{0,}"])
PIECES = st.tuples(ATOMS, REPEATS).map("".join)
EXPRESSIONS = st.lists(PIECES, max_size=4).map("".join)


@given(EXPRESSIONS, st.text("abx", max_size=10), st.booleans(), st.booleans())
def test_finds_what_python_finds(inner: str, text: str, start: bool, end: bool) -> None:
    expression = "^" * start + inner + "$" * end
    expected = re.search(expression, text)
    regex = Regex(expression, extended=True)
    found = regex.search(text)
    assert regex.matches(text) == (expected is not None)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert (found.start, found.end) == expected.span()


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        ("a\\(b\\)*c", "abbc", True),
        ("a(b)", "a(b)", True),
        ("a\\|b", "b", True),
        ("a\\{2\\}", "aa", True),
        ("\\bfoo\\b", "a foo b", True),
        ("\\bfoo\\b", "afoo", False),
        ("\\<a", "ba", False),
        ("b\\>", "ab c", True),
        ("\\w\\s\\d", "x 1", True),
        ("*a", "*a", True),
        ("a^b", "a^b", True),
        ("a$b", "a$b", True),
        ("[[:alpha:]]", "1a", True),
        ("a\\.b", "axb", False),
        ("[]x]", "]", True),
        ("\\n", "n", False),
    ],
)
def test_basic_expressions(expression: str, text: str, expected: bool) -> None:
    assert Regex(expression).matches(text) is expected


def test_groups() -> None:
    found = Regex("(\\w+)@(\\w+)", extended=True).search("mail me@home now")
    assert found is not None
    text = "mail me@home now"
    assert [found.group(text, number) for number in range(4)] == ["me@home", "me", "home", None]


def test_case_and_fixed_texts() -> None:
    assert Regex("ÄB[x]", extended=True, ignore_case=True).matches("äbX")
    assert Regex("\\S", ignore_case=True).matches("a")
    assert Regex("a.b", fixed=True).matches("xa.b")
    assert not Regex("a.b", fixed=True).matches("axb")


@pytest.mark.parametrize(
    "expression",
    [
        "(",
        "[a",
        "a{2",
        "a{3,2}",
        "a{999}",
        "\\",
        "(a)\\1",
        "((((" * 20,
        "a" * 3000,
        "((a{200}){200}){9}",
        "x{1}" * 600,
    ],
)
def test_what_is_none(expression: str) -> None:
    if expression == "x{1}" * 600:
        expression = "x" + "{1}" * 600
    with pytest.raises(RegexProblem):
        Regex(expression, extended=True)


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|aa)*b", "(a*)*c", "a?" * 30 + "a" * 30])
def test_no_expression_takes_long(expression: str) -> None:
    text = "a" * 2000 + "!"
    assert Regex(expression, extended=True).matches(text) == ("a" * 30 in expression)


def test_searching_again_and_again_is_bounded() -> None:
    regex = Regex("a*b", extended=True)
    text = "a" * 20_000
    assert regex.search(text) is None

    def from_everywhere() -> None:
        for start in range(1, len(text)):
            regex.search(text, start)

    with pytest.raises(Exhausted):
        from_everywhere()


@given(st.text("ab()[]{}|*+?.\\^$1,-:", max_size=20), st.text("ab1", max_size=8), st.booleans())
def test_any_expression_is_one_or_is_refused(expression: str, text: str, extended: bool) -> None:
    try:
        regex = Regex(expression, extended=extended)
    except RegexProblem:
        return
    assert regex.matches(text) == (regex.search(text) is not None)
