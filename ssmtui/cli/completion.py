"""`ssmtui completion SHELL`: the script that makes a shell complete verbs, options and profiles."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of SHELL.

    \b
    bash   ssmtui completion bash >> ~/.bashrc
    zsh    ssmtui completion zsh >> ~/.zshrc
    fish   ssmtui completion fish > ~/.config/fish/completions/ssmtui.fish
    """
    from ssmtui.cli.main import cli

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "ssmtui", "_SSMTUI_COMPLETE").source())
