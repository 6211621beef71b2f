"""Rate control: how many at a time, and how many errors are too many.

Rules: "Using targets and rate controls" of the user guide (send-commands-multiple.md).
"""

from __future__ import annotations


def concurrency(wanted: str, targets: int) -> int:
    """How many nodes a command may be on at a time, for "50" or "10%"; at least 1.

    A percentage that is no whole number of nodes is rounded down: it is an upper limit.
    """
    if wanted.endswith("%"):
        return max(1, targets * int(wanted[:-1]) // 100)
    return int(wanted)


def allowed_errors(wanted: str, targets: int) -> int:
    """How many errors a command goes on with: the next one stops it.

    0 stops after the first, 3 on the fourth, 10% of 50 nodes on the sixth.
    """
    if wanted.endswith("%"):
        return targets * int(wanted[:-1]) // 100
    return int(wanted)


class Ramp:
    """How many at a time by now: 1 at first, then one more for each that has ended, which doubles
    from round to round, until the limit is reached.

    What cannot be reached gives its place back, so that one lost node does not hold all others.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._window = 1
        self.running = 0

    @property
    def room(self) -> bool:
        return self.running < self._window

    def begin(self) -> None:
        self.running += 1

    def give_back(self) -> None:
        self.running -= 1

    def end(self) -> None:
        self.running -= 1
        self._window = min(self._limit, self._window + 1)
