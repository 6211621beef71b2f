"""20 logs of 500 lines a second in one view: what comes through, and the loop's longest pause."""

from __future__ import annotations

import asyncio
import gc
import time
from typing import Any

from benchmarks.explorer import explorer
from benchmarks.fleet import simulated
from benchmarks.measures import Pauses, Row
from benchmarks.terminal import COLUMNS, LINES
from ssmtui.sessions.follow.merging import State
from ssmtui.ui.app import SsmtuiApp
from ssmtui.ui.screens.follow import FollowPage

NODES = 20
LINES_A_SECOND = 500  # of each node's LOG
LOG = "/var/log/firehose.log"
SECONDS = 10.0
GOAL_MS = 33.0
# What is on its way when it is counted is not lost: the merge alone holds a quarter of a second.
_LEAST = 0.97
_TIMEOUT = 120.0


async def run(*, quick: bool = False) -> list[Row]:
    nodes, seconds = (4, 1.0) if quick else (NODES, SECONDS)
    wanted = nodes * LINES_A_SECOND
    async with simulated(100, pace=1):
        app = explorer()
        async with app.run_test(size=(COLUMNS, LINES)), asyncio.timeout(_TIMEOUT):
            page = await _followed(app, nodes)
            reading = page.reading
            # As the explorer does: what is there for good is not looked through again and again.
            gc.collect()
            gc.freeze()
            async with Pauses() as pauses:
                before, drawn, begun = reading.book.came, page.drawn, time.perf_counter()
                await asyncio.sleep(seconds)
                took = time.perf_counter() - begun
                rate = (reading.book.came - before) / took
                frames = (page.drawn - drawn) / took
    how = (
        f"{LOG} of {nodes} simulated nodes for {seconds:g} s, in the headless app at "
        f"{COLUMNS}x{LINES}; the fleet is a process of its own, on the same cores."
    )
    return [
        Row(
            what=f"followed log, {nodes} nodes x {LINES_A_SECOND} lines a second: shown",
            ours=rate,
            unit="lines/s",
            goal=f"{wanted:,} lines/s",
            met=rate >= _LEAST * wanted,
            how=f"{how} They were drawn {frames:.0f} times a second.",
        ),
        Row(
            what="the same, longest pause of the loop",
            ours=1000 * pauses.longest,
            unit="ms",
            goal=f"at most {GOAL_MS:g} ms",
            met=1000 * pauses.longest <= GOAL_MS,
            how="How late a 1 ms ticker was meanwhile.",
        ),
    ]


async def _followed(app: SsmtuiApp, nodes: int) -> FollowPage:
    """The view of the log, once every node is followed and its last lines have come."""
    feed = app.feed(app.main.resource)
    while not feed.ended:
        await asyncio.sleep(0.05)
    online: list[Any] = [
        row for row in feed.store.values() if row.platform == "linux" and row.ping == "online"
    ]
    pane = app.main.pane
    app.following.ask(online[:nodes], pane.scope_of, LOG)
    while not isinstance(app.screen, FollowPage):
        await asyncio.sleep(0.05)
    reading = app.screen.reading
    while reading.states[State.FOLLOWING] < nodes:
        await asyncio.sleep(0.05)
    await asyncio.sleep(2.0)
    return app.screen
