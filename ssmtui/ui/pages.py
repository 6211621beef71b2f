"""What opens in front of the main screen: pages, menus, texts, and what is asked for a file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import CommandPalette

from ssmtui.core.problem import input_problem
from ssmtui.ui.notices import Level

if TYPE_CHECKING:
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.documents import Document


class Pages:
    """The part of the app that opens them. What a page needs is imported when it opens."""

    # Actions

    async def action_ctx(self, name: str = "") -> None:
        """`:ctx` shows them, `:ctx NAME ...` chooses them by name."""
        from ssmtui.ui.screens.contexts import ContextsPage

        app = self._app
        if app.contexts.resolved and not app.contexts.scopes:
            raise input_problem(
                "No context is open, so there is none to choose",
                "See ! for what went wrong, then :reload, or start again with --profile NAME",
            )
        if not name:
            app.push_screen(ContextsPage(app.contexts, app.feed(app.main.resource)))
            return
        names = [word.removeprefix("@") for word in name.split()]
        app.contexts.choose(())
        await app.choose_contexts([scope.key for scope in app.contexts.narrowed(names)])

    def action_terminals(self) -> None:
        self._app.shells.show()

    def action_forwards(self) -> None:
        from ssmtui.ui.screens.forwards import ForwardsPage

        if not isinstance(self._app.screen, ForwardsPage):
            self._app.push_screen(ForwardsPage(self._app.forwarding))

    def action_rollouts(self) -> None:
        self._app.rolling.show_list()

    def action_copies(self) -> None:
        from ssmtui.ui.screens.copies import CopiesPage

        if not isinstance(self._app.screen, CopiesPage):
            self._app.push_screen(CopiesPage(self._app.copying))

    def action_theme(self, name: str = "") -> None:
        app = self._app
        if name:
            app.use_theme(name)
            return
        choices = [(theme, theme, "") for theme in app.theme_names()]
        self.choose("Theme", choices, app.use_theme, app.theme)

    def action_help(self) -> None:
        from ssmtui.ui.documents import help_document
        from ssmtui.ui.helping import help_groups

        document = help_document(help_groups(self._app))

        async def load() -> Document:
            return document

        self.show_text("Keys", load, "keys")

    def action_notices(self) -> None:
        from ssmtui.ui.documents import notices_document

        app = self._app
        app.clear_notifications()  # they would cover the same words

        async def load() -> Document:
            app.notices.read()
            return notices_document(app.notices, app.launch.now())

        self.show_text("Errors and notices", load, "notices")

    def action_palette(self) -> None:
        from ssmtui.ui.palette import ActionsProvider

        if not isinstance(self._app.screen, CommandPalette):
            palette = CommandPalette(providers=[ActionsProvider], placeholder="Search")
            self._app.push_screen(palette)

    # What screens and panes ask for

    def show_main(self) -> None:
        """Leave every page over the main screen."""
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()

    def leave_page(self) -> None:
        if len(self._app.screen_stack) > 1:
            self._app.pop_screen()

    def show_text(
        self,
        title: str,
        load: Callable[[], Awaitable[Document]],
        stem: str,
        pattern: str = "",
    ) -> None:
        """Open the text view; `stem` is the name of a file to save it in, and `pattern` a regular
        expression that is searched for at once."""
        from ssmtui.ui.saving import safe_stem
        from ssmtui.ui.screens.text import TextPage

        self._app.push_screen(TextPage(title, load, safe_stem(stem), pattern))

    def choose(
        self,
        title: str,
        choices: Sequence[tuple[str, str, str]],
        chosen: Callable[[str | None], Any],
        current: str = "",
    ) -> None:
        """Open a menu of (id, label, hint)."""
        from ssmtui.ui.screens.dialogs import Menu

        self._app.push_screen(Menu(title, choices, current), chosen)

    def copy(self, make: Callable[[], str], what: str) -> None:
        """Copy what `make` gives (in a thread: it may be much), and say which way it went."""
        from ssmtui.ui.clipboard import Way, copy

        app = self._app

        async def job() -> None:
            text = await asyncio.to_thread(make)
            way = Way(app.launch.config.clipboard)
            copied, how = await copy(text, way=way, terminal=app.copy_to_clipboard)
            if copied:
                app.say(f"Copied {what} {how}")
            else:
                app.say(f"Not copied: {how}", Level.WARNING)

        app.work(job, "copying")

    def save_as(self, name: str, pieces: Callable[[str], Iterator[str]], hint: str = "") -> None:
        """Ask for a file's name and write the pieces there."""
        from ssmtui.ui.saving import ask_and_save

        self._app.work(partial(ask_and_save, self._app, name, pieces, hint), "saving")

    @property
    def _app(self) -> SsmtuiApp:
        return cast("SsmtuiApp", self)
