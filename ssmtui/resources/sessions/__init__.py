"""The session board: everyone's sessions that go on, and the history of 30 days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ssmtui.core.actions import Action, AppliesTo, Danger
from ssmtui.core.keys import RowKey
from ssmtui.resources.base import Link, Listing, Resource, Section, exactly
from ssmtui.resources.sessions.row import COLUMNS, Session, is_problem

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope

# What names nodes: their keys -> the names that are known. It may read a file.
Names = Callable[[Iterable[RowKey]], Mapping[RowKey, str]]

ACTIVE, HISTORY = "active", "history"
STAGES = (ACTIVE, HISTORY)

TERMINATE = Action(
    "terminate",
    ("ctrl+d",),
    "terminate",
    "End the marked sessions, or the one under the cursor",
    "sessions",
    # Destructive, and still allowed from connect mode on: who may open sessions may end them.
    danger=Danger.SESSION,
    applies_to=AppliesTo.MARKS,
    footer=10,
)


def no_names(keys: Iterable[RowKey]) -> Mapping[RowKey, str]:
    """Where nothing is kept that could tell."""
    return {}


def sessions(names: Names = no_names) -> Resource[Session]:
    """Declare sessions. `names(keys)` tells what nodes are called, as far as that is known."""
    return Resource(
        name="sessions",
        singular="session",
        aliases=("sess", "ss"),
        title="Sessions",
        row_type=Session,
        columns=COLUMNS,
        listing=lambda scopes: _listing(scopes, names),
        detail=_detail,
        raw=_raw,
        problem=is_problem,
        label=lambda row: row.label,
        refresh_seconds=60.0,
        stages=STAGES,
        sort="board",
        links=_links,
        actions=(TERMINATE,),
        operations=(
            "ssm:DescribeSessions",
            "ssm:StartSession",
            "ssm:ResumeSession",
            "ssm:TerminateSession",
            "ssmmessages:OpenDataChannel",
            "ssm:ListDocuments",
            "ssm:DescribeDocument",
            "ssm:GetDocument",
            "kms:GenerateDataKey",
            "s3:PutObject",
            "s3:GetObject",
            "s3:DeleteObject",
            "s3:AbortMultipartUpload",
        ),
    )


# Imported when they are used, as with nodes.


def _listing(scopes: Sequence[Scope], names: Names) -> Listing:
    from ssmtui.resources.sessions.listing import SessionListing

    return SessionListing(scopes, names)


async def _detail(scope: Scope, session: Session, now: float) -> list[Section]:
    from ssmtui.resources.sessions.detail import detail

    return await detail(scope, session, now)


async def _raw(scope: Scope, session: Session) -> dict[str, Any]:
    from ssmtui.resources.sessions.detail import raw

    return await raw(scope, session)


def _links(session: Session) -> Sequence[Link]:
    if not isinstance(session.node, str):
        return ()
    return (Link("node", "nodes", exactly("id", session.node)),)
