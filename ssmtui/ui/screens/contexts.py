"""`:ctx`: the accounts and Regions, which are in force, and how each one's listing stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ssmtui.core.columns import age
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem
from ssmtui.core.text import cells, fit, plain
from ssmtui.ui import glyphs
from ssmtui.ui.contexts import Contexts, Standing, State
from ssmtui.ui.feed import Feed
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.header import FactsLine

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope

_STYLES = {
    State.WAITING: "$muted",
    State.LOADING: "$status-busy",
    State.COMPLETE: "$status-good",
    State.PARTIAL: "$status-warn",
    State.FAILED: "$status-bad",
}


# Cells of a name, of a state, of a number of rows, and of an age.
_NARROWEST, _WIDEST = 8, 32
_STATE_CELLS = max(len(state.value) for state in State)
_COUNT_CELLS = 8
_AGE_CELLS = 5
_GAP = "  "


def _part(scope: Scope, part: str) -> str:
    values = {
        "name": scope.name,
        "account": scope.key.account,
        "region": scope.key.region,
        "mode": str(scope.mode),
    }
    return plain(values[part])


def _trouble(problem: Problem) -> Content:
    return Content.assemble((plain(problem.sentence), "$error"))


class ContextsPage(Page):
    """Space switches a scope on and off, Enter puts the choice in force."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "switch", "on/off"),
        Binding("enter", "apply", "apply"),
        Binding("a", "all", "all"),
        Binding("n", "none", "none"),
        Binding("escape,q", "leave", "back", show=False),
    ]
    DEFAULT_CSS = """
    ContextsPage OptionList { height: 1fr; background: $background; padding: 0 1; }
    ContextsPage FactsLine { background: $surface; }
    """

    def __init__(self, contexts: Contexts, feed: Feed) -> None:
        super().__init__()
        self._contexts = contexts
        self._feed = feed
        self._on = {scope.key for scope in contexts.chosen}

    def body(self) -> Iterable[Widget]:
        yield FactsLine(id="contexts-title")
        yield _ScopeList(markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._show()
        options = self.query_one(OptionList)
        options.highlighted = 0 if self._contexts.scopes else None
        self.focus_body()
        self.set_interval(1.0, self._show)

    def focus_body(self) -> None:
        self.set_focus(self.query_one(OptionList))

    def _show(self) -> None:
        options = self.query_one(OptionList)
        scopes = self._contexts.scopes
        counts = self._feed.counts()
        problems = self._contexts.problems
        if options.option_count != len(scopes) + len(problems):
            options.clear_options()
            options.add_options([Option(self._line(scope, counts)) for scope in scopes])
            # What gave no scope stands below, where its name is looked for in vain.
            options.add_options([Option(_trouble(problem), disabled=True) for problem in problems])
        else:
            for index, problem in enumerate(problems, len(scopes)):
                options.replace_option_prompt_at_index(index, _trouble(problem))
            for index, scope in enumerate(scopes):
                options.replace_option_prompt_at_index(index, self._line(scope, counts))
        counted = f"{len(self._on)} of {len(scopes)} in force"
        left = [("Contexts", "$accent bold"), (counted, "$muted")]
        hint = "Space on/off  a all  n none  Enter apply"
        self.query_one("#contexts-title", FactsLine).parts = (left, [(hint, "$muted")])

    def _line(self, scope: Scope, counts: Counter[tuple[str, str]]) -> Content:
        standing = self._feed.standings.get(scope.key, Standing())
        # With problems the line grows: every trouble of a scope stands under it.
        problems = [f"\n    {plain(problem.sentence)}" for problem in standing.troubles]
        mark = glyphs.MARK if scope.key in self._on else glyphs.EMPTY
        return Content.assemble(
            (f"{mark} ", "$accent" if scope.key in self._on else "$muted"),
            (
                fit(_part(scope, "name"), self._name_cells) + _GAP,
                "$production bold" if scope.production else "",
            ),
            (self._padded(scope, "account"), "$muted"),
            self._padded(scope, "region"),
            (self._padded(scope, "mode"), "$muted"),
            (fit(standing.state.value, _STATE_CELLS), _STYLES[standing.state]),
            f"{counts[scope.key]:>{_COUNT_CELLS},}",
            (f"{_GAP}{self._when(scope, standing)}", "$muted"),
            *((line, "$error") for line in problems),
        )

    def _padded(self, scope: Scope, part: str) -> str:
        """One part of a scope, as wide as the widest of all scopes, and a gap."""
        return fit(_part(scope, part), self._widest(part)) + _GAP

    def _widest(self, part: str) -> int:
        return max(cells(_part(other, part)) for other in self._contexts.scopes)

    @property
    def _rest_cells(self) -> int:
        """What a line needs besides the name and the age or progress at its end."""
        padded = sum(self._widest(part) + len(_GAP) for part in ("account", "region", "mode"))
        return 2 + len(_GAP) + padded + _STATE_CELLS + _COUNT_CELLS + len(_GAP)

    @property
    def _room(self) -> int:
        return self.query_one(OptionList).scrollable_content_region.width - 2

    @property
    def _name_cells(self) -> int:
        """The names are what gives way, so that each scope is one line."""
        room = self._room - self._rest_cells - _AGE_CELLS
        return max(_NARROWEST, min(self._widest("name"), _WIDEST, room))

    def _when(self, scope: Scope, standing: Standing) -> str:
        room = max(0, self._room - self._rest_cells - self._name_cells)
        if standing.loading:
            doing = standing.doing
            return fit(doing, min(cells(doing), room))
        read_at = self._feed.ages.read_at(scope.key)
        if read_at is None:
            return ""
        shown = age(self.shell.launch.now() - read_at)
        return f"{shown} ago" if cells(f"{shown} ago") <= room else shown

    def _highlighted(self) -> ScopeKey | None:
        index, scopes = self.query_one(OptionList).highlighted, self._contexts.scopes
        return None if index is None or index >= len(scopes) else scopes[index].key

    def action_switch(self) -> None:
        key = self._highlighted()
        if key is not None:
            self._on ^= {key}
            self._show()

    def action_all(self) -> None:
        self._on = {scope.key for scope in self._contexts.scopes}
        self._show()

    def action_none(self) -> None:
        self._on = set()
        self._show()

    async def action_apply(self) -> None:
        if not self._on:
            # Enter on a list with nothing switched on means the one under the cursor.
            key = self._highlighted()
            self._on = {key} if key is not None else set()
        self.shell.leave_page()
        await self.shell.choose_contexts(self._on)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_switch()

    def action_leave(self) -> None:
        self.shell.leave_page()


class _ScopeList(OptionList):
    """Enter and Space belong to the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.apply", "apply"),
        Binding("space", "screen.switch", "on/off"),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]
