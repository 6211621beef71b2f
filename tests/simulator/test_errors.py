"""Each protocol has its own words for the same refusal."""

from __future__ import annotations

import pytest

from ssmtui.simulator.errors import Refusal, RefusedError, worded

PROTOCOLS = ["json", "rest-json", "query", "ec2"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_has_words_in_every_protocol(refusal, protocol):
    error = worded(RefusedError(refusal), protocol)
    assert error.code
    assert error.message
    assert 400 <= error.status < 600


@pytest.mark.parametrize(
    ("refusal", "codes"),
    [
        (
            Refusal.UNKNOWN_KEY,
            ["UnrecognizedClientException"] * 2 + ["InvalidClientTokenId", "AuthFailure"],
        ),
        (Refusal.EXPIRED, ["ExpiredTokenException"] * 2 + ["ExpiredToken", "RequestExpired"]),
        (
            Refusal.DENIED,
            ["AccessDeniedException"] * 2 + ["AccessDenied", "UnauthorizedOperation"],
        ),
        (
            Refusal.THROTTLED,
            ["ThrottlingException"] * 2 + ["Throttling", "RequestLimitExceeded"],
        ),
        (
            Refusal.UNKNOWN_OPERATION,
            ["UnknownOperationException"] * 2 + ["InvalidAction"] * 2,
        ),
    ],
)
def test_the_codes_are_awss_own(refusal, codes):
    assert [worded(RefusedError(refusal), protocol).code for protocol in PROTOCOLS] == codes


def test_message_and_status_can_be_replaced():
    error = worded(RefusedError(Refusal.UNAVAILABLE, "closed", 502), "json")
    assert (error.message, error.status) == ("closed", 502)
