"""Ending sessions, one's own and others'."""

from __future__ import annotations

from ssmtui.aws.scope import Change, Scope
from ssmtui.resources.sessions.detail import read_session
from ssmtui.resources.sessions.row import Session


async def terminate(scope: Scope, session: Session) -> Change:
    """End a session, and with it what runs in its shell or through its port.

    TerminateSession has no other answer than that it is done, so one whose answer is lost is looked
    for among those that go on. ProblemError: the mode forbids it.
    """

    async def is_over() -> bool:
        return await read_session(scope, session.id, "Active") is None

    return await scope.change(
        "ssm",
        "TerminateSession",
        {"SessionId": session.id},
        intent=f"end the session {session.label}",
        reconcile=is_over,
    )
