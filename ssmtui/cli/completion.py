"""`ssmtui completion SHELL`: the script that makes a shell complete verbs, options and profiles."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete


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

    kinds = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    click.echo(kinds[shell](cli, {}, "ssmtui", "_SSMTUI_COMPLETE").source())
