"""Shells from the explorer: a tab each by our own client, or the whole terminal for the plugin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SuspendNotSupported

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain
from ssmtui.ui.notices import Level
from ssmtui.ui.screens.dialogs import AskName, Confirm

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.sessions.client import Client
    from ssmtui.sessions.plugin import Plugin
    from ssmtui.sessions.specs import SessionSpec
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.screens.terminals import Terminals

    Find = Callable[[], Scope]

# More shells at once than this are asked about first.
MANY = 5
# Keys typed while the plugin handed the terminal back are not meant for the fleet.
SETTLE_SECONDS = 0.3


class Shells:
    """Between the keys and the sessions. Nothing of sessions is imported before the first one."""

    def __init__(self, app: SsmtuiApp) -> None:
        self._app = app
        self._terminals: Terminals | None = None
        self._clients: list[Client] = []

    @property
    def terminals(self) -> Terminals:
        """The tabs, which are made when they are first looked at."""
        if self._terminals is None:
            from ssmtui.ui.screens.terminals import Terminals

            self._terminals = Terminals(self._app)
        return self._terminals

    def show(self) -> None:
        """Bring the tabs to the front."""
        if self._terminals is None or not self._terminals.show():
            self._app.say("No session is open: s on a node opens one", Level.WARNING)

    def open(self, rows: Sequence[Any], scope_of: Callable[[Any], Scope]) -> None:
        """Open a tab with a shell on each row."""
        self._app.work(partial(self._open, list(rows), scope_of), "opening shells")

    def hand_over(self, row: Any, scope_of: Callable[[Any], Scope]) -> None:
        """Suspend the explorer and give the terminal to the plugin, on one row."""
        self._app.work(partial(self._hand_over, row, scope_of), "the plugin")

    def choose(
        self, rows: Sequence[Any], scope_of: Callable[[Any], Scope], document: str = ""
    ) -> None:
        """Open a session on each row with a document that is asked for, and its parameters."""
        self._app.work(partial(self._choose, list(rows), scope_of, document), "choosing a session")

    async def close(self) -> None:
        """End every session in a tab, on the service too."""
        if self._terminals is not None:
            await self._terminals.end_all()
        problems = await asyncio.gather(*(client.close() for client in self._clients))
        for problem in filter(None, problems):
            self._app.exit_words = problem.sentence

    async def _open(self, rows: list[Any], scope_of: Callable[[Any], Scope]) -> None:
        if not await self._meant(rows):
            return
        reason = await self._reason()
        if reason is not None:
            self._open_tabs(rows, scope_of, partial(self._spec, reason=reason))

    async def _choose(
        self, rows: list[Any], scope_of: Callable[[Any], Scope], document: str
    ) -> None:
        from ssmtui.ui.session_choice import ask_session

        if not rows or not await self._meant(rows):
            return
        scopes = list({row.key.scope: scope_of(row) for row in rows}.values())
        label = plain(rows[0].label) if len(rows) == 1 else f"{len(rows)} nodes"
        keys = [row.key for row in rows]
        wish = await ask_session(self._app, scopes, keys, f"Session on {label}", document)
        if wish is None:
            return
        if wish.plugin:
            await self._run_plugin(await self._plugin(), scope_of(rows[0]), wish.spec(keys[0]))
        else:
            self._open_tabs(rows, scope_of, lambda row: wish.spec(row.key))

    async def _meant(self, rows: Sequence[Any]) -> bool:
        """Whether so many sessions at once are meant."""
        if len(rows) <= MANY:
            return True
        names = [plain(row.label) for row in rows[:10]]
        more = [f"and {len(rows) - 10} more"] if len(rows) > 10 else []
        confirm = Confirm(f"Open {len(rows)} shells", [*names, *more], "Open")
        meant: bool = await self._app.push_screen_wait(confirm)
        return meant

    def _open_tabs(
        self,
        rows: Sequence[Any],
        scope_of: Callable[[Any], Scope],
        spec_of: Callable[[Any], SessionSpec],
    ) -> None:
        from ssmtui.sessions.client import Client

        for row in rows:
            client = Client(scope_of(row), spec_of(row))
            self._clients.append(client)
            self.terminals.open(client, plain(row.label))

    async def _hand_over(self, row: Any, scope_of: Callable[[Any], Scope]) -> None:
        plugin = await self._plugin()
        reason = await self._reason()
        if reason is not None:
            await self._run_plugin(plugin, scope_of(row), self._spec(row, reason))

    async def _plugin(self) -> Plugin:
        """The plugin, for a session of its own. ProblemError where it is no use."""
        from ssmtui.sessions.plugin import find_plugin

        try:
            plugin = await find_plugin()
        except ProblemError as error:
            problem = error.problem
            raise ProblemError(
                Problem(problem.kind, problem.what, f"{problem.remedy}, or press s for a tab")
            ) from None
        if plugin.warning:
            self._app.say(plugin.warning, Level.WARNING)
        return plugin

    async def _run_plugin(self, plugin: Plugin, scope: Scope, spec: SessionSpec) -> None:
        """Give a session to the plugin, and the terminal with it."""
        await self._app.lend(self._hand(plugin, scope, spec), "the plugin's session")

    async def _hand(self, plugin: Plugin, scope: Scope, spec: SessionSpec) -> None:
        from ssmtui.sessions.handoff import hand_over
        from ssmtui.sessions.plugin import invocation
        from ssmtui.sessions.start import start

        session = await start(scope, spec)
        try:
            call = await invocation(plugin, session)
        except BaseException:
            await session.terminate()
            raise
        try:
            ending = await hand_over(session, call, suspended=self._suspended)
        except SuspendNotSupported:
            await session.terminate()
            raise ProblemError(
                Problem(
                    ProblemKind.INPUT,
                    "This terminal cannot be handed over",
                    "Press s for a shell in a tab",
                )
            ) from None
        if ending.sentence:
            self._app.say(ending.sentence, Level.WARNING)

    @contextmanager
    def _suspended(self) -> Iterator[None]:
        """Let go of the terminal. Repaints are held back: nobody reads what is written now, and
        the driver's queue would fill up and hold the loop for ever. What was typed until it is
        taken back was meant for the plugin. Nothing is listed for a screen that nobody sees."""
        with self._app.suspend(), self._app.batch_update(), self._app.unseen():
            yield
        self._app.ignore_keys(SETTLE_SECONDS)

    async def _reason(self) -> str | None:
        """The reason for a session where the configuration requires one; None: not now."""
        if not self._app.launch.config.session_reason:
            return ""
        text: str | None = await self._app.push_screen_wait(
            AskName("Reason for the session", "", "It is kept in the session's history")
        )
        return text or None

    @staticmethod
    def _spec(row: Any, reason: str) -> SessionSpec:
        from ssmtui.sessions.specs import SessionSpec

        return SessionSpec(target=row.key, reason=reason)
