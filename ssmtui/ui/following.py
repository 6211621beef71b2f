"""Logs followed from the explorer: asked for in a dialog, read in a page, ended with it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.text import plain
from ssmtui.ui.history import LineHistory
from ssmtui.ui.notices import Level
from ssmtui.ui.screens.dialogs import AskName, Confirm

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.sessions.follow.reading import Reading
    from ssmtui.sessions.follow.source import Source
    from ssmtui.ui.app import SsmtuiApp

# More nodes at once than these are asked about first.
MANY = 20
# Lines to begin with: so many in all, within these bounds of each node.
_LINES = 200
_FEWEST, _MOST = 10, 100


class Following:
    """Between the keys and the sessions. Nothing of sessions is imported before the first one."""

    def __init__(self, app: SsmtuiApp) -> None:
        self._app = app
        self._readings: set[Reading] = set()
        self._remembered = False
        self.history = LineHistory(app.launch.paths.history / "logs.json")

    def ask(self, rows: Sequence[Any], scope_of: Callable[[Any], Scope], log: str = "") -> None:
        """Follow `log` on these nodes; asks which one where none is given."""
        self._app.work(partial(self._ask, list(rows), scope_of, log), "following a log")

    def suggestions(self, rows: Sequence[Any]) -> list[str]:
        """Logs that these nodes may have: those followed before, and the usual ones."""
        from ssmtui.sessions.follow.source import suggested

        return suggested({_platform(row) for row in rows}, self.history.lines)

    def leave(self, reading: Reading) -> None:
        """End what was followed, behind the scenes."""
        if reading in self._readings and self._app.is_running:
            self._app.work(partial(self._close, reading), "ending sessions", group="leaving")

    async def close(self) -> None:
        """End every session, on the service too."""
        await asyncio.gather(*map(self._close, tuple(self._readings)))

    async def _ask(self, rows: list[Any], scope_of: Callable[[Any], Scope], log: str) -> None:
        from ssmtui.sessions.follow.source import read_source
        from ssmtui.ui.screens.ask_log import AskLog

        rows = _managed(rows)
        if not self._remembered:
            self._remembered = True
            await asyncio.to_thread(self.history.load)
        who = plain(rows[0].label) if len(rows) == 1 else f"{len(rows):,} nodes"
        text: str | None = log
        if not text:
            text = await self._app.push_screen_wait(
                AskLog(who, self.suggestions(rows), partial(_fitting, rows))
            )
        if text is None or not await self._is_sure(rows, text):
            return
        source = read_source(text)
        kept = _fitting(rows, text)
        reason = await self._reason()
        if reason is None:
            return
        self.history.add(source.title)
        if len(kept) < len(rows):
            left = len(rows) - len(kept)
            words = f"Left out: {left:,} {'node' if left == 1 else 'nodes'} without a {source.kind}"
            self._app.say(words, Level.WARNING)
        await self._follow(kept, scope_of, source, reason)
        await asyncio.to_thread(self._keep_history)

    async def _follow(
        self, rows: list[Any], scope_of: Callable[[Any], Scope], source: Source, reason: str
    ) -> None:
        from ssmtui.sessions.follow.follow import Follow
        from ssmtui.sessions.follow.node import Node
        from ssmtui.sessions.follow.reading import Reading
        from ssmtui.ui.screens.follow import FollowPage

        names = Counter(row.label for row in rows)
        nodes = [
            Node(scope_of(row), row.key, _name(row, names[row.label]), _platform(row))
            for row in rows
        ]
        lines = max(_FEWEST, min(_MOST, _LINES // len(nodes)))
        reading = Reading(Follow(nodes, source, lines=lines, reason=reason))
        self._readings.add(reading)
        self._app.work(reading.run, "reading a log", group="reading")
        await self._app.push_screen(FollowPage(reading, source))

    async def _close(self, reading: Reading) -> None:
        self._readings.discard(reading)
        for problem in await reading.close():
            if self._app.is_running:
                self._app.report(problem)
            else:
                self._app.exit_words = problem.sentence

    async def _is_sure(self, rows: Sequence[Any], text: str) -> bool:
        if len(rows) <= MANY:
            return True
        names = [plain(row.label) for row in rows[:10]]
        question = Confirm(
            f"Follow {plain(text)} on {len(rows):,} nodes",
            [*names, f"and {len(rows) - 10:,} more", "", "Each has a session of its own."],
            "Follow",
        )
        sure: bool = await self._app.push_screen_wait(question)
        return sure

    async def _reason(self) -> str | None:
        """The reason for sessions where the configuration requires one; None: not now."""
        if not self._app.launch.config.session_reason:
            return ""
        text: str | None = await self._app.push_screen_wait(
            AskName("Reason for the sessions", "", "It is kept in the sessions' history")
        )
        return text or None

    def _keep_history(self) -> None:
        try:
            self.history.save()
        except OSError as error:
            raise input_problem(f"The logs' history was not kept: {error.strerror}") from error


def _platform(row: Any) -> str:
    """linux, windows or macos; "" where nobody knows, as of an instance without an agent."""
    return row.platform if isinstance(row.platform, str) else ""


def _managed(rows: list[Any]) -> list[Any]:
    from ssmtui.sessions.follow.follow import MOST_NODES

    managed = [row for row in rows if _platform(row) and row.ping != "unmanaged"]
    if not managed:
        what = f"{plain(rows[0].label)} has no agent" if len(rows) == 1 else "No node has an agent"
        raise input_problem(f"{what} through which a log could be followed", "w says why")
    if len(managed) > MOST_NODES:
        what = f"{len(managed):,} nodes are marked, and at most {MOST_NODES} are followed at once"
        raise input_problem(what, "Mark fewer")
    return managed


def _fitting(rows: Sequence[Any], text: str) -> list[Any]:
    """The nodes that have such a thing; ProblemError if none has, or the line names nothing."""
    from ssmtui.sessions.follow.source import read_source

    source = read_source(text)
    kept = []
    problem: ProblemError | None = None
    for row in rows:
        try:
            source.command(_platform(row), _FEWEST)
        except ProblemError as error:
            problem = error
        else:
            kept.append(row)
    if problem is not None and not kept:
        raise problem
    return kept


def _name(row: Any, namesakes: int) -> str:
    """What to call a node: its name, with its id where the name is not enough; safe to show."""
    return plain(f"{row.label}/{row.key.id}" if namesakes > 1 else row.label)
