"""The application: it wires launch, contexts, feeds, screens and keys together."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from textual import events
from textual.binding import BindingType
from textual.driver import Driver
from textual.notifications import Notification
from textual.timer import Timer
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.resources.base import Resource
from ssmtui.ui import modes
from ssmtui.ui.actions import APP_ACTIONS, pane_actions
from ssmtui.ui.commands import Vocabulary
from ssmtui.ui.connecting import Connecting
from ssmtui.ui.contexts import Contexts
from ssmtui.ui.dispatch import Dispatcher
from ssmtui.ui.facts import lowest_mode
from ssmtui.ui.feed import Feed
from ssmtui.ui.glyphs import locale_is_ascii
from ssmtui.ui.history import LineHistory
from ssmtui.ui.homes import Homes
from ssmtui.ui.keymap import KeyMap, allowed, bindings
from ssmtui.ui.last_scopes import LastScopes
from ssmtui.ui.launch import Launch
from ssmtui.ui.lost_terminal import lasting
from ssmtui.ui.misplaced import misplaced
from ssmtui.ui.notices import Level, NoticeLog
from ssmtui.ui.pages import Pages
from ssmtui.ui.screens.main import MainPage
from ssmtui.ui.screens.page import Page
from ssmtui.ui.style import APP_CSS
from ssmtui.ui.terminal import end_on_signals, preserved
from ssmtui.ui.themed import ThemedApp
from ssmtui.ui.timers import surely
from ssmtui.ui.toasts import Crowds

if TYPE_CHECKING:
    from ssmtui.ui.crash import Crash

# When Python looks for garbage. Full collections are needed: Textual's strips keep themselves in
# their caches, and outlive young ones. The fewer of them have gathered, the less long one holds the
# screen, so they come often.
COLLECTED_AFTER = (5_000, 3, 4)
# How long a thread may go on while the loop waits for its turn, in seconds; Python's own 5 ms are
# waited for again after everything that lets others run, several times in one turn of the loop.
THREADS_YIELD_AFTER = 0.001
# How long the second Ctrl-C may take.
INTERRUPT_SECONDS = 2.0


class SsmtuiApp(Homes, Pages, ThemedApp, inherit_bindings=False):
    """The explorer. Everything from outside comes through `launch`."""

    TITLE = "ssmtui"
    CSS = APP_CSS
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((*APP_ACTIONS, *pane_actions()))]

    def __init__(self, launch: Launch) -> None:
        super().__init__(launch)
        self.animation_level = "none"
        self.keymap = KeyMap(launch.resources, launch.config.keys)
        self.contexts = Contexts()
        self.notices = NoticeLog()
        self._crowds = Crowds()
        self.connecting = Connecting(self)
        self.crash: Crash | None = None
        self.exit_words = ""  # what is left to say after the screen is gone
        self.command_history = LineHistory(launch.paths.history / "commands.json")
        self.filter_history = LineHistory(launch.paths.history / "filters.json")
        self.vocabulary = Vocabulary(
            resources=launch.resources,
            actions=self.keymap.actions,
            aliases=launch.config.aliases,
            contexts=self.contexts.names,
            arguments={
                "theme": self.theme_names,
                "arm": lambda: modes.DURATIONS,
                "ctx": self.contexts.names,
                "tail": lambda: self.following.suggestions(self.main.pane.targets),
                "sort": lambda: [column.id for column in self.main.resource.columns],
            },
        )
        self.dispatcher = Dispatcher(self, self.vocabulary)
        self.main = MainPage(launch.resources[0])
        self._deaf_until = float("-inf")
        self._feeds: dict[str, Feed] = {}
        self._interrupted_at = float("-inf")
        self._last_scopes = LastScopes(launch.paths.state / "scopes.json", launch.selection)
        self._undo_signals: Callable[[], None] = lambda: None
        self.set_keymap(self.keymap.textual())

    # Start and end

    def get_default_screen(self) -> MainPage:
        return self.main

    def get_driver_class(self) -> type[Driver]:
        return lasting(super().get_driver_class())

    async def on_mount(self) -> None:
        self._undo_signals = end_on_signals(self._told_to_end)
        launch = self.launch
        vain = misplaced(launch.config, launch.paths, launch.resources)
        for problem in (*launch.problems, *vain, *self.theme_problems):
            self.report(problem)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """After the first paint: what was typed before, the snapshot, the connection."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        gc.set_threshold(*COLLECTED_AFTER)
        sys.setswitchinterval(THREADS_YIELD_AFTER)
        self.work(self._remember_lines, "reading the histories")
        self.connecting.begin()
        if self.launch.command:
            self.work(partial(self.dispatcher.execute, self.launch.command), "the first command")

    async def on_unmount(self) -> None:
        self._undo_signals()
        await self.end_sessions()  # the connection's worker waits for it, too
        try:
            await self._keep_lines()
            if self.contexts.to_remember:
                await self._last_scopes.save(self.contexts.to_remember)
        except OSError as error:
            # The screen is gone already: the exit message is all there is.
            self.exit_words = f"The histories were not kept: {error.strerror}"
        await self.connecting.end()

    def set_timer(self, *given: Any, **named: Any) -> Timer:
        return surely(super().set_timer(*given, **named))  # Textual's own for the size, too

    def _told_to_end(self, code: int) -> None:
        self.exit(return_code=code)

    def work(
        self,
        job: Callable[[], Awaitable[Any]],
        description: str,
        *,
        group: str = "work",
        exclusive: bool = False,
    ) -> Worker[Any]:
        """Run a job on the app; an error that is not a Problem is a bug and becomes a report."""
        return self.run_worker(
            partial(self._reporting, job),
            group=group,
            exclusive=exclusive,
            exit_on_error=False,
            description=description,
        )

    async def _reporting(self, job: Callable[[], Awaitable[Any]]) -> None:
        try:
            await job()
        except ProblemError as error:
            self.report(error.problem)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        self.note_bug(event)

    def note_bug(self, event: Worker.StateChanged) -> None:
        """If a worker ended in an exception, write its report and say where it is."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and isinstance(error, Exception):
            found = self._report_crash(error)
            where = f"; the report is {found.path}" if found.path is not None else ""
            self.say(f"A mistake of ssmtui's own: {found.summary}{where}", Level.ERROR)

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print the traceback with the values of all variables in it.
        if self.crash is None:
            self.crash = self._report_crash(error)
        super()._handle_exception(error)

    def _report_crash(self, error: Exception) -> Crash:
        from ssmtui.ui.crash import report

        return report(error, self.launch.paths.crashes, self.launch.now())

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    async def _process_messages_loop(self) -> None:
        # Textual puts the screen away when this ends, also after a mistake: whoever has the
        # terminal gives it back before, or the end waits for a driver that nobody reads from.
        try:
            await super()._process_messages_loop()
        finally:
            await self.hand_back()

    # The feeds

    async def restore(self) -> None:
        """Show what was kept of the scopes that were in force last time."""
        if not self.contexts.resolved:
            keys = await self._last_scopes.load()
            self.contexts.remember(keys)
            await self.feed(self.main.resource).restore(keys)

    def feed(self, resource: Resource[Any]) -> Feed:
        """The feed of a resource, begun when it is first looked at."""
        feed = self._feeds.get(resource.name)
        if feed is None:
            feed = self._feeds[resource.name] = Feed(
                resource,
                memory=self.launch.memory,
                now=self.launch.now,
                changed=self.main.touch,
                said=self.report,
                interval=self.launch.config.refresh_seconds,
            )
            self.work(feed.run, f"the feed of {resource.name}", group="feeds")
        return feed

    def problems_of(self, scope: ScopeKey) -> set[Problem]:
        """What the listings have met with in one scope."""
        standings = (feed.standings.get(scope) for feed in self._feeds.values())
        return {problem for standing in standings if standing for problem in standing.problems}

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """Nobody sees the screen for the time of the block: nothing is listed meanwhile."""
        for feed in self._feeds.values():
            feed.seen.clear()
        try:
            yield
        finally:
            for feed in self._feeds.values():
                feed.seen.set()

    async def choose_contexts(self, keys: Iterable[ScopeKey]) -> None:
        """Put these scopes in force everywhere."""
        self.contexts.choose(keys)
        await self.contexts_changed()

    async def contexts_changed(self) -> None:
        await self.main.contexts_changed()
        self.refresh_bindings()

    # Commands and actions

    def ignore_keys(self, seconds: float) -> None:
        """Drop what is typed within this time: it was meant for somebody else."""
        self._deaf_until = monotonic() + seconds

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and (
            monotonic() < self._deaf_until or self._is_held(event)
        ):
            return
        # Textual looks a key up only when it has reached the focused widget's queue, and by then
        # the next keys of a fast hand are on their way to the same widget: of ":ctx" the "c" would
        # still copy, and Ctrl-U in a line would clear what was typed behind it. Here a key has done
        # its work before the next one is given to anybody.
        typed = isinstance(event, events.Key) and event.is_printable
        if typed and isinstance(line := self.focused, Input):
            self.app_focus = True
            await line.on_event(event)
        else:
            await super().on_event(event)

    def _is_held(self, event: events.Key | events.Paste) -> bool:
        """Whether a key waits for what an Enter before it does."""
        if event.is_forwarded:  # it comes back from the widget that had it
            return False
        return any(isinstance(page, Page) and page.holds(event) for page in self.screen_stack)

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        if priority:
            return await super()._check_bindings(key, True) or await super()._check_bindings(key)
        done = await super()._check_bindings(key)
        if not done and isinstance(self.screen, Page):
            self.dispatcher.say_forbidden(key)
        return done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "pane":
            return any(resource.pane == parameters[0] for resource in self.launch.resources)
        declared = self.keymap.action(action.replace("_", "-"))
        return declared is None or allowed(declared.danger, lowest_mode(self.main.scopes))

    def action_command(self) -> None:
        if isinstance(self.screen, Page):
            self.screen.open_command()

    async def action_pane(self, number: int) -> None:
        for resource in self.launch.resources:
            if resource.pane == number:
                self.show_main()
                await self.main.go(self.main.place_of(resource))

    async def action_back(self) -> None:
        await self.main.back()

    async def action_history_back(self) -> None:
        await self.main.step(-1)

    async def action_history_forward(self) -> None:
        await self.main.step(1)

    async def action_last_view(self) -> None:
        await self.main.swap()

    async def action_all_contexts(self) -> None:
        await self.main.widen()
        await self.choose_contexts(())

    def action_reload(self) -> None:
        self.connecting.again()
        self.feed(self.main.resource).reload(full=True)

    def action_region(self) -> None:
        self.screen.focus_next()

    def action_mode(self) -> None:
        self.say(modes.describe(self.main.scopes))

    def action_arm(self, duration: str = "") -> None:
        self.say(modes.arm(self.main.scopes, duration))
        self.refresh_bindings()

    def action_interrupt(self) -> None:
        at = self.launch.now()
        if at - self._interrupted_at < INTERRUPT_SECONDS:
            self.leave()
            return
        self._interrupted_at = at
        self.say("Press Ctrl-C again or :q to quit")

    async def action_quit(self) -> None:
        self.leave()

    # What is told

    def say(self, text: str, level: Level = Level.INFORMATION) -> None:
        """A notice: a toast, and a line behind `!`."""
        notice = self.notices.say(self.launch.now(), text, level)
        self.notify(notice.text, severity=level.value, timeout=6, markup=False)

    def report(self, problem: Problem) -> None:
        """A problem, said and kept."""
        notice = self.notices.problem(self.launch.now(), problem)
        # Of many places at once one toast tells; each stands behind `!`.
        alike = notice.text if problem.kind is ProblemKind.INPUT else problem.remedy
        group = (problem.kind, alike)
        crowd, before = self._crowds.join(group, problem)
        if before is not None and before in self._notifications:
            self._unnotify(before, refresh=False)
        toast = Notification(crowd.words, severity=notice.level.value, timeout=8, markup=False)
        self._crowds.shown(group, crowd, toast)
        self._notifications.add(toast)
        self._refresh_notifications()
        self.main.touch()

    # Histories

    async def _remember_lines(self) -> None:
        for history in (self.command_history, self.filter_history):
            await asyncio.to_thread(history.load)

    async def _keep_lines(self) -> None:
        for history in (self.command_history, self.filter_history):
            await asyncio.to_thread(history.save)


def run(launch: Launch) -> int:
    """Open the explorer until the user leaves it; returns the exit code.

    The terminal is as it was afterwards, however it ends. What there is left to say goes to
    standard error.
    """
    app = SsmtuiApp(msgspec.structs.replace(launch, ascii=launch.ascii or locale_is_ascii()))
    with preserved():
        app.run(mouse=launch.config.mouse)
    words = app.crash.message if app.crash is not None else app.exit_words
    if words:
        print(words, file=sys.stderr)  # noqa: T201 - the screen is gone
    return app.return_code or 0
