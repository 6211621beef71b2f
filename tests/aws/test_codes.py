from __future__ import annotations

from itertools import combinations

from botocore.retries.standard import ThrottledRetryableChecker

from ssmtui.aws import codes

MEANINGS = (
    codes.THROTTLING_CODES,
    codes.EXPIRED_CODES,
    codes.CREDENTIAL_CODES,
    codes.DENIED_CODES,
    codes.NO_ROLE_CODES,
)


def test_a_code_means_one_thing():
    assert all(first.isdisjoint(second) for first, second in combinations(MEANINGS, 2))


def test_what_the_library_takes_for_throttling_is_throttling():
    # A quota that is used up and a transaction under way are not cured by going slower.
    others = {"LimitExceededException", "TransactionInProgressException"}
    known = {*ThrottledRetryableChecker._THROTTLED_ERROR_CODES}
    assert known - others <= codes.THROTTLING_CODES


def test_only_what_goes_by_the_time_is_blamed_on_the_clock():
    assert codes.CLOCK_CODES < codes.CREDENTIAL_CODES
