"""`ssmtui why NAME`: why a node is lost, stopped or unmanaged."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from ssmtui.cli.backend import connected, load_config, paths_of, resolve_or_fail, start_log
from ssmtui.cli.finding import find_row
from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options
from ssmtui.cli.run import PARTIAL, put, run, say_problems
from ssmtui.core.export import json_text

if TYPE_CHECKING:
    from ssmtui.resources.nodes.row import Node
    from ssmtui.resources.nodes.why import Diagnosis


@click.command("why")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the answer is written.",
)
@shared_options
@click.pass_context
def command(ctx: click.Context, /, name: str, output: str, **given: Any) -> None:
    """Say why the node NAME (an exact id or name) is lost, stopped or unmanaged.

    Exit codes: 0; 1 there is no such node; 2 input, credentials or endpoint, or several nodes have
    the name; 3 not everything could be listed: NAME was not found, or may have a namesake there.
    """
    options = keep_options(ctx, given)
    ctx.exit(run(why(options, name, output)))


async def why(options: Options, name: str, output: str) -> int:
    """The verb itself; returns its exit code. Raises ProblemError for bad input."""
    from ssmtui.resources.memory import Memory
    from ssmtui.resources.nodes.why import diagnose

    paths = paths_of(options)
    config = load_config(paths)
    start_log(options, paths)
    memory = Memory(paths)
    async with connected(options, config, paths) as connection:
        scopes, problems = await resolve_or_fail(connection)
        scope, node, problems = await find_row(scopes, memory, name, problems)
        diagnosis = await diagnose(scope, node, time.time())
    put([as_json(node, diagnosis) if output == "json" else as_text(diagnosis), "\n"])
    say_problems(problems)
    # An id is one node's alone, but a name may have another where nothing could be listed.
    return PARTIAL if problems and name != node.id else 0


def as_text(diagnosis: Diagnosis) -> str:
    """The answer as lines: the summary, then each group that has findings."""
    from ssmtui.resources.nodes.why import TITLES

    lines = [f"{diagnosis.summary}."]
    for verdict, title in TITLES.items():
        group = diagnosis.of(verdict)
        if group:
            lines += ["", title]
        for finding in group:
            lines.append(f"  {finding.what}")
            if finding.remedy:
                lines.append(f"    -> {finding.remedy}")
    return "\n".join(lines)


def as_json(node: Node, diagnosis: Diagnosis) -> str:
    import msgspec

    answer = {
        "account": node.account,
        "region": node.region,
        "id": node.id,
        "summary": diagnosis.summary,
        "findings": msgspec.to_builtins(diagnosis.findings),
    }
    return json_text(answer, indent=2)
