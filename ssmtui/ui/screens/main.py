"""The main screen: header, crumbs, the panes, and the history of where one has been."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from ssmtui.core.columns import age
from ssmtui.core.problem import ProblemError
from ssmtui.resources.base import Resource
from ssmtui.ui.facts import header_facts
from ssmtui.ui.panes.choose import pane_class
from ssmtui.ui.panes.resource import ResourcePane
from ssmtui.ui.places import Place, Places
from ssmtui.ui.running import Running
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.backdrop import Backdrop
from ssmtui.ui.widgets.header import (
    CountFacts,
    CrumbFacts,
    CrumbLine,
    FactsLine,
    PaneTab,
    crumb_line,
    header_line,
    pane_line,
)

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.core.actions import Action
    from ssmtui.ui.feed import Feed


class Panes(Backdrop, ContentSwitcher):
    """Those that were opened, of which one is seen."""


class MainPage(Page):
    """One pane at a time; panes stay as they were left."""

    DEFAULT_CSS = """
    MainPage #where { background: $panel; }
    MainPage #panes { background: $surface; }
    MainPage Panes { height: 1fr; }
    """

    def __init__(self, first: Resource[Any]) -> None:
        super().__init__()
        self._panes: dict[str, ResourcePane] = {}
        self.places = Places(Place(first.name))
        self.resource = first
        self._dirty = True
        self.running = Running(self)

    def body(self) -> Iterable[Widget]:
        yield FactsLine(id="where")
        yield FactsLine(id="panes")
        yield CrumbLine(id="crumbs")
        # The first pane is there from the start, so that the first frame is a whole one.
        pane = self._opened(self.resource)
        yield Panes(pane, initial=pane.id)

    def on_mount(self) -> None:
        self.focus_body()
        super().on_mount()
        self._draw()
        self._dirty = True  # until the screen is the current one
        self.set_interval(1.0, self.touch)
        self.running.begin()

    # Where one is

    @property
    def is_ready(self) -> bool:
        """Whether there is a pane to look at."""
        return self.resource.name in self._panes and self.pane.is_mounted

    @property
    def scopes(self) -> Sequence[Scope]:
        """The scopes in force here."""
        return self.pane.feed.scopes if self.is_ready else ()

    def scopes_for(self, action: Action) -> Sequence[Scope]:
        return self.pane.reach.of(action) if self.is_ready else ()

    def place_of(self, resource: Resource[Any]) -> Place:
        """The place of a resource as it was left."""
        pane = self._panes.get(resource.name)
        return Place(resource.name, pane.filter if pane is not None else "")

    def feed_of(self, name: str) -> Feed | None:
        """The feed of a resource that has been opened."""
        pane = self._panes.get(name)
        return pane.feed if pane is not None else None

    async def contexts_changed(self) -> None:
        """The scopes were resolved, or chosen anew."""
        for pane in self._panes.values():
            await pane.contexts_changed()
        self.touch()

    async def widen(self) -> None:
        """Take the @names out of the filter."""
        if self.is_ready:
            await self.pane.set_filter(self.pane.filter_without_scopes)
            self.places.refine(Place(self.resource.name, self.pane.filter))

    @property
    def pane(self) -> ResourcePane:
        """The pane that is shown."""
        return self._panes[self.resource.name]

    async def go(self, place: Place) -> None:
        """Go to a place and remember where one was."""
        self.places.go(place)
        await self._show(place)

    async def step(self, by: int) -> bool:
        """Along the history; False at its end."""
        place = self.places.step(by)
        if place is None:
            return False
        await self._show(place)
        return True

    async def swap(self) -> None:
        """To the last place and back."""
        await self._show(self.places.swap())

    async def _show(self, place: Place) -> None:
        resource = self.shell.launch.find(place.resource)
        if resource is None:
            raise LookupError(place.resource)
        self.resource = resource
        switcher = self.query_one(ContentSwitcher)
        if resource.name not in self._panes:
            await switcher.mount(self._opened(resource))
        switcher.current = self.pane.id
        try:
            await self.pane.set_filter(place.filter)
        except ProblemError as error:
            self.shell.report(error.problem)
        self.pane.story.again()
        self.focus_body()
        self.refresh_bindings()
        self.touch()

    def _opened(self, resource: Resource[Any]) -> ResourcePane:
        pane = pane_class(resource)(resource, self.shell.feed(resource), self.shell.launch)
        self._panes[resource.name] = pane
        return pane

    def focus_body(self) -> None:
        self.set_focus(self.pane.table)

    # The prompt

    def open_filter(self) -> None:
        """The `/` line, with the filter in force."""
        self.prompt.open(
            "filter",
            "/",
            self.pane.filter,
            history=self.shell.filter_history,
            complete=self.pane.complete_filter,
        )

    def prompt_changed(self, kind: str, text: str) -> None:
        if kind != "filter":
            return
        try:
            self.pane.preview_filter(text)
        except ProblemError as error:
            self.prompt.hint(error.problem.sentence, error=True)
        else:
            self.touch()

    async def prompted(self, kind: str, text: str) -> None:
        try:
            await self.pane.set_filter(text)
        except ProblemError as error:
            self.prompt.hint(error.problem.sentence, error=True)
            return
        self.prompt.close()
        self.places.refine(Place(self.resource.name, self.pane.filter))
        self.focus_body()
        self.touch()

    def prompt_cancelled(self, kind: str) -> None:
        if kind == "filter":
            self.shell.work(self.clear_filter, "clearing the filter")

    async def clear_filter(self) -> None:
        await self.pane.set_filter(self.places.here.given)
        self.places.refine(Place(self.resource.name, self.pane.filter))
        self.touch()

    async def back(self) -> None:
        """Clear the filter first, go back second."""
        if self.pane.clear_modes():
            self.touch()
        elif self.pane.filter != self.places.here.given:
            await self.clear_filter()
        else:
            await self.step(-1)

    # The three lines at the top

    def touch(self) -> None:
        """Draw the header anew before the next frame; many calls are one."""
        if self._dirty or not self.is_mounted:
            return
        self._dirty = True
        self.call_after_refresh(self._draw)

    def on_screen_resume(self) -> None:
        self._dirty = False
        self.touch()

    def _draw(self) -> None:
        self._dirty = False
        if not self.is_ready:
            return
        shell, pane = self.shell, self.pane
        pane.draw_facts()
        self.query_one("#where", FactsLine).parts = header_line(
            header_facts(shell.contexts, pane.feed, shell.launch, shell.connecting.words)
        )
        tabs = [
            PaneTab(resource.pane, resource.title, resource is self.resource)
            for resource in shell.launch.resources
            if resource.pane
        ]
        self.query_one("#panes", FactsLine).parts = pane_line(tabs, self._counts())
        crumbs = CrumbFacts(
            self.places.crumbs(self._title),
            pane.filter,
            pane.counter.states,
            pane.notes,
            self.running.words,
        )
        self.query_one("#crumbs", FactsLine).parts = crumb_line(crumbs)

    def _title(self, place: Place) -> str:
        resource = self.shell.launch.find(place.resource)
        return resource.title if resource is not None else place.resource

    def _counts(self) -> CountFacts:
        pane = self.pane
        counts = pane.view.counts
        oldest = pane.feed.oldest
        return CountFacts(
            shown=counts.shown,
            total=counts.total,
            marked=len(pane.view.marks),
            hidden=pane.view.hidden_marks,
            unknown=counts.unknown,
            age=age(self.shell.launch.now() - oldest) if oldest is not None else "",
            stale=pane.feed.stale,
            loading=pane.feed.loading,
        )

    @on(ResourcePane.Touched)
    def _touched(self, event: ResourcePane.Touched) -> None:
        event.stop()
        self.touch()
