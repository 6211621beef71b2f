"""What a handler may raise."""

from __future__ import annotations

from ssmtui.simulator.call import ServiceError, constraint_error


def test_an_error_is_code_message_status_and_further_members():
    error = ServiceError("InvalidInstanceId", "no such node")
    assert (error.code, error.message, error.status, error.extra) == (
        "InvalidInstanceId",
        "no such node",
        400,
        {},
    )
    assert str(error) == "InvalidInstanceId: no such node"
    assert ServiceError("Gone", "x", 410, {"Reason": "y"}).extra == {"Reason": "y"}


def test_a_value_outside_of_its_limits_is_refused_in_awss_words():
    error = constraint_error(51, "maxResults", "Member must have value less than or equal to 50")
    assert error.code == "ValidationException"
    assert error.message == (
        "1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: "
        "Member must have value less than or equal to 50"
    )
