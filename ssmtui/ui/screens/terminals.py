"""The terminal tabs: several sessions side by side, which stay open while one browses the fleet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import chain, count
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.sessions.terminal import OPEN, RECONNECTING, WAITING, TerminalSession
from ssmtui.ui import glyphs
from ssmtui.ui.notices import Level
from ssmtui.ui.screens.dialogs import Menu
from ssmtui.ui.screens.page import Page
from ssmtui.ui.widgets.footer import Footer, Hint
from ssmtui.ui.widgets.header import FactsLine, Part
from ssmtui.ui.widgets.terminal import TerminalWidget
from ssmtui.ui.widgets.terminal_keys import MENU_BYTE, MENU_KEYS
from ssmtui.ui.widgets.terminal_tab import Tab

if TYPE_CHECKING:
    from ssmtui.ui.app import SsmtuiApp

_CLOSING_KEYS = frozenset({"enter", "escape", "q"})
# These are ours while nobody is there to take them.
_LEAVING_KEYS = frozenset({"escape", "ctrl+c"})


class Terminals:
    """All tabs of the program; one belongs to the app. The page over them comes and goes."""

    def __init__(self, app: SsmtuiApp) -> None:
        self._app = app
        self._turn = asyncio.Lock()
        self.tabs: list[Tab] = []
        self.active: Tab | None = None
        self._size = (0, 0)

    @property
    def page(self) -> TerminalsPage | None:
        """The page over the tabs, if it is open."""
        pages = (screen for screen in self._app.screen_stack if isinstance(screen, TerminalsPage))
        return next(pages, None)

    def open(self, session: TerminalSession, title: str) -> Tab:
        """Show a new tab; its session is started as soon as the size of the screen is known."""
        tab = Tab(
            session,
            self._unlike(title),
            work=self._app.work,
            changed=self._changed,
            turn=self._turn,
            now=self._app.launch.now,
        )
        self.tabs.append(tab)
        if self._size != (0, 0):
            tab.begin(*self._size)
        self.show(tab)
        return tab

    def _unlike(self, title: str) -> str:
        """A title that no other tab has: `web-1`, then `web-1 (2)`."""
        taken = {tab.title for tab in self.tabs}
        title = plain(title)
        numbered = (f"{title} ({number})" for number in count(2))
        return next(each for each in chain((title,), numbered) if each not in taken)

    def show(self, tab: Tab | None = None) -> bool:
        """Bring the tabs to the front, with one of them; False if there are none."""
        tab = tab or self.active or (self.tabs[0] if self.tabs else None)
        if tab is None:
            return False
        self.active = tab
        tab.unseen = False
        page = self.page
        if page is None:
            self._app.push_screen(TerminalsPage(self))
        else:
            page.show(tab)
        return True

    def close(self, tab: Tab) -> None:
        """Take a tab away whose session has ended; after the last one the fleet is shown."""
        at = self.tabs.index(tab)
        self.tabs.remove(tab)
        if self.active is tab:
            self.active = self.tabs[min(at, len(self.tabs) - 1)] if self.tabs else None
            if self.active is not None:
                self.show(self.active)
            elif self.page is not None:
                self.page.leave()

    def resize(self, columns: int, rows: int) -> None:
        """The size of the screen, for all tabs: those that wait for it are started."""
        self._size = (columns, rows)
        for tab in self.tabs:
            tab.begin(columns, rows)

    async def end_all(self) -> None:
        """End every session, at the end of the program."""
        open_tabs = [tab for tab in self.tabs if tab.ended is None]
        await asyncio.gather(*(tab.end() for tab in open_tabs))

    def _changed(self, tab: Tab) -> None:
        page = self.page
        if tab.ended is not None and tab.ended.sentence:
            # The line above the screen may be too short for it.
            self._app.say(f"{tab.title} {tab.facts}", Level.WARNING)
        if tab is self.active and page is not None and page.is_mounted:
            page.update_soon()
            return
        if tab.ended is not None and not tab.ended.sentence:
            self._app.say(f"{tab.title} {tab.facts}", Level.INFORMATION)
        if not tab.unseen:
            tab.unseen = True
            if page is not None and page.is_mounted:
                page.draw_facts()


class TerminalMenu(Menu):
    """What Ctrl-] opens. Letters and digits choose; Ctrl-] again sends it to the remote."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(sorted(MENU_KEYS)), "pick('send')", show=False)
    ]

    def __init__(self, title: str, choices: list[tuple[str, str, str]]) -> None:
        super().__init__(title, choices)
        # Each stands behind its choice, where one looks for what Ctrl-] and it do.
        self.keys = {hint: choice_id for choice_id, _, hint in choices if len(hint) == 1}
        self.numbered = False

    def action_pick(self, choice_id: str) -> None:
        self.dismiss(choice_id)


