"""Who may call: access keys, the accounts behind them, and temporary credentials that expire.

Signatures are not verified: the access key of the credential scope alone says who calls, as the
simulator listens on loopback only and holds nothing worth protecting.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from ssmtui.simulator.errors import Refusal, RefusedError


@dataclass(frozen=True, slots=True)
class Identity:
    """A principal and its credentials. `expires` (seconds) is None for long-lived ones."""

    access_key: str
    secret_key: str
    account: str
    arn: str
    user_id: str
    session_token: str = ""
    expires: float | None = None


def access_key_of(account: str) -> str:
    """The long-lived access key of an account's user: 20 characters, like AWS's own."""
    return f"AKIA{account}DEMO"


class Identities:
    """Every access key that the endpoint knows."""

    def __init__(self, accounts: Iterable[str], user: str = "ops") -> None:
        self._known: dict[str, Identity] = {}
        self._issued = 0
        for account in accounts:
            key = access_key_of(account)
            self._known[key] = Identity(
                access_key=key,
                secret_key=_letters(f"secret {account}", 40),
                account=account,
                arn=f"arn:aws:iam::{account}:user/{user}",
                user_id="AIDA" + _letters(f"user {account}", 17).upper(),
            )

    def long_lived(self, account: str) -> Identity:
        """The identity of the account's own user; KeyError for an unknown account."""
        return self._known[access_key_of(account)]

    def has_account(self, account: str) -> bool:
        return access_key_of(account) in self._known

    def issue(self, account: str, arn: str, user_id: str, expires: float) -> Identity:
        """New temporary credentials (AssumeRole, GetSessionToken) good until `expires`."""
        self._issued += 1
        seed = f"{self._issued} {arn}"
        identity = Identity(
            access_key="ASIA" + _letters(f"key {seed}", 16).upper(),
            secret_key=_letters(f"secret {seed}", 40),
            account=account,
            arn=arn,
            user_id=user_id,
            session_token=_letters(f"token {seed}", 120),
            expires=expires,
        )
        self._known[identity.access_key] = identity
        return identity

    def authenticate(self, access_key: str, session_token: str, now: float) -> Identity:
        """The identity behind a request's key and token.

        Raises RefusedError: the key is unknown or not with this token, or has expired.
        """
        identity = self._known.get(access_key)
        if identity is None or identity.session_token != session_token:
            raise RefusedError(Refusal.UNKNOWN_KEY)
        if identity.expires is not None and identity.expires <= now:
            raise RefusedError(Refusal.EXPIRED)
        return identity


def _letters(seed: str, length: int) -> str:
    """Letters and digits made from a seed, the same in every run."""
    digest = hashlib.shake_256(seed.encode()).digest(length)
    return base64.b32encode(digest).decode().rstrip("=").lower()[:length]
