"""Timers of Textual that fire once, and surely do."""

from __future__ import annotations

from textual.timer import Timer


def surely(timer: Timer) -> Timer:
    """The timer, fresh from `set_timer`, that fires however late it is.

    Textual leaves out what is overdue, so that ticks do not pile up, and of a timer that fires once
    it leaves out the only one: whatever takes longer than its time between two lines of
    `Timer._run` is enough, such as a garbage collection or the signals of a window being resized.
    Who waits for it then waits for ever; a terminal was seen to stay as wide as it was.
    """
    timer._skip = False
    return timer
