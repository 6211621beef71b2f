"""How a copy gets on: bytes, rate and time left, in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from ssmtui.core.columns import age, bytes_text

# A copy that goes on tells how many bytes are there, and how many there will be.
Progress = Callable[[int, int], None]

# The rate is that of the last seconds, so that it shows what happens now.
_WINDOW: Final = 5.0


def unwatched(done: int, size: int) -> None:
    """A Progress that nobody looks at."""


class Pace:
    """Keeps the last measurements of one copy. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: list[tuple[float, int]] = []

    def words(self, done: int, size: int) -> str:
        """`1.0 MiB of 4.0 MiB  25%  512.0 KiB/s  6s left`; the last two once they are known."""
        now = self._clock()
        self._seen = [one for one in self._seen if now - one[0] <= _WINDOW] + [(now, done)]
        words = [f"{bytes_text(done)} of {bytes_text(size)}", f"{_percent(done, size)}%"]
        since, before = self._seen[0]
        if now > since and done > before:
            rate = (done - before) / (now - since)
            words += [f"{bytes_text(rate)}/s", f"{age((size - done) / rate)} left"]
        return "  ".join(words)


def _percent(done: int, size: int) -> int:
    return done * 100 // size if size else 100
