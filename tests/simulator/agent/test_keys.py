from __future__ import annotations

from ssmtui.simulator.agent import keys

HOME = ("111122223333", "eu-west-1")
CONTEXT = {"b": "2", "a": "1"}


def test_what_is_sealed_opens_with_the_same_context_in_any_order() -> None:
    blob = keys.seal(*HOME, b"data key", CONTEXT)
    assert b"data key" not in blob
    assert keys.unseal(*HOME, blob, {"a": "1", "b": "2"}) == b"data key"


def test_nothing_else_opens() -> None:
    blob = keys.seal(*HOME, b"data key", CONTEXT)
    assert keys.unseal(*HOME, blob, {}) is None
    assert keys.unseal("999999999999", "eu-west-1", blob, CONTEXT) is None
    assert keys.unseal("111122223333", "us-east-1", blob, CONTEXT) is None
    for cut in range(len(blob)):
        assert keys.unseal(*HOME, blob[:cut], CONTEXT) is None


def test_a_key_is_the_same_in_every_run_and_another_everywhere() -> None:
    assert keys.key_id(*HOME) == keys.key_id(*HOME)
    assert keys.key_id(*HOME) != keys.key_id("111122223333", "us-east-1")


def test_only_its_own_names_mean_it() -> None:
    assert keys.is_key(keys.SESSION_ALIAS, *HOME)
    assert keys.is_key(keys.key_arn(*HOME), *HOME)
    assert not keys.is_key(keys.key_arn("999999999999", "eu-west-1"), *HOME)
    assert not keys.is_key("alias/other", *HOME)
