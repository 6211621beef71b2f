from typing import Any


def test_an_account_has_an_alias(aws: Any) -> None:
    answer = aws("iam:ListAccountAliases")
    assert answer == {"AccountAliases": ["shop-prod"], "IsTruncated": False}
