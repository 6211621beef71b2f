"""The form of a copy: which way, what is here, what is on the node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Checkbox, Input, Static

from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.ui.screens.dialogs import Dialog

_HINT = "Tab next field   Space change   Enter next, then copy   Esc cancel"


class CopyWish(NamedTuple):
    """What was typed into the form."""

    upload: bool
    local: str
    remote: str
    recursive: bool


class AskCopy(Dialog[Any]):
    """Asks what to copy; the result is what `judge` makes of it.

    `judge` raises a ProblemError for what cannot be copied; its sentence is shown, and the form
    stays.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = """
    AskCopy > Vertical { width: 76; }
    AskCopy Checkbox, AskCopy Checkbox:focus {
        border: none; padding: 0; background: $panel; height: 1;
    }
    AskCopy .ask-copy--label { color: $muted; margin-top: 1; }
    """

    def __init__(self, who: str, judge: Callable[[CopyWish], Any]) -> None:
        super().__init__()
        self._who = who
        self._judge = judge

    def compose(self) -> ComposeResult:
        with Vertical():
            title = Content(f"Copy files: {plain(self._who)}")
            yield Static(title, classes="dialog--title", markup=False)
            yield Checkbox(Content("to the node (else from it)"), id="upload")
            yield Checkbox(Content("a directory, with all that is in it"), id="recursive")
            yield Static(Content("On the node"), classes="ask-copy--label", markup=False)
            yield _line("remote", "")
            yield Static(Content("Here"), classes="ask-copy--label", markup=False)
            yield _line("local", ".")
            yield Static("", classes="dialog--error", markup=False)
            yield Static(Content(_HINT), classes="dialog--hint", markup=False)
            with Horizontal():
                yield Button(Content("Cancel"), id="cancel", compact=True)
                yield Button(Content("Copy"), id="do", compact=True)

    def on_mount(self) -> None:
        self.query_one("#remote", Input).focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "local":
            self._choose()
        else:
            self.focus_next()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "do":
            self._choose()
        else:
            self.dismiss(None)

    def _choose(self) -> None:
        wish = CopyWish(
            upload=self.query_one("#upload", Checkbox).value,
            local=self.query_one("#local", Input).value.strip(),
            remote=self.query_one("#remote", Input).value.strip(),
            recursive=self.query_one("#recursive", Checkbox).value,
        )
        try:
            made = self._judge(wish)
        except ProblemError as error:
            sentence = self.query_one(".dialog--error", Static)
            sentence.update(Content(plain(error.problem.sentence)))
            sentence.set_class(True, "shown")
        else:
            self.dismiss(made)


def _line(name: str, value: str) -> Input:
    line = Input(value, id=name, select_on_focus=False)
    line.cursor_blink = False
    return line
