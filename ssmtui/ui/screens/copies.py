"""`:copies`: the copies, and how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from ssmtui.core.text import fit
from ssmtui.ui.copying import Copying
from ssmtui.ui.screens.under_way import UnderWayPage

if TYPE_CHECKING:
    from ssmtui.sessions.copying.manager import Running

# By the words of a copy's state.
_STYLES = {
    "running": "$status-busy",
    "done": "$status-good",
    "failed": "$status-bad",
    "stopped": "$muted",
}
_STATE_CELLS = max(map(len, _STYLES))
_INDENT = " " * (_STATE_CELLS + 2)


class CopiesPage(UnderWayPage["Running"]):
    """Ctrl-D stops the copy under the cursor, or takes one that is over from the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "stop", "stop"),
        Binding("escape,q", "leave", "back", show=False),
    ]
    TITLE_WORD = "Copies"
    NONE_YET = "none yet: C on a node begins one"
    REFRESH_SECONDS = 0.5

    def __init__(self, copying: Copying) -> None:
        super().__init__()
        self._copying = copying

    @property
    def all(self) -> Sequence[Running]:
        return self._copying.all

    def line(self, one: Running) -> Content:
        return Content.assemble(
            (fit(one.state, _STATE_CELLS), _STYLES[one.state]),
            f"  {one.title}\n{_INDENT}",
            (one.words(), "$error" if one.state == "failed" else "$muted"),
        )

    async def stop(self, one: Running) -> None:
        await self._copying.stop(one)
