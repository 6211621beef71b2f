"""`ssmtui get RESOURCE [NAME...]`: any resource as a table, JSON, JSON lines, CSV or YAML."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any

import click

from ssmtui.cli.backend import (
    connected,
    load_config,
    paths_of,
    resolve_or_fail,
    start_log,
)
from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options
from ssmtui.cli.run import (
    ANSWER_IS_NO,
    BAD_INPUT,
    PARTIAL,
    VerbEndedError,
    put,
    run,
    say,
    say_problems,
)
from ssmtui.core.columns import Column, sort_key
from ssmtui.core.export import FORMATS, export
from ssmtui.core.haystack import haystack_of
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.core.query import Query, parse
from ssmtui.core.text import cells, fit, plain
from ssmtui.local.paths import Paths
from ssmtui.resources.base import Resource

TABLES = ("table", "wide")
WIDEST = 60  # cells of one column: a 255-character name must not push all others off the screen


def complete_resources(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from ssmtui.local.paths import default
    from ssmtui.resources.memory import Memory
    from ssmtui.resources.registry import resources

    names = [resource.name for resource in resources(Memory(default()))]
    return [name for name in names if name.startswith(incomplete)]


@click.command("get")
@click.argument("resource", shell_complete=complete_resources)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--filter",
    "expression",
    metavar="EXPR",
    default="",
    help="The filter language: Env=prod 'seen>30m' agent<3.3 web @prod",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice([*TABLES, *FORMATS]),
    default="table",
    show_default=True,
    help="How the rows are written.",
)
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    resource: str,
    names: tuple[str, ...],
    expression: str,
    output: str,
    **given: Any,
) -> None:
    """List a resource: nodes, commands, invocations, sessions, changes.

    NAME is an exact id, an exact name, or a glob such as 'web-*'; of invocations it is the id of
    the command.

    Exit codes: 0; 1 a NAME was not found; 2 input, credentials or endpoint; 3 the list is partial.
    """
    options = keep_options(ctx, given)
    ctx.exit(run(get(options, resource, names, expression, output)))


async def get(
    options: Options, name: str, names: Sequence[str], expression: str, output: str
) -> int:
    """The verb itself; returns its exit code. Raises ProblemError for bad input."""
    from ssmtui.cli.listing import keep, list_once
    from ssmtui.resources.arranged import arranged
    from ssmtui.resources.memory import Memory
    from ssmtui.resources.narrow import narrowed
    from ssmtui.resources.registry import find, resources
    from ssmtui.rollouts.origins import OwnRollouts

    paths: Paths = paths_of(options)
    config = load_config(paths)
    start_log(options, paths)
    memory = Memory(paths)
    known, _ = arranged(
        resources(memory, OwnRollouts(paths)), config.columns
    )  # what is wrong was said by load_config
    resource = find(known, name)
    query = parse(expression, resource.columns)
    for hint in query.hints:
        say(hint)
    questions = _questions(resource, names, query)
    async with connected(options, config, paths) as connection:
        scopes, problems = await resolve_or_fail(connection)
        if query.scopes:
            await connection.gateway.aliases()
            scopes = list(narrowed(scopes, query.scopes))
        found: dict[RowKey, Any] = {}
        lacking: list[Problem] = []
        for only in questions:
            listed = await list_once(resource, scopes, only)
            found.update(listed.rows)
            problems += [each for each in listed.problems if each not in problems]
            lacking += listed.lacking
            # What the journal follows. A narrowed list does not tell who is gone.
            if resource.compare is not None and not only:
                await keep(memory, resource, listed)
    if problems and not found:
        # Not even the head of a table or []: nothing was listed, which is not the same as none.
        raise VerbEndedError(BAD_INPUT, problems)
    now = time.time()
    named = {wanted: called(found.values(), resource, wanted) for wanted in names}
    asked = chain.from_iterable(named.values()) if names else found.values()
    rows, unknown = choose({row.key: row for row in asked}.values(), resource, query, now)
    write(rows, shown_columns(resource, scopes, wide=output == "wide"), resource, output, now)
    say_problems([*problems, *lacking])
    if unknown:
        said = f"{len(unknown):,} {resource.name} could not be judged"
        say(f"{said}: what the filter asks is not known")
    shown = {row.key for row in rows}
    missing = [wanted for wanted, own in named.items() if not any(row.key in shown for row in own)]
    for absent in missing:
        if not named[absent]:
            say(_absent(resource, absent, names, found.values()))
        elif all(row.key not in unknown for row in named[absent]):
            every = f"every {resource.singular} called {plain(absent)}"
            say(f"the filter {plain(expression)} leaves out {every}. Without it they are listed.")
    if problems or unknown:
        return PARTIAL
    return ANSWER_IS_NO if missing else 0


def called(rows: Iterable[Any], resource: Resource[Any], name: str) -> list[Any]:
    """The rows that a NAME of the command line means."""
    return [row for row in rows if _is_called(resource, row, name)]


def choose(
    given: Iterable[Any], resource: Resource[Any], query: Query, now: float
) -> tuple[list[Any], set[RowKey]]:
    """The rows that match, in the resource's order, and those of which that is not known."""
    rows = list(given)
    texts = [haystack_of(resource.columns)(row) for row in rows] if query.words else None
    lowers = [text.lower() for text in texts] if texts is not None else None
    answers = query.matches(rows, texts, lowers, now=now)
    kept = [row for row, answer in zip(rows, answers, strict=True) if answer]
    column = resource.column(resource.sort)

    def order(row: Any) -> tuple[bool, Any, Any]:
        key = sort_key(column.kind, column.value(row))
        return (key is None, "" if key is None else key, row.key)

    unknown = {row.key for row, answer in zip(rows, answers, strict=True) if answer is None}
    return sorted(kept, key=order), unknown


