"""The API calls of an hour in which nobody touches the explorer: 60 listings, driven by hand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from benchmarks.fleet import Fleet, simulated
from benchmarks.measures import Row
from ssmtui.aws.gateway import Gateway, Selection, Settings
from ssmtui.aws.scope import Scope
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.core.tasks import spawn
from ssmtui.local import paths as places
from ssmtui.local.journal import Transition
from ssmtui.resources.base import Resource
from ssmtui.resources.memory import Memory
from ssmtui.resources.nodes.listing import NodeListing
from ssmtui.resources.registry import resources
from ssmtui.ui.feed import SHORTEST_INTERVAL, Feed

HOUR = 3600.0
_LEAP = 1.0  # seconds that pass at once where nothing happens


class Hour(NamedTuple):
    """Calls by operation, of the start and of the hour after it; when listings began (seconds)."""

    start: dict[str, int]
    calls: dict[str, int]
    begun: list[float]

    @property
    def shortest(self) -> float:
        """The least time between the beginnings of two listings."""
        return min(b - a for a, b in zip(self.begun, self.begun[1:], strict=False))


async def run(*, quick: bool = False) -> list[Row]:
    nodes, seconds = (500, 600.0) if quick else (10_000, HOUR)
    async with simulated(nodes) as fleet:
        hour = await asyncio.to_thread(_lived, fleet, seconds)
    total = sum(hour.calls.values())
    what = f"API calls of an idle {'hour' if seconds == HOUR else f'{seconds:g} s'}"
    shares = [
        Row(
            what=f"{what}: {operation}",
            ours=count,
            unit="calls",
            how=f"Of those; the first listing before it took {hour.start.get(operation, 0)}.",
        )
        for operation, count in sorted(hour.calls.items())
    ]
    return [
        Row(
            what=f"{what}, {nodes:,} nodes",
            ours=total,
            unit="calls",
            goal=f"no node list more often than every {SHORTEST_INTERVAL:g} s",
            met=hour.shortest >= SHORTEST_INTERVAL,
            how=(
                f"The UI's feed, its event loop's clock moved on by hand and the fleet's time with "
                f"it (nodes come, go and are lost), calls counted by the fleet: "
                f"{len(hour.begun) - 1} listings, never less than {hour.shortest:.1f} s from one "
                "beginning to the next."
            ),
        ),
        *shares,
    ]


class _Counting(Memory):
    """The UI's memory, which tells how many listings it has kept."""

    kept = 0

    def remember(
        self, resource: Resource[Any], scope: ScopeKey, rows: Sequence[Any], now: float
    ) -> list[Transition]:
        happened = super().remember(resource, scope, rows, now)
        self.kept += 1
        return happened


class _LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock can be moved on: what waits for a time need not be waited for."""

    leapt = 0.0

    def time(self) -> float:
        return super().time() + self.leapt


def _lived(fleet: Fleet, seconds: float) -> Hour:
    loop = _LeapingLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(_live(loop, fleet, seconds))


async def _live(loop: _LeapingLoop, fleet: Fleet, seconds: float) -> Hour:
    """Start the feed as the UI does, and count what it asks for in the time after that."""
    problems: list[Problem] = []
    begun: list[float] = []

    def changed() -> None:
        if feed.refreshing and len(begun) == feed.ended:
            begun.append(loop.time())

    memory = _Counting(places.default())
    feed = _feed(loop, memory, changed, problems)
    async with Gateway(Settings()) as gateway:
        scopes, troubles = await gateway.resolve(
            Selection(profiles=fleet.info.profiles, regions=fleet.info.regions)
        )
        problems += troubles
        running = spawn(feed.run(), "the feed")
        await feed.cover(scopes)
        await _ended(feed, 1, problems)
        start = fleet.calls()
        fleet.forget_calls()
        ending = loop.time() + seconds
        while loop.time() < ending:
            await _rested(loop, fleet, feed, memory)
            await _ended(feed, feed.ended + 1, problems)
        running.cancel()
    return Hour(start, fleet.calls(), begun)


def _feed(
    loop: _LeapingLoop, memory: Memory, changed: Callable[[], None], problems: list[Problem]
) -> Feed:
    """The UI's feed of nodes; its listing goes by the loop's clock as well."""
    nodes = next(resource for resource in resources(memory) if resource.name == "nodes")

    def listing(scopes: Sequence[Scope]) -> NodeListing:
        lost = memory.lost_since([scope.key for scope in scopes])
        return NodeListing(scopes, lost, clock=loop.time)

    return Feed(
        msgspec.structs.replace(nodes, listing=listing),
        memory=memory,
        now=lambda: time.time() + loop.leapt,
        changed=changed,
        said=problems.append,
    )


async def _rested(loop: _LeapingLoop, fleet: Fleet, feed: Feed, memory: _Counting) -> None:
    """Once the last listing is on disk, let time fly until the feed begins the next one."""
    while memory.kept < feed.ended:
        await asyncio.sleep(0.001)
    ended = feed.ended
    while not feed.refreshing and feed.ended == ended:
        loop.leapt += _LEAP
        fleet.control("POST", "advance", {"seconds": _LEAP})
        await asyncio.sleep(0.002)


async def _ended(feed: Feed, count: int, problems: Sequence[Problem]) -> None:
    """Wait until so many listings have come to their end."""
    while feed.ended < count and not problems:
        await asyncio.sleep(0.005)
    if problems:
        raise ProblemError(problems[0])
