"""The three modes of a context: what may be done there at all."""

from __future__ import annotations

from enum import StrEnum


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
