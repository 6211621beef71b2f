"""The session board: everyone's sessions that go on, and the history of 30 days."""

from __future__ import annotations

from collections.abc import Sequence

from ssmtui.core.actions import Action, AppliesTo, Danger
from ssmtui.resources.base import Link, Resource, exactly
from ssmtui.resources.sessions.detail import detail, raw
from ssmtui.resources.sessions.listing import SessionListing, no_names
from ssmtui.resources.sessions.row import COLUMNS, Session, is_problem
from ssmtui.resources.sessions.scope_sessions import STAGES, Names

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


def sessions(names: Names = no_names) -> Resource[Session]:
    """Declare sessions. `names(keys)` tells what nodes are called, as far as that is known."""
    return Resource(
        name="sessions",
        singular="session",
        aliases=("sess", "ss"),
        title="Sessions",
        row_type=Session,
        columns=COLUMNS,
        listing=lambda scopes: SessionListing(scopes, names),
        detail=detail,
        raw=raw,
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
            "kms:GenerateDataKey",
        ),
    )


def _links(session: Session) -> Sequence[Link]:
    if not isinstance(session.node, str):
        return ()
    return (Link("node", "nodes", exactly("id", session.node)),)
