from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.agent.keys import SESSION_ALIAS, key_arn, key_id

CONTEXT = {"aws:ssm:SessionId": "ops-0123", "aws:ssm:TargetId": "i-0123"}


def data_key(aws: Any, **params: Any) -> dict[str, Any]:
    wanted = {"KeyId": SESSION_ALIAS, "NumberOfBytes": 64, "EncryptionContext": CONTEXT}
    answer: dict[str, Any] = aws("kms:GenerateDataKey", **{**wanted, **params})
    return answer


def test_a_data_key_comes_plain_and_sealed(aws: Any) -> None:
    made = data_key(aws)
    opened = aws("kms:Decrypt", CiphertextBlob=made["CiphertextBlob"], EncryptionContext=CONTEXT)
    assert opened["Plaintext"] == made["Plaintext"]
    assert len(made["Plaintext"]) == 64
    assert made["KeyId"] == opened["KeyId"] == key_arn(aws.account, aws.region)
    assert data_key(aws)["Plaintext"] != made["Plaintext"]


def test_only_its_context_opens_it(aws: Any) -> None:
    sealed = data_key(aws)["CiphertextBlob"]
    others: list[dict[str, str]] = [{}, {**CONTEXT, "aws:ssm:TargetId": "i-0999"}]
    for context in others:
        refusal = aws.refusal("kms:Decrypt", CiphertextBlob=sealed, EncryptionContext=context)
        assert refusal == "InvalidCiphertextException"


def test_only_its_key_opens_it(aws: Any) -> None:
    sealed = data_key(aws)["CiphertextBlob"]
    damaged = bytes([*sealed[:-1], sealed[-1] ^ 1])
    for blob in (damaged, sealed[:20], b"x"):
        refusal = aws.refusal("kms:Decrypt", CiphertextBlob=blob, EncryptionContext=CONTEXT)
        assert refusal == "InvalidCiphertextException"
    aws.region = aws.world.regions[1]
    refusal = aws.refusal("kms:Decrypt", CiphertextBlob=sealed, EncryptionContext=CONTEXT)
    assert refusal == "InvalidCiphertextException"


def test_a_key_has_four_names(aws: Any) -> None:
    prefix = f"arn:aws:kms:{aws.region}:{aws.account}:"
    for name in (
        key_id(aws.account, aws.region),
        key_arn(aws.account, aws.region),
        prefix + SESSION_ALIAS,
    ):
        assert data_key(aws, KeyId=name)["KeyId"] == key_arn(aws.account, aws.region)


@pytest.mark.parametrize(
    "name", ["alias/other", "00000000-0000-4000-8000-000000000000", key_arn("000000000000", "x")]
)
def test_other_keys_are_not_there(aws: Any, name: str) -> None:
    refusal = aws.refusal("kms:GenerateDataKey", KeyId=name, NumberOfBytes=64)
    assert refusal == "NotFoundException"
    refusal = aws.refusal("kms:Decrypt", KeyId=name, CiphertextBlob=b"x")
    assert refusal == "NotFoundException"


def test_the_size_is_in_bytes_or_by_spec(aws: Any) -> None:
    by_spec = aws("kms:GenerateDataKey", KeyId=SESSION_ALIAS, KeySpec="AES_256")
    assert len(by_spec["Plaintext"]) == 32
    refusal = aws.refusal("kms:GenerateDataKey", KeyId=SESSION_ALIAS)
    assert refusal == "ValidationException"
    both = {"KeySpec": "AES_128", "NumberOfBytes": 16}
    refusal = aws.refusal("kms:GenerateDataKey", KeyId=SESSION_ALIAS, **both)
    assert refusal == "ValidationException"
