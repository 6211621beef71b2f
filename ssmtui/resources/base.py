"""What a resource is: one declaration from which every face of the program is made."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import msgspec

from ssmtui.core.actions import Action
from ssmtui.core.columns import Column
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem, ProblemKind

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope


class Row(Protocol):
    """A frozen msgspec.Struct with typed fields, one a column."""

    @property
    def key(self) -> RowKey: ...


R = TypeVar("R", bound=Row)


class Rows(msgspec.Struct, Generic[R], frozen=True):
    """Rows to add, or to put in the place of those with the same key."""

    scope: ScopeKey
    rows: Sequence[R]


class Gone(msgspec.Struct, frozen=True):
    """Rows that a complete listing no longer holds."""

    scope: ScopeKey
    keys: Sequence[RowKey]


class Progress(msgspec.Struct, frozen=True):
    """How far one stage of one scope is: `stage` is a word for the user ("nodes", "EC2", "tags").

    `total` is None while it is not known.
    """

    scope: ScopeKey
    stage: str
    done: int
    total: int | None = None


class Finished(msgspec.Struct, frozen=True):
    """A stage of a scope has come to its end: complete, or with the problem that ended it."""

    scope: ScopeKey
    stage: str
    problem: Problem | None = None


class Lacking(msgspec.Struct, frozen=True):
    """What a list never holds that came to its end all the same, and what to do about it: the
    source that would tell more is refused."""

    scope: ScopeKey
    problem: Problem


Event = Rows[Any] | Gone | Progress | Finished | Lacking


class Listing(Protocol):
    """The rows of one resource over some scopes, kept between refreshes.

    It holds what a refresh needs to join late facts to early rows, so a refresh never shows a field
    as unknown that was known a moment ago.
    """

    def refresh(self, *, full: bool = False) -> AsyncIterator[Event]:
        """List everything once more. Scopes run side by side; one that fails leaves the rest be.

        `full` also reads what is not due yet, and asks again for what was refused before.
        Never raises for what AWS answers: trouble comes as `Finished(problem=...)`.
        """
        ...


class _Refused:
    """The listing of what cannot be listed like that."""

    def __init__(self, scopes: Sequence[Scope], stage: str, problem: Problem) -> None:
        self._scopes = scopes
        self._stage = stage
        self._problem = problem

    async def refresh(self, *, full: bool = False) -> AsyncIterator[Event]:
        for scope in self._scopes:
            yield Finished(scope.key, self._stage, self._problem)


class Section(msgspec.Struct, frozen=True):
    """A titled block of a detail view: pairs of label and plain text value.

    `cached` values are those of the row, as old as its listing; all others were read just now.
    `problems` are the reads that failed and for which something is missing here.
    """

    title: str
    pairs: Sequence[tuple[str, str]]
    cached: bool = False
    problems: Sequence[Problem] = ()


class Link(msgspec.Struct, frozen=True):
    """Where Enter can lead from a row: a resource by its name, narrowed by a filter."""

    label: str
    resource: str
    filter: str


def exactly(column: str, value: str) -> str:
    """The filter under which that text column is exactly this value, whatever stands in it."""
    if re.fullmatch(r"[\w./:-]+", value, re.ASCII):
        return f"{column}={value}"
    escaped = re.sub(r'([\\"])', r"\\\1", value)
    return f'{column}="{escaped}"'


# Fields of rows that were looked up on demand.
Found = AsyncIterator[Mapping[RowKey, Mapping[str, Any]]]


def _no_links(row: Any) -> Sequence[Link]:
    return ()


def _no_news(row: Any, now: float) -> Sequence[tuple[str, str]]:
    return ()


class Resource(msgspec.Struct, Generic[R], frozen=True):
    """The declaration of one kind of thing that Systems Manager holds.

    `listing(scopes)` opens a listing; `detail(scope, row, now)` is what `d` shows, `raw(scope,
    row)` the service's own answers for `y`, both read anew. `problem(row)` says whether Ctrl-Z
    keeps it.
    `refresh_seconds` is the shortest interval between two listings. `stages` are the stages whose
    end makes a scope complete. `compare(before, after, now)` gives the journal's lines of two
    complete lists of a scope, each a mapping by id. `pane` is the fixed number of its pane, 0 for a
    view without one. `links(row)` is where Enter can lead, `news(row, now)` what goes on with the
    row: pairs of a label and a text for the summary and the side panel.

    A resource may have more rows than anybody lists, or answer a narrower question at once: then
    `narrowed(scopes, only)` opens a listing of the rows whose columns are exactly (or hold) what
    `only` says. `narrowed_by` are those columns, each with a regular expression for what the
    service takes. It may list more than that, never less: the filter is applied to it all the same.
    With `needs_narrowing` it is not listed without one of them.
    `look_up(scope, rows)` asks for what is too dear to be known of every row, of these; what it has
    found later listings know as well.
    """

    name: str
    singular: str
    aliases: tuple[str, ...]
    title: str
    row_type: type[R]
    columns: tuple[Column, ...]
    listing: Callable[[Sequence[Scope]], Listing]
    detail: Callable[[Scope, R, float], Any]
    raw: Callable[[Scope, R], Any]
    problem: Callable[[R], bool]
    label: Callable[[R], str]
    refresh_seconds: float
    stages: tuple[str, ...]
    sort: str
    pane: int = 0
    compare: Callable[..., Any] | None = None
    links: Callable[[R], Sequence[Link]] = _no_links
    news: Callable[[R, float], Sequence[tuple[str, str]]] = _no_news
    narrowed: Callable[[Sequence[Scope], Mapping[str, str]], Listing] | None = None
    narrowed_by: Mapping[str, str] = {}
    needs_narrowing: bool = False
    look_up: Callable[[Scope, Sequence[R]], Found] | None = None
    actions: tuple[Action, ...] = ()
    operations: tuple[str, ...] = ()  # "ssm:DescribeInstanceProperties": for docs/iam.md

    def only(self, asked: Mapping[str, str]) -> dict[str, str]:
        """Of what a filter pins down (`Query.exact`), what this resource can be narrowed by."""
        return {
            name: asked[name]
            for name, pattern in self.narrowed_by.items()
            if name in asked and re.fullmatch(pattern, asked[name], re.ASCII)
        }

    def open(self, scopes: Sequence[Scope], only: Mapping[str, str]) -> Listing:
        """A listing, narrowed as far as that goes; where it has to be and is not, one that says
        so."""
        if only and self.narrowed is not None:
            return self.narrowed(scopes, only)
        if self.needs_narrowing:
            return _Refused(scopes, self.stages[0], self.too_many)
        return self.listing(scopes)

    @property
    def too_many(self) -> Problem:
        """Why a resource that has to be narrowed is not listed."""
        names = " or ".join(f"{name}=ID" for name in self.narrowed_by)
        what = f"There are too many {self.title.lower()} to list them all"
        return Problem(ProblemKind.INPUT, what, f"Say {names}")

    def column(self, column_id: str) -> Column:
        """The column of that id; KeyError if there is none."""
        for column in self.columns:
            if column.id == column_id:
                return column
        raise KeyError(column_id)
