"""`ssmtui cp NODE:/path .`: a file from a node, whole and checked."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ssmtui.cli.backend import connected, load_config, paths_of, resolve_or_fail, start_log
from ssmtui.cli.finding import NotFoundError, ask_on_terminal
from ssmtui.cli.options import Options, keep_options, shared_options
from ssmtui.cli.progress import ProgressLine
from ssmtui.cli.reasons import check_reason, reason_option
from ssmtui.cli.run import ANSWER_IS_NO, run, say
from ssmtui.cli.several import named_nodes
from ssmtui.cli.signals import told_to_end
from ssmtui.core.columns import bytes_text
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.resources.memory import Memory

if TYPE_CHECKING:
    from ssmtui.cli.several import Meant


class Wish(msgspec.Struct, frozen=True):
    """What is to be copied, from where and to where."""

    name: str
    path: str
    destination: Path
    force: bool
    reason: str


@click.command("cp")
@click.argument("source", metavar="NODE:PATH")
@click.argument("destination", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite without asking.")
@reason_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    source: str,
    destination: Path,
    force: bool,
    reason: str,
    **given: Any,
) -> None:
    """Copy the file PATH of a node to DESTINATION, a file or a directory here.

    NODE is an exact id or name, and runs Linux or macOS. The copy appears when it is whole and its
    SHA-256 is the node's; what has come of one that was cut is kept beside it, and the same
    command goes on from there.

    Exit codes: 1 there is no such node, or it is not to be overwritten; 2 input, credentials or
    endpoint; 3 not found in what could be listed; 130 interrupted.
    """
    options = keep_options(ctx, given)
    name, colon, path = source.partition(":")
    if not (name and colon and path):
        raise click.UsageError("Name the file as NODE:PATH. Copies to a node are not offered.")
    ctx.exit(run(copy(options, Wish(name, path, destination, force, reason))))


async def copy(options: Options, wish: Wish) -> int:
    """The verb itself; returns its exit code. Raises ProblemError for bad input."""
    from ssmtui.sessions.specs import SessionSpec

    # What is wrong with the words is said before anything is asked of AWS.
    SessionSpec(RowKey("", "", wish.name), reason=wish.reason)
    destination = _destination(wish)
    terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if _is_there(destination) and not wish.force and not terminal:
        raise input_problem(f"{plain(str(destination))} exists", "Overwrite it with --force")
    paths = paths_of(options)
    config = load_config(paths)
    check_reason(config, wish.reason)
    start_log(options, paths)
    with told_to_end() as told:
        try:
            async with connected(options, config, paths) as connection:
                scopes, problems = await resolve_or_fail(connection)
                ask = ask_on_terminal if terminal else None
                (node,) = await named_nodes(scopes, Memory(paths), [wish.name], problems, ask=ask)
                return await _download(node, wish, destination)
        except NotFoundError as error:
            return error.code
        except asyncio.CancelledError:
            if told:
                return 128 + told[0]
            raise


async def _download(node: Meant, wish: Wish, destination: Path) -> int:
    from ssmtui.sessions.copy import download, look_at

    if node.platform == "windows":
        what = f"{plain(wish.name)} runs Windows, and files are copied from Linux and macOS only"
        raise input_problem(what)
    remote = await look_at(node.scope, node.key, wish.path, wish.reason)
    overwrite = wish.force
    if _is_there(destination) and not overwrite:
        if not await _agreed(destination):
            say(f"{plain(str(destination))} is left as it is")
            return ANSWER_IS_NO
        overwrite = True
    with ProgressLine() as line:

        def show(done: int, size: int) -> None:
            line.show(f"{bytes_text(done)} of {bytes_text(size)}  {plain(wish.path)}")

        begun = await download(
            node.scope,
            node.key,
            remote,
            destination,
            overwrite=overwrite,
            reason=wish.reason,
            progress=show,
        )
    went_on = f", of which {bytes_text(begun)} were here already" if begun else ""
    say(f"{plain(str(destination))}: {bytes_text(remote.size)}{went_on}, sha256 {remote.sha256}")
    return 0


def _destination(wish: Wish) -> Path:
    """The file to write. ProblemError if there is no place for it."""
    destination = wish.destination
    if destination.is_dir():
        name = wish.path.rstrip("/").rpartition("/")[2]
        if name in ("", ".", ".."):
            raise input_problem(f"{plain(wish.path)} is not the name of a file")
        destination = destination / name
    if destination.is_dir():
        raise input_problem(f"{plain(str(destination))} is a directory")
    if not destination.parent.is_dir():
        raise input_problem(f"There is no directory {plain(str(destination.parent))}")
    return destination


def _is_there(destination: Path) -> bool:
    return destination.exists() or destination.is_symlink()


async def _agreed(destination: Path) -> bool:
    from ssmtui.sessions.outlet import read_line

    click.echo(f"Overwrite {plain(str(destination))}? y/N: ", err=True, nl=False)
    return (await read_line(0)).lower() in ("y", "yes")
