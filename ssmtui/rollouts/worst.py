"""What may go wrong at worst although a rollout is stopped by its error budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ssmtui.rollouts.plan import PlannedCall, Wave


class Worst(NamedTuple):
    """How many nodes may still be `running` when the budget has just been spent (0: it is never
    spent), and how many `failures` there may be in all."""

    running: int
    failures: int


def worst(waves: Iterable[Wave], whole: int, allowed: int) -> Worst:
    """The worst of all calls of a wave that may run side by side, with what failed before them.

    That is anything up to the budget: a gate that failures keep shut may be opened by hand.
    """
    running = failures = before = 0
    for wave in waves:
        for begin, first in enumerate(wave.calls):
            together = _side_by_side(wave.calls[begin:], whole)
            size = sum(len(call.ids) for call in together)
            # Who has spent the budget does not run any more.
            failed = max(1, allowed + 1 - before)
            at_once = sum(call.at_a_time.value for call in together)
            running = max(running, min(at_once - 1, size - failed))
            failures = max(failures, _most_failures(together, min(before, allowed), allowed))
            if begin + len(together) == len(wave.calls):
                before += size
                break  # what begins later is a part of this
            before += len(first.ids)
    return Worst(running, failures)


def _side_by_side(calls: Sequence[PlannedCall], whole: int) -> Sequence[PlannedCall]:
    """So many of the first calls as keep to the concurrency together; one at least."""
    taken = 0
    for place, call in enumerate(calls):
        taken += call.at_a_time.value
        if taken > whole and place:
            return calls[:place]
    return calls


def _most_failures(calls: Sequence[PlannedCall], before: int, allowed: int) -> int:
    """How many nodes can fail if up to `before` have failed before these calls were sent: each that
    has makes the MaxErrors of all of them less by one, which matters to those that are large."""
    limits = sorted(allowed + call.at_a_time.value - len(call.ids) for call in calls)
    # As long as one call at most has its failures cut down by it, an earlier failure loses nothing.
    spent = min(before, max(0, limits[1])) if len(limits) > 1 else before
    return spent + sum(min(len(call.ids), allowed - spent + call.at_a_time.value) for call in calls)
