"""Shares sum to the whole, however the calls are cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ssmtui.rollouts.shares import shares

SIZES = st.lists(st.integers(1, 50), min_size=1, max_size=40)


def test_calls_that_fit_side_by_side_share_the_whole_and_leave_nothing_idle() -> None:
    assert shares([50, 50, 3], 100, 50) == (48, 49, 3)
    assert shares([50, 50], 50, 50) == (25, 25)
    assert shares([5], 50, 50) == (5,)


def test_more_calls_than_lanes_get_equal_shares() -> None:
    assert shares([50] * 20, 50, 50) == (10,) * 20
    assert shares([50] * 6, 7, 50) == (2, 2, 1, 1, 1, 2)


def test_a_large_concurrency_has_as_many_lanes_as_it_needs() -> None:
    assert shares([50] * 20, 1000, 50) == (50,) * 20
    assert shares([50] * 20, 500, 50) == (50,) * 20


def test_one_at_a_time_is_one_at_a_time() -> None:
    assert shares([50, 50], 1, 50) == (1, 1)


@given(SIZES, st.integers(1, 2000))
def test_every_call_has_a_share_and_none_more_than_it_can_use(sizes: list[int], whole: int) -> None:
    given_shares = shares(sizes, whole, 50)
    assert len(given_shares) == len(sizes)
    assert all(1 <= share <= size for share, size in zip(given_shares, sizes, strict=True)) or (
        whole < len(sizes)
    )
    assert max(given_shares) <= whole


@given(SIZES, st.integers(1, 2000))
def test_neighbours_that_run_together_never_pass_the_whole(sizes: list[int], whole: int) -> None:
    given_shares = shares(sizes, whole, 50)
    lanes = min(len(sizes), whole, max(5, -(-whole // 50)))
    for begin in range(len(sizes) - lanes + 1):
        assert sum(given_shares[begin : begin + lanes]) <= whole
