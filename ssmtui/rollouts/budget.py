"""The error budget, watched over all calls of a rollout at once."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ssmtui.rollouts.state import Bucket, BudgetState

# What spends the budget, in the service's words; these have never run and do not:
# DeliveryTimedOut, Undeliverable, InvalidPlatform, AccessDenied
# (https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html).
COUNTED = frozenset({"Failed", "ExecutionTimedOut"})

_BUCKETS = {
    "pending": Bucket.RUNNING,
    "inprogress": Bucket.RUNNING,
    "delayed": Bucket.RUNNING,
    "cancelling": Bucket.RUNNING,
    "success": Bucket.OK,
    "failed": Bucket.FAILED,
    "executiontimedout": Bucket.FAILED,
    "cancelled": Bucket.CANCELLED,
    "terminated": Bucket.CANCELLED,
    "deliverytimedout": Bucket.NO_ANSWER,
    "undeliverable": Bucket.NO_ANSWER,
    "invalidplatform": Bucket.NO_ANSWER,
    "accessdenied": Bucket.NO_ANSWER,
    "timedout": Bucket.NO_ANSWER,
}


def bucket_of(status: str, details: str) -> Bucket:
    """How an invocation counts, by its Status and its StatusDetails, which is the more exact one.

    Both are open enums, and written "Delivery Timed Out", too. What nobody has seen yet counts as
    running while the Status does not say that it is over.
    """
    word = details.replace(" ", "").lower() or status.replace(" ", "").lower()
    if word in _BUCKETS:
        return _BUCKETS[word]
    return _BUCKETS.get(status.replace(" ", "").lower(), Bucket.RUNNING)


class CallTally(msgspec.Struct, frozen=True):
    """What one call says of itself: errors so far, nodes that have not ended, and its share."""

    errors: int
    open: int
    at_a_time: int

    @property
    def running(self) -> int:
        """How many run at most: the service keeps the rest back."""
        return min(self.open, self.at_a_time)


def budget_state(allowed: int | None, calls: Iterable[CallTally]) -> BudgetState:
    """The budget over calls that were sent.

    What runs goes on to its end when a command is cancelled or has too many errors, so this is how
    many may still finish, and fail.
    """
    tallies = tuple(calls)
    return BudgetState(
        allowed,
        sum(call.errors for call in tallies),
        sum(call.running for call in tallies),
    )
