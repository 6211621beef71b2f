"""Asking for what is too dear to be known of every row, of some of them: with a way to stop it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from textual.worker import Worker

from ssmtui.core.problem import ProblemError

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.ui.panes.resource import ResourcePane


class LookUp:
    """One question at a time (`Resource.look_up`); `words` say how far it is, "" when none is."""

    def __init__(self, pane: ResourcePane, source: str) -> None:
        self.words = ""
        self._pane = pane
        self._source = source
        self._worker: Worker[Any] | None = None

    def begin(self, rows: Sequence[Any], *, done: Callable[[int, int], None]) -> None:
        """Ask for these rows; `done(asked, found)` when it has come to its end."""
        pane = self._pane
        if self.words:
            pane.shell.say(f"{self._source} is being asked already; Esc stops it")
            return
        self._show(0, len(rows))
        job = partial(self._ask, list(rows), done)
        self._worker = pane.shell.work(job, f"asking {self._source}")

    def stop(self) -> bool:
        """Stop asking; False if nothing was asked."""
        if not self.words or self._worker is None:
            return False
        self._worker.cancel()
        return True

    async def _ask(self, rows: Sequence[Any], done: Callable[[int, int], None]) -> None:
        wanted = {row.key for row in rows}
        found: set[Any] = set()
        by_scope: dict[Scope, list[Any]] = {}
        try:
            for row in rows:
                by_scope.setdefault(self._pane.scope_of(row), []).append(row)
            problems = await asyncio.gather(
                *(self._ask_scope(scope, some, wanted, found) for scope, some in by_scope.items())
            )
        finally:
            self.words = ""
            self._pane.post_message(self._pane.Touched())
        refused = [problem for problem in problems if problem is not None]
        for problem in dict.fromkeys(refused):
            self._pane.shell.report(problem)
        if len(refused) < len(by_scope):
            done(len(wanted), len(found))

    async def _ask_scope(
        self, scope: Scope, rows: Sequence[Any], wanted: set[Any], found: set[Any]
    ) -> Any:
        look_up, store = self._pane.resource.look_up, self._pane.feed.store
        if look_up is None:
            return None
        answers: Any = look_up(scope, rows)
        try:
            async with aclosing(answers):
                async for fields in answers:
                    known = [
                        msgspec.structs.replace(row, **values)
                        for key, values in fields.items()
                        if (row := store.get(key)) is not None
                    ]
                    store.apply(known)
                    found |= wanted & fields.keys()
                    self._show(len(found), len(wanted))
        except ProblemError as error:
            return error.problem
        return None

    def _show(self, found: int, asked: int) -> None:
        self.words = f"asking {self._source}: {found:,} of {asked:,}, Esc stops"
        self._pane.post_message(self._pane.Touched())
