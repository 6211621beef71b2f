"""What counts as an error, and what is still possible when everything is stopped."""

from __future__ import annotations

import pytest

from ssmtui.rollouts.budget import COUNTED, CallTally, bucket_of, budget_state
from ssmtui.rollouts.state import Bucket


@pytest.mark.parametrize(
    ("status", "details", "bucket"),
    [
        ("Pending", "Pending", Bucket.RUNNING),
        ("Delayed", "Delayed", Bucket.RUNNING),
        ("Success", "Success", Bucket.OK),
        ("Failed", "Failed", Bucket.FAILED),
        ("TimedOut", "ExecutionTimedOut", Bucket.FAILED),
        ("TimedOut", "Execution Timed Out", Bucket.FAILED),
        ("TimedOut", "Delivery Timed Out", Bucket.NO_ANSWER),
        ("TimedOut", "DeliveryTimedOut", Bucket.NO_ANSWER),
        ("Failed", "Undeliverable", Bucket.NO_ANSWER),
        ("Failed", "InvalidPlatform", Bucket.NO_ANSWER),
        ("Failed", "AccessDenied", Bucket.NO_ANSWER),
        ("Cancelled", "Terminated", Bucket.CANCELLED),
        ("Cancelled", "Cancelled", Bucket.CANCELLED),
        ("TimedOut", "", Bucket.NO_ANSWER),
        ("Failed", "SomethingNew", Bucket.FAILED),
        ("Brooding", "SomethingNew", Bucket.RUNNING),
    ],
)
def test_statuses_count_as_the_guide_says(status: str, details: str, bucket: Bucket) -> None:
    assert bucket_of(status, details) is bucket


def test_what_is_counted_is_what_fails() -> None:
    assert {bucket_of("", word) for word in COUNTED} == {Bucket.FAILED}


def test_the_budget_is_over_all_calls_and_says_what_may_still_finish() -> None:
    state = budget_state(5, [CallTally(3, 40, 10), CallTally(2, 8, 10), CallTally(0, 0, 10)])
    assert (state.counted, state.overshoot, state.spent) == (5, 18, False)
    assert budget_state(5, [CallTally(6, 0, 10)]).spent
    assert not budget_state(None, [CallTally(600, 0, 10)]).spent
