"""`:rollouts`: every rollout on record, those under way first."""

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

from ssmtui.core.columns import age
from ssmtui.core.text import fit, plain
from ssmtui.ui.board_lines import PHASES, count_parts, pace_words, short
from ssmtui.ui.screens.dialogs import Confirm
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.header import FactsLine, Part

if TYPE_CHECKING:
    from ssmtui.rollouts.record import Summary
    from ssmtui.ui.rolling import Rolling

_REFRESH_SECONDS = 1.0
_PHASE_CELLS = 10
_MOST = 500


class RolloutsPage(Page):
    """Enter opens a rollout's board; Ctrl-D forgets the record of one that is over."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open"),
        Binding("ctrl+d", "forget", "forget"),
        Binding("escape,q", "leave", "back", show=False),
    ]
    DEFAULT_CSS = """
    RolloutsPage OptionList { height: 1fr; background: $background; padding: 0 1; }
    RolloutsPage FactsLine { background: $surface; }
    """

    def __init__(self, rolling: Rolling) -> None:
        super().__init__()
        self._rolling = rolling
        self._summaries: list[Summary] = []
        self._read = False

    def body(self) -> Iterable[Widget]:
        yield FactsLine(id="rollouts-title")
        yield _RolloutList(markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.focus_body()
        self._title()
        self._read_soon()
        self.set_interval(_REFRESH_SECONDS, self._show)

    def on_screen_resume(self) -> None:
        self._read_soon()

    def focus_body(self) -> None:
        self.set_focus(self.query_one(OptionList))

    def _read_soon(self) -> None:
        self.shell.work(self._read_records, "reading rollouts", group="rollouts-list")

    async def _read_records(self) -> None:
        found = await self._rolling.summaries()
        if self.is_mounted:
            at = self._under_cursor
            self._summaries, self._read = found[:_MOST], True
            options = self.query_one(OptionList)
            options.clear_options()
            options.add_options([Option(self._line(each)) for each in self._summaries])
            ids = [each.id for each in self._summaries]
            if ids:
                options.highlighted = ids.index(at.id) if at and at.id in ids else 0
            self._title()

    def _show(self) -> None:
        options = self.query_one(OptionList)
        for index, summary in enumerate(self._summaries):
            watched = self._rolling.find(summary.id)
            if watched is not None:
                options.replace_option_prompt_at_index(index, self._line(summary))
        self._title()

    def _title(self) -> None:
        count = f"{len(self._summaries):,}" if self._summaries else "none yet: r on a node runs one"
        left: list[Part] = [
            ("Rollouts", "$accent bold"),
            (count if self._read else "reading", "$muted"),
        ]
        hint = "Enter open   Ctrl-D forget"
        self.query_one("#rollouts-title", FactsLine).parts = (left, [(hint, "$muted")])

    def _line(self, summary: Summary) -> Content:
        """Phase, id, title and age; below them how far it is, or where it ran."""
        watched = self._rolling.find(summary.id)
        phase = watched.state.phase if watched else summary.phase
        nodes = "?" if summary.nodes is None else f"{summary.nodes:,}"
        ago = age(self.shell.launch.now() - summary.created)
        below: list[Part]
        if watched is not None:
            state = watched.state
            below = [*count_parts(state.bars, state.left_out), (pace_words(state), "$muted")]
        else:
            below = [(f"{nodes} nodes", "$muted"), (plain(", ".join(summary.scopes[:3])), "$muted")]
        parts = [part for text, style in below for part in (("  ", ""), (text, style))]
        return Content.assemble(
            (fit(str(phase), _PHASE_CELLS), PHASES[phase]),
            (f"  {short(summary.id)}  ", "$accent"),
            plain(summary.title),
            (f"  {plain(summary.document)}", "$muted"),
            (f"  {ago} ago  {plain(summary.identity)}\n{' ' * _PHASE_CELLS}", "$muted"),
            *parts,
        )

    @property
    def _under_cursor(self) -> Summary | None:
        index = self.query_one(OptionList).highlighted
        return None if index is None or index >= len(self._summaries) else self._summaries[index]

    def action_open(self) -> None:
        if (summary := self._under_cursor) is not None:
            self.shell.work(partial(self._open, summary), "opening a rollout")

    async def _open(self, summary: Summary) -> None:
        self._rolling.show(await self._rolling.open(summary.id))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_open()

    def action_forget(self) -> None:
        if (summary := self._under_cursor) is not None:
            self.shell.work(partial(self._forget, summary), "forgetting a rollout")

    async def _forget(self, summary: Summary) -> None:
        lines = [
            plain(f"{summary.title}: its plan, its script and what is known of its calls."),
            "The service keeps its commands for 30 days all the same.",
        ]
        title = f"Forget rollout {short(summary.id)}"
        if await self.app.push_screen_wait(Confirm(title, lines, "Forget")):
            await self._rolling.forget(summary.id)
            await self._read_records()

    def action_leave(self) -> None:
        self.shell.leave_page()


class _RolloutList(OptionList):
    """Enter belongs to the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.open", "open"),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]
