"""From a node's name on the command line to that node and an open way to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ssmtui.cli.backend import connected, load_config, paths_of, resolve_or_fail, start_log
from ssmtui.cli.finding import Ask, Found, find_node
from ssmtui.cli.options import Options
from ssmtui.cli.reasons import check_reason
from ssmtui.cli.run import say
from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope


@asynccontextmanager
async def reached(
    options: Options, name: str, *, reason: str, ask: Ask | None = None
) -> AsyncIterator[tuple[Scope, Found]]:
    """The node that `name` means, for as long as the way to AWS is open.

    `reason` is the sessions' own. ProblemError, VerbEndedError where no scope opens, and
    NotFoundError as `find_node` raises it.
    """
    from ssmtui.resources.memory import Memory

    paths = paths_of(options)
    config = load_config(paths)
    check_reason(config, reason)
    start_log(options, paths)
    async with connected(options, config, paths) as connection:
        scopes, problems = await resolve_or_fail(connection)
        yield await find_node(scopes, Memory(paths), name, problems, ask=ask)


def say_if_late(name: str, clear: Callable[[], None] = lambda: None) -> Callable[[str], None]:
    """Listens to how the connection to a node is, and says that it is still waited for.

    `clear` makes room for that where a line of progress is.
    """
    from ssmtui.sessions.terminal import WAITING

    def told(text: str) -> None:
        if text == WAITING:
            clear()
            say(f"{plain(name)}: {text}, Ctrl-C leaves")

    return told
