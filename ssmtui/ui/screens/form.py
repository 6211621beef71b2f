"""A form: typed fields, each judged while it is typed, and one button that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.ui.screens.dialogs import Dialog, Menu
from ssmtui.ui.widgets.form_fields import Choice, Field, FieldEntry, Values

# The lines of the window beside its fields and its own text: frame, padding, title, buttons, hint.
_AROUND = 12
# On fewer lines only the field that is typed into says how: the others have their titles.
_LOW = 32


class Fields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The fields, which scroll as the focus goes; the arrows are the form's."""


class Form(Dialog[dict[str, Values] | None]):
    """Asks for the values of some fields; the result has the values of each, by its name.

    What is wrong is said below its field as soon as that was touched, and of all of them when the
    button is pressed, which then does nothing. `judge` has the last word: the sentence of its
    ProblemError is shown, and what was typed stays. Tab, Enter and the arrows go from field to
    field, Ctrl-S is the button, Esc gives up.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "submit", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]
    DEFAULT_CSS = """
    Form > Vertical { width: 76; max-height: 100%; padding: 1 2; }
    Form Fields { height: auto; }
    /* Textual styles what is in an entry anew only if the entry itself is styled by its focus. */
    Form.low FieldEntry, Form.low FieldEntry:focus-within { margin-bottom: 0; }
    Form.low FieldEntry .entry--hint { display: none; }
    Form.low FieldEntry:focus-within .entry--hint { display: block; }
    """

    HINT: ClassVar[str] = "Tab next field   Ctrl-S do it   Esc give up"

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        do: str,
        *,
        lines: Sequence[str] = (),
        judge: Callable[[Mapping[str, Values]], object] = lambda values: None,
    ) -> None:
        """`lines` stand above the fields, `do` is the button's word; texts may be remote."""
        super().__init__()
        self._title, self._lines, self._do = title, lines, do
        self._judge = judge
        self._entries = [FieldEntry(field) for field in fields]
        self._said_of: Mapping[str, Values] = {}

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(plain(self._title)), classes="dialog--title", markup=False)
            if self._lines:
                text = "\n".join(plain(line) for line in self._lines)
                yield Static(Content(text), classes="dialog--text", markup=False)
            with Fields():
                yield from self._entries
            yield from self.more()
            yield Static("", classes="dialog--error", markup=False)
            with Horizontal():
                yield Button(Content("Cancel"), id="cancel", compact=True)
                yield Button(Content(plain(self._do)), id="do", compact=True)
            yield Static(self.HINT, classes="dialog--hint", markup=False)

    def more(self) -> Iterable[Widget]:
        """What a form of a special kind has between its fields and its buttons."""
        return ()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height < _LOW, "low")
        self.query_one(Fields).styles.max_height = max(3, event.size.height - _AROUND - self.above)

    @property
    def above(self) -> int:
        """How many lines stand above the fields, besides the title."""
        return len(self._lines) + 1 if self._lines else 0

    @property
    def values(self) -> dict[str, Values]:
        """What the fields hold now."""
        return {entry.field.name: entry.values for entry in self._entries}

    def values_changed(self) -> None:
        """A field holds something else."""

    def action_submit(self) -> None:
        """Give the values back, if nothing is wrong with them."""
        wrong = [entry for entry in self._entries if entry.show_problem()]
        if wrong:
            wrong[0].take_focus()
            return
        try:
            self._judge(self.values)
        except ProblemError as error:
            self._say(error.problem.sentence)
            return
        self.dismiss(self.values)

    def _say(self, sentence: str) -> None:
        self._said_of = self.values
        line = self.query_one(".dialog--error", Static)
        line.update(Content(plain(sentence)))
        line.set_class(bool(sentence), "shown")

    @on(FieldEntry.Changed)
    def _changed(self, event: FieldEntry.Changed) -> None:
        event.stop()
        # What was typed just before these values were judged may be told just after.
        if self.values != self._said_of:
            self._say("")
        event.entry.show_problem()
        self.values_changed()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "do":
            self.action_submit()
        else:
            self.action_cancel()

    @on(Choice.MenuAsked)
    def _menu_asked(self, event: Choice.MenuAsked) -> None:
        event.stop()
        choice = event.choice
        choices = [(option, option or "-", "") for option in choice.options]

        def chosen(option: str | None) -> None:
            if option is not None:
                choice.value = option

        self.app.push_screen(Menu("Choose", choices, choice.value), chosen)
