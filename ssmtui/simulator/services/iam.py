"""IAM, as far as an account's alias goes."""

from __future__ import annotations

from typing import Any

from ssmtui.simulator.call import Call


class Iam:
    """The operations on the account."""

    def ListAccountAliases(self, call: Call) -> dict[str, Any]:
        """An account has one alias at most, so the list has no second page."""
        return {"AccountAliases": [call.world.account(call.account).alias], "IsTruncated": False}
