"""Decoding large pages, against botocore's own parsers on the same bytes."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median
from typing import Any, NamedTuple

import botocore.parsers
import botocore.session

from benchmarks.fleet import simulated
from benchmarks.measures import Pauses, Row, alternate, ratio_of
from ssmtui.aws.parsers import TypedParserFactory

GOAL = 20.0
PAUSE_GOAL_MS = 33.0


class Page(NamedTuple):
    """An answer as it came over the wire, and the shape it is of."""

    response: dict[str, Any]
    shape: Any
    protocol: str


async def run(*, quick: bool = False) -> list[Row]:
    rows, rounds = (100, 3) if quick else (1000, 31)
    async with simulated(2 * rows):
        nodes = await asyncio.to_thread(
            _page, "ssm", "DescribeInstanceProperties", {"MaxResults": rows}
        )
        instances = await asyncio.to_thread(
            _page, "ec2", "DescribeInstances", {"MaxResults": min(300, rows)}
        )
    return [await _nodes_row(nodes, rows, rounds), *await _ec2_rows(instances, rounds)]


async def _nodes_row(page: Page, rows: int, rounds: int) -> Row:
    ours, theirs = await alternate(
        rounds, partial(_timed, _ours(page)), partial(_timed, _botocore(page))
    )
    ratio = ratio_of(theirs, ours)
    return Row(
        what=f"decode a {rows:,}-node page",
        ours=1000 * median(ours),
        unit="ms",
        rivals={"botocore": 1000 * median(theirs)},
        ratio=f"{ratio:.1f} times faster",
        goal=f"{GOAL:g} times faster",
        met=ratio >= GOAL,
        how=(
            f"The same {len(page.response['body']):,} bytes of DescribeInstanceProperties through "
            "our session's parser, texts shared, and through botocore's."
        ),
    )


async def _ec2_rows(page: Page, rounds: int) -> list[Row]:
    ours, theirs = await alternate(
        rounds, partial(_paused, _ours(page)), partial(_paused, _botocore(page))
    )
    took, pauses = zip(*ours, strict=True)
    their_took, their_pauses = zip(*theirs, strict=True)
    what = f"a page of {len(page.response['body']):,} bytes of EC2 instances"
    return [
        Row(
            what=f"{what}: decode",
            ours=1000 * median(took),
            unit="ms",
            rivals={"botocore": 1000 * median(their_took)},
            ratio=f"{ratio_of(their_took, took):.1f} times faster",
            how="DescribeInstances at our page size, decoded on the loop with pauses in between.",
        ),
        Row(
            what=f"{what}: longest pause of the loop",
            ours=1000 * median(pauses),
            unit="ms",
            rivals={"botocore": 1000 * median(their_pauses)},
            goal=f"at most {PAUSE_GOAL_MS:g} ms",
            met=1000 * median(pauses) <= PAUSE_GOAL_MS,
            how="How late a 1 ms ticker was while the page was decoded.",
        ),
    ]


def _ours(page: Page) -> Callable[[], Awaitable[Any]]:
    parser = TypedParserFactory().create_parser(page.protocol)
    return lambda: parser.parse(page.response, page.shape)


def _botocore(page: Page) -> Callable[[], Awaitable[Any]]:
    parser = botocore.parsers.create_parser(page.protocol)

    async def parse() -> Any:
        return parser.parse(page.response, page.shape)

    return parse


async def _timed(parse: Callable[[], Awaitable[Any]]) -> float:
    start = time.perf_counter()
    await parse()
    return time.perf_counter() - start


async def _paused(parse: Callable[[], Awaitable[Any]]) -> tuple[float, float]:
    async with Pauses() as pauses:
        took = await _timed(parse)
    return took, pauses.longest


def _page(service: str, operation: str, params: dict[str, Any]) -> Page:
    """The first page of an operation, caught before botocore reads it."""
    session = botocore.session.Session(profile=os.environ["AWS_PROFILE"])
    client = session.create_client(service)
    caught: list[dict[str, Any]] = []

    def catch(response_dict: dict[str, Any], **_: Any) -> None:
        caught.append(dict(response_dict))

    client.meta.events.register(f"before-parse.{service}.{operation}", catch)
    client._make_api_call(operation, params)
    model = client.meta.service_model
    shape = model.operation_model(operation).output_shape
    return Page(caught[0], shape, model.resolved_protocol)
