"""The words for how a command, an invocation and a plugin stand.

Rules: CommandStatus, CommandInvocationStatus and StatusDetails of the API reference, and
"Understanding command statuses" of the user guide (monitor-commands.md).
"""

from __future__ import annotations

from enum import StrEnum


class Detail(StrEnum):
    """StatusDetails of an invocation or a plugin; the coarse status follows from it."""

    PENDING = "Pending"
    IN_PROGRESS = "InProgress"
    DELAYED = "Delayed"
    SUCCESS = "Success"
    FAILED = "Failed"
    EXECUTION_TIMED_OUT = "ExecutionTimedOut"
    DELIVERY_TIMED_OUT = "DeliveryTimedOut"
    CANCELLED = "Cancelled"
    CANCELLING = "Cancelling"
    UNDELIVERABLE = "Undeliverable"
    TERMINATED = "Terminated"
    INVALID_PLATFORM = "InvalidPlatform"
    ACCESS_DENIED = "AccessDenied"
    RATE_EXCEEDED = "RateExceeded"
    LIMIT_EXCEEDED = "LimitExceeded"

    @property
    def status(self) -> str:
        """The coarse status, which has fewer words."""
        return _COARSE.get(self, str(self))

    @property
    def final(self) -> bool:
        return self not in _OPEN

    @property
    def counts_as_error(self) -> bool:
        """Whether it counts against MaxErrors: the others that end badly do not."""
        return self in (Detail.FAILED, Detail.EXECUTION_TIMED_OUT)

    @property
    def allows_success(self) -> bool:
        """Whether a command succeeds all the same if others do; with none but these it fails."""
        return self in (Detail.UNDELIVERABLE, Detail.INVALID_PLATFORM, Detail.ACCESS_DENIED)


_OPEN = frozenset({Detail.PENDING, Detail.IN_PROGRESS, Detail.DELAYED, Detail.CANCELLING})
_COARSE = {
    Detail.EXECUTION_TIMED_OUT: "TimedOut",
    Detail.DELIVERY_TIMED_OUT: "TimedOut",
    Detail.UNDELIVERABLE: "Failed",
    Detail.INVALID_PLATFORM: "Failed",
    Detail.ACCESS_DENIED: "Failed",
    # What the system has cancelled.
    Detail.TERMINATED: "Cancelled",
    Detail.RATE_EXCEEDED: "Cancelled",
    Detail.LIMIT_EXCEEDED: "Cancelled",
}


class CommandDetail(StrEnum):
    """StatusDetails of a command."""

    PENDING = "Pending"
    IN_PROGRESS = "InProgress"
    DELAYED = "Delayed"
    SUCCESS = "Success"
    FAILED = "Failed"
    INCOMPLETE = "Incomplete"
    EXECUTION_TIMED_OUT = "ExecutionTimedOut"
    DELIVERY_TIMED_OUT = "DeliveryTimedOut"
    CANCELLED = "Cancelled"
    CANCELLING = "Cancelling"
    NO_INSTANCES_IN_TAG = "NoInstancesInTag"
    ACCESS_DENIED = "AccessDenied"
    RATE_EXCEEDED = "RateExceeded"
    LIMIT_EXCEEDED = "LimitExceeded"

    @property
    def status(self) -> str:
        return _COMMAND_COARSE.get(self, str(self))

    @property
    def final(self) -> bool:
        return self not in _COMMAND_OPEN


_COMMAND_OPEN = frozenset(
    {
        CommandDetail.PENDING,
        CommandDetail.IN_PROGRESS,
        CommandDetail.DELAYED,
        CommandDetail.CANCELLING,
    }
)
# The model has no coarse word for these; those that did not do all that was asked are "Failed", a
# command with nothing to do has succeeded at it, and beyond rates and limits "the system has
# canceled the command".
_COMMAND_COARSE = {
    CommandDetail.DELAYED: "InProgress",
    CommandDetail.INCOMPLETE: "Failed",
    CommandDetail.EXECUTION_TIMED_OUT: "TimedOut",
    CommandDetail.DELIVERY_TIMED_OUT: "TimedOut",
    CommandDetail.NO_INSTANCES_IN_TAG: "Success",
    CommandDetail.ACCESS_DENIED: "Failed",
    CommandDetail.RATE_EXCEEDED: "Cancelled",
    CommandDetail.LIMIT_EXCEEDED: "Cancelled",
}
