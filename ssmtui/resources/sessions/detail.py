"""What `d` and `y` show of a session: everything that is known, and the service's own answer."""

from __future__ import annotations

from typing import Any

from ssmtui.aws.scope import Scope
from ssmtui.core.columns import Column, Kind, age, rfc3339
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain
from ssmtui.resources.base import Section
from ssmtui.resources.sessions.row import COLUMNS, Session, from_answer

# How the columns stand together; a test holds that none is left out.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Session", ("id", "status", "details", "document", "access", "reason")),
    ("Owner", ("owner", "owner_arn", "mine")),
    ("Node", ("name", "node", "account", "region")),
    ("Time", ("started", "ended", "duration")),
    ("Log", ("s3_log", "cloudwatch_log")),
)
# The two lists of DescribeSessions; a session is in one of them.
STATES = ("Active", "History")


async def detail(scope: Scope, session: Session, now: float) -> list[Section]:
    """Everything known of a session, read anew. ProblemError if it cannot be, or is no more."""
    fact = await _found(scope, session)
    fresh = from_answer(scope.key, fact, caller=scope.account.arn, name=session.name)
    by_id = {column.id: column for column in COLUMNS}
    sections = []
    for title, ids in GROUPS:
        pairs = [(by_id[name].title.lower(), _text(by_id[name], fresh, now)) for name in ids]
        if title == "Time" and fact.get("MaxSessionDuration"):
            pairs.append(("at most", f"{fact['MaxSessionDuration']} minutes"))
        sections.append(Section(title, pairs))
    return sections


async def raw(scope: Scope, session: Session) -> dict[str, Any]:
    """DescribeSessions' own answer on one session, read again."""
    return {"ssm:DescribeSessions": await _found(scope, session, raw=True)}


async def read_session(
    scope: Scope, session_id: str, state: str, *, raw: bool = False
) -> dict[str, Any] | None:
    """What DescribeSessions says of one session in the list of that state; None if it is not there.

    `raw` gives times as RFC 3339 text.
    """
    params: dict[str, Any] = {
        "State": state,
        "Filters": [{"key": "SessionId", "value": session_id}],
    }
    while True:
        answer = await scope.read("ssm", "DescribeSessions", params, raw=raw)
        for fact in answer.get("Sessions") or ():
            return dict(fact)
        # An empty page is not the end of a list.
        if not answer.get("NextToken"):
            return None
        params["NextToken"] = answer["NextToken"]


async def _found(scope: Scope, session: Session, *, raw: bool = False) -> dict[str, Any]:
    for state in STATES:
        fact = await read_session(scope, session.id, state, raw=raw)
        if fact is not None:
            return fact
    raise ProblemError(
        Problem(
            ProblemKind.SERVICE,
            f"There is no session {plain(session.id)} any more",
            "Session Manager forgets sessions after 30 days",
            operation="ssm:DescribeSessions",
            scope=scope.key,
        )
    )


def _text(column: Column, session: Session, now: float) -> str:
    value = column.value(session)
    if column.kind is Kind.FLAG:
        return "yes" if value else "no"
    if column.id == "duration" and session.active and isinstance(session.started, float):
        return f"{age(now - session.started)} so far"
    text = column.text(session, now)
    if column.kind is Kind.TIME and isinstance(value, float):
        return f"{text} ago · {rfc3339(value)}"
    return text
