"""A call is sent once, and its fate is told: sent, unknown or refused."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.aws.scope import Change, Outcome
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.rollouts.sending import Attempt, cancel_command, send_call
from ssmtui.rollouts.state import CallPhase

MARKER = "ssmtui 7f3a91c2-0000"
IDS = ["i-0123456789abcdef0", "i-0123456789abcdef1"]


class Clock:
    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Scope:
    """A scope whose changes end as they are told to, and whose lists answer in turn."""

    def __init__(self, outcome: Any, *lists: Any) -> None:
        self.outcome = outcome
        self.lists = list(lists)
        self.sent: list[Any] = []
        self.key = None

    async def change(
        self, service: str, operation: str, params: Any, *, intent: str, reconcile: Any
    ) -> Change:
        self.sent.append(params)
        if isinstance(self.outcome, Problem):
            raise ProblemError(self.outcome)
        if self.outcome == "lost":
            done = await reconcile()
            if done:
                return Change(Outcome.DONE, "aws", reconciled=True)
            kind = Outcome.UNKNOWN if done is None else Outcome.REFUSED
            return Change(kind, "aws", problem=Problem(ProblemKind.UNKNOWN, "lost"))
        assert isinstance(self.outcome, Change)
        return self.outcome

    async def pages(self, service: str, operation: str, params: Any, **_: Any) -> Any:
        page = self.lists.pop(0) if self.lists else {}
        if isinstance(page, Problem):
            raise ProblemError(page)
        yield page

    async def read(self, service: str, operation: str, params: Any, **_: Any) -> Any:
        return self.lists.pop(0)


async def send(scope: Any, clock: Any = None) -> Attempt:
    return await send_call(
        scope,
        {"InstanceIds": IDS, "Comment": MARKER},
        marker=MARKER,
        since=1e9,
        clock=clock or Clock(),
        intent="test",
    )


def refused(kind: ProblemKind, what: str = "no", code: str = "") -> Change:
    return Change(Outcome.REFUSED, "aws", problem=Problem(kind, what, code=code))


async def test_an_answer_is_a_command() -> None:
    attempt = await send(Scope(Change(Outcome.DONE, "aws", {"Command": {"CommandId": "c-1"}})))
    assert attempt.phase is CallPhase.SENT
    assert attempt.command
    assert attempt.command.id == "c-1"


async def test_a_lost_answer_is_looked_for_until_it_is_listed() -> None:
    found = {"Commands": [{"CommandId": "c-1", "Comment": f"{MARKER} more"}]}
    gone = Problem(ProblemKind.ENDPOINT, "gone")
    clock = Clock()
    scope = Scope("lost", {"Commands": []}, gone, found)
    attempt = await send(scope, clock)
    assert (attempt.phase, attempt.command and attempt.command.id) == (CallPhase.SENT, "c-1")
    assert clock.slept == [0.0, 2.0, 4.0]
    assert len(scope.sent) == 1


async def test_what_is_never_listed_is_unknown_and_not_undone() -> None:
    clock = Clock()
    other = {"Commands": [{"CommandId": "c-1", "Comment": "ssmtui 7f3a91c2-0001"}]}
    scope = Scope("lost", other, other)
    attempt = await send(scope, clock)
    assert (attempt.phase, attempt.command) == (CallPhase.UNKNOWN, None)
    assert sum(clock.slept) == 30.0
    assert len(scope.sent) == 1


async def test_an_answer_without_an_id_is_unknown() -> None:
    attempt = await send(Scope(Change(Outcome.DONE, "aws", {"Command": {}})))
    assert attempt.phase is CallPhase.UNKNOWN
    assert attempt.problem


@pytest.mark.parametrize(
    ("kind", "passing"),
    [
        (ProblemKind.THROTTLED, True),
        (ProblemKind.EXPIRED, True),
        (ProblemKind.CREDENTIALS, True),
        (ProblemKind.ENDPOINT, True),
        (ProblemKind.DENIED, False),
        (ProblemKind.SERVICE, False),
    ],
)
async def test_a_refusal_says_whether_it_passes(kind: ProblemKind, passing: bool) -> None:
    attempt = await send(Scope(refused(kind)))
    assert (attempt.phase, attempt.passing) == (CallPhase.REFUSED, passing)


async def test_what_the_gate_refuses_was_not_sent() -> None:
    attempt = await send(Scope(Problem(ProblemKind.MODE, "connect mode")))
    assert (attempt.phase, attempt.passing) == (CallPhase.REFUSED, False)
    assert attempt.problem
    assert attempt.problem.kind is ProblemKind.MODE


async def test_nodes_that_are_not_taken_are_named() -> None:
    what = f"Instances [[{IDS[1]}, i-0fffffffffffffff0]] not in a valid state"
    attempt = await send(Scope(refused(ProblemKind.SERVICE, what, "InvalidInstanceId")))
    assert attempt.not_taken == (IDS[1],)
    attempt = await send(Scope(refused(ProblemKind.SERVICE, what, "InvalidDocument")))
    assert attempt.not_taken == ()


async def test_cancelling_says_what_was_in_the_way() -> None:
    scope: Any = Scope(Change(Outcome.DONE, "aws"))
    assert await cancel_command(scope, "c-1", intent="x") is None
    assert await cancel_command(scope, "c-1", IDS[:1], intent="x") is None
    assert scope.sent == [{"CommandId": "c-1"}, {"CommandId": "c-1", "InstanceIds": IDS[:1]}]
    problem = Problem(ProblemKind.MODE, "look mode")
    assert await cancel_command(Scope(problem), "c-1", intent="x") == problem  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "fine"), [("Cancelling", True), ("Cancelled", True), ("InProgress", False)]
)
async def test_a_lost_cancel_is_judged_by_the_command(status: str, fine: bool) -> None:
    listed = {"Commands": [{"CommandId": "c-1", "Status": status, "TargetCount": 1}]}
    scope: Any = Scope("lost", listed)
    problem = await cancel_command(scope, "c-1", intent="x")
    assert (problem is None) is fine
