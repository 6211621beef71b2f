"""One field of a form: what it holds, how that is typed, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from ssmtui.core.text import plain
from ssmtui.ui.widgets.script_area import ScriptArea

# What a field holds: its values in their order, () for one that was left alone.
Values = tuple[str, ...]

_TRUTH: Final = ("true", "false")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+")


class FieldKind(StrEnum):
    """How a field is typed."""

    TEXT = "text"
    LINES = "lines"  # one text of several lines
    NUMBER = "number"
    CHOICE = "choice"
    BOOL = "bool"  # "true" or "false"
    LIST = "list"  # one value a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field, as a value; its texts may be remote.

    `start` is what it holds at first. `empty` says what an empty one stands for. `check` gives the
    sentence on what is wrong with values, "" if nothing is; without one the kind alone is judged.
    """

    name: str
    kind: FieldKind = FieldKind.TEXT
    label: str = ""
    hint: str = ""
    start: Values = ()
    empty: str = ""
    choices: Values = ()
    required: bool = False
    code: str = ""  # of what is typed: "shell", "powershell"; "" is no code
    check: Callable[[Values], str] | None = None

    @property
    def title(self) -> str:
        return plain(self.label or self.name)

    @property
    def options(self) -> Values:
        """What may be chosen; "" first where nothing may be."""
        offered = _TRUTH if self.kind is FieldKind.BOOL else self.choices
        return offered if self.required or self.start else ("", *offered)

    def problem(self, values: Values) -> str:
        """What is wrong with these values, as a sentence; "" if nothing is."""
        if self.check is not None:
            return self.check(values)
        if not values:
            return f"{self.title} has to be given." if self.required else ""
        if self.kind is FieldKind.NUMBER and not _NUMBER.fullmatch(values[0]):
            return f"{self.title} is a whole number, not {plain(values[0])}."
        return ""


class Choice(Widget, can_focus=True):
    """A choice of one on a line: arrows and Space go through them, a letter goes to the next that
    begins with it, Enter asks for a menu of all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "step(1)", show=False),
        Binding("left", "step(-1)", show=False),
        Binding("enter", "menu", show=False),
    ]
    DEFAULT_CSS = """
    Choice { height: 1; padding: 0 1; background: $background; }
    Choice:focus { background: $accent; color: $background; text-style: bold; }
    """

    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another one was chosen."""

    class MenuAsked(Message):
        """All choices are to be shown."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, options: Values, value: str) -> None:
        super().__init__()
        self.options = options
        self.set_reactive(Choice.value, value)

    def render(self) -> RenderResult:
        return Content(f"< {plain(self.value) or '-'} >")

    def action_step(self, by: int) -> None:
        self.value = self.options[(self._at + by) % len(self.options)]

    def action_menu(self) -> None:
        self.post_message(self.MenuAsked(self))

    def on_key(self, event: events.Key) -> None:
        if event.character is None or not event.character.isalnum():
            return
        event.stop()
        letter, at = event.character.lower(), self._at
        for option in (*self.options[at + 1 :], *self.options[: at + 1]):
            if option[:1].lower() == letter:
                self.value = option
                return

    def watch_value(self) -> None:
        self.post_message(self.Changed())

    @property
    def _at(self) -> int:
        return self.options.index(self.value) if self.value in self.options else 0


class FieldEntry(Vertical):
    """A field on the screen: its title, what is typed, and below what is wrong with that."""

    DEFAULT_CSS = """
    FieldEntry { height: auto; margin-bottom: 1; }
    FieldEntry Static { height: auto; }
    FieldEntry .entry--hint { color: $muted; }
    FieldEntry .entry--problem { color: $error; display: none; }
    FieldEntry .entry--problem.shown { display: block; }
    FieldEntry TextArea, FieldEntry TextArea:focus {
        border: none; height: auto; min-height: 3; max-height: 8; padding: 0 1;
        background: $background;
    }
    """

    class Changed(Message):
        """What the field holds is another."""

        def __init__(self, entry: FieldEntry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self._control = _control(field)
        self._problem = Static("", classes="entry--problem", markup=False)

    def compose(self) -> ComposeResult:
        field = self.field
        needed = (" *", "$warning") if field.required else ("", "")
        hint = plain(field.hint)
        yield Static(Content.assemble((field.title, "bold"), needed), markup=False)
        if hint:
            yield Static(Content(hint), classes="entry--hint", markup=False)
        yield self._control
        yield self._problem

    @property
    def values(self) -> Values:
        """What it holds now."""
        control = self._control
        if isinstance(control, Choice):
            return (control.value,) if control.value else ()
        if isinstance(control, Input):
            return (control.value,) if control.value else ()
        text = control.text
        if self.field.kind is FieldKind.LIST:
            return tuple(text.rstrip("\n").split("\n")) if text.strip() else ()
        return (text,) if text else ()

    @property
    def problem(self) -> str:
        """What is wrong with it now; "" if nothing is."""
        return self.field.problem(self.values)

    def show_problem(self) -> bool:
        """Say what is wrong, below; whether anything is."""
        problem = self.problem
        self._problem.update(Content(plain(problem)))
        self._problem.set_class(bool(problem), "shown")
        return bool(problem)

    def fill(self, values: Values) -> None:
        """Hold these from now on."""
        control, first = self._control, values[0] if values else ""
        if isinstance(control, TextArea):
            control.text = "\n".join(values)
        else:
            control.value = first

    @property
    def has_focus_inside(self) -> bool:
        """Whether it is being typed into."""
        return self._control.has_focus

    def take_focus(self) -> None:
        self._control.focus()

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choice.Changed)
    def _typed(self, event: Message) -> None:
        event.stop()
        if self.is_mounted:
            self.post_message(self.Changed(self))


def _control(field: Field) -> Input | TextArea | Choice:
    """What a field is typed into."""
    first = field.start[0] if field.start else ""
    if field.kind in (FieldKind.CHOICE, FieldKind.BOOL):
        options = field.options
        return Choice(options, first if first in options else options[0])
    if field.kind in (FieldKind.LINES, FieldKind.LIST):
        area = ScriptArea(
            "\n".join(field.start),
            placeholder=Content(plain(field.empty)),
            highlight_cursor_line=False,
            code=field.code,
        )
        area.cursor_blink = False
        return area
    line = Input(first, placeholder=plain(field.empty), select_on_focus=False)
    line.cursor_blink = False
    return line
