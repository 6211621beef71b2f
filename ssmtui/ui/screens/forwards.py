"""`f`: the forwards, with what they carry now."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ssmtui.core.columns import age, bytes_text
from ssmtui.core.text import cells, fit
from ssmtui.ui.forwarding import Forwarding
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.header import FactsLine

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
_REFRESH_SECONDS = 1.0


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


class ForwardsPage(Page):
    """Enter copies the address, Ctrl-D stops the forward under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "copy_address", "copy address"),
        Binding("c", "copy_address", "copy address", show=False),
        Binding("ctrl+d", "stop", "stop"),
        Binding("escape,q,f", "leave", "back", show=False),
    ]
    DEFAULT_CSS = """
    ForwardsPage OptionList { height: 1fr; background: $background; padding: 0 1; }
    ForwardsPage FactsLine { background: $surface; }
    """

    def __init__(self, forwarding: Forwarding) -> None:
        super().__init__()
        self._forwarding = forwarding
        self._shown: list[Forward] = []

    def body(self) -> Iterable[Widget]:
        yield FactsLine(id="forwards-title")
        yield _ForwardList(markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._show()
        self.focus_body()
        self.set_interval(_REFRESH_SECONDS, self._show)

    def focus_body(self) -> None:
        self.set_focus(self.query_one(OptionList))

    def _show(self) -> None:
        options = self.query_one(OptionList)
        forwards = list(self._forwarding.all)
        if forwards != self._shown:
            under_cursor = self._under_cursor
            self._shown = forwards
            options.clear_options()
            options.add_options([Option(self._line(forward)) for forward in forwards])
            if forwards:
                kept = under_cursor in forwards
                options.highlighted = forwards.index(under_cursor) if under_cursor and kept else 0
        else:
            for index, forward in enumerate(forwards):
                options.replace_option_prompt_at_index(index, self._line(forward))
        count = f"{len(forwards)}" if forwards else "none yet: F on a node opens one"
        hint = "Enter copy address  Ctrl-D stop"
        left = [("Forwards", "$accent bold"), (count, "$muted")]
        self.query_one("#forwards-title", FactsLine).parts = (left, [(hint, "$muted")])

    def _line(self, forward: Forward) -> Content:
        """State, way and age; below them what it has carried, and what is to be said."""
        widest = max(cells(other.title) for other in self._shown)
        uptime = age(forward.uptime) if forward.uptime is not None else ""
        said = f"\n{_INDENT}{forward.sentence}" if forward.sentence else ""
        return Content.assemble(
            (fit(forward.state, _STATE_CELLS), _STYLES[forward.state]),
            f"  {fit(forward.title, min(widest, _WIDEST))}",
            (f"  {uptime}\n{_INDENT}{_carried(forward.figures)}", "$muted"),
            (said, "$error" if forward.over else "$warning"),
        )

    @property
    def _under_cursor(self) -> Forward | None:
        index = self.query_one(OptionList).highlighted
        return None if index is None or index >= len(self._shown) else self._shown[index]

    def action_copy_address(self) -> None:
        forward = self._under_cursor
        if forward is not None:
            self.shell.copy(partial(str, forward.address), f"the address {forward.address}")

    def action_stop(self) -> None:
        forward = self._under_cursor
        if forward is not None:
            self.shell.work(partial(self._stop, forward), "stopping a forward")

    async def _stop(self, forward: Forward) -> None:
        await self._forwarding.stop(forward)
        if self.is_mounted:
            self._show()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_copy_address()

    def action_leave(self) -> None:
        self.shell.leave_page()


class _ForwardList(OptionList):
    """Enter belongs to the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.copy_address", "copy address"),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]
