"""The line at the bottom where filters, commands, searches and names are typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from ssmtui.core.text import plain
from ssmtui.ui.history import LineHistory, Recall
from ssmtui.ui.timers import surely

# Typing is applied after this pause, so that a fast hand filters once and not ten times.
DEBOUNCE_SECONDS = 0.08
_SHOWN_COMPLETIONS = 8


class _Completer(Suggester):
    """Shows the first completion behind the cursor."""

    def __init__(self, complete: Callable[[str], list[str]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        return next((line for line in self._complete(value) if line.startswith(value)), None)


class _Line(Input):
    """An input that leaves the arrows and Tab to the prompt."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "prompt_older", show=False),
        Binding("down", "prompt_newer", show=False),
        Binding("tab", "prompt_complete", show=False),
        Binding("escape", "prompt_cancel", show=False),
        Binding("ctrl+u", "prompt_clear", show=False),
    ]

    def action_prompt_older(self) -> None:
        self._prompt.recall(older=True)

    def action_prompt_newer(self) -> None:
        self._prompt.recall(older=False)

    def action_prompt_complete(self) -> None:
        self._prompt.accept_completion()

    def action_prompt_cancel(self) -> None:
        self._prompt.cancel()

    def action_prompt_clear(self) -> None:
        self.value = ""

    async def action_submit(self) -> None:
        self._prompt.submitting = True
        await super().action_submit()

    @property
    def _prompt(self) -> Prompt:
        return self.query_ancestor(Prompt)


class Prompt(Vertical):
    """Opened for one purpose at a time (its `kind`: "filter", "command", "search")."""

    DEFAULT_CSS = """
    Prompt { height: auto; dock: bottom; display: none; background: $surface; }
    Prompt Horizontal { height: 1; padding: 0 1; }
    Prompt .prompt--sign { width: auto; color: $accent; text-style: bold; background: $surface; }
    Prompt Input, Prompt Input:focus {
        border: none; height: 1; padding: 0; background: $surface; width: 1fr;
        background-tint: $foreground 0%;
    }
    Prompt .prompt--hint { height: 1; padding: 0 2; color: $muted; background: $surface; }
    Prompt .prompt--hint.error { color: $error; }
    """

    class Changed(Message):
        """The text settled for a moment."""

        def __init__(self, kind: str, text: str) -> None:
            super().__init__()
            self.kind, self.text = kind, text

    class Submitted(Message):
        """Enter was pressed."""

        def __init__(self, kind: str, text: str) -> None:
            super().__init__()
            self.kind, self.text = kind, text

    class Cancelled(Message):
        """Esc was pressed."""

        def __init__(self, kind: str) -> None:
            super().__init__()
            self.kind = kind

    def __init__(self) -> None:
        super().__init__()
        self.kind = ""
        self.submitting = False
        """Whether Enter was pressed and it is not known yet where the focus goes."""
        self._held: list[events.Event] = []
        self._history = LineHistory()
        self._recall = Recall(self._history)
        self._complete: Callable[[str], list[str]] = lambda line: []
        self._pending = self.set_timer(0, lambda: None, pause=True)

    def _furnish(self) -> None:
        """Make what is inside when it is wanted first: the first frame need not wait for it."""
        if self.children:
            return
        line = _Line(compact=True, select_on_focus=False)
        line.cursor_blink = False
        sign = Static("", classes="prompt--sign", markup=False)
        row = Horizontal()
        self.mount(row, Static("", classes="prompt--hint", markup=False))
        # Not as the row's own children, which would only be there when the row is.
        row.mount(sign, line)

    @property
    def line(self) -> Input:
        return self.query_one(_Line)

    @property
    def is_open(self) -> bool:
        return bool(self.display)

    def open(
        self,
        kind: str,
        sign: str,
        text: str = "",
        *,
        history: LineHistory | None = None,
        complete: Callable[[str], list[str]] | None = None,
    ) -> None:
        """Show the line and move the focus into it."""
        self._furnish()
        self.kind = kind
        self._history = history or LineHistory()
        self._recall = Recall(self._history)
        self._complete = complete or (lambda line: [])
        self.query_one(".prompt--sign", Static).update(Content(sign))
        self.line.suggester = _Completer(self._complete)
        with self.prevent(Input.Changed):
            self.line.value = text
        self.line.cursor_position = len(text)
        self.hint("")
        # At once, not after the next layout: the keys that follow belong here already.
        self.display = True
        self.screen.set_focus(self.line)

    def close(self) -> None:
        self._pending.stop()
        self.display = False

    def hold(self, event: events.Event) -> bool:
        """Keep a key that was typed behind Enter. False if none was pressed: it is for the focus.

        The line's page is told of Enter by messages, and by then the next keys of a fast hand would
        be in the line.
        """
        if self.submitting:
            self._held.append(event)
        return self.submitting

    def settled(self) -> None:
        """Enter has done its work: what was typed behind it goes where the focus is now."""
        # In the app's own loop, which takes no other key before these are through.
        self.app.call_next(self._give_back)

    async def _give_back(self) -> None:
        held, self._held = self._held, []
        self.submitting = False
        for event in held:
            await self.app.on_event(event)

    def hint(self, text: str, *, error: bool = False) -> None:
        """The line under the input: completions, or what is wrong."""
        hint = self.query_one(".prompt--hint", Static)
        hint.set_class(error, "error")
        hint.update(Content(plain(text)))

    def recall(self, *, older: bool) -> None:
        text = self._recall.older(self.line.value) if older else self._recall.newer()
        self.line.value = text
        self.line.cursor_position = len(text)

    def accept_completion(self) -> None:
        """Tab: the text as far as all completions agree, the first one when they agree no more."""
        lines = self._complete(self.line.value)
        if not lines:
            return
        common = lines[0]
        for line in lines[1:]:
            while not line.startswith(common):
                common = common[:-1]
        longer = common if len(common) > len(self.line.value) else lines[0]
        self.line.value = longer if len(lines) > 1 or longer.endswith("=") else f"{longer} "
        self.line.cursor_position = len(self.line.value)

    def cancel(self) -> None:
        self.post_message(self.Cancelled(self.kind))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        text = event.value
        lines = self._complete(text)[:_SHOWN_COMPLETIONS] if text else []
        self.hint("  ".join(line.rpartition(" ")[2] for line in lines))
        self._pending.stop()
        settled = self.Changed(self.kind, text)
        self._pending = surely(self.set_timer(DEBOUNCE_SECONDS, lambda: self.post_message(settled)))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self._pending.stop()
        self._history.add(event.value)
        self.post_message(self.Submitted(self.kind, event.value))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        # A click elsewhere leaves the line as Esc does, without undoing what was typed.
        # A terminal that loses the focus takes it from the line for a while; that is no click.
        if self.is_open and self.screen.is_current and self.app.app_focus:
            self.close()
