"""The rows of the node list against boto3's DescribeInstanceInformation paginator."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from statistics import median
from typing import NamedTuple, cast

from benchmarks.fleet import Fleet, simulated
from benchmarks.measures import Row, alternate, ratio_of
from ssmtui.aws.gateway import Gateway, Selection, Settings
from ssmtui.core.problem import ProblemError
from ssmtui.resources.base import Event, Finished, Progress
from ssmtui.resources.nodes.listing import NodeListing
from ssmtui.resources.nodes.scope_nodes import NODES

GOAL = 12.0
LATENCY_MS = 100.0


class Run(NamedTuple):
    """Seconds until the rows were there, from the start and from the resolved scope; the rows."""

    whole: float
    listing: float
    rows: int


async def run(*, quick: bool = False) -> list[Row]:
    nodes, rounds = (1000, 1) if quick else (10_000, 3)
    async with simulated(nodes, latency_ms=LATENCY_MS) as fleet:
        ours, theirs = await alternate(rounds, partial(_ours, fleet), partial(_boto3, fleet))
    ratio = ratio_of([r.listing for r in theirs], [r.listing for r in ours])
    milliseconds = 1000 * median(r.listing for r in ours)
    return [
        Row(
            what=f"rows of the node list, {nodes:,} nodes in one scope",
            ours=milliseconds,
            unit="ms",
            rivals={"boto3": 1000 * median(r.listing for r in theirs)},
            ratio=f"{ratio:.1f} times faster",
            goal=f"{GOAL:g} times faster",
            met=ratio >= GOAL,
            how=(
                f"From the resolved scope to the end of SSM's list ({ours[0].rows:,} rows), EC2's "
                "stream running beside it and the limiter on, against boto3's paginator of "
                f"DescribeInstanceInformation at pages of 50 with its client ready "
                f"({theirs[0].rows:,} rows, as it leaves out stopped nodes), {LATENCY_MS:g} ms of "
                "latency a call."
            ),
        ),
        Row(
            what="the same, and opening the way to AWS first",
            ours=1000 * median(r.whole for r in ours),
            unit="ms",
            how="With reading the service models, GetCallerIdentity and making the clients.",
        ),
    ]


async def _ours(fleet: Fleet) -> Run:
    begun = time.perf_counter()
    selection = Selection(profiles=fleet.info.profiles, regions=fleet.info.regions)
    async with Gateway(Settings()) as gateway:
        scopes, problems = await gateway.resolve(selection)
        if problems:
            raise ProblemError(problems[0])
        resolved = time.perf_counter()
        rows = await _listed(NodeListing(scopes))
        listed = time.perf_counter()
    return Run(listed - begun, listed - resolved, rows)


async def _listed(listing: NodeListing) -> int:
    """Read until SSM's own list has ended; how many rows it has."""
    rows = 0
    # Left half-way: closing it ends the streams that are still running.
    async with aclosing(cast("AsyncGenerator[Event, None]", listing.refresh())) as events:
        async for event in events:
            if isinstance(event, Progress) and event.stage == NODES:
                rows = event.done
            if isinstance(event, Finished) and event.stage == NODES:
                if event.problem is not None:
                    raise ProblemError(event.problem)
                break
    return rows


async def _boto3(fleet: Fleet) -> Run:
    import boto3

    begun = time.perf_counter()
    client = boto3.session.Session(profile_name=fleet.info.profiles[0]).client("ssm")
    ready = time.perf_counter()
    pages = client.get_paginator("describe_instance_information").paginate(
        PaginationConfig={"PageSize": 50}
    )
    rows = [row for page in pages for row in page["InstanceInformationList"]]
    listed = time.perf_counter()
    return Run(listed - begun, listed - ready, len(rows))
