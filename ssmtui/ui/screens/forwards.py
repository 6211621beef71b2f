"""`f`: the forwards, with what they carry now."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList

from ssmtui.core.columns import age, bytes_text
from ssmtui.core.text import cells, fit
from ssmtui.ui.forwarding import Forwarding
from ssmtui.ui.screens.under_way import UnderWayList, UnderWayPage

if TYPE_CHECKING:
    from ssmtui.sessions.forwards.figures import Figures
    from ssmtui.sessions.forwards.forward import Forward

# By the words of a forward's state.
_STYLES = {
    "starting": "$status-busy",
    "open": "$status-good",
    "reconnecting": "$status-warn",
    "failed": "$status-bad",
    "closed": "$muted",
}
_STATE_CELLS = max(map(len, _STYLES))
_WIDEST = 56  # cells of a forward's way
_INDENT = " " * (_STATE_CELLS + 2)


def _carried(figures: Figures) -> str:
    connections = "connection" if figures.connections == 1 else "connections"
    words = [
        f"{figures.open} open of {figures.connections:,} {connections}",
        f"↑ {bytes_text(figures.sent)}",
        f"↓ {bytes_text(figures.received)}",
    ]
    if figures.refused:
        words.append(f"{figures.refused:,} refused")
    if figures.reconnects:
        words.append(f"reconnected {figures.reconnects:,}×")
    return "  ".join(words)


class _ForwardList(UnderWayList):
    """Enter belongs to the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.copy_address", "copy address"),
    ]


class ForwardsPage(UnderWayPage["Forward"]):
    """Enter copies the address, Ctrl-D stops the forward under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "copy_address", "copy address"),
        Binding("c", "copy_address", "copy address", show=False),
        Binding("ctrl+d", "stop", "stop"),
        Binding("escape,q,f", "leave", "back", show=False),
    ]
    TITLE_WORD = "Forwards"
    NONE_YET = "none yet: F on a node opens one"
    LIST = _ForwardList
    HINT = "Enter copy address  Ctrl-D stop"

    def __init__(self, forwarding: Forwarding) -> None:
        super().__init__()
        self._forwarding = forwarding

    @property
    def all(self) -> Sequence[Forward]:
        return self._forwarding.all

    def line(self, one: Forward) -> Content:
        """State, way and age; below them what it has carried, and what is to be said."""
        widest = max(cells(other.title) for other in self.shown)
        uptime = age(one.uptime) if one.uptime is not None else ""
        said = f"\n{_INDENT}{one.sentence}" if one.sentence else ""
        return Content.assemble(
            (fit(one.state, _STATE_CELLS), _STYLES[one.state]),
            f"  {fit(one.title, min(widest, _WIDEST))}",
            (f"  {uptime}\n{_INDENT}{_carried(one.figures)}", "$muted"),
            (said, "$error" if one.over else "$warning"),
        )

    async def stop(self, one: Forward) -> None:
        await self._forwarding.stop(one)

    def action_copy_address(self) -> None:
        forward = self.under_cursor
        if forward is not None:
            self.shell.copy(partial(str, forward.address), f"the address {forward.address}")

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_copy_address()
