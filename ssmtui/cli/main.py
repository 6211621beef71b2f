"""The `ssmtui` command: options shared by every verb, and verbs that are imported when called."""

from __future__ import annotations

import importlib
from typing import Any

import click

from ssmtui import __version__
from ssmtui.cli.flags import keep_options, shared_options

# verb -> (module, one line for --help): listing the verbs imports none of them.
VERBS = {
    "get": ("ssmtui.cli.get", "List a resource: get nodes [NAME...] [--filter EXPR] [-o json]"),
    "connect": ("ssmtui.cli.connect", "Open a shell on a node, or run one command: -- CMD"),
    "forward": ("ssmtui.cli.forward", "Let local ports lead to a node: 8080:80 5432:db:5432"),
    "proxy": ("ssmtui.cli.proxy", "Serve ssh as its ProxyCommand: proxy NAME PORT"),
    "tail": ("ssmtui.cli.tail", "Follow a log on many nodes at once: tail --on Role=web PATH"),
    "cp": ("ssmtui.cli.cp", "Copy a file from a node: cp NODE:/path ."),
    "run": ("ssmtui.cli.run_command", "Run a command on many nodes: run --on Role=web -- uptime"),
    "rollouts": ("ssmtui.cli.rollouts", "List the rollouts on record"),
    "forget": ("ssmtui.cli.forget", "Forget rollouts, values and snippets that are kept"),
    "why": ("ssmtui.cli.why", "Say why a node is lost, stopped or unmanaged"),
    "info": ("ssmtui.cli.info", "Show paths, versions, identity and the plugin"),
    "simulator": ("ssmtui.cli.simulator", "Serve a simulated fleet on loopback"),
    "completion": ("ssmtui.cli.completion", "Print the completion script for bash, zsh or fish"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that start-up stays light."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(VERBS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in VERBS and not args[0].startswith("-"):
            from ssmtui.cli.usage import unknown_verb

            raise unknown_verb(args[0], list(VERBS), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(verb, line) for verb, (_, line) in VERBS.items()])


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command the explorer opens. `ssmtui --demo` needs no AWS account.",
)
@click.version_option(__version__, prog_name="ssmtui")
@shared_options
@click.option(
    "-c",
    "command",
    metavar="COMMAND",
    default="",
    help="Open with this command, as typed behind ':', such as ':no Env=prod'.",
)
@click.pass_context
def cli(ctx: click.Context, /, command: str, **given: Any) -> None:
    """A keyboard-driven terminal explorer for AWS Systems Manager."""
    options = keep_options(ctx, given)
    if ctx.invoked_subcommand is None:
        from ssmtui.cli.explore import explore
        from ssmtui.cli.run import guarded

        ctx.exit(guarded(lambda: explore(options, command)))
    elif command:
        raise click.UsageError("-c goes with the explorer, not with a verb. Leave one of them out.")


def parsed() -> int:
    """What the arguments ask for: its exit code, to be called by `cli.run.guarded`.

    What click would say of an interrupt or a broken pipe is left to ours.
    """
    try:
        return cli.main(prog_name="ssmtui", standalone_mode=False) or 0
    except click.UsageError as error:
        from ssmtui.cli.run import say
        from ssmtui.cli.usage import usage_words

        say(usage_words(error))
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
