"""The longest pauses of the event loop while the explorer loads a fleet of 100,000 nodes."""

from __future__ import annotations

import asyncio

from benchmarks.explorer import explorer
from benchmarks.fleet import Fleet, simulated
from benchmarks.measures import Pauses, Row
from benchmarks.terminal import COLUMNS, LINES
from ssmtui.core.problem import ProblemError
from ssmtui.resources.nodes import NODES, STAGES
from ssmtui.ui.app import SsmtuiApp

GOAL_MS = 33.0
_TIMEOUT = 300.0


async def run(*, quick: bool = False) -> list[Row]:
    nodes = 1000 if quick else 100_000
    async with simulated(nodes, pace=1) as fleet:
        app = explorer()
        screen = app.run_test(size=(COLUMNS, LINES))
        async with screen, asyncio.timeout(_TIMEOUT), Pauses() as pauses:
            begun = asyncio.get_running_loop().time()
            phases = await _load(app, fleet, pauses)
            took = asyncio.get_running_loop().time() - begun
            app.feed(app.main.resource).reload()
            phases["a second listing"] = await _listed_again(app, fleet, pauses)
    return [
        Row(
            what=f"longest pause of the loop, {nodes:,} nodes: {phase}",
            ours=1000 * pause,
            unit="ms",
            goal=f"at most {GOAL_MS:g} ms",
            met=1000 * pause <= GOAL_MS,
            how=(
                "How late a 1 ms ticker was in the headless app at 200x50, simulated fleet in a "
                f"process of its own; the whole load took {took:.0f} s (one run)."
            ),
        )
        for phase, pause in phases.items()
    ]


async def _load(app: SsmtuiApp, fleet: Fleet, pauses: Pauses) -> dict[str, float]:
    """The longest pause of each part of the first listing."""
    feed = app.feed(app.main.resource)
    phases: dict[str, float] = {}

    def note(phase: str) -> None:
        phases[phase] = pauses.longest
        pauses.reset()

    while not feed.refreshing:
        await asyncio.sleep(0.01)
    note("connecting")
    (standing,) = feed.standings.values()
    while NODES not in standing.ended:
        await asyncio.sleep(0.01)
    note("SSM's list")
    while not feed.ended:
        await asyncio.sleep(0.01)
    note("EC2's facts and tags")
    if missing := set(STAGES) - set(standing.ended):
        raise RuntimeError(f"stages that did not end: {', '.join(missing)}")
    if feed.problems:
        raise ProblemError(feed.problems[0])
    await _remembered(fleet, 0.0)
    note("keeping the snapshot")
    return phases


async def _listed_again(app: SsmtuiApp, fleet: Fleet, pauses: Pauses) -> float:
    feed = app.feed(app.main.resource)
    before = fleet.saved_at()
    while feed.ended < 2:
        await asyncio.sleep(0.01)
    await _remembered(fleet, before)
    return pauses.longest


async def _remembered(fleet: Fleet, before: float) -> None:
    """Wait until a later listing than that is on disk."""
    while await asyncio.to_thread(fleet.saved_at) <= before:
        await asyncio.sleep(0.1)
