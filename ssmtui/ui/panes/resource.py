"""A pane on one resource: the table, the summary of the row under the cursor, the side panel."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message

from ssmtui.core.columns import Kind
from ssmtui.core.keys import ScopeKey
from ssmtui.core.marks import Marks
from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.query import Query, parse
from ssmtui.core.text import plain
from ssmtui.core.view import View
from ssmtui.resources.base import Link, Resource
from ssmtui.ui import glyphs
from ssmtui.ui.actions import ROW_ACTIONS
from ssmtui.ui.commands import filter_words
from ssmtui.ui.contexts import without_common_prefix
from ssmtui.ui.feed import Feed
from ssmtui.ui.keymap import bindings
from ssmtui.ui.launch import Launch
from ssmtui.ui.panes.counting import StateCounter
from ssmtui.ui.panes.reach import Reach
from ssmtui.ui.panes.standing import table_state
from ssmtui.ui.panes.story import RowStory
from ssmtui.ui.places import Place
from ssmtui.ui.summary import panel_content, summary_lines
from ssmtui.ui.timers import surely
from ssmtui.ui.widgets.backdrop import Backdrop
from ssmtui.ui.widgets.facts_text import FactsText
from ssmtui.ui.widgets.fleet_table import FleetTable
from ssmtui.ui.widgets.table_actions import TABLE_ACTIONS

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.documents import Document

# From this width on a side panel joins.
PANEL_FROM = 140
# Below this height the table keeps the lines of the summary for itself, or one of them.
SUMMARY_FROM, WHOLE_SUMMARY_FROM = 12, 20

# Aliases are learnt after the scopes: how often a name that fits nothing is tried again.
ALIAS_SECONDS = 0.25


class PaneTable(FleetTable):
    """The table with its keys."""

    BINDINGS = bindings(TABLE_ACTIONS)


class Stack(Backdrop, Vertical):
    """The table and the lines below it."""


class ResourcePane(Backdrop, Horizontal):
    """Any resource, by its declaration alone. Subclasses add actions of one resource."""

    BINDINGS = bindings(ROW_ACTIONS)
    DEFAULT_CSS = """
    ResourcePane { height: 1fr; }
    ResourcePane > Stack { width: 1fr; }
    ResourcePane FleetTable { height: 1fr; }
    ResourcePane .summary {
        height: 4; padding: 0 1; border-top: solid $rule; background: $background;
    }
    ResourcePane.short .summary { height: 3; }
    ResourcePane .panel {
        width: 44; height: 100%; display: none; padding: 0 1;
        border-left: solid $rule; background: $background; overflow-y: auto;
    }
    ResourcePane.panelled .panel { display: block; }
    ResourcePane.low .summary { display: none; }
    """

    class Touched(Message):
        """What the header says of the pane may have changed."""

    def __init__(self, resource: Resource[Any], feed: Feed, launch: Launch) -> None:
        super().__init__(id=f"pane-{resource.name}")
        self.resource = resource
        self.feed = feed
        self.launch = launch
        self.filter = ""
        self._scope_names: tuple[str, ...] = ()
        self._pinned: Mapping[str, str] = {}  # what every row that the filter shows has exactly
        self._patience = 20
        self.view: View[Any] = View(
            feed.store,
            resource.columns,
            sort=resource.sort,
            # What is ordered by time is a journal: the newest comes first.
            descending=resource.column(resource.sort).kind is Kind.TIME,
            problem=resource.problem,
            marks=Marks(),
            now=launch.now,
        )
        self.table = PaneTable(self.view, noun=resource.name, now=launch.now)
        self.table.stale = feed.ages
        self._stale_shown = 0
        self.counter = StateCounter(self, self.view)
        self.story = RowStory(self)
        self.reach = Reach(self)

    def compose(self) -> ComposeResult:
        # As on_resize will find it, so that the first frame need not be laid out twice.
        self.set_class(self.app.size.width >= PANEL_FROM, "panelled")
        with Stack():
            yield self.table
            yield FactsText(classes="summary")
        yield FactsText(classes="panel")

    @property
    def shell(self) -> SsmtuiApp:
        return cast("SsmtuiApp", self.app)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= PANEL_FROM, "panelled")
        self.set_class(event.size.height < SUMMARY_FROM or not self.launch.config.summary, "low")
        self.set_class(event.size.height < WHOLE_SUMMARY_FROM, "short")
        self.post_message(self.Touched())

    def on_unmount(self) -> None:
        self.view.close()

    # The row and its scope

    @property
    def row(self) -> Any | None:
        """The row under the cursor."""
        return self.table.row

    @property
    def targets(self) -> list[Any]:
        """The marked rows, else the one under the cursor."""
        marked = [row for key in self.view.marks if (row := self.feed.store.get(key)) is not None]
        if marked:
            return sorted(marked, key=lambda row: (self.resource.label(row), row.key))
        return [self.row] if self.row is not None else []

    def scope_of(self, row: Any) -> Scope:
        """The scope that a row lives in; ProblemError if there is no way to it now."""
        scope = self.shell.contexts.scope(row.key.scope)
        if scope is None:
            raise input_problem(
                plain(f"There is no connection to {row.key.scope} yet"),
                "What is shown is from the last run; wait or see ! for what is wrong",
            )
        return scope

    def require_whole(self) -> None:
        """ProblemError unless everything that the scopes in force have is listed: what is shown
        stands for all of it."""
        feed = self.feed
        missing = [
            scope.name
            for scope in feed.scopes
            if feed.ages.read_at(scope.key) is None
            or feed.ages.any_stale([scope.key])
            or feed.standings[scope.key].problems
        ]
        missing += [str(key) for key in feed.cached]
        if missing or not feed.scopes:
            names = ", ".join(dict.fromkeys(plain(name) for name in missing)) or "any context"
            raise input_problem(
                f"The list of {names} is not whole, or is an old one",
                "Wait or reload (Ctrl-R), narrow to the others with @name, or mark the nodes",
            )

    # The filter

    def _parse(self, text: str) -> Query:
        return parse(text, self.resource.columns)

    def preview_filter(self, text: str) -> None:
        """Show what a filter being typed matches. ProblemError if it is wrong; the last right one
        stays in force. Contexts are narrowed on Enter only: half a name is none."""
        self.table.set_query(self._parse(text))

    async def set_filter(self, text: str) -> None:
        """Put a filter in force; ProblemError if it is wrong."""
        text = text.strip()
        query = self._parse(text)
        contexts = self.shell.contexts
        scopes = contexts.narrowed(query.scopes) if contexts.resolved else None
        self._pinned = query.exact
        if scopes is not None:
            await self._cover_scopes(scopes, contexts.cached(query.scopes))
        self.filter = text
        self._scope_names = query.scopes
        self.table.set_query(query)
        self.post_message(self.Touched())

    @property
    def filter_without_scopes(self) -> str:
        """The filter's text without its @names."""
        words = re.findall(r"\"[^\"]*\"|'[^']*'|\S+", self.filter)
        return " ".join(word for word in words if not word.startswith("@"))

    async def contexts_changed(self) -> None:
        """The scopes were resolved or chosen anew."""
        contexts = self.shell.contexts
        try:
            scopes = contexts.narrowed(self._scope_names)
        except ProblemError as error:
            if self._patience and any(scope.alias is None for scope in contexts.scopes):
                # The name may be an alias that is still on its way: nothing is shown meanwhile,
                # rather than what was not asked for.
                self._patience -= 1
                await self._cover_scopes(())
                surely(self.set_timer(ALIAS_SECONDS, self._retry_contexts))
                return
            self.shell.report(error.problem)
            await self.set_filter(self.filter_without_scopes)
            return
        await self._cover_scopes(scopes, contexts.cached(self._scope_names))

    def _retry_contexts(self) -> None:
        self.shell.work(self.contexts_changed, "waiting for aliases", group="contexts")

    async def _cover_scopes(self, scopes: Sequence[Scope], cached: Sequence[ScopeKey] = ()) -> None:
        keys = {*(scope.key for scope in scopes), *cached}
        left = [key for key in self.view.marks if key.scope not in keys]
        if left:
            # Leaving a context drops its marks: nobody acts on what they no longer look at.
            self.view.marks.discard(left)
            self.view.marks_changed(left)
        differing = {
            name for name in ("account", "region") if len({getattr(key, name) for key in keys}) > 1
        }
        self.table.set_merged(differing)
        await self.feed.cover(scopes, cached, self._pinned)

    def complete_filter(self, line: str) -> list[str]:
        """What the filter line may become."""
        last = line.rpartition(" ")[2]
        prefix = line[: len(line) - len(last)]
        words = filter_words(self.resource.columns, self.shell.contexts.names(), last)
        return [prefix + word for word in words]

    def clear_modes(self) -> bool:
        """Leave "marked only" and "problems only"; False if neither was on."""
        if self.view.marked_only:
            self.table.action_marked_only()
        elif self.view.problems_only:
            self.table.action_problems()
        else:
            return False
        return True

    @property
    def notes(self) -> list[str]:
        """What else narrows the view."""
        notes = ["problems only"] if self.view.problems_only else []
        if self.view.query.slow:
            notes.append("the filter takes too long")
        return notes + (["marked only"] if self.view.marked_only else [])

    # What is drawn around the table

    def draw_facts(self) -> None:
        """The summary, the panel, the counts and the table's state, as they are now."""
        # Aliases are learned while the rows are there already.
        names = {scope.key.account: plain(scope.name) for scope in self.feed.scopes}
        self.table.set_labels({"account": without_common_prefix(names)})
        self.counter.count_soon()
        self.table.state = table_state(self.feed, self.shell.connecting)
        if self.feed.ages.version != self._stale_shown:
            self._stale_shown = self.feed.ages.version
            self.table.refresh()
        row = self.row
        now = self.launch.now()
        summary = self.query_one(".summary", FactsText)
        panel = self.query_one(".panel", FactsText)
        if row is None:
            summary.show(Content(""))
            panel.show(Content(""))
            return
        if not self.has_class("low"):
            lines = summary_lines(
                self.resource,
                row,
                self._shown_columns,
                summary.content_size.width,
                now,
                news=self.shell.main.running.news(row.key),
                story=self.story.lines,
                height=2 if self.has_class("short") else 3,
            )
            summary.show(Content("\n").join(lines))
        if self.has_class("panelled"):
            panel.show(panel_content(self.resource, row, panel.content_size.width, now))

    @property
    def _shown_columns(self) -> set[str]:
        return {column.id for column in self.table.shown_columns}

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("open", "describe", "yaml", "copy", "why"):
            return self.row is not None
        return True

    def action_filter(self) -> None:
        self.shell.main.open_filter()

    def action_open(self) -> None:
        """Go where the row leads, by a menu if that is to several places; else describe it."""
        if self.row is None:
            return
        find = self.launch.find
        links = [link for link in self.resource.links(self.row) if find(link.resource) is not None]
        if not links:
            self.action_describe()
        elif len(links) == 1:
            self._follow(links[0])
        else:
            by_label = {link.label: link for link in links}
            label = plain(self.resource.label(self.row))
            self.shell.choose(
                f"Go from {label} to",
                [(name, name, "") for name in by_label],
                lambda chosen: self._follow(by_label[chosen]) if chosen else None,
            )

    def _follow(self, link: Link) -> None:
        # The row that was left is the one to come back to, wherever it stands by then.
        self.table.place_now()
        place = Place(link.resource, link.filter, given=link.filter)
        self.shell.work(partial(self.shell.main.go, place), "following a link")

    def action_describe(self) -> None:
        from ssmtui.ui.panes.describing import describe

        self.show_text("Describe", partial(describe, self))

    def action_yaml(self) -> None:
        from ssmtui.ui.documents import raw_document

        async def load(row: Any) -> Document:
            raw = await self.resource.raw(self.scope_of(row), row)
            return await asyncio.to_thread(raw_document, raw)

        self.show_text("Answers", load)

    def show_text(self, title: str, load: Callable[[Any], Awaitable[Document]]) -> None:
        """Open the text view on what `load` reads of the row under the cursor."""
        row = self.row
        if row is None:
            return
        label = self.resource.label(row)
        crumb = f" {glyphs.CRUMB} "
        self.shell.show_text(
            crumb.join((self.resource.title, label, title)), lambda: load(row), row.key.id
        )

    def copies(self, row: Any) -> list[tuple[str, str, str]]:
        """What can be copied of a row: (id of the choice, its name, the text)."""
        return [("id", "id", row.key.id), ("name", "name", self.resource.label(row))]

    def action_copy(self) -> None:
        from ssmtui.ui.panes.copying import choose_and_copy

        if rows := self.targets:
            choose_and_copy(self, rows)

    def action_export(self) -> None:
        from ssmtui.ui.panes.exporting import export_shown

        export_shown(self)

    @on(FleetTable.Moved)
    @on(FleetTable.CountsChanged)
    def _changed(self, event: Message) -> None:
        event.stop()
        self.story.follow(self.table.cursor_key)
        self.refresh_bindings()
        self.post_message(self.Touched())

    @on(FleetTable.RowSelected)
    def _selected(self, event: FleetTable.RowSelected) -> None:
        event.stop()
        self.action_open()
