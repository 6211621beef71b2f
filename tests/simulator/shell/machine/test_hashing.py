from __future__ import annotations

from ssmtui.simulator.shell.machine.hashing import fraction, number, pick, quick


def test_the_same_words_give_the_same_choice() -> None:
    assert number("a", 1) == number("a", 1) != number("a", 2)
    assert pick("abc", "x") == pick("abc", "x")
    assert 0 <= fraction("a") < 1


def test_words_are_kept_apart() -> None:
    assert number("ab", "c") != number("a", "bc")


def test_choices_are_spread() -> None:
    assert {pick("abc", index) for index in range(50)} == set("abc")
    assert len({quick(7, index) for index in range(-50, 50)}) == 100
