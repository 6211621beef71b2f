"""`ssmtui tail NODE... PATH`: one log of many nodes, followed as one stream."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ssmtui.cli.backend import connected, load_config, paths_of, resolve_or_fail, start_log
from ssmtui.cli.finding import NotFoundError, ask_on_terminal
from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options
from ssmtui.cli.reasons import check_reason, reason_option
from ssmtui.cli.run import ANSWER_IS_NO, BROKEN_PIPE, run, say, say_problem
from ssmtui.cli.several import Meant, labels, matching_nodes, named_nodes
from ssmtui.cli.signals import told_to_end
from ssmtui.core.expressions import Expression
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import input_problem
from ssmtui.core.text import cells, fit, plain
from ssmtui.resources.memory import Memory
from ssmtui.resources.narrow import narrowed
from ssmtui.sessions.follow.book import expression
from ssmtui.sessions.follow.changes import Changes
from ssmtui.sessions.follow.merging import Line
from ssmtui.sessions.follow.source import Source, SourceKind

if TYPE_CHECKING:
    from ssmtui.sessions.follow.follow import Follow
    from ssmtui.sessions.follow.merging import Item

_STDOUT = 1
MOST_LINES = 10_000
_COLOURS = ("cyan", "green", "yellow", "magenta", "blue", "bright_cyan", "bright_green")


class Wish(msgspec.Struct, frozen=True):
    """Whose log, and how it is shown. `unit` or `event_log` or else `path`; `names` or `on`."""

    path: str
    unit: str | None
    event_log: str | None
    names: tuple[str, ...]
    on: str | None
    grep: str
    lines: int
    reason: str


@click.command("tail")
@click.argument("words", nargs=-1, metavar="[NODE]... [PATH]")
@click.option("--on", "expression", metavar="EXPR", help="All nodes that match: 'Role=web'.")
@click.option("--unit", metavar="NAME", help="A unit of the journal, in place of a path.")
@click.option("--event-log", metavar="NAME", help="A Windows event log, in place of a path.")
@click.option(
    "-n",
    "--lines",
    type=click.IntRange(0, MOST_LINES),
    default=10,
    show_default=True,
    help="Lines to begin with, of each node.",
)
@click.option("--grep", metavar="REGEX", default="", help="Only lines that match.")
@reason_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    words: tuple[str, ...],
    expression: str | None,
    unit: str | None,
    event_log: str | None,
    lines: int,
    grep: str,
    reason: str,
    **given: Any,
) -> None:
    """Follow a log on many nodes at once, as one stream with the node before each line.

    NODE is an exact id or name; --on takes an expression of the filter language instead. PATH is a
    file on the nodes; rotated logs go on. A node that drops is said and joined again. It goes on
    until Ctrl-C, which ends all sessions.

    Exit codes: 1 no node is left, or none was found; 2 input, credentials or endpoint; 3 it is not
    known for certain who is meant; 130 interrupted.
    """
    options = keep_options(ctx, given)
    if unit is not None and event_log is not None:
        raise click.UsageError("--unit and --event-log contradict each other.")
    path, names = "", words
    if unit is None and event_log is None:
        if not words:
            raise click.UsageError("Say which PATH, --unit or --event-log to follow.")
        *rest, path = words
        names = tuple(rest)
    if (expression is None) == (not names):
        raise click.UsageError("Name nodes, or say which ones with --on EXPR; not both.")
    wish = Wish(path, unit, event_log, names, expression, grep, lines, reason)
    ctx.exit(run(tail(options, wish)))


async def tail(options: Options, wish: Wish) -> int:
    """The verb itself; returns its exit code. Raises ProblemError for bad input."""
    from ssmtui.core.query import parse
    from ssmtui.resources.nodes import nodes
    from ssmtui.sessions.specs import SessionSpec

    # What is wrong with the words is said before anything is asked of AWS.
    source = _source(wish)
    pattern = expression(wish.grep)
    SessionSpec(RowKey("", "", "node"), reason=wish.reason)
    query = None if wish.on is None else parse(wish.on, nodes().columns)
    paths = paths_of(options)
    config = load_config(paths)
    check_reason(config, wish.reason)
    start_log(options, paths)
    with told_to_end() as told:
        try:
            async with connected(options, config, paths) as connection:
                scopes, problems = await resolve_or_fail(connection)
                if query is None:
                    ask = ask_on_terminal if sys.stdin.isatty() and sys.stderr.isatty() else None
                    meant = await named_nodes(scopes, Memory(paths), wish.names, problems, ask=ask)
                else:
                    if query.scopes:
                        await connection.gateway.aliases()
                        scopes = list(narrowed(scopes, query.scopes))
                    meant = await matching_nodes(scopes, query, problems)
                return await _follow(meant, source, wish, pattern)
        except NotFoundError as error:
            return error.code
        except asyncio.CancelledError:
            if told:
                return 128 + told[0]
            raise


async def _follow(
    meant: Sequence[Meant], source: Source, wish: Wish, pattern: Expression | None
) -> int:
    from ssmtui.sessions.follow.follow import MOST_NODES, Follow
    from ssmtui.sessions.follow.node import Node
    from ssmtui.sessions.outlet import while_read

    if len(meant) > MOST_NODES:
        what = f"{len(meant):,} nodes are meant, and at most {MOST_NODES} are followed at once"
        raise input_problem(what, "Narrow the expression")
    names = labels(meant)
    for node in meant:
        source.command(node.platform, wish.lines)  # which says where there is no such thing
    followed = [
        Node(node.scope, node.key, name, node.platform)
        for node, name in zip(meant, names, strict=True)
    ]
    view = View(names, pattern, coloured=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    follow = Follow(followed, source, lines=wish.lines, reason=wish.reason)
    count = f"{len(names)} nodes" if len(names) > 1 else names[0]
    say(f"following {source.title} on {count}")
    try:
        follow.start()
        await while_read(_STDOUT, _show(follow, view), "showing lines")
    except BrokenPipeError:
        return BROKEN_PIPE
    finally:
        for problem in await follow.close():
            say_problem(problem)
    say("no node is left to follow")
    return ANSWER_IS_NO


async def _show(follow: Follow, view: View) -> None:
    from ssmtui.sessions.outlet import write_out

    async for batch in follow:
        for words in view.news(batch):
            say(words)
        if written := view.lines(batch):
            await write_out(_STDOUT, written.encode(errors="replace"))


class View:
    """How batches look on a terminal or in a pipe."""

    def __init__(self, names: Sequence[str], pattern: Expression | None, *, coloured: bool) -> None:
        width = max(map(cells, names))
        self._names = names
        self._pattern = pattern
        self._prefixes = [
            click.style(fit(name, width), fg=_COLOURS[place % len(_COLOURS)])
            if coloured
            else fit(name, width)
            for place, name in enumerate(names)
        ]
        self._changes = Changes()

    def lines(self, batch: Sequence[Item]) -> str:
        """The lines that match, safe to show, each behind its node; "" if there are none.

        TooSlowError: it takes too long to say which ones do.
        """
        texts = [
            (item.node, plain(item.text))
            for item in batch
            if isinstance(item, Line) and not item.aside
        ]
        return "".join(
            f"{self._prefixes[node]}  {text}\n"
            for node, text in texts
            if self._pattern is None or self._pattern.search(text)
        )

    def news(self, batch: Sequence[Item]) -> list[str]:
        """What is to be said about nodes: those that drop, come back or complain."""
        said = []
        for item in batch:
            name = self._names[item.node]
            if isinstance(item, Line):
                if item.aside and item.text:
                    said.append(f"{name}: {plain(item.text)}")
            elif words := self._changes.said(item):
                said.append(f"{name}: {words}")
        return said


def _source(wish: Wish) -> Source:
    if wish.unit is not None:
        return Source(SourceKind.UNIT, wish.unit)
    if wish.event_log is not None:
        return Source(SourceKind.EVENT_LOG, wish.event_log)
    return Source(SourceKind.PATH, wish.path)
