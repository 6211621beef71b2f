"""The Security Token Service: who calls, and temporary credentials."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.identities import Identity

HOUR = 3600
_ASSUME_ROLE_DEFAULT = HOUR
_SESSION_TOKEN_DEFAULT = 12 * HOUR
_CHAINED_MOST = HOUR  # a role's own credentials give another role's for an hour at most

_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/((?:[\w+=,.@-]+/)*)([\w+=,.@-]+)", re.ASCII)


class Sts:
    """The operations on identities."""

    def GetCallerIdentity(self, call: Call) -> dict[str, Any]:
        identity = call.identity
        return {"UserId": identity.user_id, "Account": identity.account, "Arn": identity.arn}

    def AssumeRole(self, call: Call) -> dict[str, Any]:
        """Any role of any account of the world may be assumed."""
        match = _ROLE.fullmatch(call.params["RoleArn"])
        if match is None:
            raise ServiceError(
                "ValidationError", f"{call.params['RoleArn']} is invalid", status=400
            )
        account, _, role = match.groups()
        if not call.identities.has_account(account):
            raise ServiceError(
                "AccessDenied",
                f"User: {call.identity.arn} is not authorized to perform: sts:AssumeRole on "
                f"resource: {call.params['RoleArn']}",
                status=403,
            )
        seconds = call.params.get("DurationSeconds", _ASSUME_ROLE_DEFAULT)
        if call.identity.expires is not None and seconds > _CHAINED_MOST:
            raise ServiceError(
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed "
                "by role chaining",
            )
        session = call.params["RoleSessionName"]
        arn = f"arn:aws:sts::{account}:assumed-role/{role}/{session}"
        user = f"{role_id(account, role)}:{session}"
        issued = call.identities.issue(account, arn, user, call.now + seconds)
        return {
            "Credentials": _credentials(issued),
            "AssumedRoleUser": {"AssumedRoleId": user, "Arn": arn},
        }

    def GetSessionToken(self, call: Call) -> dict[str, Any]:
        """The same user's, for a while; temporary credentials cannot ask for more."""
        identity = call.identity
        if identity.expires is not None:
            raise ServiceError(
                "AccessDenied", "Cannot call GetSessionToken with session credentials", status=403
            )
        seconds = call.params.get("DurationSeconds", _SESSION_TOKEN_DEFAULT)
        issued = call.identities.issue(
            identity.account, identity.arn, identity.user_id, call.now + seconds
        )
        return {"Credentials": _credentials(issued)}


def role_id(account: str, role: str) -> str:
    """A role's unique id: AROA and 17 capitals and digits."""

    digest = hashlib.sha256(f"{account} {role}".encode()).digest()
    return "AROA" + base64.b32encode(digest).decode()[:17]


def _credentials(identity: Identity) -> dict[str, Any]:
    return {
        "AccessKeyId": identity.access_key,
        "SecretAccessKey": identity.secret_key,
        "SessionToken": identity.session_token,
        "Expiration": identity.expires,
    }
