"""What went wrong, in one sentence, with the remedy."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from ssmtui.core.keys import ScopeKey


class ProblemKind(StrEnum):
    """The few kinds of trouble that callers treat differently."""

    INPUT = "input"  # a wrong filter, profile, Region, name or configuration file
    CREDENTIALS = "credentials"  # none found, or they cannot be used
    EXPIRED = "expired"  # they were good and no longer are: log in again
    DENIED = "denied"  # the identity is known and may not do this
    THROTTLED = "throttled"  # refused for its rate, also after the retries
    ENDPOINT = "endpoint"  # no connection, a hang, a cut or unreadable answer
    SERVICE = "service"  # the service answered with an error of its own
    MODE = "mode"  # look or connect mode forbids it
    UNKNOWN = "unknown"  # a change was sent and its answer was lost
    BUG = "bug"  # a mistake of this program


class Problem(msgspec.Struct, frozen=True):
    """One piece of trouble: `what` names the thing, `remedy` says what to do about it.

    Both are sentences without a full stop at the end, and hold no secret and no raw remote text
    (callers pass remote words through `core.text.plain`).
    """

    kind: ProblemKind
    what: str
    remedy: str = ""
    code: str = ""  # the service's own error code
    operation: str = ""  # "ssm:DescribeInstanceProperties"
    scope: ScopeKey | None = None

    @property
    def sentence(self) -> str:
        return f"{self.what}. {self.remedy}." if self.remedy else f"{self.what}."


class ProblemError(Exception):
    """A problem on its way up to whoever can show it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def input_problem(what: str, remedy: str = "") -> ProblemError:
    """The error for bad input (exit code 2)."""
    return ProblemError(Problem(ProblemKind.INPUT, what, remedy))
