"""How a verb runs: one event loop, one sentence for what goes wrong, and the exit codes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import click

from ssmtui.core.problem import Problem, ProblemError

ANSWER_IS_NO = 1
BAD_INPUT = 2
PARTIAL = 3
TIMED_OUT = 124
INTERRUPTED = 130


def guarded(verb: Callable[[], int]) -> int:
    """Call a verb and return its exit code; trouble is said on stderr, never raised."""
    try:
        return verb()
    except ProblemError as error:
        say_problem(error.problem)
        return BAD_INPUT
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run a verb's coroutine to its end, guarded."""
    return guarded(lambda: asyncio.run(work))


def say(words: str) -> None:
    """Words go to stderr; stdout is for results."""
    click.echo(f"ssmtui: {words}", err=True)


def say_problem(problem: Problem) -> None:
    where = f"{problem.scope}: " if problem.scope else ""
    say(where + problem.sentence)
