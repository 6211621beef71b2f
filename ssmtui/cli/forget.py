"""`ssmtui forget`: what is kept of commands, taken off this machine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from ssmtui.cli.backend import paths_of
from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options
from ssmtui.cli.run import ANSWER_IS_NO, run, say, say_problem
from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.rollouts.record import Records
    from ssmtui.rollouts.remembered import Remembered

KINDS = ("rollouts", "values", "snippets", "everything")


@click.command("forget")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@shared_options
@click.pass_context
def command(ctx: click.Context, /, *, kind: str, names: tuple[str, ...], **given: Any) -> None:
    """Forget rollouts by their ids, the values last given to documents, or saved snippets.

    Without a NAME all of that kind are forgotten. What the service keeps (commands, for 30 days)
    and the audit stay.

    Exit codes: 0; 1 some could not be forgotten, or there are none of that name; 2 input.
    """
    options = keep_options(ctx, given)
    if kind == "everything" and names:
        raise click.UsageError("everything takes no NAME.")
    ctx.exit(run(forget(options, kind, names)))


async def forget(options: Options, kind: str, names: tuple[str, ...]) -> int:
    """The verb itself; returns its exit code."""
    return await asyncio.to_thread(_forget, options, kind, names)


def _forget(options: Options, kind: str, names: tuple[str, ...]) -> int:
    from ssmtui.rollouts.record import Records
    from ssmtui.rollouts.remembered import Remembered

    paths = paths_of(options)
    records, remembered = Records(paths.rollouts), Remembered(paths.remembered)
    match kind:
        case "rollouts":
            return _forget_rollouts(records, names)
        case "everything":
            remembered.forget()
            return _forget_rollouts(records, ())
    return _forget_remembered(remembered, kind, names)


def _forget_rollouts(records: Records, names: tuple[str, ...]) -> int:
    code = 0
    for rollout_id in names or tuple(each.id for each in records.all()):
        try:
            records.forget(rollout_id)
        except ProblemError as error:
            say_problem(error.problem)
            code = ANSWER_IS_NO
        else:
            say(f"rollout {rollout_id} is forgotten")
    return code


def _forget_remembered(remembered: Remembered, kind: str, names: tuple[str, ...]) -> int:
    import time

    code, now = 0, time.time()
    known = remembered.documents(now) if kind == "values" else tuple(remembered.snippets(now))
    for name in names or known:
        if name not in known:
            say(f"there is nothing kept under {plain(name)}")
            code = ANSWER_IS_NO
            continue
        remembered.forget(**{"document" if kind == "values" else "snippet": name})
        say(f"{plain(name)} is forgotten")
    return code
