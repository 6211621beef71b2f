"""States add up."""

from __future__ import annotations

from ssmtui.core.keys import RowKey
from ssmtui.rollouts.state import Bars, Bucket, BudgetState, Result


def test_bars_add_up() -> None:
    one = Bars(waiting=1, running=2, ok=3, failed=4, no_answer=5, cancelled=6, unknown=7)
    both = one + one
    assert (both.total, both.ended) == (56, 36)
    assert both.share == 36 / 56
    assert Bars().share == 0.0


def test_a_budget_is_spent_by_one_error_more_than_it_allows() -> None:
    assert not BudgetState(2, 2, 0).spent
    assert BudgetState(2, 3, 0).spent
    assert BudgetState(0, 1, 0).spent


def test_a_result_is_over_when_nothing_can_follow() -> None:
    over = {
        bucket
        for bucket in Bucket
        if Result(key=RowKey("1", "r", "i"), name="", call=0, wave=0, bucket=bucket).over
    }
    assert over == {Bucket.OK, Bucket.FAILED, Bucket.NO_ANSWER, Bucket.CANCELLED}
