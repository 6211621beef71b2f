"""What every full screen has: the prompt at the bottom and the footer with the live keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from ssmtui.ui.key_names import key_text
from ssmtui.ui.widgets.backdrop import Backdrop
from ssmtui.ui.widgets.footer import Footer, Hint
from ssmtui.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.core.actions import Action
    from ssmtui.ui.app import SsmtuiApp


class Page(Backdrop, Screen[None]):
    """A screen on which `:` works. Subclasses give `body()` and may take other kinds of prompts."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("shift+tab", "app.focus_previous", show=False)]
    AUTO_FOCUS = None
    context: ClassVar[str] = ""  # of the actions that are bound on the page itself

    @property
    def shell(self) -> SsmtuiApp:
        return self.app  # type: ignore[return-value]

    @property
    def scopes(self) -> Sequence[Scope]:
        """Those that its actions are done in: their modes say which are offered."""
        return self.shell.main.scopes

    def scopes_for(self, action: Action) -> Sequence[Scope]:
        """Those of them that one action would be done in now."""
        return self.scopes

    def compose(self) -> ComposeResult:
        yield from self.body()
        yield Footer()
        yield Prompt()

    def body(self) -> Iterable[Widget]:
        """The widgets above the prompt and the footer."""
        return ()

    def on_mount(self) -> None:
        self.begin_hints()

    def begin_hints(self) -> None:
        """Follow the live bindings with the footer."""
        self.bindings_updated_signal.subscribe(self, self._show_hints)
        self._show_hints(self)

    @property
    def prompt(self) -> Prompt:
        return self.query_one(Prompt)

    def holds(self, event: events.Event) -> bool:
        """Whether a key was typed behind an Enter of this page's and waits until that is done."""
        # Not by a query through the whole page: every key asks.
        return any(isinstance(child, Prompt) and child.hold(event) for child in self.children)

    def focus_body(self) -> None:
        """Give the focus back after the prompt."""
        self.focus_next()

    def open_command(self, text: str = "") -> None:
        """The `:` line."""
        shell = self.shell
        self.prompt.open(
            "command",
            ":",
            text,
            history=shell.command_history,
            complete=shell.vocabulary.complete,
        )

    def _show_hints(self, _: object) -> None:
        footers = self.query(Footer)
        if not footers:
            return
        hints, keymap = {}, self.shell.keymap
        for active in self.active_bindings.values():
            action = keymap.action(active.binding.id or "")
            if action is None or not action.footer or not active.enabled or action.id in hints:
                continue
            if not keymap.keys(action):
                continue  # the configuration took its keys away: what is bound is none
            hint = Hint(key_text(active.binding.key), action.label, action.id, action.priority)
            hints[action.id] = (action.footer, hint)
        ordered = sorted(hints.values(), key=lambda pair: pair[0])
        footers.first().hints = tuple(hint for _, hint in ordered)

    @on(Prompt.Submitted)
    async def _submitted(self, event: Prompt.Submitted) -> None:
        event.stop()
        try:
            if event.kind == "command":
                self.prompt.close()
                self.focus_body()
                await self.shell.dispatcher.execute(event.text)
            else:
                await self.prompted(event.kind, event.text)
        finally:
            self.prompt.settled()

    @on(Prompt.Cancelled)
    def _cancelled(self, event: Prompt.Cancelled) -> None:
        event.stop()
        self.prompt.close()
        self.focus_body()
        if event.kind != "command":
            self.prompt_cancelled(event.kind)

    @on(Prompt.Changed)
    def _changed(self, event: Prompt.Changed) -> None:
        event.stop()
        own = event.kind != "command"
        if own and self.prompt.is_open and self.prompt.kind == event.kind:
            self.prompt_changed(event.kind, event.text)

    @on(Footer.Chosen)
    async def _chosen(self, event: Footer.Chosen) -> None:
        event.stop()
        await self.shell.dispatcher.perform(event.action_id)

    async def prompted(self, kind: str, text: str) -> None:
        """Enter was pressed in a prompt of the screen's own."""

    def prompt_changed(self, kind: str, text: str) -> None:
        """The text of a prompt of the screen's own has settled."""

    def prompt_cancelled(self, kind: str) -> None:
        """Esc was pressed in a prompt of the screen's own."""
