"""From the start of the process to the first full frame on a real terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from functools import partial
from statistics import median

from benchmarks.fleet import Fleet, simulated
from benchmarks.measures import Row, alternate, ratio_of
from benchmarks.one_widget import WORDS
from benchmarks.terminal import Terminal

GOAL = 1.4
# Of the pane line, of the table's heading and of the footer.
_FULL_FRAME = ("Nodes", "NAME", "? help")
_LOOK_SECONDS = 1.0  # several times what a frame takes
_PATIENCE = 20.0  # for the unmeasured first round, in which everything is compiled


async def run(*, quick: bool = False) -> list[Row]:
    nodes, rounds = (50, 2) if quick else (2000, 15)
    ssmtui = (sys.executable, "-m", "ssmtui")
    async with simulated(nodes) as fleet:
        first, first_rival = await alternate(
            rounds,
            partial(_painted, fleet, ssmtui, _FULL_FRAME, forget=True),
            partial(_painted, fleet, (sys.executable, "-m", "benchmarks.one_widget"), (WORDS,)),
        )
        again, again_rival = await alternate(
            rounds,
            partial(_painted, fleet, ssmtui, _FULL_FRAME),
            partial(_painted, fleet, (sys.executable, "-m", "benchmarks.one_widget"), (WORDS,)),
        )
    return [
        _row("first paint with AWS configured", first, first_rival, "an empty state folder"),
        _row(
            f"the same, with {nodes:,} nodes known from the last run",
            again,
            again_rival,
            "a snapshot that is painted as well, soon after",
        ),
    ]


def _row(what: str, ours: Sequence[float], theirs: Sequence[float], state: str) -> Row:
    ratio = ratio_of(ours, theirs)
    return Row(
        what=what,
        ours=1000 * median(ours),
        unit="ms",
        rivals={"one-widget Textual app": 1000 * median(theirs)},
        ratio=f"{ratio:.2f} times as long",
        goal=f"at most {GOAL:g} times",
        met=ratio <= GOAL,
        how=(
            "From the fork to the moment when pane line, table heading and footer were all written "
            f"to a 200x50 pty, with a profile and an endpoint set and {state}."
        ),
    )


async def _painted(
    fleet: Fleet, command: Sequence[str], words: Sequence[str], *, forget: bool = False
) -> float:
    """Seconds until these words were all on the screen."""
    if forget:
        fleet.forget_state()
    deadline = time.monotonic() + _PATIENCE
    with Terminal(command, fleet.environ) as terminal:
        while terminal.read(_LOOK_SECONDS) and time.monotonic() < deadline:
            at = terminal.shown_at(words)
            if at is not None:
                return at
    raise RuntimeError(f"{' '.join(command[1:])} did not show {words}: {terminal.last_words}")
