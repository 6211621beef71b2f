from __future__ import annotations

import pytest

from ssmtui.simulator.shell.powershell.reader import is_number, number_of


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("2.5", 2.5),
        ("0x1F", 31),
        ("1kb", 1024),
        ("2MB", 2 << 20),
        ("1.5gb", 1.5 * (1 << 30)),
    ],
)
def test_numbers(word: str, value: float) -> None:
    assert is_number(word)
    assert number_of(word) == value


@pytest.mark.parametrize("word", ["", "-", "x", "1x", "0x", "..", "1.2.3", "--1", "²", "9" * 50])
def test_what_is_no_number(word: str) -> None:
    assert not is_number(word)
