"""From a `:` line or an action's id to the widget that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.dom import DOMNode

from ssmtui.core.actions import Action
from ssmtui.core.problem import ProblemError
from ssmtui.ui import modes
from ssmtui.ui.commands import Go, Vocabulary
from ssmtui.ui.facts import lowest_mode
from ssmtui.ui.key_names import key_text
from ssmtui.ui.keymap import allowed, method
from ssmtui.ui.notices import Level
from ssmtui.ui.places import Place
from ssmtui.ui.screens.page import Page

if TYPE_CHECKING:
    from ssmtui.ui.app import SsmtuiApp


class Dispatcher:
    """Commands, the palette and clicks on the footer all come through here."""

    def __init__(self, app: SsmtuiApp, vocabulary: Vocabulary) -> None:
        self._app = app
        self._vocabulary = vocabulary

    async def execute(self, line: str) -> None:
        """Do what a `:` line says; what is wrong with it is one notice."""
        if not line.strip().removeprefix(":"):
            return
        try:
            command = self._vocabulary.parse(line)
            if isinstance(command, Go):
                self._app.show_main()
                await self._app.main.go(Place(command.resource.name, command.filter))
            else:
                await self.perform(command.action.id, command.argument)
        except ProblemError as error:
            self._app.report(error.problem)

    async def perform(self, action_id: str, argument: str = "") -> None:
        """Run an action as its key would."""
        action = self._app.keymap.action(action_id)
        node = self._home(action) if action is not None else None
        if action is None or node is None or not self.offers(action):
            why = self._forbidden(action, f":{action_id}") if action is not None else ""
            self._app.say(why or f":{action_id} cannot be done here and now", Level.WARNING)
            return
        name, parameters = method(action)
        target = ("", name, (argument,) if argument else parameters)
        await self._app.run_action(target, default_namespace=node)

    def offers(self, action: Action) -> bool:
        """Whether an action can be done on this page, in this mode."""
        node = self._home(action)
        if node is None or not allowed(action.danger, lowest_mode(self.page.scopes_for(action))):
            return False
        return node.check_action(*method(action)) is True

    def say_forbidden(self, key: str) -> None:
        """Say what a key that did nothing would do in a more open mode. What a mode forbids is not
        bound, so to whoever knows the key it would look broken."""
        for action in self._app.keymap.actions:
            if key not in self._app.keymap.keys(action) or self._home(action) is None:
                continue
            if why := self._forbidden(action, f"{key_text(key)} ({action.label})"):
                self._app.say(why, Level.WARNING)
                return

    def _forbidden(self, action: Action, name: str) -> str:
        return modes.forbidden(action, name, self.page.scopes_for(action))

    @property
    def page(self) -> Page:
        """The page in front, dialogs and the palette aside."""
        pages = (screen for screen in reversed(self._app.screen_stack) if isinstance(screen, Page))
        return next(pages, self._app.main)

    def _home(self, action: Action) -> DOMNode | None:
        """The widget that an action is bound on, if it is on this page."""
        page = self.page
        if action.context == "app":
            return self._app
        if action.context == "text":
            from ssmtui.ui.screens.text import TextPage

            return page if isinstance(page, TextPage) else None
        if action.context == "log":
            from ssmtui.ui.screens.follow import FollowPage

            return page if isinstance(page, FollowPage) else None
        if page.context:
            return page if page.context == action.context else page.focused
        if page is not self._app.main or not self._app.main.is_ready:
            return None
        pane = self._app.main.pane
        if action.context not in ("table", pane.resource.name):
            return None
        name, _ = method(action)
        # What a pane has of its own goes before what every table has.
        return pane if hasattr(pane, f"action_{name}") else pane.table
