"""`ssmtui rollouts`: the rollouts on record here, which can be taken up again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ssmtui.cli.backend import paths_of
from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options
from ssmtui.cli.run import put, run
from ssmtui.core.columns import age, rfc3339
from ssmtui.core.export import json_text
from ssmtui.core.text import cells, fit, plain

if TYPE_CHECKING:
    from ssmtui.rollouts.record import Summary

_TITLES = ("ID", "AGE", "PHASE", "NODES", "DOCUMENT", "TITLE")
_WIDEST = 40


@click.command("rollouts")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json", "jsonl"]),
    default="table",
    show_default=True,
    help="How they are written.",
)
@shared_options
@click.pass_context
def command(ctx: click.Context, /, *, output: str, **given: Any) -> None:
    """List the rollouts on record here, the latest first. They are kept for 30 days.

    Those that are running, held or left are taken up again with ssmtui run --attach ID.
    """
    options = keep_options(ctx, given)
    ctx.exit(run(rollouts(options, output)))


async def rollouts(options: Options, output: str) -> int:
    """The verb itself; returns its exit code."""
    from ssmtui.rollouts.record import Records

    records = Records(paths_of(options).rollouts)
    now = time.time()
    await asyncio.to_thread(records.prune, now)
    found = await asyncio.to_thread(records.all)
    if output == "table":
        put(f"{line}\n" for line in table(found, now))
    elif output == "json":
        put([json_text([record(each) for each in found], indent=2), "\n"])
    else:
        put(f"{json_text(record(each))}\n" for each in found)
    return 0


def table(found: Sequence[Summary], now: float) -> list[str]:
    """Aligned lines, a header first."""
    lines = [_TITLES, *(_cells(each, now) for each in found)]
    widths = [min(_WIDEST, max(cells(line[place]) for line in lines)) for place in range(6)]
    return [
        "  ".join(fit(text, width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def record(summary: Summary) -> dict[str, Any]:
    """A rollout as an object of JSON."""
    return {
        "id": summary.id,
        "created": rfc3339(summary.created),
        "phase": str(summary.phase),
        "nodes": summary.nodes,
        "document": summary.document,
        "title": summary.title,
        "identity": summary.identity or None,
        "scopes": list(summary.scopes),
    }


def _cells(summary: Summary, now: float) -> tuple[str, ...]:
    return (
        summary.id,
        age(now - summary.created),
        str(summary.phase),
        "?" if summary.nodes is None else f"{summary.nodes:,}",
        plain(summary.document),
        plain(summary.title),
    )
