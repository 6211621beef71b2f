"""How a verb runs: one event loop, one sentence for what goes wrong, and the exit codes."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any

from ssmtui.core.problem import Problem, ProblemError

ANSWER_IS_NO = 1
BAD_INPUT = 2
PARTIAL = 3
MISTAKE = 70  # sysexits' EX_SOFTWARE: a mistake of this program, which is no answer
TIMED_OUT = 124
INTERRUPTED = 130
BROKEN_PIPE = 128 + 13  # whoever read the results has gone, as a shell says of SIGPIPE


class VerbEndedError(Exception):
    """The verb is over, with this exit code; `problems` are still to be said."""

    def __init__(self, code: int, problems: Sequence[Problem] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.problems = tuple(problems)


def guarded(verb: Callable[[], int], crashes: Path | None = None) -> int:
    """Call a verb and return its exit code; trouble is said on stderr, never raised.

    A true bug leaves a report in `crashes`, by default the folder of the state folder.
    """
    try:
        return verb()
    except ProblemError as error:
        say_problem(error.problem)
        return BAD_INPUT
    except VerbEndedError as error:
        say_problems(error.problems)
        return error.code
    except BrokenPipeError:
        _abandon_stdout()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except Exception as error:
        if _is_of_click(error):
            raise
        return _crashed(error, crashes)  # a mistake of ours, whatever it is


def _is_of_click(error: Exception) -> bool:
    """Whether the parser of arguments says it, which is imported only where there are any."""
    click = sys.modules.get("click")
    return click is not None and isinstance(error, click.ClickException)


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run a verb's coroutine to its end, guarded."""
    return guarded(lambda: asyncio.run(work))


def put(pieces: Iterable[str]) -> None:
    """Results go to stdout, in one stream. VerbEndedError where they cannot be written."""
    try:
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_stdout()
        raise VerbEndedError(BROKEN_PIPE) from None
    except OSError as error:
        _abandon_stdout()
        say(f"the results cannot be written ({error.strerror})")
        raise VerbEndedError(BAD_INPUT) from None


def say(words: str) -> None:
    """Words go to stderr; stdout is for results."""
    _write_words(f"ssmtui: {words}")


def _write_words(words: str) -> None:
    if sys.stderr is not None:  # closed by `2>&-`: they go nowhere, never among the results
        sys.stderr.write(f"{words}\n")
        sys.stderr.flush()


def say_problem(problem: Problem) -> None:
    say(_said(problem))


def say_problems(problems: Iterable[Problem]) -> None:
    """Each sentence once: several calls of one scope fail for the same reason."""
    for words in dict.fromkeys(map(_said, problems)):
        say(words)


def _said(problem: Problem) -> str:
    where = f"{problem.scope}: " if problem.scope and str(problem.scope) not in problem.what else ""
    return where + problem.sentence


def _abandon_stdout() -> None:
    """Let what is still buffered go nowhere, or Python fails with it once more at the very end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return  # not a stream of the system's: nothing is flushed into it later


def _crashed(error: Exception, crashes: Path | None) -> int:
    from ssmtui.local.paths import default
    from ssmtui.ui.crash import report

    found = report(error, crashes or default().crashes, time.time())
    _write_words(found.message)
    return MISTAKE
