"""One of many: a list that is narrowed by typing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ssmtui.core.problem import ProblemError
from ssmtui.core.text import cells, fit, plain
from ssmtui.ui.screens.dialogs import Dialog

Choices = Sequence[tuple[str, str]]  # what is chosen, and what is shown behind it

# More are not shown at once: who looks for one types a letter more.
_MOST = 200
_NAME_CELLS = 44


class Pick(Dialog[str | None]):
    """Asks for one of `choices`; `more` reads the rest behind the scenes. The result is the choice.

    Typing narrows the list: every word has to occur. Enter takes the highlighted one, or with
    `free` what was typed where nothing fits.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
    ]
    DEFAULT_CSS = """
    Pick > Vertical { width: 84; }
    Pick OptionList { margin-top: 1; height: 12; max-height: 12; }
    """

    def __init__(
        self,
        title: str,
        choices: Choices,
        more: Callable[[], Awaitable[Choices]] | None = None,
        *,
        hint: str = "",
        free: bool = False,
    ) -> None:
        super().__init__()
        self._title, self._hint, self._free = title, hint, free
        self._choices = list(choices)
        self._more = more
        self._shown: list[str] = []
        self._state = ""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(plain(self._title)), classes="dialog--title", markup=False)
            line = Input(placeholder="type to search", select_on_focus=False)
            line.cursor_blink = False
            yield line
            yield OptionList(markup=False)
            yield Static(Content(plain(self._hint)), classes="dialog--hint", markup=False)

    def on_mount(self) -> None:
        self._options.can_focus = False
        self.query_one(Input).focus()
        if self._more is not None:
            self._state = "reading the list"
            job: Any = partial(self._read, self._more)
            self.run_worker(job, group="pick", exit_on_error=False, description="reading")
        self._show("")

    def on_resize(self, event: events.Resize) -> None:
        self._options.styles.height = max(4, min(16, event.size.height - 12))
        self.call_after_refresh(lambda: self._show(self.query_one(Input).value))

    @property
    def _options(self) -> OptionList:
        return self.query_one(OptionList)

    async def _read(self, more: Callable[[], Awaitable[Choices]]) -> None:
        try:
            found = await more()
        except ProblemError as error:
            self._state = error.problem.sentence
        else:
            self._state = ""
            known = {name for name, _ in self._choices}
            self._choices += [choice for choice in found if choice[0] not in known]
        self._show(self.query_one(Input).value)

    def _show(self, typed: str) -> None:
        words = typed.lower().split()
        fitting = [
            (name, hint)
            for name, hint in self._choices
            if all(word in f"{name} {hint}".lower() for word in words)
        ]
        before = self._highlighted
        self._shown = [name for name, _ in fitting[:_MOST]]
        options = self._options
        options.clear_options()
        width = max((cells(plain(name)) for name, _ in self._choices), default=0)
        room = max(20, options.size.width - 4 if options.size.width else 60)
        width = min(width, _NAME_CELLS, room)
        options.add_options([Option(_line(*choice, width, room)) for choice in fitting[:_MOST]])
        if self._shown:
            options.highlighted = self._shown.index(before) if before in self._shown else 0
        count = f"{len(fitting):,} of {len(self._choices):,}"
        said = "   ".join(filter(None, (count, self._state, self._hint)))
        self.query_one(".dialog--hint", Static).update(Content(plain(said)))

    @property
    def _highlighted(self) -> str:
        at = self._options.highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else ""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._shown:
            self._options.highlighted = 0
        self._show(event.value)

    def action_move(self, by: int) -> None:
        options = self._options
        if self._shown:
            at = (options.highlighted or 0) + by
            options.highlighted = max(0, min(at, len(self._shown) - 1))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if chosen := self._highlighted or (event.value.strip() if self._free else ""):
            self.dismiss(chosen)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index])


def _line(name: str, hint: str, width: int, room: int) -> Content:
    """A choice on one line of `room` cells, its name in `width` of them."""
    left = room - width - 2
    if not hint or left < 8:
        return Content(fit(plain(name), room).rstrip())
    return Content.assemble(fit(plain(name), width), (f"  {fit(plain(hint), left)}", "$muted"))
