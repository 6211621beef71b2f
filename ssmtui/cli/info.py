"""`ssmtui info`: paths, versions, identity and the plugin, for bug reports and new machines."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from ssmtui import __version__
from ssmtui.cli.backend import connected, load_config, paths_of, resolve_or_fail, start_log
from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options
from ssmtui.cli.run import BAD_INPUT, PARTIAL, VerbEndedError, put, run, say_problems
from ssmtui.core.export import json_text
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.core.text import plain
from ssmtui.local.paths import Paths, builtin_themes

PACKAGES = ("textual", "rich", "aiobotocore", "botocore", "aiohttp", "msgspec")


@click.command("info")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is written.",
)
@shared_options
@click.pass_context
def command(ctx: click.Context, /, output: str, **given: Any) -> None:
    """Show every path, the versions, who you are in each context, and the plugin."""
    options = keep_options(ctx, given)
    ctx.exit(run(info(options, output)))


async def info(options: Options, output: str) -> int:
    """The verb itself; returns its exit code: 0, 2 if no context opens, 3 if some do not."""
    paths = paths_of(options)
    start_log(options, paths)
    sections: dict[str, dict[str, str]] = {
        "versions": versions(),
        "paths": path_lines(paths),
        "plugin": {"session-manager-plugin": await plugin_words()},
    }
    problems: list[Problem] = []
    contexts: dict[str, str] = {}
    try:
        config = load_config(paths)
        async with connected(options, config, paths) as connection:
            scopes, problems = await resolve_or_fail(connection)
            await connection.gateway.aliases()
            for scope in scopes:
                contexts[str(scope.key)] = f"{scope.identity} as {scope.name}, {scope.mode} mode"
    except ProblemError as error:
        problems.append(error.problem)
    except VerbEndedError as error:
        problems += error.problems
    sections["contexts"] = contexts
    put([json_text(sections, indent=2) if output == "json" else as_text(sections), "\n"])
    say_problems(problems)
    if not problems:
        return 0
    return PARTIAL if contexts else BAD_INPUT


def versions() -> dict[str, str]:
    found = {"ssmtui": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    found["system"] = platform.platform()
    return found


def path_lines(paths: Paths) -> dict[str, str]:
    return {
        "config": str(paths.config_file),
        "themes": str(paths.themes),
        "built-in themes": str(builtin_themes()),
        "state": str(paths.state),
        "snapshot and journal": str(paths.snapshot),
        "audit": str(paths.audit),
        "rollouts": str(paths.rollouts),
        "values and snippets": str(paths.remembered),
        "crash reports": str(paths.crashes),
        "history": str(paths.history),
        "log": str(paths.log),
        "cache": str(paths.cache),
    }


async def plugin_words() -> str:
    """The version of session-manager-plugin and its path, or why it cannot be used."""
    from ssmtui.sessions.plugin import find_plugin

    try:
        plugin = await find_plugin()
    except ProblemError as error:
        return error.problem.sentence
    warning = f"; {plugin.warning}" if plugin.warning else ""
    return f"{plugin.version} ({plugin.path}){warning}"


def as_text(sections: dict[str, dict[str, str]]) -> str:
    lines = []
    for title, pairs in sections.items():
        lines.append(title.capitalize())
        width = max((len(key) for key in pairs), default=0)
        lines += [f"  {plain(key):{width}}  {plain(value)}" for key, value in pairs.items()]
        if not pairs:
            lines.append("  none")
        lines.append("")
    return "\n".join(lines).rstrip()
