"""The fleet table's results as rows of the page."""

from __future__ import annotations

import asyncio
from math import isfinite

from benchmarks.measures import Row
from benchmarks.table import COUNT, Result
from benchmarks.table import run as measure


async def run(*, quick: bool = False) -> list[Row]:
    """Measure in a thread of its own, as every contestant there brings its own event loop."""
    results = await asyncio.to_thread(measure, 1 if quick else 5, not quick)
    return [_row(result) for result in results]


def _row(result: Result) -> Row:
    (_, ours), *rivals = result.timings.items()
    return Row(
        what=f"fleet table, {COUNT:,} rows: {result.what}",
        ours=ours.painted,
        unit="ms",
        rivals={name: rival.painted for name, rival in rivals},
        ratio=", ".join(f"{rival.painted / ours.painted:.1f}" for _, rival in rivals)
        + " times faster" * bool(rivals),
        goal="ahead of both"
        + f", painted within {result.painted_goal:g} ms" * isfinite(result.painted_goal)
        + f", no pause over {result.pause_goal:g} ms",
        met=result.met,
        how=(
            "Headless at 200x50 and 10 columns, until painted; our loop's longest pause was "
            f"{ours.pause:.0f} ms, and all work in the background was done after {ours.done:.0f} "
            "ms."
        ),
    )
