"""The memory of the explorer's process at 100,000 nodes, beside that of the bare rows."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.bare_rows import Bare
from benchmarks.fleet import Fleet, simulated
from benchmarks.measures import Row, resident_bytes
from benchmarks.terminal import Terminal

GOAL_MB = 300.0
_MB = 1e6
_LISTING_SECONDS = 240.0
_SETTLING_SECONDS = 5.0


async def run(*, quick: bool = False) -> list[Row]:
    nodes = 1000 if quick else 100_000
    listings = 1 if quick else 2  # the second one, a minute later, holds old and new side by side
    settled: list[int] = []
    async with simulated(nodes, pace=1) as fleet:
        with Terminal((sys.executable, "-m", "ssmtui"), fleet.environ) as terminal:
            last = 0.0
            for _ in range(listings):
                last = _remembered(terminal, fleet, last)
                settled.append(_settled(terminal))
        bare = _bare_rows(fleet.database)
    what = f"memory of the UI process at {nodes:,} nodes"
    how = "The real program on a pty against a simulated fleet that lives on"
    peak = terminal.most_memory / _MB
    return [
        Row(
            what=f"{what}: the most it ever had",
            ours=peak,
            unit="MB",
            rivals={"bare rows": bare.size / _MB},
            ratio=f"{peak / (bare.size / _MB):.1f} times as much",
            goal=f"at most {GOAL_MB:g} MB",
            met=peak <= GOAL_MB,
            how=(
                f"{how}, through {listings} whole listing(s) and the writing of their snapshots "
                "(ru_maxrss, one run); bare rows are the sizes of all objects that "
                f"the same {bare.count:,} rows are made of, equal texts counted once."
            ),
        ),
        Row(
            what=f"{what}: settled",
            ours=settled[-1] / _MB,
            unit="MB",
            rivals={"bare rows": bare.size / _MB},
            ratio=f"{settled[-1] / bare.size:.1f} times as much",
            goal=f"at most {GOAL_MB:g} MB",
            met=settled[-1] / _MB <= GOAL_MB,
            how=(
                f"{how}: the median resident set of the {_SETTLING_SECONDS:g} s after the last "
                f"snapshot was written; after the first listing it was {settled[0] / _MB:.0f} MB."
            ),
        ),
    ]


def _remembered(terminal: Terminal, fleet: Fleet, after: float) -> float:
    """Wait until a whole listing later than `after` is on disk; the time it was saved under."""
    deadline = time.monotonic() + _LISTING_SECONDS
    while time.monotonic() < deadline:
        if not terminal.read(0.5):
            raise RuntimeError(f"the explorer ended: {terminal.last_words}")
        terminal.forget()
        saved = fleet.saved_at()
        if saved > after:
            return saved
    raise RuntimeError(f"no snapshot was written within {_LISTING_SECONDS:g} s")


def _settled(terminal: Terminal) -> int:
    """The median of its resident set over some seconds, in bytes."""
    samples: list[int] = []
    deadline = time.monotonic() + _SETTLING_SECONDS
    while time.monotonic() < deadline:
        terminal.read(0.25)
        samples.append(resident_bytes(terminal.pid))
    return int(median(samples))


def _bare_rows(database: Path) -> Bare:
    command = [sys.executable, "-m", "benchmarks.bare_rows", str(database)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(done.stdout, type=Bare)
