"""Sending a call once: a lost answer is looked up by the marker, never sent again blindly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from ssmtui.aws.clock import Clock
from ssmtui.aws.scope import Outcome, Priority, Scope
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.rollouts.commands import CommandFacts, command_facts, find_commands, one_command
from ssmtui.rollouts.state import CallPhase

# A command is listed a moment after it was sent: so often, and so long in between, it is looked for
# until its fate counts as unknown. Following goes on looking.
_LOOKS: Final = (0.0, 2.0, 4.0, 8.0, 16.0)

_NODE: Final = re.compile(r"\bm?i-[0-9a-f]{4,17}\b")

# After these the call itself is good, and may be sent once the trouble is over.
PASSING: Final = frozenset(
    {
        ProblemKind.THROTTLED,
        ProblemKind.EXPIRED,
        ProblemKind.CREDENTIALS,
        ProblemKind.ENDPOINT,
    }
)


class Attempt(msgspec.Struct, frozen=True):
    """What became of a call that was sent.

    SENT with the command; UNKNOWN: it may have been done; REFUSED: it had no effect, and `passing`
    says that it may be sent again later, as it is. `not_taken` are the nodes that the service
    refused it for: the call may be sent without them.
    """

    phase: CallPhase
    command: CommandFacts | None = None
    problem: Problem | None = None
    passing: bool = False
    not_taken: tuple[str, ...] = ()


async def send_call(
    scope: Scope,
    request: Mapping[str, Any],
    *,
    marker: str,
    since: float,
    clock: Clock,
    intent: str,
) -> Attempt:
    """Send a call (the parameters of SendCommand) and say what became of it; never raises.

    `since` is when it is sent, in seconds since the epoch.
    """
    found: list[CommandFacts] = []

    async def look() -> bool | None:
        """True if the service has it. Not being listed (yet) is no proof that it has not."""
        for wait in _LOOKS:
            await clock.sleep(wait)
            try:
                listed = await find_commands(scope, {marker}, since, priority=Priority.FOREGROUND)
            except ProblemError:
                continue
            if marker in listed:
                found.append(listed[marker])
                return True
        return None

    try:
        change = await scope.change("ssm", "SendCommand", request, intent=intent, reconcile=look)
    except ProblemError as error:
        return Attempt(CallPhase.REFUSED, problem=error.problem)
    if change.outcome is Outcome.DONE:
        command = found[0] if found else command_facts(change.answer.get("Command") or {})
        if command.id:
            return Attempt(CallPhase.SENT, command, change.problem)
        return Attempt(CallPhase.UNKNOWN, problem=_no_id(scope))
    if change.outcome is Outcome.UNKNOWN:
        return Attempt(CallPhase.UNKNOWN, problem=change.problem)
    problem = change.problem
    passing = problem is not None and problem.kind in PASSING
    return Attempt(
        CallPhase.REFUSED,
        problem=problem,
        passing=passing,
        not_taken=_not_taken(problem, request.get("InstanceIds") or ()),
    )


async def cancel_command(
    scope: Scope, command_id: str, ids: Sequence[str] = (), *, intent: str
) -> Problem | None:
    """Ask the service to cancel a command, wholly or on some of its nodes (at most 50).

    It is best effort there: what runs may go on to its end. Cancelling twice does nothing more, so
    a lost request is sent once more. Never raises; the problem is why it could not be asked.
    """

    async def is_cancelled() -> bool | None:
        if ids:
            return None
        facts = await one_command(scope, command_id, priority=Priority.FOREGROUND)
        return facts is not None and (facts.over or facts.status in ("Cancelling", "Cancelled"))

    params: dict[str, Any] = {"CommandId": command_id}
    if ids:
        params["InstanceIds"] = list(ids)
    try:
        change = await scope.change(
            "ssm", "CancelCommand", params, intent=intent, reconcile=is_cancelled
        )
    except ProblemError as error:
        return error.problem
    return None if change.outcome is Outcome.DONE else change.problem


def _not_taken(problem: Problem | None, ids: Sequence[str]) -> tuple[str, ...]:
    """The nodes that an InvalidInstanceId names: stopped since, or no longer registered."""
    if problem is None or problem.code != "InvalidInstanceId":
        return ()
    named = set(_NODE.findall(problem.what))
    return tuple(node_id for node_id in ids if node_id in named)


def _no_id(scope: Scope) -> Problem:
    return Problem(
        ProblemKind.UNKNOWN,
        "ssm:SendCommand was answered without a command id",
        "Look at the Commands pane before doing it again",
        operation="ssm:SendCommand",
        scope=scope.key,
    )
