"""The options that every verb shares; they may stand before or behind the verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from ssmtui.cli.options import Options

F = TypeVar("F", bound=Callable[..., Any])

MODES = ("look", "connect", "change")
LOG_LEVELS = ("debug", "info", "warning", "error")


def complete_profiles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The profiles of the shared files, read without the AWS SDK."""
    from ssmtui.local.paths import shared_profiles

    return [name for name in shared_profiles() if name.startswith(incomplete)]


def complete_regions(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Every Region that botocore knows of, read without importing it."""
    import importlib.util
    import json
    from pathlib import Path

    found = importlib.util.find_spec("botocore")
    if found is None or found.origin is None:
        return []
    partitions = json.loads((Path(found.origin).parent / "data" / "partitions.json").read_bytes())
    names = [name for each in partitions["partitions"] for name in each["regions"]]
    return [name for name in names if name.startswith(incomplete) and "global" not in name]


def shared_options(command: F) -> F:
    """Give a command the shared options, as keyword arguments for `keep_options`."""
    for option in reversed(
        (
            click.option(
                "--profile",
                "profiles",
                multiple=True,
                metavar="NAME",
                shell_complete=complete_profiles,
                help="An AWS profile; repeat it for several.",
            ),
            click.option(
                "--region",
                "regions",
                multiple=True,
                metavar="NAME",
                shell_complete=complete_regions,
                help="A Region; repeat it for several.",
            ),
            click.option("--all-regions", is_flag=True, help="Every Region the account has on."),
            click.option(
                "--mode",
                type=click.Choice(MODES),
                help="look changes nothing, connect opens sessions, change does both.",
            ),
            click.option("--read-only", is_flag=True, help="The same as --mode look."),
            click.option(
                "--demo", is_flag=True, help="Use a simulated fleet: no account, no network."
            ),
            click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII only."),
            click.option(
                "--log-level",
                type=click.Choice(LOG_LEVELS),
                help="Write a log of that level into the state folder.",
            ),
        )
    ):
        command = option(command)
    return command


def keep_options(ctx: click.Context, given: dict[str, Any]) -> Options:
    """The options given so far: those before the verb, then those behind it, which win."""
    before = ctx.find_object(Options) or Options()
    mode = "look" if given["read_only"] else given["mode"]
    if given["read_only"] and given["mode"] not in (None, "look"):
        raise click.UsageError(f"--read-only and --mode {given['mode']} contradict each other.")
    options = Options(
        profiles=given["profiles"] or before.profiles,
        regions=given["regions"] or before.regions,
        all_regions=given["all_regions"] or before.all_regions,
        mode=mode or before.mode,
        demo=given["demo"] or before.demo,
        ascii=given["ascii_only"] or before.ascii,
        log_level=given["log_level"] or before.log_level,
    )
    if options.regions and options.all_regions:
        raise click.UsageError("--region and --all-regions contradict each other.")
    ctx.obj = options
    return options
