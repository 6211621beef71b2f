"""Whole queries: every way to run one agrees with the others, and with a naive evaluator."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.columns import UNKNOWN, Column
from ssmtui.core.query import EMPTY, parse

NOW = 1_800_000_000.0
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}

# An expression is a tuple: its form, and its parts.
Expression = tuple[Any, ...]

WORDS = st.sampled_from(["web", "Web", "WEB-1", "api", "lost", "prod", "1", "nowhere"])
VALUES = st.lists(st.sampled_from(["web", "web-1", "api", "prod", "x y"]), min_size=1, max_size=3)
LEAVES = st.one_of(
    st.tuples(st.just("word"), WORDS),
    st.tuples(st.just("equal"), st.sampled_from(["name", "role"]), st.booleans(), VALUES),
    st.tuples(st.just("tag"), st.sampled_from(["Env", "My Team"]), st.booleans(), VALUES),
    st.tuples(st.just("count"), st.sampled_from(["<", "<=", ">", ">="]), st.integers(-2, 5)),
    st.tuples(
        st.just("age"),
        st.sampled_from(["<", "<=", ">", ">="]),
        st.integers(1, 90),
        st.sampled_from("smhdw"),
    ),
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)
TEXTS = st.sampled_from(["web", "web-1", "WEB-1", "api", "prod", "x y", "", None, UNKNOWN])
ROWS = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "role": TEXTS,
        "ping": st.sampled_from(["lost", "online", UNKNOWN]),
        "crit": st.integers(-3, 6) | st.none() | st.just(UNKNOWN),
        "seen": st.integers(0, 10**7).map(lambda ago: NOW - ago) | st.none() | st.just(UNKNOWN),
        "tags": st.none()
        | st.just(UNKNOWN)
        | st.dictionaries(st.sampled_from(["Env", "My Team"]), st.sampled_from(["prod", "web"])),
    }
)


def render(expression: Expression) -> str:
    match expression:
        case "word", word:
            return str(word)
        case "equal" | "tag", key, negated, values:
            quoted = f'"{key}"' if " " in key else key
            items = ",".join(f'"{value}"' if " " in value else value for value in values)
            return f"{quoted}{'!=' if negated else '='}{items}"
        case "count", op, number:
            return f"crit{op}{number}"
        case "age", op, number, unit:
            return f"seen{op}{number}{unit}"
        case "not", inner:
            return f"!({render(inner)})"
        case "all", parts:
            return "(" + " ".join(map(render, parts)) + ")"
        case "any", parts:
            return "(" + " | ".join(map(render, parts)) + ")"
    raise AssertionError(expression)


ORDERS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def evaluate(expression: Expression, row: Any) -> bool | None:
    """The meaning, written as slowly and as plainly as can be."""
    match expression:
        case "word", word:
            flags = 0 if any(letter.isupper() for letter in word) else re.IGNORECASE
            return re.search(word, row.haystack, flags) is not None
        case "equal", key, negated, values:
            value = getattr(row, key)
            return None if value is UNKNOWN else (value in values) is not negated
        case "tag", key, negated, values:
            if row.tags is UNKNOWN:
                return None
            return ((row.tags or {}).get(key) in values) is not negated
        case "count", op, number:
            if row.crit is UNKNOWN:
                return None
            return row.crit is not None and ORDERS[op](row.crit, number)
        case "age", op, number, unit:
            if row.seen is UNKNOWN:
                return None
            return row.seen is not None and ORDERS[op](NOW - row.seen, number * SECONDS[unit])
        case "not", inner:
            answer = evaluate(inner, row)
            return None if answer is None else not answer
        case "all", parts:
            answers = [evaluate(part, row) for part in parts]
            return False if False in answers else None if None in answers else True
        case "any", parts:
            answers = [evaluate(part, row) for part in parts]
            return True if True in answers else None if None in answers else False
    raise AssertionError(expression)


@given(EXPRESSIONS, st.lists(ROWS, max_size=5))
def test_every_way_to_run_a_query_means_the_same(
    columns: tuple[Column, ...], row_type: type[Any], expression: Expression, facts: list[Any]
) -> None:
    query = parse(render(expression), columns)
    rows = [row_type(**fact) for fact in facts]
    texts = [row.haystack for row in rows]
    lowers = [text.lower() for text in texts]
    wanted = [evaluate(expression, row) for row in rows]
    assert query.matches(rows, texts, lowers, now=NOW) == wanted
    assert [query.match(row, row.haystack, now=NOW) for row in rows] == wanted
    compiled = query.compile(lambda row: row.haystack, lambda row: row.haystack.lower(), NOW)
    assert [compiled(row) for row in rows] == wanted


@given(EXPRESSIONS, ROWS)
def test_adding_knowledge_never_turns_a_yes_into_a_no(
    columns: tuple[Column, ...], row_type: type[Any], expression: Expression, facts: dict[str, Any]
) -> None:
    """What is decided about a row of which less is known stays decided."""
    query = parse(render(expression), columns)
    row = row_type(**facts)
    for name in facts:
        less = row_type(**{**facts, name: UNKNOWN})
        answer = query.match(less, row.haystack, now=NOW)
        assert answer is None or answer is query.match(row, row.haystack, now=NOW)


def test_empty_matches_every_row(row_type: type[Any], columns: tuple[Column, ...]) -> None:
    assert EMPTY.matches([row_type(), row_type()], now=NOW) == [True, True]
    assert parse("  ", columns) == EMPTY
    assert not EMPTY


@pytest.mark.parametrize("text", ["web", "@prod", "!web", "name=x", "(web)"])
def test_a_query_that_asks_for_something_is_true(columns: tuple[Column, ...], text: str) -> None:
    assert parse(text, columns)


@pytest.mark.parametrize(
    ("text", "simple"),
    [("web", True), ("w.b", True), ("name=x", True), ("@prod x", True), ("!x", False), ("", False)],
)
def test_simple_is_a_single_test(columns: tuple[Column, ...], text: str, simple: bool) -> None:
    assert parse(text, columns).simple is simple


def test_words_need_haystacks(columns: tuple[Column, ...], row_type: type[Any]) -> None:
    with pytest.raises(ValueError, match="haystacks"):
        parse("web", columns).matches([row_type()], now=NOW)


def test_haystacks_are_not_asked_for_without_need(
    columns: tuple[Column, ...], row_type: type[Any]
) -> None:
    def refuse(row: object) -> str:
        raise AssertionError(row)

    compiled = parse("name=web", columns).compile(refuse, refuse, NOW)
    assert compiled(row_type(name="web")) is True


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("nodes=i-1", {"nodes": "i-1"}),
        ("name=web-1 nodes=i-1 lost", {"name": "web-1", "nodes": "i-1"}),
        ('name="a b"', {"name": "a b"}),
        ("(nodes=i-1)", {"nodes": "i-1"}),
        ("nodes=i-1,i-2", {}),
        ("nodes=i-*", {}),
        ("nodes=", {}),
        ("nodes!=i-1", {}),
        ("!nodes=i-1", {}),
        ("nodes=i-1 | name=web", {}),
        ("nodes~i-1", {}),
        ("tag:Env=prod", {}),
        ("", {}),
    ],
)
def test_what_every_match_has_exactly(
    columns: tuple[Column, ...], text: str, exact: dict[str, str]
) -> None:
    assert parse(text, columns).exact == exact


@pytest.mark.parametrize(
    "text", ['"(a+)+$x"', 'name~"(a+)+$x"', 'Env~"(a+)+$x"', 'nodes~"(a+)+$x"']
)
def test_an_expression_that_takes_too_long_is_unknown_from_then_on(
    text: str, columns: tuple[Column, ...], row_type: Callable[..., Any]
) -> None:
    query = parse(text, columns, {"Env"})
    hard = "a" * 300 + "!"
    easy = row_type(name="b", nodes=("b",), tags={"Env": "b"})
    row = row_type(name=hard, nodes=(hard,), tags={"Env": hard})
    assert query.match(easy, "b", now=NOW) is False
    assert not query.slow
    assert query.match(row, hard, now=NOW) is None
    assert query.slow
    assert query.match(easy, "b", now=NOW) is None
    denied = parse(f"!{text}", columns, {"Env"})
    assert denied.match(row, hard, now=NOW) is None
