"""A page that lists what goes on behind the screen, kept up to date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.header import FactsLine

T = TypeVar("T")


class UnderWayList(OptionList):
    """j and k move here as in every list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]


class UnderWayPage(Page, Generic[T]):
    """Ctrl-D stops what is under the cursor, which stays with it when others come and go."""

    DEFAULT_CSS = """
    UnderWayPage OptionList { height: 1fr; background: $background; padding: 0 1; }
    UnderWayPage FactsLine { background: $surface; }
    """
    TITLE_WORD: ClassVar[str]
    NONE_YET: ClassVar[str]
    HINT: ClassVar[str] = "Ctrl-D stop"
    REFRESH_SECONDS: ClassVar[float] = 1.0
    LIST: ClassVar[type[UnderWayList]] = UnderWayList

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[T] = []

    # What each kind of page says

    @property
    def all(self) -> Sequence[T]:
        """What there is now."""
        raise NotImplementedError

    def line(self, one: T) -> Content:
        """How one of them is drawn."""
        raise NotImplementedError

    async def stop(self, one: T) -> None:
        """End one of them."""
        raise NotImplementedError

    # The list

    def body(self) -> Iterable[Widget]:
        yield FactsLine()
        yield self.LIST(markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._show()
        self.focus_body()
        self.set_interval(self.REFRESH_SECONDS, self._show)

    def focus_body(self) -> None:
        self.set_focus(self.query_one(OptionList))

    @property
    def under_cursor(self) -> T | None:
        index = self.query_one(OptionList).highlighted
        return None if index is None or index >= len(self.shown) else self.shown[index]

    def _show(self) -> None:
        options = self.query_one(OptionList)
        now = list(self.all)
        if now != self.shown:
            under_cursor, at = self.under_cursor, options.highlighted or 0
            self.shown = now
            options.clear_options()
            options.add_options([Option(self.line(one)) for one in now])
            if under_cursor is not None and under_cursor in now:
                options.highlighted = now.index(under_cursor)
            elif now:
                options.highlighted = min(at, len(now) - 1)
        else:
            for index, one in enumerate(now):
                options.replace_option_prompt_at_index(index, self.line(one))
        left = [(self.TITLE_WORD, "$accent bold"), (f"{len(now) or self.NONE_YET}", "$muted")]
        self.query_one(FactsLine).parts = (left, [(self.HINT, "$muted")])

    def action_stop(self) -> None:
        one = self.under_cursor
        if one is not None:
            self.shell.work(partial(self._stop, one), "stopping what is under way")

    async def _stop(self, one: T) -> None:
        await self.stop(one)
        if self.is_mounted:
            self._show()

    def action_leave(self) -> None:
        self.shell.leave_page()
