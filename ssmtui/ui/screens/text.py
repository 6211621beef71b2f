"""A text on the whole screen: details, raw answers, reasons, help and notices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from textual.widget import Widget
from textual.worker import Worker, WorkerState

from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.ui.actions import TEXT_ACTIONS
from ssmtui.ui.documents import Document
from ssmtui.ui.keymap import bindings
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.header import FactsLine, Part
from ssmtui.ui.widgets.text_view import TextView


class TextPage(Page):
    """Shows what `load` reads. It says that it is loading, and what went wrong if it did."""

    BINDINGS = bindings(TEXT_ACTIONS)
    DEFAULT_CSS = """
    TextPage #text-title { background: $surface; }
    TextPage TextView { height: 1fr; padding: 0 1; }
    TextPage TextView.trouble { color: $error; }
    """

    def __init__(
        self,
        title: str,
        load: Callable[[], Awaitable[Document]],
        file_stem: str,
        pattern: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._load = load
        self._file_stem = file_stem
        self._document = Document({"text": ""})
        self._format = ""
        self._pattern = pattern
        self._state = "loading"

    def body(self) -> Iterable[Widget]:
        yield FactsLine(id="text-title")
        yield TextView()

    def on_mount(self) -> None:
        super().on_mount()
        self.focus_body()
        self._show_title()
        self.action_reread()

    @property
    def view(self) -> TextView:
        return self.query_one(TextView)

    def focus_body(self) -> None:
        self.set_focus(self.view)

    def action_reread(self) -> None:
        self._state = "loading"
        self._show_title()
        self.run_worker(
            self._read(), group="read", exclusive=True, exit_on_error=False, description="reading"
        )

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        self.shell.note_bug(event)
        if event.state is WorkerState.ERROR:
            self._state = "failed"
            self._show_title()

    async def _read(self) -> None:
        try:
            document = await self._load()
        except ProblemError as error:
            self._state = "failed"
            self.shell.notices.problem(self.shell.launch.now(), error.problem)
            self.view.add_class("trouble")
            self.view.set_text(error.problem.sentence)
        else:
            self._state = ""
            self.view.remove_class("trouble")
            self._document = document
            if self._format not in document.formats:
                self._format = next(iter(document.formats))
            self._show_text()
        self._show_title()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "format":
            return len(self._document.formats) > 1
        if action in ("next_match", "previous_match"):
            return bool(self._pattern)
        return True

    @property
    def text(self) -> str:
        """The text in the format that is shown."""
        return self._document.formats.get(self._format, "")

    def _show_text(self) -> None:
        document = self._document
        self.view.set_text(self.text, document.key_width, document.hang, document.spans)
        if self._pattern:
            self._search(self._pattern)

    def _show_title(self) -> None:
        left: list[Part] = [(plain(self._title), "$accent bold")]
        if len(self._document.formats) > 1:
            left.append((self._format, "$muted"))
        if self._state:
            left.append((self._state, "$error" if self._state == "failed" else "$status-busy"))
        right: list[Part] = []
        if self._pattern:
            view = self.view
            found = (
                f"{view.current_match} of {view.match_count}" if view.match_count else "no match"
            )
            right = [(f"/{plain(self._pattern)}", "$accent"), (found, "$muted")]
        self.query_one("#text-title", FactsLine).parts = (left, right)

    def action_search(self) -> None:
        self.prompt.open("search", "/", self._pattern, history=self.shell.filter_history)

    async def prompted(self, kind: str, text: str) -> None:
        if self._search(text):
            self.prompt.close()
            self.focus_body()

    def prompt_changed(self, kind: str, text: str) -> None:
        self._search(text)

    def prompt_cancelled(self, kind: str) -> None:
        self._search("")

    def _search(self, pattern: str) -> bool:
        try:
            self.view.search(pattern)
        except ProblemError as error:
            self.prompt.hint(error.problem.sentence, error=True)
            return False
        self._pattern = pattern
        self._show_title()
        self.refresh_bindings()
        return True

    def action_next_match(self) -> None:
        self.view.step(1)
        self._show_title()

    def action_previous_match(self) -> None:
        self.view.step(-1)
        self._show_title()

    def action_format(self) -> None:
        formats = list(self._document.formats)
        self._format = formats[(formats.index(self._format) + 1) % len(formats)]
        self._show_text()
        self._show_title()

    def action_wrap(self) -> None:
        self.view.wrap = not self.view.wrap

    def action_copy_text(self) -> None:
        text = self.text
        self.shell.copy(lambda: text, "the text")

    def action_save_text(self) -> None:
        suffix = {"YAML": "yaml", "JSON": "json"}.get(self._format, "txt")
        text = self.text
        self.shell.save_as(f"{self._file_stem}.{suffix}", lambda name: iter((text, "\n")))

    def action_close_text(self) -> None:
        if self._pattern:
            self._search("")
        else:
            self.shell.leave_page()
