"""How many nodes of each call may run at once, so that all calls together keep to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

# So many calls share the concurrency at least, so that at most a fifth of it lies idle while one of
# them comes to its end: what a call leaves free is only used once it is enough for the next one.
LANES: Final = 5


def shares(sizes: Sequence[int], whole: int, largest: int) -> tuple[int, ...]:
    """The concurrency of each call of a wave, in their order: `sizes` nodes each, `whole` in all.

    Calls that fit side by side share the whole among them, the small ones first. More calls than
    that get equal shares, of which those of any neighbours that run together are at most the whole.
    `largest` is how many nodes one call may have.
    """
    lanes = min(len(sizes), whole, max(LANES, -(-whole // largest)))
    if lanes == len(sizes):
        return _filled(sizes, whole)
    return tuple(
        min(size, whole // lanes + (number % lanes < whole % lanes))
        for number, size in enumerate(sizes)
    )


def _filled(sizes: Sequence[int], whole: int) -> tuple[int, ...]:
    """As much as each can use, none more than an equal part of what the smaller ones leave."""
    given = [0] * len(sizes)
    left = whole
    order = sorted(range(len(sizes)), key=lambda number: sizes[number])
    for place, number in enumerate(order):
        given[number] = min(sizes[number], left // (len(order) - place))
        left -= given[number]
    return tuple(given)
