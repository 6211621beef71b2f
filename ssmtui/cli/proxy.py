"""`ssmtui proxy NODE PORT`: OpenSSH's ProxyCommand."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import click

from ssmtui.cli.finding import NotFoundError
from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options
from ssmtui.cli.reaching import reached, say_if_late
from ssmtui.cli.reasons import reason_option
from ssmtui.cli.run import run, say
from ssmtui.cli.signals import told_to_end
from ssmtui.core.problem import input_problem

PROXY_FAILED = 255


@click.command("proxy")
@click.argument("name")
@click.argument("port", type=click.IntRange(1, 65_535), default=22)
@reason_option
@shared_options
@click.pass_context
def command(ctx: click.Context, /, *, name: str, port: int, reason: str, **given: Any) -> None:
    """Connect standard input and output to PORT of the node NAME, by default 22.

    Made for ssh_config: ProxyCommand ssmtui proxy %h %p

    Exit codes: 0; 1 there is no such node; 2 input, credentials or endpoint, or several nodes
    match; 3 not found in what could be listed; 130 interrupted; 255 the session failed.
    """
    options = keep_options(ctx, given)
    ctx.exit(run(proxy_verb(options, name, port, reason)))


async def proxy_verb(options: Options, name: str, port: int, reason: str) -> int:
    """The verb itself; returns its exit code. Raises ProblemError for bad input."""
    from ssmtui.sessions.proxy import Pipes, proxy, proxy_spec

    if os.name == "nt":
        raise input_problem("The proxy needs WSL here", "Use `ssmtui forward` instead")
    with told_to_end() as told:
        try:
            # Nothing can be asked: standard input belongs to the other end.
            async with reached(options, name, reason=reason) as (scope, found):
                spec = proxy_spec(found.key, port, reason)
                label = found.name or found.key.id
                sentence = await proxy(scope, spec, Pipes(), name=label, told=say_if_late(label))
        except NotFoundError as error:
            return error.code
        except asyncio.CancelledError:
            if told:
                return 128 + told[0]
            raise
    if sentence:
        say(f"{sentence}.")
        return PROXY_FAILED
    return 0
