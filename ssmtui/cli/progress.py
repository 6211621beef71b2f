"""One line of progress on stderr, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from ssmtui.core.text import fit

_SECONDS = 0.1  # between two drawings
_CELLS = 78


class ProgressLine:
    """Draws over itself, and leaves nothing behind at the end."""

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self._terminal = self._stream.isatty()
        self._drawn_at: float | None = None

    def show(self, words: str) -> None:
        now = self._clock()
        if self._terminal and (self._drawn_at is None or now - self._drawn_at >= _SECONDS):
            self._drawn_at = now
            self._stream.write("\r" + fit(words, _CELLS))
            self._stream.flush()

    def clear(self) -> None:
        """Take the line away, for other words."""
        if self._drawn_at is not None:
            self._stream.write("\r" + " " * _CELLS + "\r")
            self._stream.flush()
            self._drawn_at = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()
