"""The three-valued laws, of every term alone and joined."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.query.terms import AllOf, AnyOf, Compare, Literal, Not, Predicate, Term

Ask = Callable[..., bool | None]
ANSWERS = (True, False, None)


class Fixed(Term, frozen=True):
    """Answers what it was told."""

    answer: bool | None

    def predicate(self, now: float) -> Predicate:
        return lambda _row, _text, _lower: self.answer


def run(term: Term) -> bool | None:
    answer = term.predicate(0.0)(object(), "", "")
    assert term.bulk([object()], [""], [""], 0.0) == [answer]
    return answer


@pytest.mark.parametrize("one", ANSWERS)
@pytest.mark.parametrize("other", ANSWERS)
def test_all_and_any(one: bool | None, other: bool | None) -> None:
    both, either = {one, other}, {one, other}
    wanted_all = False if False in both else None if None in both else True
    wanted_any = True if True in either else None if None in either else False
    assert run(AllOf((Fixed(one), Fixed(other)))) is wanted_all
    assert run(AnyOf((Fixed(one), Fixed(other)))) is wanted_any


@pytest.mark.parametrize("one", ANSWERS)
@pytest.mark.parametrize("other", ANSWERS)
def test_de_morgan(one: bool | None, other: bool | None) -> None:
    a, b = Fixed(one), Fixed(other)
    assert run(Not(AllOf((a, b)))) is run(AnyOf((Not(a), Not(b))))
    assert run(Not(AnyOf((a, b)))) is run(AllOf((Not(a), Not(b))))


def test_not_of_unknown_is_unknown() -> None:
    assert [run(Not(Fixed(answer))) for answer in ANSWERS] == [False, True, None]


def test_all_of_nothing_holds() -> None:
    assert run(AllOf(())) is True


@pytest.mark.parametrize(
    "text",
    [
        "Env=prod", "Env!=prod", "Env~prod", "Env>a", "!Env=prod", "-l Env!=prod", "Env=",
        "name=x", "name!=x", "name~x", "name>x", "ping=x", "agent=1", "agent!=1", "agent<1",
        "seen>1m", "!seen>1m", "lost>30m", "disk<1", "disk!=1", "crit=1", "latest=no",
        "latest!=no", "tags~x", "!tags~x", "seen!=2027-01-15", "role=",
    ],
)  # fmt: skip
def test_what_is_unknown_never_matches(ask: Ask, text: str) -> None:
    assert ask(text) is None


def test_a_known_part_may_decide_without_the_unknown_one(ask: Ask) -> None:
    assert ask("Env=prod name=x", name="y") is False
    assert ask("Env=prod | name=x", name="x") is True
    assert ask("Env=prod name=x", name="x") is None
    assert ask("Env=prod | name=x", name="y") is None


def test_a_tag_that_is_not_there_differs_from_every_value(ask: Ask) -> None:
    for tags in ({}, None):
        assert ask("Env!=prod", tags=tags) is True
        assert ask("Env=prod", tags=tags) is False
        assert ask("Env~prod", tags=tags) is False
        assert ask("!Env~prod", tags=tags) is True
        assert ask("Env=", tags=tags) is True


def test_the_test_is_not_asked_about_what_is_not_there() -> None:
    def refuse(value: object) -> bool:
        raise AssertionError(value)

    class Row:
        column = UNKNOWN
        other = None

    for name, answer in (("column", None), ("other", True)):
        term = Compare(name, None, lambda _now: refuse, absent=True)
        assert term.bulk([Row()], [""], [""], 0.0) == [answer]
        assert term.predicate(0.0)(Row(), "", "") is answer


def test_a_word_with_a_capital_looks_at_the_text_as_it_is() -> None:
    row = object()
    assert Literal("Web", exact=True).predicate(0.0)(row, "Web", "web") is True
    assert Literal("web", exact=False).predicate(0.0)(row, "WEB", "web") is True
    assert Literal("Web", exact=True).bulk([row], ["web"], ["web"], 0.0) == [False]
