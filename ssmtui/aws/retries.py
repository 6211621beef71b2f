"""When a read is tried again, and when to give up."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec


class RetryPolicy(msgspec.Struct, frozen=True):
    """Exponential waits with full jitter, bounded in number and in time (seconds).

    botocore's own retries are off: they would also repeat changes, and were seen to run a command
    twice.
    """

    base: float = 0.3
    longest: float = 8.0
    budget: float = 45.0
    uniform: Callable[[float, float], float] = random.uniform

    def wait(self, attempt: int, *, attempts: int, elapsed: float) -> float | None:
        """How long to wait after the failure of attempt number `attempt` (1 is the first).

        None is to give up: `attempts` have been made, or `elapsed` seconds are the whole budget.
        """
        if attempt >= attempts or elapsed >= self.budget:
            return None
        return self.uniform(0, min(self.longest, self.base * 2**attempt))
