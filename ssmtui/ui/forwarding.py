"""The explorer's forwards: asked for in a dialog, kept in the background, ended at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.ui.notices import Level
from ssmtui.ui.screens.dialogs import AskName, Confirm

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.sessions.forwards.forward import Forward
    from ssmtui.sessions.forwards.manager import Forwards
    from ssmtui.ui.app import SsmtuiApp

_HINT = "8080:80 to the node's port 80, 5432:db.internal:5432 to another host; 0: any free port"


class Forwarding:
    """Between the keys and the forwards. Nothing of sessions is imported before the first one."""

    def __init__(self, app: SsmtuiApp) -> None:
        self._app = app
        self._forwards: Forwards | None = None

    @property
    def all(self) -> Sequence[Forward]:
        """Every forward that was asked for and not stopped, failed ones too."""
        return () if self._forwards is None else tuple(self._forwards)

    def ask(self, find: Callable[[], Scope], target: RowKey, name: str, ports: str = "") -> None:
        """Open a forward to the node `name`; asks for `ports` where none are given.

        `find` gives the node's scope, or a ProblemError, which is said.
        """
        self._app.work(partial(self._ask, find, target, name, ports), "opening a forward")

    async def _ask(self, find: Callable[[], Scope], target: RowKey, name: str, ports: str) -> None:
        from ssmtui.sessions.forwards.spec import parse_forward

        scope = find()
        text: str | None = ports
        while True:
            if not text:
                text = await self._app.push_screen_wait(
                    AskName(f"Forward to {plain(name)}", ports, _HINT)
                )
            if text is None:
                return
            try:
                spec = parse_forward(target, text)
            except ProblemError as error:
                # What was typed stays, to be put right.
                self._app.report(error.problem)
                ports, text = text, ""
                continue
            self._opened().open(scope, spec, name=name)
            return

    async def stop(self, forward: Forward) -> None:
        """End one, after a dialog if connections would be cut."""
        if not forward.over:
            lines = [forward.title, f"open connections: {forward.figures.open}"]
            if not await self._app.push_screen_wait(Confirm("Stop the forward", lines, "Stop")):
                return
        problem = await self._opened().stop(forward)
        if problem is not None:
            self._app.report(problem)

    async def close(self) -> None:
        """End all of them, on the service too."""
        if self._forwards is not None:
            for problem in await self._forwards.close():
                self._app.exit_words = problem.sentence

    def _opened(self) -> Forwards:
        if self._forwards is None:
            from ssmtui.sessions.forwards.manager import Forwards

            self._forwards = Forwards(changed=self._changed)
        return self._forwards

    def _changed(self, forward: Forward) -> None:
        from ssmtui.sessions.forwards.forward import State

        if forward.state is State.CLOSED or not self._app.is_running:
            return
        said = f"{forward.title} is {forward.state}"
        said += f": {forward.sentence}" if forward.sentence else ""
        if forward.state is State.OPEN and not forward.sentence:
            self._app.say(said)
        else:
            bad = forward.state is State.FAILED
            self._app.say(said, Level.ERROR if bad else Level.WARNING)
