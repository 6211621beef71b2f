"""`:copies`: the copies, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ssmtui.core.text import fit
from ssmtui.ui.copying import Copying
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.header import FactsLine

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
_REFRESH_SECONDS = 0.5


class CopiesPage(Page):
    """Ctrl-D stops the copy under the cursor, or takes one that is over from the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "stop", "stop"),
        Binding("escape,q", "leave", "back", show=False),
    ]
    DEFAULT_CSS = """
    CopiesPage OptionList { height: 1fr; background: $background; padding: 0 1; }
    CopiesPage FactsLine { background: $surface; }
    """

    def __init__(self, copying: Copying) -> None:
        super().__init__()
        self._copying = copying
        self._shown: list[Running] = []

    def body(self) -> Iterable[Widget]:
        yield FactsLine(id="copies-title")
        yield OptionList(markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._show()
        self.focus_body()
        self.set_interval(_REFRESH_SECONDS, self._show)

    def focus_body(self) -> None:
        self.set_focus(self.query_one(OptionList))

    def _show(self) -> None:
        options = self.query_one(OptionList)
        copies = list(self._copying.all)
        if copies != self._shown:
            at = options.highlighted or 0
            self._shown = copies
            options.clear_options()
            options.add_options([Option(_line(one)) for one in copies])
            if copies:
                options.highlighted = min(at, len(copies) - 1)
        else:
            for index, one in enumerate(copies):
                options.replace_option_prompt_at_index(index, _line(one))
        count = f"{len(copies)}" if copies else "none yet: C on a node begins one"
        left = [("Copies", "$accent bold"), (count, "$muted")]
        self.query_one("#copies-title", FactsLine).parts = (left, [("Ctrl-D stop", "$muted")])

    def action_stop(self) -> None:
        index = self.query_one(OptionList).highlighted
        if index is not None and index < len(self._shown):
            self.shell.work(partial(self._stop, self._shown[index]), "stopping a copy")

    async def _stop(self, one: Running) -> None:
        await self._copying.stop(one)
        if self.is_mounted:
            self._show()

    def action_leave(self) -> None:
        self.shell.leave_page()


def _line(one: Running) -> Content:
    return Content.assemble(
        (fit(one.state, _STATE_CELLS), _STYLES[one.state]),
        f"  {one.title}\n{_INDENT}",
        (one.words(), "$error" if one.state == "failed" else "$muted"),
    )
