"""Why a session is opened: `--reason`, and what the configuration asks of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from ssmtui.core.problem import input_problem
from ssmtui.local.config import Config

F = TypeVar("F", bound=Callable[..., Any])


def reason_option(command: F) -> F:
    """Give a verb that opens sessions its `reason`, "" where none was given."""
    words = "Why, for the session's history; needed where session_reason is configured."
    return click.option("--reason", metavar="TEXT", default="", help=words)(command)


def check_reason(config: Config, reason: str) -> None:
    """ProblemError where the configuration requires a reason and none was given."""
    if config.session_reason and not reason.strip():
        raise input_problem(
            "Every session needs a reason here (session_reason in config.toml)",
            "Give it with --reason TEXT",
        )
