from __future__ import annotations

import pytest

from ssmtui.simulator.commands.rate import Ramp, allowed_errors, concurrency


@pytest.mark.parametrize(
    ("wanted", "targets", "expected"),
    [("50", 10, 50), ("1", 10, 1), ("10%", 50, 5), ("10%", 5, 1), ("100%", 7, 7), ("33%", 10, 3)],
)
def test_how_many_at_a_time(wanted: str, targets: int, expected: int) -> None:
    assert concurrency(wanted, targets) == expected


@pytest.mark.parametrize(
    ("wanted", "targets", "expected"),
    [("0", 50, 0), ("3", 50, 3), ("10%", 50, 5), ("0%", 50, 0), ("10%", 9, 0), ("100%", 4, 4)],
)
def test_how_many_errors_are_allowed(wanted: str, targets: int, expected: int) -> None:
    assert allowed_errors(wanted, targets) == expected


def test_a_ramp_doubles_from_round_to_round() -> None:
    ramp = Ramp(6)
    rounds = []
    for _ in range(5):
        begun = 0
        while ramp.room:
            ramp.begin()
            begun += 1
        rounds.append(begun)
        for _ in range(begun):
            ramp.end()
    assert rounds == [1, 2, 4, 6, 6]


def test_a_limit_of_one_never_grows() -> None:
    ramp = Ramp(1)
    for _ in range(3):
        assert ramp.room
        ramp.begin()
        assert not ramp.room
        ramp.end()
