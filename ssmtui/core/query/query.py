"""A parsed filter: what it reads, and how it is run over rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from ssmtui.core.expressions import Expression
from ssmtui.core.query.terms import AllOf, Answer, Compare, Literal, Pattern, Predicate, Term

# What the cells of a row are joined by in its haystack. Words then find `^` and `$` at the edges of
# every cell, and never match across two cells. `core.text.plain` leaves no line feed in a cell.
HAYSTACK_SEPARATOR = "\n"


class Query(msgspec.Struct, frozen=True):
    """A filter over typed rows. Answers are True, False, or None for unknown (which never matches).

    For many rows use `matches`, the fastest way: it takes the rows and, if `words` is true, the
    haystacks that the caller keeps beside them (the text of the shown columns, joined by
    HAYSTACK_SEPARATOR, and the same in lower case). Chunks of a list may be given one by one. One
    test over 100,000 rows takes about 5 to 20 ms. `predicate` is the function for one row and its
    two haystacks; `compile` gives one of the row alone, for callers who look haystacks up.
    """

    text: str
    term: Term
    scopes: tuple[str, ...] = ()  # the @names; any of them
    words: bool = False  # it searches the haystacks
    columns: frozenset[str] = frozenset()  # the row's attributes that it reads, "tags" among them
    tags: frozenset[str] = frozenset()  # the tag keys that it reads
    ambiguous: tuple[str, ...] = ()  # plain keys that are a column (taken) and a known tag
    hints: tuple[str, ...] = ()  # sentences on what may have been meant otherwise
    expressions: tuple[Expression, ...] = ()

    def __bool__(self) -> bool:
        """Whether it asks for anything: the empty query matches every row."""
        return bool(self.scopes) or self.term != AllOf(())

    @property
    def simple(self) -> bool:
        """It is a single test, which `matches` runs at full speed."""
        return isinstance(self.term, Literal | Pattern | Compare)

    @property
    def slow(self) -> bool:
        """Whether one of its expressions has taken too long: its answers are unknown since."""
        return any(expression.slow for expression in self.expressions)

    @property
    def exact(self) -> dict[str, str]:
        """The columns that have to be exactly (or to hold) one text, whatever else is asked: by
        these a service can be asked for fewer rows, and leaves out none that matches."""
        terms = self.term.terms if isinstance(self.term, AllOf) else (self.term,)
        return {
            term.column: term.exact
            for term in terms
            if isinstance(term, Compare) and term.tag is None and term.exact is not None
        }

    def matches(
        self,
        rows: Sequence[Any],
        texts: Sequence[str] | None = None,
        lowers: Sequence[str] | None = None,
        *,
        now: float,
    ) -> list[Answer]:
        """The answers for rows, in their order.

        `texts` and `lowers` are the rows' haystacks; they may be left out when `words` is false.
        """
        if self.words:
            if texts is None or lowers is None:
                raise ValueError("a query with words needs the haystacks")
            return self.term.bulk(rows, texts, lowers, now)
        nothing = [""] * len(rows)
        return self.term.bulk(rows, nothing, nothing, now)

    def predicate(self, now: float) -> Predicate:
        """The function (row, haystack, lower-cased haystack) -> answer."""
        return self.term.predicate(now)

    def compile(
        self, haystack: Callable[[Any], str], lower_haystack: Callable[[Any], str], now: float
    ) -> Callable[[Any], Answer]:
        """The function row -> answer; haystacks are asked for only if the query has words."""
        predicate = self.predicate(now)
        if not self.words:
            return lambda row: predicate(row, "", "")
        return lambda row: predicate(row, haystack(row), lower_haystack(row))

    def match(self, row: Any, haystack: str = "", *, now: float) -> Answer:
        """The answer for one row."""
        return self.predicate(now)(row, haystack, haystack.lower())


# Matches every row.
EMPTY = Query("", AllOf(()))
