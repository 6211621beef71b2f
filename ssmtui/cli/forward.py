"""`ssmtui forward NODE 8080:80`: local ports that lead to a node, or through it."""

from __future__ import annotations

import asyncio
import ipaddress
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ssmtui.cli.finding import NotFoundError, ask_on_terminal
from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options
from ssmtui.cli.reaching import reached
from ssmtui.cli.reasons import reason_option
from ssmtui.cli.run import run, say, say_problem
from ssmtui.cli.signals import told_to_end
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import input_problem

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.sessions.forwards.forward import Forward
    from ssmtui.sessions.forwards.spec import ForwardSpec

FORWARD_FAILED = 255


@click.command("forward")
@click.argument("name")
@click.argument("ports", nargs=-1, required=True, metavar="LOCAL:[HOST:]REMOTE...")
@click.option(
    "--bind",
    metavar="ADDRESS",
    default="127.0.0.1",
    help="The address to listen on, in place of 127.0.0.1.",
)
@reason_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    name: str,
    ports: tuple[str, ...],
    bind: str,
    reason: str,
    **given: Any,
) -> None:
    """Let local ports lead to the node NAME, or through it to another host.

    8080:80 leads to port 80 of the node, 5432:db.internal:5432 to that host as the node sees it.
    A local port of 0 is any free one. Each forward is said when it is open, and whenever its state
    changes; all of them last until Ctrl-C.

    Exit codes: 1 there is no such node; 2 input, credentials or endpoint, a port in use, or
    several nodes match; 3 not found in what could be listed; 130 interrupted; 255 every forward
    failed later.
    """
    options = keep_options(ctx, given)
    ctx.exit(run(forward(options, name, ports, bind=bind, reason=reason)))


async def forward(
    options: Options, name: str, ports: Sequence[str], *, bind: str, reason: str
) -> int:
    """The verb itself; returns its exit code. Raises ProblemError for bad input."""
    from ssmtui.sessions.forwards.spec import parse_forward

    # What is wrong with the words is said before anything is asked of AWS.
    specs = [
        msgspec.structs.replace(parse_forward(RowKey("", "", name), text, bind=bind), reason=reason)
        for text in ports
    ]
    _check_twice(specs)
    if not _is_loopback(bind):
        say(f"whoever reaches {bind} can use these forwards")
    with told_to_end() as told:
        try:
            ask = ask_on_terminal if sys.stdin.isatty() and sys.stderr.isatty() else None
            async with reached(options, name, reason=reason, ask=ask) as (scope, found):
                meant = [msgspec.structs.replace(spec, target=found.key) for spec in specs]
                return await _hold(scope, meant, found.name or found.key.id)
        except NotFoundError as error:
            return error.code
        except asyncio.CancelledError:
            if told:
                return 128 + told[0]
            raise


async def _hold(scope: Scope, specs: Sequence[ForwardSpec], name: str) -> int:
    """Open all of them or none, and keep them open until the last one has failed."""
    from ssmtui.sessions.forwards.forward import State
    from ssmtui.sessions.forwards.manager import Forwards

    opened = False

    def changed(forward: Forward) -> None:
        # Before all are open, what fails is the verb's own error; closing is no news.
        news = opened or forward.state in (State.OPEN, State.STARTING)
        if forward.state is not State.CLOSED and news:
            words = f": {forward.sentence}" if forward.sentence else ""
            say(f"{forward.title} is {forward.state}{words}")

    forwards = Forwards(changed=changed)
    try:
        for spec in specs:
            forwards.open(scope, spec, name=name)
        for forward in forwards:
            await forward.opened()
        opened = True
        for forward in forwards:
            await forward.ended()
        return FORWARD_FAILED
    finally:
        for problem in await forwards.close():
            say_problem(problem)


def _check_twice(specs: Sequence[ForwardSpec]) -> None:
    ports = [spec.local_port for spec in specs if spec.local_port]
    for port in ports:
        if ports.count(port) > 1:
            raise input_problem(f"The local port {port} is named twice", "Use another one")


def _is_loopback(bind: str) -> bool:
    if bind == "localhost":
        return True
    try:
        return ipaddress.ip_address(bind).is_loopback
    except ValueError:
        return False
