"""AWS's words for how a command stands, as one word."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.core.columns import UNKNOWN, Severity
from ssmtui.resources.commands.statuses import GOING_ON, STATUS, is_trouble, status_word


@pytest.mark.parametrize(
    ("status", "details", "word"),
    [
        ("Success", "Success", "success"),
        ("InProgress", "InProgress", "running"),
        ("InProgress", "Delayed", "delayed"),
        ("TimedOut", "DeliveryTimedOut", "undelivered"),
        ("TimedOut", "Delivery Timed Out", "undelivered"),
        ("TimedOut", "ExecutionTimedOut", "timedout"),
        ("TimedOut", None, "timedout"),
        ("Failed", "Incomplete", "incomplete"),
        ("Failed", "NoInstancesInTag", "nobody"),
        ("Failed", "LimitExceeded", "throttled"),
        ("Cancelling", "Cancelling", "cancelling"),
        # A word that AWS has invented since: shown as it is, and it does not hide that it goes on.
        ("Failed", "Blocked By Policy", "blockedbypolicy"),
        ("InProgress", "WaitingForSomething", "running"),
        (None, None, UNKNOWN),
    ],
)
def test_one_word(status: Any, details: Any, word: Any) -> None:
    assert status_word({"Status": status, "StatusDetails": details}) == word


def test_what_goes_on_is_busy_and_no_trouble() -> None:
    assert {STATUS[word] for word in GOING_ON} == {Severity.BUSY}
    assert not any(map(is_trouble, GOING_ON))


@pytest.mark.parametrize("word", ["failed", "timedout", "undelivered", "incomplete", "denied"])
def test_what_wants_attention(word: str) -> None:
    assert is_trouble(word)


@pytest.mark.parametrize("word", ["success", "cancelled", UNKNOWN, None, "blockedbypolicy"])
def test_what_does_not(word: Any) -> None:
    assert not is_trouble(word)
