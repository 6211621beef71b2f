from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.errors import RefusedError
from ssmtui.simulator.services.sts import role_id


def assume(aws: Any, account: str, **params: Any) -> dict[str, Any]:
    role = {"RoleArn": f"arn:aws:iam::{account}:role/team/ops", "RoleSessionName": "jane"}
    answer: dict[str, Any] = aws("sts:AssumeRole", **{**role, **params})
    return answer


def become(aws: Any, credentials: dict[str, Any]) -> None:
    key, token = credentials["AccessKeyId"], credentials["SessionToken"]
    aws.identity = aws.identities.authenticate(key, token, aws.world.now)


def test_the_caller_is_the_accounts_user(aws: Any) -> None:
    answer = aws("sts:GetCallerIdentity")
    assert answer["Account"] == aws.account
    assert answer["Arn"] == f"arn:aws:iam::{aws.account}:user/ops"


def test_an_assumed_role_is_of_its_own_account(aws: Any) -> None:
    other = aws.world.accounts[0].id
    answer = assume(aws, other)
    become(aws, answer["Credentials"])
    identity = aws("sts:GetCallerIdentity")
    assert identity["Account"] == other
    assert identity["Arn"] == f"arn:aws:sts::{other}:assumed-role/ops/jane"
    assert identity["Arn"] == answer["AssumedRoleUser"]["Arn"]
    assert identity["UserId"] == f"{role_id(other, 'ops')}:jane"


def test_its_credentials_expire_on_simulated_time(aws: Any) -> None:
    credentials = assume(aws, aws.account, DurationSeconds=900)["Credentials"]
    assert credentials["Expiration"] == aws.world.now + 900
    aws.world.clock.advance(899)
    become(aws, credentials)
    aws.world.clock.advance(1)
    with pytest.raises(RefusedError, match="expired"):
        become(aws, credentials)


def test_a_role_of_nowhere_or_that_is_none_is_refused(aws: Any) -> None:
    role = {"RoleSessionName": "jane"}
    nowhere = "arn:aws:iam::000000000000:role/ops"
    assert aws.refusal("sts:AssumeRole", RoleArn=nowhere, **role) == "AccessDenied"
    user = f"arn:aws:iam::{aws.account}:user/ops"
    assert aws.refusal("sts:AssumeRole", RoleArn=user, **role) == "ValidationError"


def test_chained_roles_last_an_hour_at_most(aws: Any) -> None:
    become(aws, assume(aws, aws.account)["Credentials"])
    arn = f"arn:aws:iam::{aws.account}:role/other"
    params = {"RoleArn": arn, "RoleSessionName": "jane", "DurationSeconds": 7200}
    assert aws.refusal("sts:AssumeRole", **params) == "ValidationError"
    assert assume(aws, aws.account)["Credentials"]["Expiration"] == aws.world.now + 3600


def test_a_session_token_is_the_same_users(aws: Any) -> None:
    before = aws("sts:GetCallerIdentity")
    credentials = aws("sts:GetSessionToken")["Credentials"]
    assert credentials["Expiration"] == aws.world.now + 12 * 3600
    become(aws, credentials)
    assert aws("sts:GetCallerIdentity") == before
    assert aws.refusal("sts:GetSessionToken") == "AccessDenied"
