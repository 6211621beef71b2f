from __future__ import annotations

import copy
import json
import pickle

import msgspec
import pytest

from ssmtui.core.secret import MASK, Secret


@pytest.fixture
def secret() -> Secret:
    return Secret("hunter2")


def test_only_reveal_gives_it_out(secret: Secret) -> None:
    assert secret.reveal() == "hunter2"


@pytest.mark.parametrize(
    "show", [str, repr, "{}".format, "{!r}".format, "%s".__mod__, "{:>20}".format]
)
def test_every_text_form_is_masked(secret: Secret, show: object) -> None:
    text = show(secret)  # type: ignore[operator]
    assert "hunter2" not in text
    assert MASK in text


def test_a_mask_does_not_tell_the_length() -> None:
    assert str(Secret("a")) == str(Secret("a" * 40))


@pytest.mark.parametrize(
    "leak",
    [
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        hash,
        json.dumps,
        msgspec.json.encode,
        msgspec.msgpack.encode,
        msgspec.to_builtins,
        vars,
        list,
        lambda secret: "".join(secret),
    ],
)
def test_ways_out_are_refused(secret: Secret, leak: object) -> None:
    with pytest.raises(TypeError) as refusal:
        leak(secret)  # type: ignore[operator]
    assert "hunter2" not in str(refusal.value)


def test_it_does_not_change(secret: Secret) -> None:
    with pytest.raises(AttributeError):
        secret.other = 1  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        del secret.other  # type: ignore[attr-defined]


def test_equality_is_by_value_and_only_among_secrets(secret: Secret) -> None:
    assert secret == Secret("hunter2")
    assert secret != Secret("hunter3")
    assert secret != "hunter2"
    assert Secret("\ud800") == Secret("\ud800")


def test_digests_are_equal_for_equal_values_and_keyed(secret: Secret) -> None:
    import hashlib

    assert secret.digest() == Secret("hunter2").digest()
    assert secret.digest() != Secret("hunter3").digest()
    assert secret.digest() != hashlib.sha256(b"hunter2").hexdigest()
