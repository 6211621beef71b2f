from __future__ import annotations

import random

from ssmtui.aws.retries import RetryPolicy


def test_waits_grow_to_the_longest_and_then_end():
    policy = RetryPolicy(base=0.5, longest=3.0, uniform=lambda _low, high: high)
    waits = [policy.wait(attempt, attempts=6, elapsed=0) for attempt in range(1, 7)]
    assert waits == [1.0, 2.0, 3.0, 3.0, 3.0, None]


def test_the_budget_ends_them_early():
    policy = RetryPolicy(budget=30)
    assert policy.wait(1, attempts=6, elapsed=29.9) is not None
    assert policy.wait(1, attempts=6, elapsed=30.0) is None


def test_the_jitter_is_full():
    drawn = random.Random(1)
    policy = RetryPolicy(base=1.0, longest=8.0, uniform=drawn.uniform)
    waits = [policy.wait(3, attempts=6, elapsed=0) or 0.0 for _ in range(200)]
    assert min(waits) < 0.5
    assert 7.5 < max(waits) <= 8.0
