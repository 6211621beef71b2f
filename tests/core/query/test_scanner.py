from __future__ import annotations

import pytest

from ssmtui.core.query import QueryError
from ssmtui.core.query.scanner import Scanner, unquote


@pytest.mark.parametrize(
    ("text", "items", "rest"),
    [
        ("a,b c", ["a", "b"], " c"),
        ("a)", ["a"], ")"),
        ("a|b", ["a"], "|b"),
        ("f(x),y)", ["f(x)", "y"], ")"),
        ("f(a|b)", ["f(a|b)"], ""),
        ("", [""], ""),
        (",", ["", ""], ""),
        ('"a,b",c', ["a,b", "c"], ""),
        (r"a\ b\,c", ["a b,c"], ""),
    ],
)
def test_lists(text: str, items: list[str], rest: str) -> None:
    scanner = Scanner(text)
    assert [item.text for item in scanner.items()] == items
    assert text[scanner.at :] == rest


@pytest.mark.parametrize(
    ("text", "position"), [("(", 0), ("a,b(", 3), ("f(a b)", 1), ("(()", 0), ("f(x,g(", 5)]
)
def test_a_bracket_in_a_list_has_to_be_closed(text: str, position: int) -> None:
    with pytest.raises(QueryError) as error:
        Scanner(text).items()
    assert error.value.position == position
    assert "this ( is not closed" in str(error.value)


@pytest.mark.parametrize("text", ['"f("', r"f\("])
def test_a_bracket_alone_can_be_quoted_or_escaped(text: str) -> None:
    assert [item.text for item in Scanner(text).items()] == ["f("]


def test_a_star_is_a_glob_unless_it_is_quoted_or_escaped() -> None:
    assert [item.is_glob for item in Scanner(r'a*,"a*",a\*').items()] == [True, False, False]


def test_items_know_where_they_begin() -> None:
    assert [item.position for item in Scanner("a,bc,d").items()] == [0, 2, 5]


@pytest.mark.parametrize(
    ("text", "source", "rest"),
    [
        ("a|b c", "a", "|b c"),
        ("(a|b)c)", "(a|b)c", ")"),
        ("[|)]x|y", "[|)]x", "|y"),
        ("[]|)]x", "[]|)]x", ""),
        ("[^])]x)", "[^])]x", ")"),
        (r"a\|b|c", r"a\|b", "|c"),
        (r"a\)b)c", r"a\)b", ")c"),
        (r"a\ b", "a\\", " b"),
        ("a\\", "a\\", ""),
        (r'"a \" b" c', r"a \" b", " c"),
    ],
)
def test_regular_expressions(text: str, source: str, rest: str) -> None:
    scanner = Scanner(text)
    assert scanner.pattern(stop_at_bar=True)[0] == source
    assert text[scanner.at :] == rest


def test_a_bar_stays_in_a_regular_expression_where_it_is_no_operator() -> None:
    assert Scanner("a|b c").pattern(stop_at_bar=False) == ("a|b", 0)


def test_a_quote_has_to_be_closed() -> None:
    with pytest.raises(QueryError) as error:
        Scanner("'abc").quoted(raw=False)
    assert error.value.position == 0


def test_unquote_takes_escaped_quotes_and_backslashes_only() -> None:
    assert unquote(r'"a\"b\\c\d"') == r'a"b\c\d'
