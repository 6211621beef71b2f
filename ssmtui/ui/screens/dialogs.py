"""Small windows over the screen: a menu, a file name, a confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from ssmtui.core.text import cells, plain
from ssmtui.ui import glyphs

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A window in the middle, closed without a result by Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel"),
        Binding("ctrl+c", "app.interrupt", show=False),
    ]
    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > Vertical {
        width: 64; max-width: 95%; height: auto; max-height: 90%;
        background: $panel; border: round $rule; padding: 1 2;
    }
    Dialog .dialog--title { color: $accent; text-style: bold; margin-bottom: 1; }
    Dialog .dialog--text { margin-bottom: 1; }
    Dialog .dialog--hint { color: $muted; margin-top: 1; }
    Dialog .dialog--error { color: $error; display: none; margin-top: 1; }
    Dialog .dialog--error.shown { display: block; }
    Dialog Input, Dialog Input:focus {
        border: none; height: 1; padding: 0 1; background: $background;
    }
    Dialog OptionList { height: auto; max-height: 16; padding: 0; background: $panel; }
    Dialog Horizontal { height: auto; align-horizontal: right; margin-top: 1; }
    Dialog Button { margin-left: 2; min-width: 12; height: 1; border: none; background: $surface; }
    Dialog Button:focus { background: $accent; color: $background; text-style: bold; }
    """

    def action_cancel(self) -> None:
        self.dismiss(None)


class Menu(Dialog[str | None]):
    """A choice of one; the result is the choice's id.

    The digit before a choice chooses it, and so does its first letter, unless others begin with the
    same one: then it goes from one of them to the next. j, k and q keep their meaning.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "cancel", show=False),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
    ]

    def __init__(
        self, title: str, choices: Sequence[tuple[str, str, str]], current: str = ""
    ) -> None:
        """`choices` are (id, label, what is shown behind it); texts may be remote."""
        super().__init__()
        self._title = title
        self._choices = choices
        self._current = current
        # The keys that choose at once, and whether they are drawn before their choices.
        self.keys = {str(at): choice_id for at, (choice_id, *_) in enumerate(choices[:9], 1)}
        self.numbered = True

    def compose(self) -> ComposeResult:
        width = max((cells(plain(label)) for _, label, _ in self._choices), default=0)
        numbers = {choice_id: f"{key} " for key, choice_id in self.keys.items()}
        with Vertical():
            yield Static(Content(plain(self._title)), classes="dialog--title", markup=False)
            yield OptionList(
                *(
                    Option(
                        Content.assemble(
                            (numbers.get(choice_id, "  ") if self.numbered else "", "$accent"),
                            _choice(label, hint, width),
                        ),
                        id=choice_id,
                    )
                    for choice_id, label, hint in self._choices
                ),
                markup=False,
            )

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        ids = [choice_id for choice_id, _, _ in self._choices]
        options.highlighted = ids.index(self._current) if self._current in ids else 0
        options.focus()

    def on_key(self, event: events.Key) -> None:
        """What the list itself does not know: a digit, or the first letter of a choice."""
        character = event.character
        if character is None or not character.isprintable():
            return
        if character in self.keys:
            event.stop()
            self.dismiss(self.keys[character])
            return
        alike = [at for at, choice in enumerate(self._choices) if _begins(choice[1], character)]
        if not alike:
            return
        event.stop()
        if len(alike) == 1:
            self.dismiss(self._choices[alike[0]][0])
            return
        options = self.query_one(OptionList)
        here = -1 if options.highlighted is None else options.highlighted
        options.highlighted = next((at for at in alike if at > here), alike[0])

    def action_move(self, by: int) -> None:
        options = self.query_one(OptionList)
        if by > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option.id)


def _begins(label: str, letter: str) -> bool:
    return plain(label)[:1].lower() == letter.lower()


# The cells that a dialog leaves for a line behind the digit of a choice.
_ROOM = 54


def _choice(label: str, hint: str, width: int) -> Content:
    label = plain(label)
    gap = " " * (width - cells(label) + 3)
    room = max(8, _ROOM - width - 3)
    hint = plain(hint)
    if cells(hint) > room:
        # The end of an id or an ARN tells more than its beginning.
        hint = glyphs.ELLIPSIS + hint[-(room - 1) :]
    return Content.assemble(label, gap if hint else "", (hint, "$muted"))


class AskName(Dialog[str | None]):
    """Asks for a line of text, a file's name say."""

    def __init__(self, title: str, value: str, hint: str = "") -> None:
        super().__init__()
        self._title, self._value, self._hint = title, value, hint

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(plain(self._title)), classes="dialog--title", markup=False)
            line = Input(self._value, select_on_focus=False)
            line.cursor_blink = False
            yield line
            yield Static(Content(plain(self._hint)), classes="dialog--hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip() or None)


class Confirm(Dialog[bool]):
    """Asks before something is done; the focus is on Cancel.

    With `word` (in production: the account's alias) it must be typed before the other button works.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    def __init__(
        self,
        title: str,
        lines: Sequence[str],
        do: str,
        *,
        word: str = "",
        asks_for: str = "",
        leave: str = "Cancel",
    ) -> None:
        """`leave` is the word of the button that does nothing."""
        super().__init__()
        self._leave = leave
        self._title, self._lines, self._do = title, lines, do
        self._word, self._asks_for = word, asks_for

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(plain(self._title)), classes="dialog--title", markup=False)
            text = "\n".join(plain(line) for line in self._lines)
            yield Static(Content(text), classes="dialog--text", markup=False)
            if self._word:
                what = f"Type {plain(self._asks_for)} to go on:"
                yield Static(Content(what), markup=False)
                line = Input(select_on_focus=False)
                line.cursor_blink = False
                yield line
            with Horizontal():
                # Without "compact" Textual draws borders over the only line there is.
                yield Button(Content(plain(self._leave)), id="cancel", compact=True)
                do = Content(plain(self._do))
                yield Button(do, id="do", disabled=bool(self._word), compact=True)

    def on_mount(self) -> None:
        self.query_one("#cancel", Button).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#do", Button).disabled = event.value != self._word

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        # Enter in the line moves on to the button; it never presses it.
        event.stop()
        self.focus_next()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "do")

    def action_cancel(self) -> None:
        self.dismiss(False)
