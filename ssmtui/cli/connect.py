"""`ssmtui connect NODE`: a shell on a node, or one command."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ssmtui.cli.backend import connected, load_config, paths_of, resolve_or_fail, start_log
from ssmtui.cli.finding import NotFoundError, ask_on_terminal, find_node
from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options
from ssmtui.cli.reaching import say_if_late
from ssmtui.cli.reasons import check_reason, reason_option
from ssmtui.cli.run import BROKEN_PIPE, TIMED_OUT, run, say
from ssmtui.cli.signals import told_to_end
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.sessions.specs import SessionSpec

TRANSPORT_FAILED = 255


class Way(msgspec.Struct, frozen=True):
    """How the node is to be entered. `command` "" is a terminal; `timeout` is in seconds."""

    command: str = ""
    document: str = ""
    parameters: tuple[str, ...] = ()
    reason: str = ""
    plugin: bool = False
    timeout: float | None = None


@click.command("connect")
@click.argument("name")
@click.argument("words", nargs=-1, metavar="[-- CMD...]")
@click.option("--document", metavar="NAME", default="", help="The session document to use.")
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the document; repeat it for several.",
)
@reason_option
@click.option(
    "--plugin/--no-plugin",
    default=False,
    help="Use session-manager-plugin in place of ssmtui's own client.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="End CMD after that time, with exit code 124.",
)
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    name: str,
    words: tuple[str, ...],
    document: str,
    parameters: tuple[str, ...],
    reason: str,
    plugin: bool,
    timeout: float | None,
    **given: Any,
) -> None:
    """Open a shell on the node NAME: an exact id or name, or what a name is like.

    Ctrl-] opens a small menu: end the session, or abandon one that is frozen.

    With -- CMD that command runs without a terminal, its words joined by spaces, and its exit code
    is this one's; then NAME must be exact.

    Exit codes: 0; CMD's own; 1 there is no such node; 2 input, credentials or endpoint, or several
    nodes match; 3 not found in what could be listed; 124 time ran out; 130 interrupted; 255 the
    session failed.
    """
    options = keep_options(ctx, given)
    cmd = " ".join(words)
    if cmd and plugin:
        raise click.UsageError("--plugin opens a terminal and runs no CMD.")
    if cmd and (document or parameters):
        raise click.UsageError("CMD has a document of its own: leave --document and --parameter.")
    if timeout is not None and not cmd:
        raise click.UsageError("--timeout goes with a CMD.")
    way = Way(cmd, document, parameters, reason, plugin, timeout)
    ctx.exit(run(connect(options, name, way)))


async def connect(options: Options, name: str, way: Way) -> int:
    """The verb itself; returns its exit code. Raises ProblemError for bad input."""
    from ssmtui.resources.memory import Memory
    from ssmtui.sessions.specs import SessionSpec, parse_parameters

    # What is wrong with the words is said before anything is asked of AWS.
    parameters = parse_parameters(way.parameters)
    SessionSpec(RowKey("", "", name), way.document, parameters, way.reason)
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if not (way.command or terminal):
        raise input_problem("A shell needs a terminal", "Run one command with: -- CMD")
    paths = paths_of(options)
    config = load_config(paths)
    check_reason(config, way.reason)
    start_log(options, paths)
    with told_to_end() as told:
        try:
            async with connected(options, config, paths) as connection:
                scopes, problems = await resolve_or_fail(connection)
                ask = ask_on_terminal if sys.stdin.isatty() and sys.stderr.isatty() else None
                # A command is for the node that was named, and not for one with a name like it.
                exact = bool(way.command)
                scope, found = await find_node(
                    scopes, Memory(paths), name, problems, ask=ask, exact=exact
                )
                if way.command:
                    return await _run_command(scope, found.key, way)
                spec = SessionSpec(found.key, way.document, parameters, way.reason)
                say(f"connecting to {found.label}")
                return await (_by_plugin if way.plugin else _by_client)(scope, spec)
        except NotFoundError as error:
            return error.code
        except asyncio.CancelledError:
            if told:
                return 128 + told[0]
            raise


async def _by_client(scope: Scope, spec: SessionSpec) -> int:
    if os.name == "nt":
        raise input_problem("A shell on the whole terminal needs WSL here", "Use the explorer's s")
    from ssmtui.sessions.client import Client
    from ssmtui.sessions.tty import attach, raw_terminal

    with raw_terminal() as terminal:
        ended = await attach(Client(scope, spec), terminal)
    if ended.sentence:
        say(f"{ended.sentence}.")
    if ended.code is not None:
        return ended.code
    return TRANSPORT_FAILED if ended.sentence else 0


async def _by_plugin(scope: Scope, spec: SessionSpec) -> int:
    from ssmtui.sessions.handoff import hand_over
    from ssmtui.sessions.plugin import find_plugin, invocation
    from ssmtui.sessions.start import start

    plugin = await find_plugin()
    if plugin.warning:
        say(f"{plugin.warning}.")
    session = await start(scope, spec)
    try:
        called = await invocation(plugin, session)
    except BaseException:
        await session.terminate()
        raise
    ending = await hand_over(session, called)
    if ending.sentence:
        say(ending.sentence)
        return TRANSPORT_FAILED
    return 0


async def _run_command(scope: Scope, target: RowKey, way: Way) -> int:
    from ssmtui.sessions.command import run_command
    from ssmtui.sessions.outlet import write_out
    from ssmtui.sessions.specs import command_spec

    async def stdout(data: bytes) -> None:
        await write_out(1, data)

    async def stderr(data: bytes) -> None:
        await write_out(2, data)

    spec = command_spec(target, way.command, way.reason)
    told = say_if_late(target.id)
    try:
        async with asyncio.timeout(way.timeout) as limit:
            result = await run_command(scope, spec, stdout=stdout, stderr=stderr, told=told)
    except TimeoutError:
        if not limit.expired():
            raise
        say(f"the command did not end within {way.timeout:g} s; its session has been ended")
        return TIMED_OUT
    except BrokenPipeError:
        return BROKEN_PIPE
    if result.code is None:
        say(f"{plain(result.sentence)}.")
        return TRANSPORT_FAILED
    # What does not fit into an exit status of this system, such as Windows' codes, is a failure.
    return result.code if 0 <= result.code <= 255 else 1
