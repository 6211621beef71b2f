from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.wire.crypto import (
    DATA_KEY_SIZE,
    OVERHEAD,
    SessionCipher,
    encryption_context,
)
from ssmtui.core.wire.errors import Fault, WireError

DATA_KEY = bytes(range(DATA_KEY_SIZE))


def test_the_published_vector() -> None:
    # McGrew and Viega, "The Galois/Counter Mode of Operation", test case 14.
    cipher = SessionCipher(bytes(32), bytes(32), random=bytes)
    sealed = bytes.fromhex(
        "000000000000000000000000cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    )

    assert cipher.encrypt(bytes(16)) == sealed
    assert cipher.decrypt(sealed) == bytes(16)


def test_the_halves_of_the_data_key() -> None:
    client = SessionCipher.for_client(DATA_KEY)
    by_hand = SessionCipher(encryption_key=DATA_KEY[32:], decryption_key=DATA_KEY[:32])
    mirror = SessionCipher(encryption_key=DATA_KEY[:32], decryption_key=DATA_KEY[32:])

    assert mirror.decrypt(client.encrypt(b"ls")) == b"ls"
    assert client.decrypt(mirror.encrypt(b"$ ")) == b"$ "
    with pytest.raises(WireError):
        by_hand.decrypt(client.encrypt(b"ls"))


@given(st.binary(max_size=2000))
def test_the_two_ends_understand_each_other(data: bytes) -> None:
    client, agent = SessionCipher.for_client(DATA_KEY), SessionCipher.for_agent(DATA_KEY)

    assert agent.decrypt(client.encrypt(data)) == data
    assert client.decrypt(agent.encrypt(data)) == data
    assert len(client.encrypt(data)) == len(data) + OVERHEAD


def test_a_nonce_is_never_the_same_again() -> None:
    client = SessionCipher.for_client(DATA_KEY)

    assert len({client.encrypt(b"x") for _ in range(100)}) == 100


def test_the_answer_to_a_challenge() -> None:
    client, agent = SessionCipher.for_client(DATA_KEY), SessionCipher.for_agent(DATA_KEY)

    assert agent.decrypt(client.answer(agent.encrypt(b"64 random bytes"))) == b"64 random bytes"


@given(st.binary(max_size=100))
def test_foreign_data_is_refused(data: bytes) -> None:
    with pytest.raises(WireError) as caught:
        SessionCipher.for_client(DATA_KEY).decrypt(data)
    assert caught.value.fault is Fault.DECRYPT


@given(st.integers(0, 9 + OVERHEAD - 1), st.integers(1, 255))
def test_damage_is_refused(place: int, flip: int) -> None:
    sealed = bytearray(SessionCipher.for_agent(DATA_KEY).encrypt(b"nine byte"))
    sealed[place] ^= flip

    with pytest.raises(WireError):
        SessionCipher.for_client(DATA_KEY).decrypt(bytes(sealed))


@pytest.mark.parametrize("size", [0, 32, 63, 65])
def test_a_data_key_has_64_bytes(size: int) -> None:
    with pytest.raises(ValueError, match=f"{size} bytes"):
        SessionCipher.for_client(bytes(size))
    with pytest.raises(ValueError, match=f"{size} bytes"):
        SessionCipher.for_agent(bytes(size))


def test_the_encryption_context() -> None:
    assert encryption_context("jane-0123", "i-0abc") == {
        "aws:ssm:SessionId": "jane-0123",
        "aws:ssm:TargetId": "i-0abc",
    }
