"""`ssmtui completion SHELL`: the script that makes a shell complete verbs, options and profiles."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

# What click's script for zsh ends with is only known once zsh's own completion has been set up,
# which a .zshrc need not have done. Insecure folders are left out rather than asked about.
_SET_UP = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }"


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
    script = kinds[shell](cli, {}, "ssmtui", "_SSMTUI_COMPLETE").source()
    if shell == "zsh":
        first, rest = script.split("\n", 1)  # the first line tells zsh what the file completes
        script = f"{first}\n{_SET_UP}\n{rest}"
    click.echo(script)
