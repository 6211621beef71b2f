"""The three modes of a context: what may be done there, and arming, which opens it for a while."""

from __future__ import annotations

from enum import StrEnum

from ssmtui.aws.clock import Clock


class Mode(StrEnum):
    """How far a context is open. Each mode holds what the one before it allows."""

    LOOK = "look"  # reads, secret reads included
    CONNECT = "connect"  # sessions too
    CHANGE = "change"  # everything

    @property
    def rank(self) -> int:
        """The place in the order look, connect, change."""
        return _ORDER[self]

    def allows(self, needed: Mode) -> bool:
        """Whether what needs `needed` may be done in this mode."""
        return self.rank >= needed.rank


_ORDER = {Mode.LOOK: 0, Mode.CONNECT: 1, Mode.CHANGE: 2}


def lower(first: Mode, second: Mode) -> Mode:
    """The more careful of two modes."""
    return first if first.rank <= second.rank else second


class Opening:
    """How far one context is open now. `ceiling` bounds it always, also while it is armed."""

    def __init__(self, mode: Mode, ceiling: Mode, clock: Clock) -> None:
        self.ceiling = ceiling
        self._resting = lower(mode, ceiling)
        self._clock = clock
        self._armed_until = float("-inf")

    @property
    def mode(self) -> Mode:
        """The mode in force."""
        return self.ceiling if self.armed_seconds > 0 else self._resting

    @property
    def armed_seconds(self) -> float:
        """How long it stays armed; 0 if it is not."""
        return max(0.0, self._armed_until - self._clock.now())

    @property
    def can_arm(self) -> bool:
        """Whether arming would open anything."""
        return not self._resting.allows(self.ceiling)

    def arm(self, seconds: float) -> None:
        """Open up to the ceiling until `seconds` from now."""
        self._armed_until = self._clock.now() + seconds

    def disarm(self) -> None:
        """Go back to the mode before."""
        self._armed_until = float("-inf")
