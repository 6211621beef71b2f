"""Amounts take what Run Command takes, and are said in words."""

from __future__ import annotations

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.rollouts.amounts import ALL, Amount, concurrency, errors, in_words, ordinal


@pytest.mark.parametrize("text", ["1", "50", "1%", "99%", "100%", " 7 "])
def test_concurrency_as_the_service_takes_it(text: str) -> None:
    assert str(concurrency(text)) == text.strip()


@pytest.mark.parametrize("text", ["0", "0%", "101%", "-1", "1.5", "", "ten", "٣", "12345678"])
def test_other_concurrencies_are_refused(text: str) -> None:
    with pytest.raises(ProblemError, match="is no amount of nodes"):
        concurrency(text)


@pytest.mark.parametrize("text", ["0", "0%", "9%", "100%", "12"])
def test_errors_may_be_none(text: str) -> None:
    assert str(errors(text)) == text


@pytest.mark.parametrize("text", ["00", "101%", "1,000", "%"])
def test_other_errors_are_refused(text: str) -> None:
    with pytest.raises(ProblemError, match="0 or more"):
        errors(text)


def test_shares_are_rounded_down() -> None:
    assert Amount(10, percent=True).of(50) == 5
    assert Amount(10, percent=True).of(9) == 0
    assert Amount(10).of(3) == 10


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (112, "112th"),
        (1021, "1,021st"),
    ],
)
def test_ordinals(number: int, word: str) -> None:
    assert ordinal(number) == word


@pytest.mark.parametrize(
    ("at_a_time", "allowed", "total", "words"),
    [
        (Amount(50), Amount(5), 400, "50 at a time; stops after the 6th failure"),
        (Amount(50), Amount(0), None, "50 at a time; stops after the 1st failure"),
        (ALL, Amount(0), 3, "all at once; stops after the 1st failure"),
        (Amount(10), Amount(0), 3, "all at once; stops after the 1st failure"),
        # 10% of 50 stops on the 6th error: the User Guide's own example.
        (Amount(10, True), Amount(10, True), 50, "5 at a time (10%); stops after the 6th failure"),
        (Amount(1, True), Amount(0), 50, "1 at a time (1%); stops after the 1st failure"),
        (Amount(2), ALL, 50, "2 at a time; never stops for failures"),
        (Amount(2), ALL, None, "2 at a time; never stops for failures"),
        (
            Amount(5, True),
            Amount(5, True),
            None,
            "5% at a time; stops when more than 5% have failed",
        ),
    ],
)
def test_rate_control_in_words(
    at_a_time: Amount, allowed: Amount, total: int | None, words: str
) -> None:
    assert in_words(at_a_time, allowed, total) == words


def test_with_waves_all_is_all_of_one() -> None:
    def words(at_a_time: Amount, total: int | None = 3) -> str:
        return in_words(at_a_time, Amount(0), total, waves=True)

    assert words(ALL) == "all of a wave at once; stops after the 1st failure"
    assert words(ALL, None) == words(Amount(10)) == words(ALL)
    assert words(Amount(2)) == "2 at a time; stops after the 1st failure"
