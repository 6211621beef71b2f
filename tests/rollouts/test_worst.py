"""What may go wrong at worst is told from the waves, the shares and the budget."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.rollouts.amounts import ALL, Amount
from ssmtui.rollouts.plan import Plan, plan
from ssmtui.rollouts.spec import RolloutSpec, Waves
from ssmtui.rollouts.worst import worst
from tests.rollouts.conftest import a_command


def planned(total: int, at_a_time: Amount, allowed: Amount, waves: Waves) -> Plan:
    return plan(RolloutSpec(a_command(total, at_a_time=at_a_time, allowed_errors=allowed), waves))


def judged(made: Plan) -> tuple[int, int]:
    assert made.whole is not None
    assert made.allowed is not None
    return worst(made.waves, made.whole, made.allowed)


@pytest.mark.parametrize(
    ("total", "at_a_time", "allowed", "running", "failures"),
    [
        (400, Amount(50), Amount(5), 49, 5 * (5 + 10)),
        (400, Amount(1), Amount(0), 0, 1),
        (40, Amount(50), Amount(5), 34, 40),
        (1000, ALL, Amount(0), 999, 1000),
        (65, Amount(50), ALL, 0, 65),
    ],
)
def test_of_one_wave(
    total: int, at_a_time: Amount, allowed: Amount, running: int, failures: int
) -> None:
    assert judged(planned(total, at_a_time, allowed, Waves())) == (running, failures)


@pytest.mark.parametrize(
    ("at_a_time", "allowed", "running", "failures"),
    [
        # Waves of 5, 8, 26 and 26 nodes.
        (Amount(50), Amount(0), 25, 26),
        (Amount(10), Amount(0), 9, 10),
        # The budget may be spent but for one when a wave begins, and its MaxErrors is 0 then.
        (Amount(50), Amount(5), 25, 5 + 26),
        # It cannot be before the last but one wave has begun, and not be spent without 8 of it.
        (Amount(50), Amount(20), 25, 20 + 26),
        (Amount(50), Amount(50), 14, 65),
        (Amount(50), ALL, 0, 65),
    ],
)
def test_no_more_than_a_wave_runs_on(
    at_a_time: Amount, allowed: Amount, running: int, failures: int
) -> None:
    made = planned(65, at_a_time, allowed, Waves(canary=5, steps=(20, 60)))
    assert [wave.size for wave in made.waves] == [5, 8, 26, 26]
    assert judged(made) == (running, failures)


@given(
    st.integers(1, 300),
    st.integers(1, 320),
    st.integers(0, 320),
    st.integers(0, 20),
    st.sets(st.integers(1, 100), max_size=4),
)
def test_it_keeps_to_what_there_is(
    total: int, at_a_time: int, allowed: int, canary: int, steps: set[int]
) -> None:
    waves = Waves(canary=canary, steps=tuple(sorted(steps)))
    made = planned(total, Amount(at_a_time), Amount(allowed), waves)
    running, failures = judged(made)
    largest = max(wave.size or 0 for wave in made.waves)
    assert 0 <= running <= max(0, min(at_a_time, largest) - 1, 0)
    assert min(total, allowed + 1) <= failures <= total
    assert (running == 0) or allowed < total
    assert allowed < total or failures == total
