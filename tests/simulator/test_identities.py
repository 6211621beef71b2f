"""Access keys: an account's own, and temporary ones that expire."""

from __future__ import annotations

import pytest

from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.identities import Identities

ACCOUNT = "111122223333"
ROLE = f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/jane"


@pytest.fixture
def identities():
    return Identities([ACCOUNT, "444455556666"])


def refusal(identities, *arguments):
    with pytest.raises(RefusedError) as refused:
        identities.authenticate(*arguments)
    return refused.value.refusal


def test_an_accounts_own_key_leads_to_it(identities):
    own = identities.long_lived(ACCOUNT)
    assert identities.authenticate(own.access_key, "", 0) is own
    assert own.account == ACCOUNT
    assert own.arn == f"arn:aws:iam::{ACCOUNT}:user/ops"
    assert len(own.access_key) == 20
    assert len(own.secret_key) == 40


def test_keys_are_the_same_in_every_run(identities):
    assert Identities([ACCOUNT]).long_lived(ACCOUNT) == identities.long_lived(ACCOUNT)
    assert identities.has_account(ACCOUNT)
    assert not identities.has_account("999999999999")


def test_unknown_keys_and_needless_tokens_are_refused(identities):
    assert refusal(identities, "AKIANOBODY", "", 0) is Refusal.UNKNOWN_KEY
    own = identities.long_lived(ACCOUNT)
    assert refusal(identities, own.access_key, "token", 0) is Refusal.UNKNOWN_KEY


def test_temporary_keys_need_their_token_and_expire(identities):
    issued = identities.issue(ACCOUNT, ROLE, "AROA:jane", expires=3600.0)
    assert issued.access_key.startswith("ASIA")
    assert len(issued.access_key) == 20
    assert identities.authenticate(issued.access_key, issued.session_token, 3599).arn == ROLE
    assert refusal(identities, issued.access_key, "", 0) is Refusal.UNKNOWN_KEY
    assert refusal(identities, issued.access_key, issued.session_token, 3600) is Refusal.EXPIRED


def test_every_issue_is_a_new_key(identities):
    first, second = (identities.issue(ACCOUNT, ROLE, "AROA:jane", 1.0) for _ in range(2))
    assert first.access_key != second.access_key
    assert first.session_token != second.session_token
