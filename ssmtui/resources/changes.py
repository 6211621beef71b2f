"""The journal as a resource: what happened to the nodes, those that are gone included."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from ssmtui.core.columns import Column, Kind, Severity, rfc3339
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.local.journal import Journal, Transition
from ssmtui.resources.base import Event, Finished, Link, Resource, Rows, Section, exactly
from ssmtui.resources.nodes.transitions import KINDS
from ssmtui.resources.scope_columns import scope_columns

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope

JOURNAL = "journal"


class Change(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One transition of one node. `at` is seconds since the epoch; `lost` is `at` of a loss."""

    account: str
    region: str
    serial: str  # its place in the journal, which makes it a row of its own
    at: float
    change: str
    name: str
    id: str
    before: str | None
    after: str | None
    lost: float | None

    @property
    def key(self) -> RowKey:
        return RowKey(self.account, self.region, self.serial)

    @property
    def label(self) -> str:
        return f"{self.name} {self.change}"


SEVERITIES = {
    "lost": Severity.BAD,
    "returned": Severity.GOOD,
    "started": Severity.GOOD,
    "launched": Severity.GOOD,
    "registered": Severity.GOOD,
    "stopped": Severity.MUTED,
    "terminated": Severity.MUTED,
    "deregistered": Severity.WARN,
    "agent": Severity.PLAIN,
}

COLUMNS: tuple[Column, ...] = (
    Column("at", "WHEN", Kind.TIME, 5, "how long ago it happened, or was noticed"),
    Column(
        "change",
        "CHANGE",
        Kind.STATUS,
        12,
        "one of " + ", ".join(KINDS),
        severities=SEVERITIES,
        upper=frozenset({"lost"}),
    ),
    Column("name", "NAME", Kind.TEXT, 24, "the node's name at that moment"),
    *scope_columns(),
    Column("before", "BEFORE", Kind.TEXT, 12, "what it was", priority=2),
    Column("after", "AFTER", Kind.TEXT, 12, "what it became", priority=2),
    Column("id", "ID", Kind.TEXT, 19, "the node's id", priority=1),
    Column("lost", "LOST", Kind.TIME, 5, "when it was lost, of a loss", hidden=True),
)


class ChangeListing:
    """The journal's lines of some scopes; every refresh reads it again in a thread."""

    def __init__(self, journal: Journal, scopes: Sequence[Scope]) -> None:
        self._journal = journal
        self._scopes = [scope.key for scope in scopes]

    async def refresh(self, *, full: bool = False) -> AsyncIterator[Event]:
        """All lines that the journal still holds (30 days)."""
        try:
            lines = await asyncio.to_thread(self._journal.since, 0.0, self._scopes)
        except ProblemError as error:
            for scope in self._scopes:
                yield Finished(scope, JOURNAL, error.problem)
            return
        changes = [change_of(serial, line) for serial, line in enumerate(lines)]
        for scope in self._scopes:
            rows = [change for change in changes if change.key.scope == scope]
            yield Rows(scope, rows)
            yield Finished(scope, JOURNAL)


def change_of(serial: int, line: Transition) -> Change:
    return Change(
        account=line.account,
        region=line.region,
        serial=f"{line.at:.3f}/{line.id}/{line.kind}/{serial}",
        at=line.at,
        change=line.kind,
        name=line.name,
        id=line.id,
        before=line.before or None,
        after=line.after or None,
        lost=line.at if line.kind == "lost" else None,
    )


async def detail(scope: Scope, row: Change, now: float) -> list[Section]:
    """One change in full, with the moment in UTC."""
    pairs = [(column.title.lower(), column.text(row, now)) for column in COLUMNS]
    return [Section("Change", [("moment", rfc3339(row.at)), *pairs])]


async def raw(scope: Scope, row: Change) -> dict[str, object]:
    """The journal's own line."""
    return {column.id: column.json(row) for column in COLUMNS}


def changes(journal: Journal) -> Resource[Change]:
    """Declare the journal as a resource."""
    return Resource(
        name="changes",
        singular="change",
        aliases=("ch",),
        title="Changes",
        row_type=Change,
        columns=COLUMNS,
        listing=lambda scopes: ChangeListing(journal, scopes),
        detail=detail,
        raw=raw,
        problem=lambda row: row.change in ("lost", "deregistered"),
        label=lambda row: row.label,
        refresh_seconds=60.0,
        stages=(JOURNAL,),
        sort="at",
        links=lambda row: (Link("node", "nodes", exactly("id", row.id)),),
    )
