"""Which log to follow: a line to type, and below it what is likely meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.ui.screens.dialogs import Dialog

_HINT = "A path, “unit NAME” or “event log NAME”   ↓ choose   Tab take it"
_MOST_SHOWN = 9


class AskLog(Dialog[str | None]):
    """Asks for a log; the result is the line. Typing narrows what is suggested below it.

    `judge` raises a ProblemError for what cannot be followed; its sentence is shown, and the line
    stays.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("tab", "take", show=False),
    ]
    DEFAULT_CSS = """
    AskLog > Vertical { width: 76; }
    AskLog OptionList { margin-top: 1; max-height: 9; }
    """

    def __init__(
        self, who: str, suggestions: Sequence[str], judge: Callable[[str], object]
    ) -> None:
        super().__init__()
        self._who = who
        self._suggestions = suggestions
        self._judge = judge
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical():
            title = Content(f"Follow a log on {plain(self._who)}")
            yield Static(title, classes="dialog--title", markup=False)
            line = _Line(next(iter(self._suggestions), ""), select_on_focus=True)
            line.cursor_blink = False
            yield line
            yield OptionList(markup=False)
            yield Static("", classes="dialog--error", markup=False)
            yield Static(Content(_HINT), classes="dialog--hint", markup=False)

    def on_mount(self) -> None:
        self._options.can_focus = False
        # So that the window stays where it is while typing leaves fewer of them.
        self._options.styles.min_height = min(len(self._suggestions), _MOST_SHOWN)
        self._suggest("")
        self._line.focus()

    @property
    def _line(self) -> Input:
        return self.query_one(Input)

    @property
    def _options(self) -> OptionList:
        return self.query_one(OptionList)

    def _suggest(self, typed: str) -> None:
        wanted = typed.strip().lower()
        self._shown = [text for text in self._suggestions if wanted in text.lower()]
        self._options.clear_options()
        self._options.add_options([Option(Content(plain(text))) for text in self._shown])

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._say("")
        # What stands there at first is a suggestion itself.
        self._suggest("" if event.value in self._suggestions else event.value)

    def action_move(self, by: int) -> None:
        options = self._options
        if not self._shown:
            return
        at = options.highlighted
        if at is None:
            # The line may stand in the list already; then the one beside it is meant.
            value = self._line.value
            at = self._shown.index(value) if value in self._shown else -1 if by > 0 else 0
        options.highlighted = (at + by) % len(self._shown)

    def action_take(self) -> None:
        at = self._options.highlighted
        if at is None and self._shown:
            at = 0
        if at is not None:
            line = self._line
            with self.prevent(Input.Changed):
                line.value = self._shown[at]
            line.cursor_position = len(line.value)
            self._options.highlighted = None

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        at = self._options.highlighted
        self._choose(event.value if at is None else self._shown[at])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._choose(self._shown[event.option_index])

    def _choose(self, text: str) -> None:
        try:
            self._judge(text)
        except ProblemError as error:
            self._say(error.problem.sentence)
        else:
            self.dismiss(text.strip())

    def _say(self, sentence: str) -> None:
        error = self.query_one(".dialog--error", Static)
        error.update(Content(plain(sentence)))
        error.set_class(bool(sentence), "shown")


class _Line(Input):
    """Tab belongs to the window."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "screen.take", show=False)]
