"""What goes on behind the screen: shells, forwards and logs, made when first asked for.

None of them is needed for the first frame, and most runs never need some of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.following import Following
    from ssmtui.ui.forwarding import Forwarding
    from ssmtui.ui.shells import Shells


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

    async def end_sessions(self) -> None:
        """Nothing of ours stays open on any node."""
        await asyncio.gather(*(home.close() for home in self._made))

    @property
    def _made(self) -> Sequence[Home]:
        names = ("shells", "forwarding", "following")
        held: dict[str, Any] = self.__dict__
        return [held[name] for name in names if name in held]

    @property
    def _app(self) -> SsmtuiApp:
        return cast("SsmtuiApp", self)
