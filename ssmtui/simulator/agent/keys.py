"""The world's KMS keys, as far as sessions need them: data keys, sealed with their context."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SESSION_ALIAS = "alias/session-manager"

_NONCE = 12
_ID = 16


def key_id(account: str, region: str) -> str:
    """The id of the key that an account has for its sessions in a Region."""
    return str(uuid.UUID(bytes=_digest("id", account, region)[:_ID], version=4))


def key_arn(account: str, region: str) -> str:
    return f"arn:aws:kms:{region}:{account}:key/{key_id(account, region)}"


def is_key(name: str, account: str, region: str) -> bool:
    """Whether a key id, alias, or the ARN of either, means the account's key in the Region."""
    prefix = f"arn:aws:kms:{region}:{account}:"
    known = key_id(account, region)
    return name in (known, SESSION_ALIAS, f"{prefix}key/{known}", f"{prefix}{SESSION_ALIAS}")


def seal(account: str, region: str, plaintext: bytes, context: Mapping[str, str]) -> bytes:
    """Encrypt under the account's key; only the same encryption context opens it again."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher(account, region).encrypt(nonce, plaintext, _bound(context))
    return uuid.UUID(key_id(account, region)).bytes + nonce + sealed


def unseal(account: str, region: str, blob: bytes, context: Mapping[str, str]) -> bytes | None:
    """What `seal` encrypted, None if it was not, or with another key or context."""
    own, nonce, sealed = blob[:_ID], blob[_ID : _ID + _NONCE], blob[_ID + _NONCE :]
    if own != uuid.UUID(key_id(account, region)).bytes or len(nonce) < _NONCE:
        return None
    try:
        return _cipher(account, region).decrypt(nonce, sealed, _bound(context))
    except InvalidTag:
        return None


def _cipher(account: str, region: str) -> AESGCM:
    return AESGCM(_digest("material", account, region))


def _bound(context: Mapping[str, str]) -> bytes:
    return msgspec.json.encode(dict(context), order="deterministic")


def _digest(what: str, account: str, region: str) -> bytes:
    return hashlib.sha256(f"simulated kms {what} {account} {region}".encode()).digest()
