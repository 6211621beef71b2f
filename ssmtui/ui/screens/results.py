"""The nodes of a rollout, or of one block of its outputs: marked here, and run on again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from textual import on
from textual.widget import Widget

from ssmtui.core.columns import Column, Kind, Severity
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.core.query import parse
from ssmtui.core.store import Store
from ssmtui.core.text import plain
from ssmtui.core.view import View
from ssmtui.rollouts.saving import text_of
from ssmtui.rollouts.state import Result
from ssmtui.ui import glyphs
from ssmtui.ui.actions import RESULT_ACTIONS
from ssmtui.ui.board_lines import called, short
from ssmtui.ui.board_steering import cancel_on
from ssmtui.ui.documents import Document
from ssmtui.ui.facts import lowest_mode
from ssmtui.ui.keymap import allowed, bindings
from ssmtui.ui.panes.reach import concerned
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.fleet_table import FleetTable
from ssmtui.ui.widgets.header import FactsLine, Part
from ssmtui.ui.widgets.table_actions import TABLE_ACTIONS

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.core.actions import Action
    from ssmtui.ui.watching import Watched

_REFRESH_SECONDS = 0.5


class NodeResult(msgspec.Struct, frozen=True, kw_only=True):
    """One node of a rollout as a row. `took` is in seconds."""

    key: RowKey
    name: str
    result: str
    status: str
    exit: int | None
    wave: int
    took: float | None
    full: str
    account: str
    region: str
    id: str


COLUMNS = (
    Column("name", "NAME", Kind.TEXT, 24, "the node's name", least=12),
    Column(
        "result",
        "RESULT",
        Kind.STATUS,
        10,
        "how it counts",
        severities={
            "ok": Severity.GOOD,
            "failed": Severity.BAD,
            "no answer": Severity.WARN,
            "running": Severity.BUSY,
            "unknown": Severity.WARN,
            "waiting": Severity.MUTED,
            "cancelled": Severity.MUTED,
        },
    ),
    Column("exit", "EXIT", Kind.COUNT, 5, "the exit code of the step that decides", priority=2),
    Column("status", "STATUS", Kind.TEXT, 18, "Run Command's own word", priority=3, least=10),
    Column("wave", "WAVE", Kind.COUNT, 5, "the wave, from 1 on", priority=5),
    Column("took", "SEC", Kind.COUNT, 6, "seconds from its start to its end", priority=4),
    Column("full", "OUTPUT", Kind.TEXT, 7, "whether its output was cut", priority=6),
    Column("region", "REGION", Kind.TEXT, 10, "the Region", priority=7, merged="region"),
    Column("id", "ID", Kind.TEXT, 19, "the node's id", priority=1, least=8, tail=True),
)


def row_of(result: Result) -> NodeResult:
    """A result as a row of the table."""
    took = None
    if result.started is not None and result.ended is not None:
        took = round(result.ended - result.started, 1)
    key = result.key
    return NodeResult(
        key=key,
        name=result.label,
        result=str(result.bucket),
        status=result.status,
        exit=result.exit_code,
        wave=result.wave + 1,
        took=took,
        full="" if not result.over else "whole" if result.full or not result.cut else "head",
        account=key.account,
        region=key.region,
        id=key.id,
    )


class ResultTable(FleetTable):
    """The table with its keys."""

    BINDINGS = bindings(TABLE_ACTIONS)


class ResultsPage(Page):
    """The nodes by name; the marks are those of the board."""

    context = "results"
    BINDINGS = bindings(RESULT_ACTIONS)
    DEFAULT_CSS = """
    ResultsPage #results-title { background: $surface; }
    ResultsPage FleetTable { height: 1fr; }
    """

    def __init__(self, watched: Watched, keys: Sequence[RowKey] | None, who: str) -> None:
        """`keys` are the nodes to show; None: all of them, new ones as they come."""
        super().__init__()
        self.watched = watched
        self._keys = keys
        self._who = who
        self._filter = ""
        self._revision = -1
        self._store: Store[Any] = Store(COLUMNS)
        self._shown: dict[RowKey, Result] = {}

    def body(self) -> Iterable[Widget]:
        self.view: View[Any] = View(
            self._store,
            COLUMNS,
            sort="name",
            problem=lambda row: row.result in ("failed", "no answer", "unknown"),
            marks=self.watched.marks,
            now=self.shell.launch.now,
        )
        self.table = ResultTable(self.view, noun="nodes", now=self.shell.launch.now)
        yield FactsLine(id="results-title")
        yield self.table

    def on_mount(self) -> None:
        super().on_mount()
        self.focus_body()
        self._read()
        self.set_interval(_REFRESH_SECONDS, self._read)

    def on_unmount(self) -> None:
        self.view.close()

    def focus_body(self) -> None:
        self.set_focus(self.table)

    def _read(self) -> None:
        """Take what has changed, a bounded part at a time."""
        known = self.watched.rollout.results
        keys: Iterable[RowKey] = known if self._keys is None else self._keys
        changed = [
            result
            for key in keys
            if (result := known.get(key)) is not None and self._shown.get(key) is not result
        ]
        for result in changed[:1000]:
            self._shown[result.key] = result
        if changed:
            self._store.apply([row_of(result) for result in changed[:1000]])
            self.table.poke()
        self._title()

    def _title(self) -> None:
        left: list[Part] = [
            (called(self.watched.state).capitalize(), "$accent bold"),
            (f"{glyphs.CRUMB} {self._who}", "$foreground"),
        ]
        if self._filter:
            left.append((f"{glyphs.CRUMB} {plain(self._filter)}", "$accent"))
        counts = self.view.counts
        shown = f"{counts.shown:,}/{counts.total:,}" if self._filter else f"{counts.total:,}"
        right: list[Part] = [(shown, "$foreground")]
        if marked := len(self.watched.marks):
            right.append((f"{marked:,} marked", "$mark bold"))
        self.query_one("#results-title", FactsLine).parts = (left, right)

    @on(FleetTable.Moved)
    @on(FleetTable.CountsChanged)
    def _changed(self, event: Any) -> None:
        event.stop()
        self._title()
        self.refresh_bindings()

    # The keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        declared = self.shell.keymap.action(action.replace("_", "-"))
        ours = declared is not None and declared in RESULT_ACTIONS
        if declared and ours:
            mode = lowest_mode(self.scopes_for(declared))
            if not allowed(declared.danger, mode):
                return False
        if action == "cancel_results":
            return not self.watched.state.over and bool(self._targets)
        if action in ("open_result", "results_again", "result_full"):
            return self.table.row is not None
        return True

    @property
    def scopes(self) -> Sequence[Scope]:
        return self.watched.scopes

    def scopes_for(self, action: Action) -> Sequence[Scope]:
        ours = action in RESULT_ACTIONS
        return concerned(self._targets, self.scopes) if ours else self.scopes

    @property
    def _targets(self) -> list[RowKey]:
        """The marked nodes, else the row."""
        marked = list(self.watched.marks)
        if marked:
            return marked
        return [self.table.row.key] if self.table.row is not None else []

    def action_open_result(self) -> None:
        row = self.table.row
        if row is None:
            return
        watched = self.watched

        async def load() -> Document:
            result = watched.rollout.results[row.key]
            if not result.over:
                return Document({"text": f"({row.result}: no output yet)"}, spans=())
            said = text_of(result) or f"({row.status}: no output)"
            return Document({"text": said}, spans=())

        title = f"{short(watched.id)} {glyphs.CRUMB} {plain(row.name)} {glyphs.CRUMB} {row.result}"
        self.shell.show_text(title, load, row.id)

    @on(FleetTable.RowSelected)
    def _selected(self, event: FleetTable.RowSelected) -> None:
        event.stop()
        self.action_open_result()

    def action_results_again(self) -> None:
        self.shell.rolling.ask_again(self.watched, self._targets)

    def action_result_full(self) -> None:
        self.shell.work(partial(self._full, self._targets), "reading outputs", group="outputs")

    async def _full(self, keys: list[RowKey]) -> None:
        for problem in await self.watched.fetch(keys):
            self.shell.report(problem)

    def action_cancel_results(self) -> None:
        self.shell.work(partial(self._cancel, self._targets), "cancelling")

    async def _cancel(self, keys: list[RowKey]) -> None:
        due = [each.key for each in self.watched.results(keys) if not each.over]
        if not due:
            self.shell.say("These nodes are over already")
            return
        await cancel_on(self.shell, self.watched, due)

    def action_filter_results(self) -> None:
        self.prompt.open("results", "/", self._filter, history=self.shell.filter_history)

    async def prompted(self, kind: str, text: str) -> None:
        if self._narrow(text):
            self.prompt.close()
            self.focus_body()

    def prompt_changed(self, kind: str, text: str) -> None:
        self._narrow(text)

    def prompt_cancelled(self, kind: str) -> None:
        self._narrow("")

    def _narrow(self, text: str) -> bool:
        try:
            query = parse(text.strip(), COLUMNS)
        except ProblemError as error:
            self.prompt.hint(error.problem.sentence, error=True)
            return False
        self._filter = text.strip()
        self.table.set_query(query)
        self._title()
        return True

    def action_close_results(self) -> None:
        if self._filter:
            self._narrow("")
        else:
            self.shell.leave_page()
