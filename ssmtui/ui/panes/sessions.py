"""The session board: what is special about sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from ssmtui.aws.scope import Outcome, Scope
from ssmtui.core.columns import age
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.resources.sessions import TERMINATE
from ssmtui.resources.sessions.row import Session
from ssmtui.ui.keymap import bindings
from ssmtui.ui.notices import Level
from ssmtui.ui.panes.nodes import partition_of
from ssmtui.ui.panes.resource import ResourcePane
from ssmtui.ui.screens.dialogs import Confirm

# What a dialog names one by one, sessions or scopes: with its buttons it fits on 24 lines.
NAMED = 4


class SessionsPane(ResourcePane):
    """Adds Ctrl-D, and the node, the owner, the ARN and the logs to what can be copied."""

    BINDINGS = bindings((TERMINATE,))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "terminate":
            there = self.row is not None or bool(self.view.marks)
            return there and self.reach.permits(TERMINATE)
        return super().check_action(action, parameters)

    def action_terminate(self) -> None:
        """End the marked sessions, or the one under the cursor, after a dialog."""
        targets: list[Session] = self.targets
        going_on = [session for session in targets if session.active]
        if not going_on:
            what = "It has" if len(targets) == 1 else "They have all"
            self.shell.say(f"{what} ended already")
            return
        job = partial(self._confirm_and_end, going_on, len(targets) - len(going_on))
        self.shell.work(job, "ending sessions")

    async def _confirm_and_end(self, sessions: Sequence[Session], ended: int) -> None:
        scopes = {session.key.scope: self.scope_of(session) for session in sessions}
        hidden = [session for session in sessions if not self.view.is_shown(session.key)]
        question = confirmation(
            sessions, list(scopes.values()), hidden=hidden, ended=ended, now=self.launch.now()
        )
        if not await self.shell.push_screen_wait(question):
            return
        problems = await asyncio.gather(
            *(self._end(scopes[session.key.scope], session) for session in sessions)
        )
        done = [
            session.key
            for session, problem in zip(sessions, problems, strict=True)
            if problem is None
        ]
        self.view.marks.discard(done)
        self.view.marks_changed(done)
        self.table.poke()
        for problem in dict.fromkeys(problem for problem in problems if problem is not None):
            self.shell.report(problem)
        level = Level.INFORMATION if len(done) == len(sessions) else Level.WARNING
        self.shell.say(f"Ended {len(done)} of {counted(len(sessions))}", level)
        self.feed.reload()

    async def _end(self, scope: Scope, session: Session) -> Problem | None:
        """End one of them; what stood against it, or None."""
        from ssmtui.resources.sessions.ending import terminate

        try:
            change = await terminate(scope, session)
        except ProblemError as error:
            return error.problem
        if change.outcome is Outcome.DONE and change.problem is not None:
            # It is done, and something around it went wrong.
            self.shell.report(change.problem)
            return None
        return change.problem

    def copies(self, row: Any) -> list[tuple[str, str, str]]:
        arn = f"arn:{partition_of(row.region)}:ssm:{row.region}:{row.account}:session/{row.id}"
        choices = [
            ("id", "id", row.id),
            ("arn", "ARN", arn),
            ("node", "node's id", row.node),
            ("name", "node's name", row.name),
            ("owner", "owner's ARN", row.owner_arn),
            ("reason", "reason", row.reason),
            ("s3", "log's address in S3", row.s3_log),
            ("cloudwatch", "log's address in CloudWatch", row.cloudwatch_log),
        ]
        return [choice for choice in choices if isinstance(choice[2], str)]


def confirmation(
    sessions: Sequence[Session],
    scopes: Sequence[Scope],
    *,
    hidden: Sequence[Session],
    ended: int,
    now: float,
) -> Confirm:
    """Asks whether these sessions are to be ended. In production the accounts' aliases, or their
    ids where they have none, have to be typed.

    `hidden` are those among them that the view does not show; `ended` counts what was marked too,
    and is over.
    """
    shown = [session for session in sessions if session not in hidden]
    lines = _first(f"As {scope.identity} in {scope.name} ({scope.key})" for scope in scopes)
    lines += ["", *_first(_line(session, now) for session in shown)]
    if hidden:
        lines += ["", f"Marked, and not shown now: {len(hidden):,}"]
        lines += _first(_line(session, now) for session in hidden)
    others = sum(not session.mine for session in sessions)
    if others:
        lines += ["", f"{others:,} of {counted(len(sessions))} not opened by you"]
    if ended:
        lines += ["", f"{ended:,} marked too, and over already"]
    production = [scope for scope in scopes if scope.production]
    words = list(dict.fromkeys(scope.alias or scope.key.account for scope in production))
    return Confirm(
        f"End {counted(len(sessions))}",
        lines,
        "End",
        word=" ".join(words),
        asks_for=_asked(production, len(words)),
    )


def counted(count: int) -> str:
    return "1 session" if count == 1 else f"{count:,} sessions"


def _first(lines: Iterable[str]) -> list[str]:
    """The first few lines, and how many more there are."""
    every = list(lines)
    more = len(every) - NAMED
    return [*every[:NAMED], f"and {more:,} more"] if more > 0 else every


def _line(session: Session, now: float) -> str:
    words = [session.label]
    if isinstance(session.started, float):
        words.append(age(now - session.started))
    if isinstance(session.reason, str):
        words.append(session.reason)
    return " · ".join(words)


def _asked(production: Sequence[Scope], words: int) -> str:
    if words > 1:
        return f"the aliases of the {words} accounts, with spaces between"
    known = any(scope.alias for scope in production)
    return "the account's alias" if known else "the account's id"
