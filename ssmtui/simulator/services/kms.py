"""The Key Management Service: the data keys of encrypted sessions."""

from __future__ import annotations

import os
from typing import Any

from ssmtui.simulator.agent import keys
from ssmtui.simulator.call import Call, ServiceError

_SIZES = {"AES_256": 32, "AES_128": 16}


class Kms:
    """The operations on data keys; an account has one key a Region, and may use no other's."""

    def GenerateDataKey(self, call: Call) -> dict[str, Any]:
        """A random data key, plain and sealed. Either its size in bytes or its spec is given."""
        _check_key(call, call.params["KeyId"])
        size: int | None = call.params.get("NumberOfBytes")
        spec: str | None = call.params.get("KeySpec")
        if spec is not None and size is None:
            size = _SIZES[spec]
        elif size is None or spec is not None:
            raise ServiceError(
                "ValidationException",
                "Please specify either number of bytes or key spec.",
            )
        plaintext = os.urandom(size)
        context = call.params.get("EncryptionContext", {})
        return {
            "KeyId": keys.key_arn(call.account, call.region),
            "Plaintext": plaintext,
            "CiphertextBlob": keys.seal(call.account, call.region, plaintext, context),
        }

    def Decrypt(self, call: Call) -> dict[str, Any]:
        """A sealed data key, opened in the context that it was sealed in."""
        if "KeyId" in call.params:
            _check_key(call, call.params["KeyId"])
        plaintext = keys.unseal(
            call.account,
            call.region,
            call.params["CiphertextBlob"],
            call.params.get("EncryptionContext", {}),
        )
        if plaintext is None:
            raise ServiceError("InvalidCiphertextException", "")
        return {
            "KeyId": keys.key_arn(call.account, call.region),
            "Plaintext": plaintext,
            "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        }


def _check_key(call: Call, name: str) -> None:
    """ServiceError NotFoundException for a key that the account does not have in the Region."""
    if keys.is_key(name, call.account, call.region):
        return
    prefix = f"arn:aws:kms:{call.region}:{call.account}:"
    if "alias/" in name:
        arn = name if name.startswith("arn:") else prefix + name
        raise ServiceError("NotFoundException", f"Alias {arn} is not found.")
    arn = name if name.startswith("arn:") else f"{prefix}key/{name}"
    raise ServiceError("NotFoundException", f"Key '{arn}' does not exist")
