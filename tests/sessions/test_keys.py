from __future__ import annotations

import pytest

from ssmtui.sessions.keys import Choice, Keys


def test_everything_typed_goes_to_the_node_as_it_is():
    typed = bytes(byte for byte in range(256) if byte != 0x1D)
    assert Keys().feed(typed) == [typed]


@pytest.mark.parametrize(
    ("key", "choice"),
    [
        (b"e", Choice.END),
        (b"a", Choice.ABANDON),
        (b"x", Choice.GO_ON),
        (b"\x03", Choice.GO_ON),
    ],
)
def test_the_key_after_the_escape_is_a_choice(key, choice):
    keys = Keys()
    assert keys.feed(b"ls\x1d") == [b"ls", Choice.ASK]
    assert keys.feed(key + b"more") == [choice, b"more"]


@pytest.mark.parametrize("key", [b"]", b"\x1d"])
def test_the_escape_itself_can_be_sent(key):
    assert Keys().feed(b"\x1d" + key + b"x") == [Choice.ASK, Choice.SEND, b"\x1d", b"x"]


def test_nothing_typed_is_nothing():
    assert Keys().feed(b"") == []