class TerminalsPage(Page):
    """One terminal at a time under the row of tabs."""

    DEFAULT_CSS = """
    TerminalsPage #tabs { background: $panel; }
    """

    def __init__(self, terminals: Terminals) -> None:
        super().__init__()
        self._terminals = terminals

    def body(self) -> Iterable[Widget]:
        yield FactsLine(id="tabs")
        yield TerminalWidget()

    def on_mount(self) -> None:
        super().on_mount()
        self._show(self.tab)

    @property
    def tab(self) -> Tab:
        """The tab that is shown."""
        active = self._terminals.active
        if active is None:
            raise LookupError("there is no terminal tab")
        return active

    @property
    def terminal(self) -> TerminalWidget:
        return self.query_one(TerminalWidget)

    def focus_body(self) -> None:
        self.set_focus(self.terminal)

    def show(self, tab: Tab) -> None:
        """Show another tab; before it is mounted the page does so by itself."""
        if self.is_mounted:
            self._show(tab)

    def _show(self, tab: Tab) -> None:
        self.terminal.show(tab.view)
        self.focus_body()
        self.draw_facts()

    def leave(self) -> None:
        """Back to where one came from; the sessions stay."""
        self.shell.leave_page()

    def update_soon(self) -> None:
        """The active tab has something new."""
        self.terminal.update_soon()
        self.draw_facts()

    # The first and the last line

    def draw_facts(self) -> None:
        if self._terminals.active is None:
            return
        tab, view = self.tab, self.tab.view
        left: list[Part] = []
        for number, other in enumerate(self._terminals.tabs, 1):
            sign = glyphs.PANES[number] if number < len(glyphs.PANES) else f"{number} "
            mark = f" {glyphs.MARK}" if other.unseen else ""
            if other.ended is not None and other is not tab:
                mark += " ended"
            left.append(
                (f"{sign}{other.title}{mark}", "$accent bold" if other is tab else "$muted")
            )
        right: list[Part] = []
        if view.pattern:
            found = f"{view.current} of {view.matches}" if view.matches else "no match"
            right += [(f"/{view.pattern}", "$accent"), (found, "$muted")]
        if not view.follows:
            right.append((f"{view.behind:,} lines up", "$warning"))
        right.append((tab.facts, _state_style(tab)))
        self.query_one("#tabs", FactsLine).parts = (left, right)
        self._show_hints(self)

    def _show_hints(self, _: object) -> None:
        if not self.is_mounted or self._terminals.active is None:
            return
        hints = [Hint("Ctrl-]", "menu", "menu"), Hint("Shift-PgUp", "scroll back", "scroll")]
        view = self.tab.view
        if view.pattern:
            hints += [Hint("n", "older", "n"), Hint("N", "newer", "N"), Hint("Esc", "done", "done")]
        elif self.tab.ended is not None:
            hints.append(Hint("Enter", "close", "close"))
        elif self.tab.state == WAITING:
            hints.append(Hint("Esc", "leave it", "abandon"))
        footer = self.query_one(Footer)
        if footer.hints != tuple(hints):
            footer.hints = tuple(hints)

    @on(Footer.Chosen)
    async def _hint_chosen(self, event: Footer.Chosen) -> None:
        # These hints are not actions of the program: nothing here may act on what is below.
        event.prevent_default()
        event.stop()
        if event.action_id == "menu":
            self._open_menu()
        elif event.action_id == "scroll":
            self.terminal.scroll_view(1 - self.terminal.size.height)
        elif event.action_id == "close":
            self._terminals.close(self.tab)
        elif event.action_id == "abandon":
            self._give_up(self.tab)
        else:
            self.tab.view.follow()
            self._view_moved()

    # What happens in the terminal

    @on(TerminalWidget.Sized)
    def _sized(self, event: TerminalWidget.Sized) -> None:
        event.stop()
        self._terminals.resize(event.columns, event.rows)
        self.draw_facts()

    @on(TerminalWidget.Moved)
    def _moved(self, event: TerminalWidget.Moved) -> None:
        event.stop()
        self.draw_facts()

    @on(TerminalWidget.Typed)
    def _typed(self, event: TerminalWidget.Typed) -> None:
        event.stop()
        if self._terminals.active is None:
            return
        tab = self.tab
        if tab.ended is not None:
            if event.key in _CLOSING_KEYS and not tab.is_deaf:
                self._terminals.close(tab)
        elif tab.state == WAITING and event.key in _LEAVING_KEYS:
            self._give_up(tab)
        elif not tab.send(event.data):
            self.shell.say(f"{tab.title} takes no more: what was typed is lost", Level.WARNING)

    def _give_up(self, tab: Tab) -> None:
        """Wait no longer for a node that does not answer."""
        tab.abandon()
        self._terminals.close(tab)

    @on(TerminalWidget.MenuAsked)
    def _menu_asked(self, event: TerminalWidget.MenuAsked) -> None:
        event.stop()
        self._open_menu()

    # The menu

    def _open_menu(self) -> None:
        if self._terminals.active is None or self.shell.screen is not self:
            return
        tab, view = self.tab, self.tab.view
        choices = [("leave", "Back to the fleet, keep it open", "l")]
        if tab.ended is None:
            choices += [
                ("send", "Send Ctrl-]", "Ctrl-]"),
                ("end", "End the session", "e"),
                ("abandon", "Abandon it: it is frozen", "a"),
            ]
        else:
            choices.append(("close", "Close the tab", "c"))
        choices += [
            ("search", "Search", "/"),
            ("copy", "Copy the selection" if view.selected else "Copy the screen", "y"),
            ("reset", "Reset the screen", "r"),
        ]
        for number, other in enumerate(self._terminals.tabs, 1):
            if other is not tab:
                choices.append((f"tab-{number}", f"Go to {other.title}", str(number)))
        self.shell.push_screen(TerminalMenu(tab.title, choices), self._chosen_in_menu)

    def _chosen_in_menu(self, choice: str | None) -> None:
        if choice is None or self._terminals.active is None:
            return
        tab = self.tab
        if choice == "leave":
            self.leave()
        elif choice == "send":
            tab.send(MENU_BYTE)
        elif choice == "end":
            self.shell.work(tab.end, f"ending {tab.title}", group="sessions")
        elif choice == "abandon":
            tab.abandon()
        elif choice == "close":
            self._terminals.close(tab)
        elif choice == "search":
            self.prompt.open("search", "/", tab.view.pattern)
        elif choice == "copy":
            self._copy(tab)
        elif choice == "reset":
            tab.screen.reset()
            self._view_moved()
        else:
            self._terminals.show(self._terminals.tabs[int(choice.removeprefix("tab-")) - 1])

    def _copy(self, tab: Tab) -> None:
        selected = tab.view.selected_text()
        text = selected or tab.view.visible_text()
        self.shell.copy(lambda: text, "the selection" if selected else "the screen")

    def _view_moved(self) -> None:
        self.terminal.refresh()
        self.draw_facts()

    # Searching

    async def prompted(self, kind: str, text: str) -> None:
        if self._search(text):
            self.prompt.close()
            self.focus_body()

    def prompt_changed(self, kind: str, text: str) -> None:
        self._search(text)

    def prompt_cancelled(self, kind: str) -> None:
        self.tab.view.follow()
        self._view_moved()

    def _search(self, pattern: str) -> bool:
        try:
            self.terminal.search(pattern)
        except ProblemError as error:
            self.prompt.hint(error.problem.sentence, error=True)
            return False
        self.draw_facts()
        return True


def _state_style(tab: Tab) -> str:
    if tab.ended is not None:
        return "$muted" if not tab.ended.code else "$status-bad"
    return {OPEN: "$status-good", RECONNECTING: "$warning"}.get(tab.state, "$status-busy")
