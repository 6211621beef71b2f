"""The terms of a filter, and how each answers yes, no or unknown for a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.expressions import Expression

# Three-valued: True, False, or None for "unknown".
Answer: TypeAlias = bool | None
# A row, its haystack and its lower-cased haystack -> the answer.
Predicate: TypeAlias = Callable[[Any, str, str], Answer]
# A value that is known and there -> whether it fits.
Test: TypeAlias = Callable[[Any], Answer]


class Term(msgspec.Struct, frozen=True):
    """Any part of a filter."""

    def predicate(self, now: float) -> Predicate:
        """The function that answers for one row; durations and "today" count from `now`."""
        raise NotImplementedError

    def bulk(
        self, rows: Sequence[Any], texts: Sequence[str], lowers: Sequence[str], now: float
    ) -> list[Answer]:
        """The answers for many rows, in their order."""
        predicate = self.predicate(now)
        return list(map(predicate, rows, texts, lowers))


class Literal(Term, frozen=True):
    """A bare word without regular-expression signs: the fastest search there is."""

    needle: str
    exact: bool  # it has a capital: case matters

    def predicate(self, now: float) -> Predicate:
        needle = self.needle
        if self.exact:
            return lambda _row, text, _lower: needle in text
        return lambda _row, _text, lower: needle in lower

    def bulk(
        self, rows: Sequence[Any], texts: Sequence[str], lowers: Sequence[str], now: float
    ) -> list[Answer]:
        needle = self.needle
        return [needle in text for text in (texts if self.exact else lowers)]


class Pattern(Term, frozen=True):
    """A bare word that is a regular expression; if `folded`, for the lower-cased haystack."""

    regex: Expression
    folded: bool

    def predicate(self, now: float) -> Predicate:
        found = self.regex.found
        if self.folded:
            return lambda _row, _text, lower: found(lower)
        return lambda _row, text, _lower: found(text)

    def bulk(
        self, rows: Sequence[Any], texts: Sequence[str], lowers: Sequence[str], now: float
    ) -> list[Answer]:
        return list(map(self.regex.found, lowers if self.folded else texts))


class Compare(Term, frozen=True):
    """A column's value or a tag against what was asked.

    `test_at(now)` makes the test of a value; `absent` is the answer where there is no value.
    `exact` is the one text that the value has to be (or to hold), if that is all that was asked.
    """

    column: str  # the row's attribute; "tags" for a tag
    tag: str | None
    test_at: Callable[[float], Test]
    absent: bool
    exact: str | None = None

    def predicate(self, now: float) -> Predicate:
        test, absent, get = self.test_at(now), self.absent, attrgetter(self.column)

        def column(row: Any, _text: str, _lower: str) -> Answer:
            value = get(row)
            if value is UNKNOWN:
                return None
            return absent if value is None else test(value)

        if self.tag is None:
            return column
        key = self.tag

        def tag(row: Any, _text: str, _lower: str) -> Answer:
            tags = get(row)
            if tags is UNKNOWN:
                return None
            value = None if tags is None else tags.get(key)
            return absent if value is None else test(value)

        return tag

    def bulk(
        self, rows: Sequence[Any], texts: Sequence[str], lowers: Sequence[str], now: float
    ) -> list[Answer]:
        if self.tag is not None:
            return super().bulk(rows, texts, lowers, now)
        test, absent, unknown = self.test_at(now), self.absent, UNKNOWN
        return [
            None if value is unknown else absent if value is None else test(value)
            for value in map(attrgetter(self.column), rows)
        ]


class TagOrColumn(Term, frozen=True):
    """A key that is a tag where a row has that tag, else a column; unknown while tags are."""

    tag: Compare
    column: Compare

    def predicate(self, now: float) -> Predicate:
        by_tag, by_column = self.tag.predicate(now), self.column.predicate(now)
        get, key = attrgetter(self.tag.column), self.tag.tag

        def either(row: Any, text: str, lower: str) -> Answer:
            tags = get(row)
            if tags is UNKNOWN:
                return None
            return (by_tag if tags and key in tags else by_column)(row, text, lower)

        return either


class Not(Term, frozen=True):
    """The opposite; of unknown it is unknown."""

    term: Term

    def predicate(self, now: float) -> Predicate:
        inner = self.term.predicate(now)

        def negated(row: Any, text: str, lower: str) -> Answer:
            answer = inner(row, text, lower)
            return None if answer is None else not answer

        return negated

    def bulk(
        self, rows: Sequence[Any], texts: Sequence[str], lowers: Sequence[str], now: float
    ) -> list[Answer]:
        answers = self.term.bulk(rows, texts, lowers, now)
        return [None if answer is None else not answer for answer in answers]


class AllOf(Term, frozen=True):
    """False as soon as one is False, then unknown if any is, else True (also of nothing)."""

    terms: tuple[Term, ...]

    def predicate(self, now: float) -> Predicate:
        return _first_of(False, [term.predicate(now) for term in self.terms])


class AnyOf(Term, frozen=True):
    """True as soon as one is True, then unknown if any is, else False."""

    terms: tuple[Term, ...]

    def predicate(self, now: float) -> Predicate:
        return _first_of(True, [term.predicate(now) for term in self.terms])


def _first_of(decisive: bool, predicates: list[Predicate]) -> Predicate:
    """`decisive` if any answer is, else unknown if any is, else the opposite."""

    def combined(row: Any, text: str, lower: str) -> Answer:
        unknown = False
        for predicate in predicates:
            answer = predicate(row, text, lower)
            if answer is decisive:
                return decisive
            unknown = unknown or answer is None
        return None if unknown else not decisive

    return combined
