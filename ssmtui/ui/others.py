"""Commands that no rollout on our record has sent: on a board of their own, and run again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.core.keys import RowKey
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.rolling import Rolling
    from ssmtui.ui.watching import Watched


class Others:
    """Beside the rollouts (`rolling`). What is watched here lives as long as its board."""

    def __init__(self, app: SsmtuiApp, rolling: Rolling) -> None:
        self._app = app
        self._rolling = rolling
        self._watched: set[Watched] = set()

    async def open(self, scope: Scope, command: Any) -> Watched:
        """Follow a command of the Commands pane. ProblemError: it is no more, or cannot be read."""
        from ssmtui.resources.commands.detail import read_command
        from ssmtui.rollouts.conduct import Rollout
        from ssmtui.rollouts.others import followed
        from ssmtui.ui.watching import Watched

        fact = await read_command(scope, command)
        who = command.who if isinstance(command.who, str) else ""
        record = await asyncio.to_thread(followed, scope.key, fact, self._names(), who)
        rollout = Rollout(record, [scope], **self._rolling.how)
        watched = Watched(rollout, own=self._rolling.own_words)
        self._watched.add(watched)
        rollout.start()
        return watched

    def let_go(self, watched: Watched) -> None:
        """Nobody looks at it any more; rollouts are left alone."""
        if watched in self._watched:
            self._watched.discard(watched)
            watched.close()
            self._app.work(watched.rollout.leave, "the end of a board", group="rollouts")

    async def close(self) -> None:
        """Let go of all of them."""
        for watched in self._watched:
            watched.close()
        await asyncio.gather(*(watched.rollout.leave() for watched in self._watched))
        self._watched.clear()

    def ask_again(self, scope: Scope, command: Any) -> None:
        """Run a command of the Commands pane again, with edits."""
        self._app.work(partial(self._ask_again, scope, command), "running again")

    async def _ask_again(self, scope: Scope, command: Any) -> None:
        from ssmtui.resources.commands.detail import read_command
        from ssmtui.rollouts.others import command_of
        from ssmtui.rollouts.spec import RolloutSpec
        from ssmtui.rollouts.targets import Found

        fact = await read_command(scope, command)
        spec = RolloutSpec(await asyncio.to_thread(command_of, scope.key, fact, self._names()))
        if isinstance(spec.command.targets, Found):
            _ = spec.command.targets.request  # which says why not
        await self._rolling.wish_again(spec)

    def _names(self) -> Callable[[RowKey], str]:
        """What the nodes list calls a node, for a thread."""
        store = self._app.feed(self._app.launch.resources[0]).store

        def name_of(key: RowKey) -> str:
            name = getattr(store.get(key), "name", None)
            return name if isinstance(name, str) else ""

        return name_of
