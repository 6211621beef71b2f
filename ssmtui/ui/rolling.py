"""The explorer's rollouts: asked for in dialogs, watched on a board, going on behind everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.text import plain
from ssmtui.ui.notices import Level
from ssmtui.ui.others import Others
from ssmtui.ui.screens.dialogs import Confirm

if TYPE_CHECKING:
    from ssmtui.aws.clock import Clock
    from ssmtui.aws.scope import Scope
    from ssmtui.core.keys import RowKey
    from ssmtui.rollouts.plan import Plan
    from ssmtui.rollouts.record import Records, Summary
    from ssmtui.rollouts.remembered import Remembered
    from ssmtui.rollouts.spec import RolloutSpec
    from ssmtui.rollouts.state import RolloutState
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.watching import Watched
    from ssmtui.ui.widgets.form_fields import Values

# An ending is said in a toast by these words.
_ENDS: Final = {"done": "is done", "stopped": "was stopped", "cancelled": "was cancelled",
                "left": "was left"}  # fmt: skip


class Rolling:
    """Between the keys and the rollouts. Nothing of rollouts is imported before the first one."""

    def __init__(self, app: SsmtuiApp) -> None:
        from ssmtui.rollouts.record import Records
        from ssmtui.rollouts.remembered import Remembered

        self._app = app
        self.records: Records = Records(app.launch.paths.rollouts)
        self.remembered: Remembered = Remembered(app.launch.paths.remembered)
        self.clock: Clock | None = None  # what waiting goes by; None: the scopes' own
        # What was typed into a form that was given up, by document.
        self.drafts: dict[str, dict[str, Values]] = {}
        self.others = Others(app, self)
        self._watched: dict[str, Watched] = {}
        self._attaching = asyncio.Lock()
        self._asking_to_quit = False

    @property
    def all(self) -> Sequence[Watched]:
        """Every rollout that this program is at, the latest first."""
        return tuple(reversed(self._watched.values()))

    def find(self, rollout_id: str) -> Watched | None:
        """The one of that id, if this program is at it."""
        return self._watched.get(rollout_id)

    # Asking for one

    def ask(
        self,
        rows: Sequence[Any],
        scope_of: Callable[[Any], Scope],
        document: str = "",
        hidden: Sequence[Any] = (),
    ) -> None:
        """Run something on these nodes; asks what and how. `hidden` are those of them that the
        filter hides."""
        job = partial(self._ask, list(rows), scope_of, document, list(hidden))
        self._app.work(job, "running a command")

    async def _ask(
        self,
        rows: list[Any],
        scope_of: Callable[[Any], Scope],
        document: str,
        hidden: list[Any],
    ) -> None:
        from ssmtui.ui.run_choice import ask_run

        if not rows:
            raise input_problem("There is no node to run on", "Mark some, or widen the filter")
        scopes = list({row.key.scope: scope_of(row) for row in rows}.values())
        await self._begin_wish(await ask_run(self._app, rows, scopes, document, hidden))

    def ask_again(self, watched: Watched, keys: Sequence[RowKey]) -> None:
        """Run the same on these nodes of a rollout, with edits."""
        self._app.work(partial(self._ask_again, watched, list(keys)), "running again")

    async def _ask_again(self, watched: Watched, keys: list[RowKey]) -> None:
        from ssmtui.rollouts.again import again

        rollout = watched.rollout
        await self.wish_again(again(rollout.plan, rollout.results, keys=keys))

    async def wish_again(self, spec: RolloutSpec) -> None:
        """Ask how a wish that is there already is to be done, and do it. ProblemError."""
        from ssmtui.ui.run_choice import ask_again

        targets = spec.command.targets
        scopes = [s for key in targets.scopes if (s := self._app.contexts.scope(key)) is not None]
        if len(scopes) < len(targets.scopes):
            raise input_problem("Not all of its accounts are connected", "See ! for what is wrong")
        await self._begin_wish(await ask_again(self._app, spec, scopes))

    async def _begin_wish(self, wish: tuple[Plan, int] | None) -> None:
        if wish is not None:
            plan, left_out = wish
            watched = await self.begin(plan, left_out)
            self.show(watched)

    async def begin(self, plan: Plan, left_out: int = 0) -> Watched:
        """Put a rollout on record and start it. ProblemError: it cannot be recorded."""
        from ssmtui.rollouts.conduct import Rollout

        scopes = self._scopes(plan.spec)
        rollout = await Rollout.begin(self.records, plan, scopes, left_out=left_out, **self.how)
        watched = self._watch(rollout)
        rollout.start()
        return watched

    def _scopes(self, spec: RolloutSpec) -> list[Scope]:
        found = (self._app.contexts.scope(key) for key in spec.command.targets.scopes)
        return [scope for scope in found if scope is not None]

    @property
    def how(self) -> dict[str, Any]:
        """What every rollout is made with, by name."""
        return {"clock": self.clock, "now": self._app.launch.now, "renew": self._renew}

    def _renew(self, profile: str | None) -> None:
        self._app.connecting.renew(profile)

    def _watch(self, rollout: Any) -> Watched:
        from ssmtui.ui.watching import Watched

        watched = Watched(rollout, own=self.own_words, ended=self._say_end)
        self._watched[rollout.id] = watched
        sent = 0

        def count(state: RolloutState, changed: object) -> None:
            nonlocal sent
            now = sum(bool(call.command_id) for call in state.calls) + state.over
            if now != sent:
                sent = now
                self._app.main.running.again()

        rollout.listen(count)
        return watched

    def own_words(self, key: RowKey) -> tuple[str, ...]:
        """The address of a node, as far as the nodes list knows it."""
        row = self._app.feed(self._app.launch.resources[0]).store.get(key)
        address = getattr(row, "address", None)
        return (address,) if isinstance(address, str) and address else ()

    # Boards

    def show(self, watched: Watched) -> None:
        """Bring a rollout's board to the front."""
        from ssmtui.ui.screens.board import BoardPage

        screen = self._app.screen
        if not (isinstance(screen, BoardPage) and screen.watched is watched):
            self._app.push_screen(BoardPage(watched))

    def show_list(self) -> None:
        """The list of all rollouts."""
        from ssmtui.ui.screens.rollouts import RolloutsPage

        if not isinstance(self._app.screen, RolloutsPage):
            self._app.push_screen(RolloutsPage(self))

    async def summaries(self) -> list[Summary]:
        """All rollouts on record, the latest first."""
        return await asyncio.to_thread(self.records.all)

    async def open(self, rollout_id: str) -> Watched:
        """The rollout of that id, from the record if it is not being watched. ProblemError."""
        found = next((w for name, w in self._watched.items() if name.startswith(rollout_id)), None)
        return found or await self._attach(rollout_id)

    async def _attach(self, rollout_id: str) -> Watched:
        from ssmtui.rollouts.conduct import Rollout

        scopes = self._app.contexts.scopes
        if not scopes:
            raise input_problem("No context is connected yet", "Wait, or see ! for what is wrong")
        rollout = await Rollout.attach(self.records, rollout_id, scopes, **self.how)
        watched = self._watch(rollout)
        rollout.start()
        return watched

    async def forget(self, rollout_id: str) -> None:
        """Take a rollout off the record. ProblemError: it is under way."""
        watched = self._watched.get(rollout_id)
        if watched is not None and not watched.state.over:
            raise input_problem("This rollout is under way", "Cancel it first")
        if watched is not None:
            watched.close()
            await watched.rollout.leave()
            del self._watched[rollout_id]
        await asyncio.to_thread(self.records.forget, rollout_id)

    # Behind everything

    async def take_up(self) -> None:
        """Attach to what is on record and not over, as far as a way leads there, and say so."""
        async with self._attaching:
            await asyncio.to_thread(self.records.prune, self._app.launch.now())
            reached = {str(scope.key) for scope in self._app.contexts.scopes}
            for summary in await self.summaries():
                if not summary.open or summary.id in self._watched:
                    continue
                if not reached.issuperset(summary.scopes):
                    continue
                if self._app.launch.demo:
                    # The demo's fleet begins anew with every run: its commands are no more.
                    await asyncio.to_thread(self.records.forget, summary.id)
                    continue
                try:
                    watched = await self._attach(summary.id)
                except ProblemError as error:
                    self._app.report(error.problem)
                    continue
                title = plain(watched.state.title)
                self._app.say(f"Rollout {short(summary.id)} {title} was taken up again: :rollouts")

    def _say_end(self, watched: Watched) -> None:
        state = watched.state
        self._app.say(end_words(state), end_level(state))
        # Its record is free for others; what is known of it stays here.
        self._app.work(watched.rollout.leave, "the end of a rollout", group="rollouts")

    @property
    def after_quitting(self) -> list[str]:
        """What goes on at the service without this program, a sentence for each rollout."""
        return [
            f"Rollout {short(watched.id)}: {words}"
            for watched in self.all
            if (words := watched.rollout.state.after_quitting)
        ]

    @property
    def sending(self) -> bool:
        """Whether something is left to be sent, which would not be any more."""
        from ssmtui.rollouts.state import CallPhase

        going = (CallPhase.WAITING, CallPhase.SENDING)
        return any(
            call.phase in going
            for watched in self.all
            if not watched.state.over
            for call in watched.state.calls
        )

    def ask_quit(self) -> None:
        """Say what goes on and what does not, and quit if that is meant, once the service has said
        what became of calls that are on their way; asked twice, quit."""
        if self._asking_to_quit:
            self._app.exit()
            return
        self._asking_to_quit = True
        self._app.work(self._ask_quit, "quitting")

    async def _ask_quit(self) -> None:
        lines = [f"{words}." for words in self.after_quitting]
        try:
            question = Confirm("Quit while a rollout is being sent", lines, "Quit")
            if await self._app.push_screen_wait(question):
                await self._settle()
                self._app.exit()
        finally:
            self._asking_to_quit = False

    async def _settle(self) -> None:
        """Send nothing more, and wait for a moment for the calls that are on their way."""
        from ssmtui.rollouts.conduct import ON_ITS_WAY

        if calls := sum(watched.rollout.on_its_way for watched in self.all):
            what = "a call that is" if calls == 1 else f"{calls:,} calls that are"
            self._app.say(f"Waiting for {what} on the way, {ON_ITS_WAY:.0f} seconds at most")
        await asyncio.gather(*(watched.rollout.settle() for watched in self.all))

    async def close(self) -> None:
        """Let go of all of them; the service goes on with what was sent."""
        await asyncio.gather(*(watched.rollout.settle() for watched in self.all))
        said = self.after_quitting
        for watched in self.all:
            watched.close()
        await self.others.close()
        await asyncio.gather(*(watched.rollout.leave() for watched in self.all))
        self._watched.clear()
        if said:
            self._app.exit_words = "\n".join(f"{sentence}." for sentence in said)


def short(rollout_id: str) -> str:
    """As much of an id as people say."""
    return rollout_id[:3]


def end_words(state: Any) -> str:
    """How a rollout ended, for a toast."""
    bars = state.bars
    counts = [
        f"{count:,} {word}"
        for word, count in (
            ("ok", bars.ok),
            ("failed", bars.failed),
            ("without an answer", bars.no_answer),
            ("cancelled", bars.cancelled),
            ("unknown", bars.unknown),
        )
        if count
    ]
    ending = _ENDS.get(str(state.phase), str(state.phase))
    said = f"Rollout {short(state.id)} {plain(state.title)} {ending}"
    return f"{said}: {', '.join(counts)}" if counts else said


def end_level(state: Any) -> Level:
    """An information where everything went well."""
    good = str(state.phase) == "done" and state.bars.ok == state.bars.total
    return Level.INFORMATION if good else Level.WARNING
