"""The explorer's way to AWS: opened in the background, and tried again where it failed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.ui.key_names import key_text

if TYPE_CHECKING:
    from textual.worker import Worker

    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.launch import Connection

# What credentials that are read anew may put right.
_OF_CREDENTIALS = (ProblemKind.EXPIRED, ProblemKind.CREDENTIALS)


class Connecting:
    """Between the keys and the connection.

    `words` say how it goes until the scopes are known, "" from then on; `problem` is why there are
    none.
    """

    def __init__(self, app: SsmtuiApp) -> None:
        self.words = "connecting"
        self.problem: Problem | None = None
        self._app = app
        self._connection: Connection | None = None
        self._again = asyncio.Event()
        self._worker: Worker[None] | None = None
        self._closed = asyncio.Event()
        self._closed.set()

    @property
    def remedy(self) -> str:
        """What to do about the problem, and how to try again then; "" where there is none."""
        if self.problem is None:
            return ""
        reload = self._app.keymap.action("reload")
        keys = self._app.keymap.keys(reload) if reload is not None else ()
        again = f"{key_text(keys[0]) if keys else ':reload'} tries again"
        return f"{self.problem.remedy}. Then {again}" if self.problem.remedy else again

    def begin(self) -> None:
        """Open the way in the background."""
        self.words, self.problem = "connecting", None
        self._worker = self._app.work(
            self._stay, "the connection", group="connection", exclusive=True
        )

    async def end(self) -> None:
        """Close the way, and wait until it is: a demo's fleet is gone then.

        When an app ends, Textual cancels the workers that there are, and waits for none. To be
        cancelled twice would cut short what closes the way.
        """
        if self._worker is not None and not self._worker.is_cancelled:
            self._worker.cancel()
        await self._closed.wait()

    def again(self) -> None:
        """Try anew what has failed: a login may have been made or the network have come back.

        What is open stays open, the scopes that are there and all that goes on in them.
        """
        if self._connection is None:
            if self.problem is not None:
                self.begin()
            return
        scopes = self._app.contexts.scopes
        if refused := {
            scope.profile
            for scope in scopes
            for problem in self._app.problems_of(scope.key)
            if problem.kind in _OF_CREDENTIALS
        }:
            self._connection.renew(refused)
        if self._app.contexts.problems:
            if not scopes:
                self.words, self.problem = "connecting", None
            self._again.set()

    def renew(self, profile: str | None) -> None:
        """Read the credentials of a profile anew: they have expired."""
        if self._connection is not None:
            self._connection.renew([profile])

    async def _stay(self) -> None:
        self._closed.clear()
        try:
            await self._app.restore()
            async with self._app.launch.connect() as connection:
                self._connection = connection
                try:
                    while True:  # until the worker is cancelled at the end
                        await self._resolve(connection)
                        await self._again.wait()
                        self._again.clear()
                finally:
                    self._connection = None
                    await self._app.end_sessions()
        except ProblemError as error:
            self.words, self.problem = "not connected", error.problem
            self._app.main.touch()
            raise
        finally:
            self._closed.set()

    async def _resolve(self, connection: Connection) -> None:
        scopes, problems = await connection.resolve()
        self._app.contexts.resolve(scopes, problems)
        self.words = "" if scopes else "no context"
        self.problem = problems[0] if problems and not scopes else None
        for problem in problems:
            self._app.report(problem)
        await self._app.contexts_changed()
        self._app.work(self._app.take_up_rollouts, "taking up rollouts", group="rollouts")
