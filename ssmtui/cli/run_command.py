"""`ssmtui run`: one command on many nodes, with rate control, waves and folded output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from click.core import ParameterSource

from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.run import run
from ssmtui.core.text import plain

# What may be said anew where a rollout is taken up again.
_OF_WATCHING = frozenset({"wait", "yes", "near", "full", "output"})
FORMS = ("folded", "lines", "json", "jsonl")


def complete_rollouts(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """The ids of the rollouts on record that have not come to an end, with what they are."""
    from click.shell_completion import CompletionItem

    from ssmtui.local.paths import default
    from ssmtui.rollouts.record import Records

    return [
        CompletionItem(each.id, help=plain(each.title))
        for each in Records(default().rollouts).all()
        if each.open and each.id.startswith(incomplete)
    ]


@click.command("run")
@click.argument("words", nargs=-1, metavar="[-- COMMAND...]")
@click.option("--on", metavar="EXPR", help="All nodes that match: 'Role=web'.")
@click.option("--nodes", multiple=True, metavar="A,B", help="Nodes by exact id or name, or a glob.")
@click.option(
    "--targets",
    multiple=True,
    metavar="KEY=VALUE",
    help="Resolved by the service: tag:Role=web, up to 5, or one resource-groups:Name=web.",
)
@click.option("--document", metavar="NAME", default="", help="Default: the platform's shell.")
@click.option("--document-version", "version", metavar="N", default="", help="Of the document.")
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the document; repeat it for lists.",
)
@click.option(
    "--max-concurrency",
    "at_a_time",
    metavar="N|N%",
    default="50",
    show_default=True,
    help="How many nodes at a time.",
)
@click.option(
    "--max-errors",
    "allowed_errors",
    metavar="N|N%",
    default="0",
    show_default=True,
    help="How many may fail; the next failure stops it.",
)
@click.option(
    "--delivery-timeout",
    type=int,
    metavar="SECONDS",
    default=600,
    show_default=True,
    help="How long a node may take to begin.",
)
@click.option("--execution-timeout", type=int, metavar="SECONDS", help="How long it may run.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long to watch at most; then exit code 124.",
)
@click.option("--canary", type=int, metavar="N", default=0, help="So many nodes first.")
@click.option("--waves", metavar="P%,P%", default="", help="Then until such shares are reached.")
@click.option("--spread-by", metavar="K,K", default="", help="Mix every wave by asg, az, a tag.")
@click.option("--gate", metavar="COMMAND", default="", help="Must succeed before the next wave.")
@click.option(
    "--gate-successes",
    metavar="N|N%",
    default="",
    help="So many of each wave must succeed; default: all but the errors allowed.",
)
@click.option("--gate-by-hand", is_flag=True, help="Ask for a key between the waves, after all.")
@click.option("--soak", type=float, metavar="SECONDS", default=0.0, help="Wait between waves.")
@click.option("--comment", metavar="TEXT", default="", help="Up to 79 characters.")
@click.option("--output-s3", "s3", metavar="BUCKET/PREFIX", default="", help="Whole outputs to S3.")
@click.option(
    "--output-logs",
    "logs",
    metavar="GROUP",
    is_flag=False,
    flag_value="",
    default=None,
    help="Whole outputs to CloudWatch Logs; '' is the document's own group.",
)
@click.option("--sns", metavar="ARN", default="", help="The topic to notify.")
@click.option("--sns-role", metavar="ARN", default="", help="The role that notifies.")
@click.option("--sns-events", metavar="E,E", default="", help="All, Success, Failed, TimedOut ...")
@click.option("--sns-per-node", is_flag=True, help="Tell of every node, not of the whole.")
@click.option("--alarm", metavar="NAME", default="", help="A CloudWatch alarm that stops it.")
@click.option("--override-freeze", metavar="REASON", help="Run on frozen nodes, too; audited.")
@click.option(
    "--accept-missing",
    multiple=True,
    metavar="NAME",
    help="Go on without what is not listed of this profile, account or Region.",
)
@click.option("--yes", is_flag=True, help="Do not ask; needed off a terminal.")
@click.option("--dry-run", is_flag=True, help="Show the plan and the aws lines; send nothing.")
@click.option("--near", is_flag=True, help="Fold near-identical outputs, too.")
@click.option("--full", is_flag=True, help="Fetch what is longer than 2,500 characters.")
@click.option(
    "--attach",
    metavar="ID",
    default="",
    shell_complete=complete_rollouts,
    help="Take up a rollout again; see ssmtui rollouts.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(FORMS),
    default="folded",
    show_default=True,
    help="How results are written.",
)
@shared_options
@click.pass_context
def command(ctx: click.Context, /, *, attach: str, **given: Any) -> None:
    """Run one COMMAND, or a document, on many nodes.

    Outputs that are identical are one block with its nodes. COMMAND goes to a shell on each node,
    its words joined by spaces. Nothing is sent before it was agreed to, or --yes was given.

    Ctrl-C offers to cancel it or to leave it running.

    Exit codes: 0; 1 some nodes failed or did not answer, or there are none; 2 input, credentials or
    endpoint; 3 it is not known for certain who is meant, or what became of some; 124 the time to
    wait ran out; 130 interrupted.
    """
    from ssmtui.cli.running.launch import attach_to, run_command
    from ssmtui.cli.running.wish import Wish

    options = keep_options(ctx, given)
    wish = Wish(**{name: given[name] for name in Wish.__struct_fields__})
    if attach:
        _refuse_with_attach(ctx, Wish.__struct_fields__)
        ctx.exit(run(attach_to(options, attach, wish)))
    chosen = [bool(wish.nodes), bool(wish.targets), wish.on is not None]
    if sum(chosen) != 1:
        raise click.UsageError("Say whom it is for: one of --on, --nodes and --targets.")
    ctx.exit(run(run_command(options, wish)))


def _refuse_with_attach(ctx: click.Context, names: Sequence[str]) -> None:
    """What was planned is on record: only how it is watched can be said anew."""
    for param in ctx.command.params:
        given = ctx.get_parameter_source(param.name or "")
        typed = given is ParameterSource.COMMANDLINE and ctx.params.get(param.name or "")
        if typed and param.name in names and param.name not in _OF_WATCHING:
            what = param.opts[0] if isinstance(param, click.Option) else "COMMAND"
            raise click.UsageError(f"{what} is on record already: leave it out with --attach.")
