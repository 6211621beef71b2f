"""`ssmtui cp`: files and directories to nodes and from them, whole and checked."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ssmtui.cli.backend import connected, load_config, paths_of, resolve_or_fail, start_log
from ssmtui.cli.finding import NotFoundError, ask_on_terminal
from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options
from ssmtui.cli.progress import ProgressLine
from ssmtui.cli.reaching import say_if_late
from ssmtui.cli.reasons import check_reason, reason_option
from ssmtui.cli.run import ANSWER_IS_NO, INTERRUPTED, run, say, say_problem
from ssmtui.cli.several import Meant, labels, matching_nodes, named_nodes
from ssmtui.cli.signals import told_to_end
from ssmtui.core.columns import bytes_text
from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.text import plain
from ssmtui.resources.memory import Memory
from ssmtui.resources.narrow import narrowed

if TYPE_CHECKING:
    from ssmtui.cli.backend import Connection
    from ssmtui.local.config import Config
    from ssmtui.sessions.copying.copy import Agree, CopySpec, Road

# Nodes that are copied to at the same time.
SIDE_BY_SIDE = 4
SESSION = "session"


class Wish(msgspec.Struct, frozen=True):
    """What is to be copied, which way, and from or to whom: one `name`, or all that match `on`."""

    upload: bool
    local: Path
    remote: str
    name: str
    on: str | None
    recursive: bool
    force: bool
    via: str | None
    reason: str


@click.command("cp")
@click.argument("source", metavar="SOURCE")
@click.argument("destination", metavar="DESTINATION")
@click.option("-r", "--recursive", is_flag=True, help="A directory, with all that is in it.")
@click.option("--force", is_flag=True, help="Overwrite without asking.")
@click.option("--on", "expression", metavar="EXPR", help="To all nodes that match: 'Role=web'.")
@click.option("--via", metavar="WAY", help="session, or a place in S3: s3://BUCKET/PREFIX.")
@reason_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    source: str,
    destination: str,
    recursive: bool,
    force: bool,
    expression: str | None,
    via: str | None,
    reason: str,
    **given: Any,
) -> None:
    """Copy a file from a node (NODE:PATH here) or to one (here NODE:PATH).

    NODE is an exact id or name. With --on, DESTINATION is a PATH on every node that matches. The
    copy appears when it is whole and its SHA-256 is the source's; what has come of one that was
    cut is kept beside it, and the same command goes on from there. Directories need tar on the
    node, which Windows has since Windows Server 2019. Large files go faster through S3; the [copy]
    table of config.toml names a bucket for them.

    Exit codes: 1 there is no such node, it is not to be overwritten, or some nodes failed; 2 input,
    credentials or endpoint; 3 not found in what could be listed; 130 interrupted.
    """
    options = keep_options(ctx, given)
    wish = _wish(source, destination, expression)
    wish = msgspec.structs.replace(wish, recursive=recursive, force=force, via=via, reason=reason)
    ctx.exit(run(copy(options, wish)))


def _wish(source: str, destination: str, expression: str | None) -> Wish:
    """Which way, by which of the two names a node."""
    if expression is not None:
        if _of_node(source):
            raise click.UsageError("With --on, copies go to nodes: name a file that is here.")
        path = destination.removeprefix(":")
        return Wish(True, Path(source), path, "", expression, False, False, None, "")
    there, here = _of_node(source), _of_node(destination)
    if (there is None) == (here is None):
        raise click.UsageError("Name one side as NODE:PATH, and the other one as a file here.")
    name, path = there or here or ("", "")
    local = Path(destination if there else source)
    return Wish(there is None, local, path, name, None, False, False, None, "")


def _of_node(text: str) -> tuple[str, str] | None:
    """The parts of NODE:PATH; None for what is a file here: `./a:b` is one."""
    name, colon, path = text.partition(":")
    return (name, path) if name and colon and path and "/" not in name else None


async def copy(options: Options, wish: Wish) -> int:
    """The verb itself; returns its exit code. Raises ProblemError for bad input."""
    from ssmtui.sessions.copying.copy import CopySpec

    paths = paths_of(options)
    config = load_config(paths)
    # What is wrong with the words is said before anything is asked of AWS.
    spec = CopySpec(
        upload=wish.upload,
        local=wish.local,
        remote=wish.remote,
        recursive=wish.recursive,
        overwrite=wish.force,
        reason=wish.reason,
        road=_road(wish, config),
    )
    check_reason(config, wish.reason)
    terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if not terminal:
        _refuse_what_is_there(wish)
    start_log(options, paths)
    with told_to_end() as told:
        try:
            async with connected(options, config, paths) as connection:
                meant = await _meant(connection, Memory(paths), wish, terminal=terminal)
                agree = _agreed if terminal and wish.on is None else None
                return await _copy(meant, spec, config, agree)
        except NotFoundError as error:
            return error.code
        except asyncio.CancelledError:
            _say_how_to_go_on(wish)
            if told:
                return 128 + told[0]
            return INTERRUPTED


async def _meant(
    connection: Connection, memory: Memory, wish: Wish, *, terminal: bool
) -> list[Meant]:
    from ssmtui.core.query import parse
    from ssmtui.resources.nodes import nodes

    query = None if wish.on is None else parse(wish.on, nodes().columns)
    scopes, problems = await resolve_or_fail(connection)
    if query is None:
        ask = ask_on_terminal if terminal else None
        return await named_nodes(scopes, memory, [wish.name], problems, ask=ask)
    if query.scopes:
        await connection.gateway.aliases()
        scopes = list(narrowed(scopes, query.scopes))
    return await matching_nodes(scopes, query, problems)


async def _copy(meant: Sequence[Meant], spec: CopySpec, config: Config, agree: Agree | None) -> int:
    if len(meant) > 1:
        return await _to_several(meant, spec)
    from ssmtui.sessions.copying.asking import Node
    from ssmtui.sessions.copying.copy import copy as make
    from ssmtui.sessions.copying.pace import Pace

    (one,) = meant
    pace = Pace()
    large = False
    with ProgressLine() as line:

        def show(done: int, size: int) -> None:
            nonlocal large
            large = size >= config.copy.threshold and spec.road.bucket is None
            line.show(f"{pace.words(done, size)}  {plain(spec.local.name or spec.remote)}")

        told = say_if_late(one.name or one.key.id, line.clear)
        node = Node(one.scope, one.key, one.platform, spec.reason, told=told)
        copied = await make(node, spec, agree=agree, progress=show)
    if copied is None:
        say("nothing was overwritten")
        return ANSWER_IS_NO
    say(copied.words)
    if large and config.copy.bucket is None:
        say(
            f"files of {bytes_text(config.copy.threshold)} and more go faster through S3: "
            "--via s3://BUCKET/PREFIX"
        )
    return 0


async def _to_several(meant: Sequence[Meant], spec: CopySpec) -> int:
    from ssmtui.sessions.copying.asking import Node
    from ssmtui.sessions.copying.copy import copy as make

    turns = asyncio.Semaphore(SIDE_BY_SIDE)
    failures = 0
    done = 0
    with ProgressLine() as line:

        async def to(one: Meant, label: str) -> None:
            nonlocal failures, done
            async with turns:
                try:
                    told = say_if_late(label, line.clear)
                    node = Node(one.scope, one.key, one.platform, spec.reason, told=told)
                    copied = await make(node, spec)
                except ProblemError as error:
                    failures += 1
                    line.clear()
                    say_problem(error.problem)
                else:
                    line.clear()
                    say(f"{label}: {copied.words if copied else ''}")
                done += 1
                line.show(f"{done} of {len(meant)} nodes, {failures} failed")

        async with asyncio.TaskGroup() as group:
            for one, label in zip(meant, labels(meant), strict=True):
                group.create_task(to(one, label))
    say(f"{len(meant) - failures} of {len(meant)} nodes have it")
    return ANSWER_IS_NO if failures else 0


def _road(wish: Wish, config: Config) -> Road:
    """How files travel: as asked for, or by what is configured."""
    from ssmtui.sessions.copying.copy import Road
    from ssmtui.sessions.copying.storage import parse_bucket

    if wish.via == SESSION:
        return Road()
    if wish.via is not None:
        return Road(parse_bucket(wish.via))
    return Road.configured(config.copy.bucket, config.copy.threshold)


def _refuse_what_is_there(wish: Wish) -> None:
    """Off a terminal nobody can be asked: what is here is found before anybody is reached."""
    name = wish.remote.rstrip("/\\").replace("\\", "/").rpartition("/")[2]
    local = wish.local / name if wish.local.is_dir() else wish.local
    if not wish.upload and not wish.force and name and local.exists():
        raise input_problem(f"{plain(str(local))} exists", "Overwrite it with --force")


def _say_how_to_go_on(wish: Wish) -> None:
    where = "on the node" if wish.upload else "here"
    say(f"interrupted: what has come is kept {where}, and the same command goes on from there")


async def _agreed(where: str) -> bool:
    from ssmtui.sessions.outlet import read_line

    click.echo(f"Overwrite {where}? y/N: ", err=True, nl=False)
    return (await read_line(0)).lower() in ("y", "yes")
