"""Encryption of a session by a KMS data key: AES-256-GCM with a key for each direction.

The client has KMS make a data key of 64 bytes. Its first half is what the client decrypts with,
its second half what the client encrypts with; the agent takes them the other way round. A sealed
payload is a random nonce of 12 bytes, the ciphertext and its tag of 16; there is no associated
data.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

from ssmtui.core.wire.errors import Fault, WireError

DATA_KEY_SIZE: Final = 64
CHALLENGE_SIZE: Final = 64
_HALF: Final = DATA_KEY_SIZE // 2
_NONCE_SIZE: Final = 12
_TAG_SIZE: Final = 16
OVERHEAD: Final = _NONCE_SIZE + _TAG_SIZE


def encryption_context(session_id: str, target_id: str) -> dict[str, str]:
    """The context of GenerateDataKey and Decrypt; with another one, KMS refuses the key."""
    return {"aws:ssm:SessionId": session_id, "aws:ssm:TargetId": target_id}


class SessionCipher:
    """One end's pair of keys. `random` gives the nonces, and is only changed by tests."""

    def __init__(
        self,
        encryption_key: bytes,
        decryption_key: bytes,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        # Not every session is encrypted, and the library is slow to import.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._encryption = AESGCM(encryption_key)
        self._decryption = AESGCM(decryption_key)
        self._random = random

    @classmethod
    def for_client(cls, data_key: bytes) -> SessionCipher:
        """The client's cipher; ValueError if the data key has not 64 bytes."""
        first, second = _halves(data_key)
        return cls(encryption_key=second, decryption_key=first)

    @classmethod
    def for_agent(cls, data_key: bytes) -> SessionCipher:
        """The agent's cipher; ValueError if the data key has not 64 bytes."""
        first, second = _halves(data_key)
        return cls(encryption_key=first, decryption_key=second)

    def encrypt(self, plaintext: bytes) -> bytes:
        """Nonce, ciphertext and tag: OVERHEAD bytes more than the plain text."""
        nonce = self._random(_NONCE_SIZE)
        return nonce + self._encryption.encrypt(nonce, plaintext, None)

    def decrypt(self, sealed: bytes) -> bytes:
        """The plain text; WireError (DECRYPT) if the other end's key has not sealed it."""
        from cryptography.exceptions import InvalidTag

        if len(sealed) < OVERHEAD:
            raise WireError(Fault.DECRYPT, f"{len(sealed)} bytes are too few to be encrypted")
        try:
            return self._decryption.decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], None)
        except InvalidTag as error:
            detail = "data that is not encrypted with this session's key"
            raise WireError(Fault.DECRYPT, detail) from error

    def answer(self, challenge: bytes) -> bytes:
        """The agent's challenge, sealed with the client's own key: both then have both keys."""
        return self.encrypt(self.decrypt(challenge))


def _halves(data_key: bytes) -> tuple[bytes, bytes]:
    if len(data_key) != DATA_KEY_SIZE:
        raise ValueError(f"a data key of {len(data_key)} bytes instead of {DATA_KEY_SIZE}")
    return data_key[:_HALF], data_key[_HALF:]
