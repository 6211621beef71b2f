"""What goes on behind the screen: shells, forwards, logs, copies, rollouts, made when asked for.

None of them is needed for the first frame, and most runs never need some of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from ssmtui.core.tasks import spawn

if TYPE_CHECKING:
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.copying import Copying
    from ssmtui.ui.following import Following
    from ssmtui.ui.forwarding import Forwarding
    from ssmtui.ui.rolling import Rolling
    from ssmtui.ui.shells import Shells

T = TypeVar("T")


class Home(Protocol):
    """What keeps sessions open, and ends them."""

    async def close(self) -> object: ...


class Homes:
    """The part of the app that has them."""

    @cached_property
    def shells(self) -> Shells:
        from ssmtui.ui.shells import Shells

        return Shells(self._app)

    @cached_property
    def forwarding(self) -> Forwarding:
        from ssmtui.ui.forwarding import Forwarding

        return Forwarding(self._app)

    @cached_property
    def following(self) -> Following:
        from ssmtui.ui.following import Following

        return Following(self._app)

    @cached_property
    def copying(self) -> Copying:
        from ssmtui.ui.copying import Copying

        return Copying(self._app)

    @cached_property
    def rolling(self) -> Rolling:
        from ssmtui.ui.rolling import Rolling

        return Rolling(self._app)

    async def take_up_rollouts(self) -> None:
        """Attach to rollouts that were left under way, if there are any on record."""
        folder = self._app.launch.paths.rollouts
        if await asyncio.to_thread(lambda: any(folder.glob("*.json"))):
            await self.rolling.take_up()

    def leave(self) -> None:
        """Quit; where rollouts are still to be sent it is asked first."""
        if "rolling" in self.__dict__ and self.rolling.sending:
            self.rolling.ask_quit()
        else:
            self._app.exit()

    @cached_property
    def _borrowers(self) -> set[asyncio.Task[Any]]:
        return set()

    async def lend(self, work: Coroutine[Any, Any, T], name: str) -> T:
        """Have something done by who gets the terminal, or is to get it."""
        task = spawn(work, name)
        self._borrowers.add(task)
        task.add_done_callback(self._borrowers.discard)
        return await task

    async def hand_back(self) -> None:
        """Take the terminal back from whoever has it, whose work is cancelled.

        To be awaited before the program ends: it could not give the terminal back any more.
        """
        borrowers = set(self._borrowers)
        for task in borrowers:
            task.cancel()
        if borrowers:
            await asyncio.wait(borrowers)

    async def end_sessions(self) -> None:
        """Nothing of ours stays open on any node."""
        await asyncio.gather(*(home.close() for home in self._made))

    @property
    def _made(self) -> Sequence[Home]:
        names = ("shells", "forwarding", "following", "copying", "rolling")
        held: dict[str, Any] = self.__dict__
        return [held[name] for name in names if name in held]

    @property
    def _app(self) -> SsmtuiApp:
        return cast("SsmtuiApp", self)
