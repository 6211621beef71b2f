from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable

import pytest

from ssmtui.core import expressions
from ssmtui.core.expressions import Expression, TooSlowError, expression, has_capital
from ssmtui.core.problem import ProblemError

# Each would take hours with `re`: exponential in the text, and quadratic in a long line.
ENDLESS = [
    (r"(a+)+$x", "a" * 300 + "!"),
    (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 300),
    (r"a.*b", "a" * 262_144),
]


@pytest.mark.parametrize(("source", "text"), ENDLESS)
@pytest.mark.parametrize("look", [Expression.search, Expression.spans])
def test_what_backtracks_without_end_is_given_up(
    source: str, text: str, look: Callable[[Expression, str], object]
) -> None:
    endless = Expression(source)
    began = time.thread_time()
    with pytest.raises(TooSlowError, match="takes too long on this text"):
        look(endless, text)
    assert time.thread_time() - began < 1
    assert endless.slow
    with pytest.raises(TooSlowError):  # and not tried again, where it would be quick
        look(endless, "short")
    assert endless.found("short") is None


def test_whether_it_is_found_is_unknown_once_it_is_slow() -> None:
    found = Expression(r"(a+)+$x").found
    assert found("b") is False
    assert found("a" * 300 + "!") is None
    assert found("b") is None


@pytest.mark.parametrize("source", ["web", "^we[bc]", r"a\.b\*", "x|y"])
def test_what_cannot_repeat_stays_with_the_faster_library(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "regex", None)  # importing it would fail
    assert Expression(source).search("nothing") is None


@pytest.mark.parametrize(
    ("source", "text"), [("a.*b", "xaxb"), ("[^a*(]+z$", "*(az"), (r"\(a+", "(a")]
)
def test_rows_are_matched_by_the_faster_library_where_one_repetition_is_all(
    source: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = Expression(source)
    monkeypatch.setattr(once, "_found", lambda text: None)  # what looks with the other library
    assert once.found(text) is (re.search(source, text) is not None)
    assert once.found("a" * 301) is None


@pytest.mark.parametrize("source", ["(a+)+$x", "a+.*b", "a?b*", "a{2,}", "[]*]+a+"])
def test_what_repeats_more_than_once_is_always_guarded(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = Expression(source)
    monkeypatch.setattr(more, "_found", lambda text: None)
    assert more.found("a") is None


class Clock:
    """Time in which every look takes two milliseconds; `idle` seconds pass between two of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, idle: float = 0.0) -> None:
        self.now, self.processor, self._idle = 0.0, 0.0, idle
        monkeypatch.setattr(expressions, "perf_counter", self.wall)
        monkeypatch.setattr(expressions, "thread_time", self.own)

    def wall(self) -> float:
        self.now += 0.002 + self._idle
        return self.now

    def own(self) -> float:
        self.processor += 0.002
        return self.processor


def test_looks_that_are_each_just_fast_enough_end_together(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    slow = Expression("a+b+")
    found = [slow.found("aab") for _ in range(50)]
    assert found[:5] == [True] * 5
    assert found[-5:] == [None] * 5


def test_time_gives_patience_back(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch, idle=0.02)
    slow = Expression("a+b+")
    assert all(slow.found("aab") for _ in range(100))


def test_a_busy_machine_is_not_the_expressions_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    monkeypatch.setattr(expressions, "thread_time", lambda: 0.0)
    slow = Expression("a+b+")
    assert all(slow.found("aab") for _ in range(100))


def test_who_yields_after_every_look_is_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    slow = Expression("a+b+")
    assert all(slow.search("aab", patient=True) for _ in range(100))


@pytest.mark.parametrize(
    ("source", "text", "spans"),
    [
        ("a+", "caat aa", [(1, 3), (5, 7)]),
        ("b", "abab", [(1, 2), (3, 4)]),
        ("x*", "axx", [(1, 3)]),  # what is empty is no match
        ("(?i)A(?=B)", "ab", [(0, 1)]),
    ],
)
def test_spans_are_those_of_all_matches(source: str, text: str, spans: list[object]) -> None:
    assert Expression(source).spans(text) == spans


def test_flags_and_places_are_heeded_by_both_libraries() -> None:
    for source in ("^b.c$", "^b.+c$"):
        found = Expression(source, re.MULTILINE | re.IGNORECASE | re.DOTALL).search
        assert found("a\nB\nC\nd") is not None
        assert found("a\nB\nC\nd", 3) is None
        assert found("a\nB\nC\nd", 0, 4) is None


def test_expressions_are_equal_by_what_they_look_for() -> None:
    assert Expression("a+") == Expression("a+")
    assert hash(Expression("a+")) == hash(Expression("a+"))
    assert Expression("a+") != Expression("a+", re.IGNORECASE)
    assert Expression("a+") != "a+"


def test_case_counts_where_the_source_has_a_capital() -> None:
    assert expression("web+").search("WEBB") is not None
    assert expression("Web+").search("WEBB") is None
    assert not has_capital(r"\S\D")


@pytest.mark.parametrize("source", ["(", "*", "[z-a]", "a{99999999999}", "\x1b("])
def test_what_is_no_expression_is_said(source: str) -> None:
    with pytest.raises(ProblemError, match="regular expression") as raised:
        expression(source)
    assert "\x1b" not in str(raised.value)
