"""What is wrong with how a verb was called: one sentence that names the word, and the remedy."""

from __future__ import annotations

import re

import click

from ssmtui.core.near import did_you_mean
from ssmtui.core.text import plain

# What click says of words behind the last argument; it has no error of its own for them.
_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)


def usage_words(error: click.UsageError) -> str:
    """The sentence for an error of click's, and its remedy, as one text."""
    see = f"See {error.ctx.command_path if error.ctx else 'ssmtui'} --help"
    remedy = see
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        remedy = did_you_mean(error.option_name, _options(error.ctx), otherwise=see)
    elif extra := _EXTRA.search(error.message):
        remedy = f"Leave {'them' if ' ' in extra[1] else 'it'} out, or s{see[1:]}"
    return f"{_what(error)}. {remedy}."


def unknown_verb(name: str, verbs: list[str], ctx: click.Context) -> click.UsageError:
    """The error for a verb that there is not."""
    remedy = did_you_mean(name, verbs, otherwise=f"There are {', '.join(verbs)}")
    return click.UsageError(f"There is no command {plain(name)}. {remedy}", ctx)


def _what(error: click.UsageError) -> str:
    verb = error.ctx.info_name if error.ctx else "ssmtui"
    if isinstance(error, click.NoSuchOption):
        return f"{verb} has no option {plain(error.option_name)}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        if isinstance(error, click.MissingParameter):
            return f"{verb} needs {_name(error.param)}"
        said = error.message.rstrip(".").replace("a valid integer range", "a whole number")
        return plain(f"{_name(error.param)}: {said}")
    if extra := _EXTRA.search(error.message):
        return f"{verb} has no use for {plain(extra[1])}"
    return plain(error.format_message().rstrip("."))


def _name(parameter: click.Parameter) -> str:
    """A parameter as it is typed, or as the usage line calls it."""
    if isinstance(parameter, click.Option):
        return parameter.opts[-1]
    if isinstance(parameter.type, click.Choice):
        return "|".join(parameter.type.choices)
    return parameter.human_readable_name.strip("[].")


def _options(ctx: click.Context) -> list[str]:
    """The long options of a verb, of which a misspelt one may be meant."""
    names = (name for param in ctx.command.get_params(ctx) for name in param.opts)
    return [name for name in names if name.startswith("--")]
