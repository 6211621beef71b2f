"""`ssmtui why NAME`: why a node is lost, stopped or unmanaged."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ssmtui.cli.backend import (
    Connection,
    connected,
    load_config,
    paths_of,
    start_log,
)
from ssmtui.cli.options import Options, keep_options, shared_options
from ssmtui.cli.run import ANSWER_IS_NO, BAD_INPUT, PARTIAL, run, say, say_problem
from ssmtui.core.export import json_text
from ssmtui.core.problem import Problem
from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.resources.memory import Memory
    from ssmtui.resources.nodes.row import Node
    from ssmtui.resources.nodes.why import Diagnosis

HEADINGS = (
    ("cause", "Causes"),
    ("likely", "Likely"),
    ("excluded", "Excluded"),
    ("unread", "Could not be read"),
)


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
    the name; 3 it was not found, and not everything could be listed.
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
        found, problems = await _find(connection, memory, name)
        if len(found) != 1:
            return _not_one(name, [node for _, node in found], problems)
        scope, node = found[0]
        now = time.time()
        diagnosis = await diagnose(scope, node, now)
    click.echo(as_json(node, diagnosis) if output == "json" else as_text(diagnosis))
    return 0


async def _find(
    connection: Connection, memory: Memory, name: str
) -> tuple[list[tuple[Scope, Node]], list[Problem]]:
    """The nodes of that id or name, read anew.

    Where the snapshot knows the name, only its scopes are listed; otherwise all of them.
    """
    import asyncio

    from ssmtui.cli.listing import list_once
    from ssmtui.resources.nodes import nodes

    scopes, problems = await connection.resolve()
    resource = nodes()
    kept = await asyncio.to_thread(memory.named, resource, name)
    known = {row.key.scope for row in kept}
    chosen = [scope for scope in scopes if scope.key in known]
    for attempt in ([chosen] if chosen else []) + [scopes]:
        listed = await list_once(resource, attempt)
        by_key = {scope.key: scope for scope in attempt}
        found = [
            (by_key[key.scope], node)
            for key, node in listed.rows.items()
            if name in (node.id, node.name)
        ]
        if found:
            return found, problems + listed.problems
    return [], problems + listed.problems


def _not_one(name: str, nodes: Sequence[Node], problems: Sequence[Problem]) -> int:
    if nodes:
        ids = ", ".join(f"{node.id} ({node.account}/{node.region})" for node in nodes[:10])
        say(f"{len(nodes)} nodes are called {plain(name)}. Name one by its id: {ids}.")
        return BAD_INPUT
    for problem in problems:
        say_problem(problem)
    say(f"there is no node called {plain(name)} in what was listed")
    return PARTIAL if problems else ANSWER_IS_NO


def as_text(diagnosis: Diagnosis) -> str:
    """The answer as lines: the summary, then each group that has findings."""
    lines = [f"{diagnosis.summary}."]
    for verdict, heading in HEADINGS:
        group = [finding for finding in diagnosis.findings if finding.verdict == verdict]
        if group:
            lines += ["", heading]
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