def _absent(resource: Resource[Any], name: str, names: Sequence[str], rows: Iterable[Any]) -> str:
    """The sentence for one of the `names` that none of the rows has."""
    if resource.name == "nodes":
        from ssmtui.cli.finding import nobody_called

        return nobody_called(name, rows)
    what = f"there is no {resource.singular} called {plain(name)} in what was listed"
    if resource.name == "changes" and name == names[0] == "since":
        # Typed as the explorer's `:changes since 08:00`. A duration is compared by its age.
        since = "ssmtui get changes --filter 'at>=08:00'"
        return f"{what}. List those since a time with: {since}, or 'at<2h'."
    return f"{what}. List what there is with: ssmtui get {resource.name}."


def _questions(resource: Resource[Any], names: Sequence[str], query: Query) -> list[dict[str, str]]:
    """What the service is asked for, one listing each. ProblemError: more than it can tell."""
    only = resource.only(query.exact)
    asked = [only]
    if names and (column := next(iter(resource.narrowed_by), "")):
        named = [resource.only({column: name}) for name in names]
        if all(named) or resource.needs_narrowing:
            asked = [{**only, **each} for each in named]
    if resource.needs_narrowing and not all(asked):
        raise ProblemError(resource.too_many)
    return asked


def _is_called(resource: Resource[Any], row: Any, name: str) -> bool:
    if resource.needs_narrowing:  # by the first of its columns its rows are told apart
        return bool(name == getattr(row, next(iter(resource.narrowed_by))))
    own = getattr(row, "name", None)
    return (
        name == row.id
        or (isinstance(own, str) and (name == own or ("*" in name and fnmatchcase(own, name))))
        or ("*" in name and fnmatchcase(row.id, name))
    )


def shown_columns(resource: Resource[Any], scopes: Sequence[Any], *, wide: bool) -> list[Column]:
    """The table's columns; account and Region only where there is more than one."""
    several = {
        "account": len({scope.key.account for scope in scopes}) > 1,
        "region": len({scope.key.region for scope in scopes}) > 1,
    }
    return [
        column
        for column in resource.columns
        if not column.hidden
        and (wide or not column.wide)
        and (wide or not column.merged or several[column.merged])
    ]


def write(
    rows: Sequence[Any],
    columns: Sequence[Column],
    resource: Resource[Any],
    output: str,
    now: float,
) -> None:
    """Write the rows to stdout."""
    if output in TABLES:
        put(f"{line}\n" for line in table(rows, columns, now))
    else:
        put(export(rows, resource.columns, output))


def table(rows: Sequence[Any], columns: Sequence[Column], now: float) -> list[str]:
    """Aligned lines, a header first; columns are as wide as their texts, up to a bound."""
    texts = [[column.text(row, now) for column in columns] for row in rows]
    widths = [
        min(WIDEST, max([cells(column.title), *(cells(line[place]) for line in texts)]))
        for place, column in enumerate(columns)
    ]
    lines = [[column.title for column in columns], *texts]
    return [
        "  ".join(
            fit(text, width, right=column.right)
            for text, width, column in zip(line, widths, columns, strict=True)
        ).rstrip()
        for line in lines
    ]
