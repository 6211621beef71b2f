"""`l`: a log, followed on one node or many, as one view."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget
from textual.worker import Worker

from ssmtui.core.expressions import TooSlowError
from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.sessions.follow.book import expression
from ssmtui.sessions.follow.merging import State
from ssmtui.ui import glyphs
from ssmtui.ui.actions import LOG_ACTIONS
from ssmtui.ui.documents import Document
from ssmtui.ui.keymap import bindings
from ssmtui.ui.notices import Level
from ssmtui.ui.saving import safe_stem
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.header import CrumbLine, Part
from ssmtui.ui.widgets.log_view import LogView

if TYPE_CHECKING:
    from ssmtui.core.expressions import Expression
    from ssmtui.sessions.follow.reading import Reading
    from ssmtui.sessions.follow.source import Source

# How often it is drawn at most while lines come. In a flood, where each time every line is another
# one, half as often: nobody reads it, and what is drawn is garbage of the next moment.
FRAME_SECONDS = 0.05
# What is wrong with nodes comes first.
_TROUBLE = (State.GIVEN_UP, State.LOST, State.RECONNECTING, State.CONNECTING)
_STYLES = {
    State.GIVEN_UP: "$status-bad",
    State.LOST: "$status-bad",
    State.RECONNECTING: "$status-warn",
    State.CONNECTING: "$status-busy",
}


class FollowPage(Page):
    """Leaving it ends its sessions."""

    BINDINGS = bindings(LOG_ACTIONS)
    DEFAULT_CSS = """
    FollowPage #log-title { background: $surface; }
    FollowPage LogView { height: 1fr; padding: 0 1; }
    """

    def __init__(self, reading: Reading, source: Source) -> None:
        super().__init__()
        self.reading = reading
        self._source = source
        self._filter = ""
        self._word = ""
        self._stale = True
        self._came = 0  # lines, when it was drawn last
        self._skipped = False
        self.drawn = 0  # times

    def body(self) -> Iterable[Widget]:
        yield CrumbLine(id="log-title")
        yield LogView(self.reading.book, self.reading.names)

    def on_mount(self) -> None:
        super().on_mount()
        self.focus_body()
        self.reading.changed = self._touch
        self._draw()
        self.set_interval(FRAME_SECONDS, self._draw)

    def on_unmount(self) -> None:
        self.shell.following.leave(self.reading)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        self.shell.note_bug(event)

    @property
    def view(self) -> LogView:
        return self.query_one(LogView)

    def focus_body(self) -> None:
        self.set_focus(self.view)

    # What is drawn

    def _touch(self) -> None:
        self._stale = True

    def _draw(self) -> None:
        if not self._stale:
            return
        if self._filter and (gave_up := self.reading.book.gave_up) is not None:
            self._filter = ""
            self.shell.report(gave_up)
        came = self.reading.book.came
        flood, self._came = came - self._came > self.size.height, came
        if flood and not self._skipped:
            self._skipped = True
            return
        self._stale = self._skipped = False
        self.drawn += 1
        self.view.message = self._message()
        self.view.show_news()
        self.query_one("#log-title", CrumbLine).parts = self._title()

    @on(LogView.Moved)
    def _moved(self, event: LogView.Moved) -> None:
        event.stop()
        self._touch()

    def _message(self) -> str:
        reading = self.reading
        if self._filter and len(reading.book):
            return "No line matches"
        if reading.states[State.CONNECTING] and not reading.states[State.FOLLOWING]:
            return f"Connecting to {self._who}"
        return "No line has come yet"

    @property
    def _who(self) -> str:
        names = self.reading.names
        return names[0] if len(names) == 1 else f"{len(names):,} nodes"

    def _title(self) -> tuple[list[Part], list[Part]]:
        reading = self.reading
        left: list[Part] = [
            ("Log", "$accent bold"),
            (self._source.title, "$foreground bold"),
            (f"{glyphs.CRUMB} {self._who}", "$muted"),
        ]
        states = reading.states
        for state in _TROUBLE:
            if count := states[state]:
                words = str(state) if len(reading.names) == 1 else f"{count:,} {state}"
                left.append((words, _STYLES[state]))
        book = reading.book
        right: list[Part] = []
        if reading.paused:
            held = ", the nodes are held back" if reading.full else ""
            right.append((f"paused, {reading.waiting:,} waiting{held}", "$warning bold"))
        elif not self.view.following:
            right.append((f"{self.view.below:,} below", "$warning"))
        if self._filter:
            right.append((f"/{plain(self._filter)}", "$accent"))
            right.append((f"{len(book.shown):,} of {len(book):,}", "$foreground"))
        else:
            right.append((f"{len(book):,} lines", "$muted"))
        if self._word:
            right.append((f"highlight {plain(self._word)}", "$accent"))
        return left, right

    # The prompts

    def action_log_filter(self) -> None:
        self.prompt.open("filter", "/", self._filter, history=self.shell.filter_history)

    def action_log_highlight(self) -> None:
        self.prompt.open("highlight", "highlight ", self._word, history=self.shell.filter_history)

    async def prompted(self, kind: str, text: str) -> None:
        if self._use(kind, text):
            self.prompt.close()
            self.focus_body()

    def prompt_changed(self, kind: str, text: str) -> None:
        self._use(kind, text)

    def prompt_cancelled(self, kind: str) -> None:
        self._use(kind, "")

    def _use(self, kind: str, text: str) -> bool:
        """Filter or highlight by an expression; False if it is none, which is said."""
        try:
            pattern = expression(text)
        except ProblemError as error:
            self.prompt.hint(error.problem.sentence, error=True)
            return False
        if kind == "highlight":
            self._word = text
            self.view.highlight(pattern)
        elif text != self._filter:
            self._filter = text
            self.run_worker(
                self._narrow(pattern),
                group="narrow",
                exclusive=True,
                exit_on_error=False,
                description="filtering",
            )
        self._touch()
        self.refresh_bindings()
        return True

    async def _narrow(self, pattern: Expression | None) -> None:
        try:
            await self.reading.book.narrow(pattern)
        except TooSlowError as error:
            self._filter = ""
            self.shell.report(error.problem)
        self._touch()

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("log_next", "log_previous"):
            return bool(self._word)
        return True

    def action_log_next(self) -> None:
        self._step(1)

    def action_log_previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        self.run_worker(
            self._find(by),
            group="find",
            exclusive=True,
            exit_on_error=False,
            description="searching",
        )

    async def _find(self, by: int) -> None:
        try:
            if not await self.view.step(by):
                self.shell.say(f"No line has {self._word}", Level.WARNING)
        except TooSlowError as error:
            self.shell.report(error.problem)

    def action_log_pause(self) -> None:
        if not self.reading.paused:
            self.reading.pause()
            return
        self.run_worker(
            self.reading.resume(), group="resume", exit_on_error=False, description="going on"
        )

    def action_log_end(self) -> None:
        self.view.to_end()

    def action_log_top(self) -> None:
        self.view.to_top()

    def action_log_wrap(self) -> None:
        self.view.wrap = not self.view.wrap

    def action_log_save(self) -> None:
        book, names = self.reading.book, self.reading.names
        stem = safe_stem(re.split(r"[/\\]", self._source.name)[-1])
        name = stem if stem.endswith(".log") else f"{stem}.log"
        text = book.text(names)  # the lines of now: they go on while the name is typed
        self.shell.save_as(name, lambda _: text, f"{len(book.shown):,} lines")

    def action_log_nodes(self) -> None:
        reading = self.reading

        async def load() -> Document:
            width = max(map(len, reading.names)) + 2
            lines = [
                f"  {name:<{width}}{news.state}{': ' if news.sentence else ''}{news.sentence}"
                for name, news in zip(reading.names, reading.news, strict=True)
            ]
            return Document({"text": "\n".join([self._source.title, *lines])}, key_width=width + 2)

        self.shell.show_text(f"Nodes {glyphs.CRUMB} {self._source.title}", load, "nodes")

    def action_log_close(self) -> None:
        if self._filter:
            self._use("filter", "")
        elif self._word:
            self._use("highlight", "")
        else:
            self.shell.leave_page()
