"""Changes are sent once: what became of one, and the only two reasons to send it again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

import msgspec

from ssmtui.aws.calls import Call, Caller, CallFailedError
from ssmtui.aws.errors import Failure, Fate
from ssmtui.aws.limiter import Priority
from ssmtui.aws.operations import full_name
from ssmtui.aws.transport import Answer
from ssmtui.core.problem import Problem, ProblemError, ProblemKind

# Says what became of a change whose answer was lost: True it was done, False it was definitely not,
# None that cannot be told.
Reconcile = Callable[[], Awaitable[bool | None]]


class Outcome(StrEnum):
    """What became of a change."""

    DONE = "done"
    REFUSED = "refused"  # it had no effect
    UNKNOWN = "unknown"  # it was sent, and nobody can say


class Change(msgspec.Struct, frozen=True):
    """A change that was asked for, and what became of it.

    `answer` is the service's; it is empty where a lost answer was reconciled. `problem` says why it
    was refused or is unknown, or what else went wrong around a change that was done. `command` is
    the equivalent `aws ...` line, with secrets masked.
    """

    outcome: Outcome
    command: str
    answer: Answer = {}
    problem: Problem | None = None
    reconciled: bool = False


async def send_change(
    caller: Caller,
    call: Call,
    *,
    command: str,
    priority: Priority,
    reconcile: Reconcile | None,
    on_send: Callable[[], None],
) -> Change:
    """Send a change once and say what became of it.

    It goes out again only after a definite throttling refusal, as long as the retry policy allows,
    or once after `reconcile` has said of a lost answer that the change was definitely not done.
    """
    started, attempt, may_resend = caller.clock.now(), 1, True
    while True:
        try:
            return Change(Outcome.DONE, command, await caller.once(call, priority, on_send))
        except CallFailedError as failed:
            failure = failed.failure
        if failure.throttled:
            elapsed = caller.clock.now() - started
            wait = caller.retry.wait(attempt, attempts=failure.attempts, elapsed=elapsed)
            if wait is None:
                return Change(Outcome.REFUSED, command, problem=failure.problem)
            await caller.clock.sleep(wait)
            attempt += 1
            continue
        if failure.fate is not Fate.LOST:
            return Change(Outcome.REFUSED, command, problem=failure.problem)
        done = await _reconciled(reconcile)
        if done:
            return Change(Outcome.DONE, command, reconciled=True)
        if done is None:
            return Change(Outcome.UNKNOWN, command, problem=_lost(call, failure))
        if not may_resend:
            return Change(Outcome.REFUSED, command, problem=failure.problem, reconciled=True)
        may_resend = False


async def _reconciled(reconcile: Reconcile | None) -> bool | None:
    """What reconciling says; not being able to look is not being able to tell."""
    if reconcile is None:
        return None
    try:
        return await reconcile()
    except ProblemError:
        return None


def _lost(call: Call, failure: Failure) -> Problem:
    return Problem(
        ProblemKind.UNKNOWN,
        f"{failure.problem.what}. It was sent and may have been done",
        "Look before doing it again",
        code=failure.problem.code,
        operation=full_name(call.service, call.operation),
        scope=call.scope,
    )
