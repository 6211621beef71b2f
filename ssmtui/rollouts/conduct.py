"""A rollout under way: it sends, follows, stops at its budget, and can be held and taken up again.

    records = Records(paths.rollouts)
    rollout = await Rollout.begin(records, plan(spec), scopes)     # recorded, nothing sent
    rollout.listen(lambda state, changed: ...)                     # a few times a second at most
    rollout.start()
    await rollout.over()                                           # or hold, go_on, cancel, leave

Everything happens in tasks of the running loop, so a board, a shell in front of it and other panes
all live beside it. `leave` ends the tasks and lets the record go (`settle` waits before for what is
on its way): the service goes on with what was sent, and `attach` takes it up again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, Self

from ssmtui.aws.clock import Clock
from ssmtui.aws.scope import Scope
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem
from ssmtui.core.tasks import spawn
from ssmtui.rollouts.cancelling import Canceller
from ssmtui.rollouts.commands import CommandFacts
from ssmtui.rollouts.course import Course, StoppedError
from ssmtui.rollouts.dispatch import Dispatcher
from ssmtui.rollouts.follow import Follower
from ssmtui.rollouts.gates import Gatekeeper
from ssmtui.rollouts.journal import Dropped, Turned
from ssmtui.rollouts.ledger import LiveCall
from ssmtui.rollouts.picture import Painter
from ssmtui.rollouts.plan import Plan
from ssmtui.rollouts.record import Record, Records
from ssmtui.rollouts.state import CallPhase, Phase, Result, RolloutState

_log = logging.getLogger(__name__)

# Told of every change: the state, and the results that are new since the last time.
Listener = Callable[[RolloutState, Sequence[Result]], None]

# Seconds between two states.
_EMIT: Final = 0.25

# Seconds until the service is asked once more to cancel what it could not be asked to.
_ASK_AGAIN: Final = 10.0

# Seconds for which a call that is on its way is waited for when a rollout is left.
ON_ITS_WAY: Final = 10.0

_HOLDS: Final = "Held by hand: what was sent goes on at the service"


class Rollout:
    """One rollout. Make it with `begin` or `attach`; use it on one loop."""

    def __init__(
        self,
        record: Record,
        scopes: Iterable[Scope],
        *,
        clock: Clock | None = None,
        now: Callable[[], float] = time.time,
        renew: Callable[[str | None], None] = lambda profile: None,
    ) -> None:
        opened = {scope.key: scope for scope in scopes}
        clock = clock or next(iter(opened.values())).clock
        self._course = Course(record, opened, clock=clock, now=now)
        self._dispatcher = Dispatcher(self._course, self._call_sent)
        self._keeper = Gatekeeper(self._course, self._dispatcher)
        self._followers = {
            key: Follower(
                opened[key],
                self._course.ledger,
                clock=clock,
                news=self._news,
                found=self._found,
                renew=renew,
            )
            for key in record.plan.spec.command.targets.scopes
            if key in opened
        }
        self._canceller = Canceller(self._course, self._followers)
        self._painter = Painter(self._course, self._keeper, self._followers)
        self._listeners: list[Listener] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._drive_task: asyncio.Task[None] | None = None
        self._mistake: BaseException | None = None
        self._stop_task: asyncio.Task[Any] | None = None
        self._settles_until = 0.0

    @classmethod
    async def begin(
        cls, records: Records, plan: Plan, scopes: Iterable[Scope], *, left_out: int = 0, **how: Any
    ) -> Self:
        """Put a plan on record, so that it may be started. `left_out` nodes are under a freeze.

        `how` is what the constructor takes by name. ProblemError: it cannot be recorded.
        """
        scopes = list(scopes)
        now = how.get("now", time.time)()
        identity = scopes[0].identity if scopes else ""

        # Both not on the loop: the book of 10,000 nodes takes 20 ms to open.
        return await asyncio.to_thread(
            lambda: cls(
                records.create(plan, now=now, identity=identity, left_out=left_out), scopes, **how
            )
        )

    @classmethod
    async def attach(
        cls, records: Records, rollout_id: str, scopes: Iterable[Scope], **how: Any
    ) -> Self:
        """Take up a rollout from its record, whatever ended the program that ran it.

        `start` then follows what was sent; while something is left to send, it is held until
        somebody goes on. ProblemError: there is no such record, or another ssmtui is at it.
        """
        rollout = await asyncio.to_thread(lambda: cls(records.open(rollout_id), scopes, **how))
        rollout._dispatcher.distrust()
        story = rollout._course.record.story
        if not story.closed:
            story.phase, story.sentence = Phase.HELD, "Opened again: looking for what was sent"
        return rollout

    # What it is

    @property
    def id(self) -> str:
        return self._course.plan.id

    @property
    def plan(self) -> Plan:
        return self._course.plan

    @property
    def identity(self) -> str:
        """Who has begun it; "" where that is not known."""
        return self._course.record.identity

    @property
    def state(self) -> RolloutState:
        """What it is now."""
        return self._painter.state()

    @property
    def results(self) -> Mapping[RowKey, Result]:
        """All nodes that are known of; the mapping is a live view."""
        return self._course.ledger.results

    def scope(self, key: ScopeKey) -> Scope | None:
        """The scope that its nodes there are reached through."""
        return self._course.scopes.get(key)

    def command_id(self, result: Result) -> str:
        """The id of the command that a result is of; "" while it has not been sent."""
        return self._course.ledger.calls[result.call].record.command_id

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Have a listener told of every change; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    @property
    def on_its_way(self) -> int:
        """How many calls are being sent now, of which it is not known yet what became of them."""
        return sum(call.reserved for call in self._course.ledger.calls.values())

    def replace(self, results: Iterable[Result]) -> None:
        """Take results whose whole texts have been fetched (`outputs`)."""
        for result in results:
            self._course.ledger.put_full(result)
        self._course.signal.fire()

    # What can be done with it

    def start(self) -> None:
        """Begin, or take up again: returns at once."""
        for key, follower in self._followers.items():
            self._keep(spawn(follower.run(), f"follow {key}"))
        self._keep(spawn(self._emit(), f"emit {self.id}"))
        self._drive_task = spawn(self._drive(), f"rollout {self.id}")
        wait = self.plan.spec.wait
        if wait is not None:
            self._keep(spawn(self._give_up_after(wait), f"wait {self.id}"))

    async def over(self) -> RolloutState:
        """Wait for its end: done, stopped, cancelled or left. Mistakes of ours come through."""
        if self._drive_task is not None:
            try:
                await asyncio.shield(self._drive_task)
            except asyncio.CancelledError:
                if self._mistake is None:
                    raise
                raise self._mistake from None
        return self.state

    async def hold(self, sentence: str = _HOLDS) -> None:
        """Send nothing more until it goes on."""
        if self._course.phase is Phase.RUNNING:
            await self._course.turn(Phase.HELD, sentence)

    async def go_on(self) -> None:
        """Go on after a hold, also through a gate that stays shut."""
        if self._course.phase is Phase.HELD:
            await self._course.turn(Phase.RUNNING)

    async def cancel(self, keys: Collection[RowKey] | None = None) -> tuple[Problem, ...]:
        """Cancel everything, or only these nodes; the problems are of nodes that could not be.

        What has not been sent is not going to be. What runs is asked to stop, which is best effort.
        When everything is cancelled, calls that the service could not be asked to cancel are asked
        again until they have come to an end; the state has their problems.
        """
        if keys is not None:
            return await self._canceller.cancel_nodes(keys)
        await self._stop("Cancelled by hand")
        if self._drive_task is None:  # it was never started
            await self._course.turn(Phase.CANCELLED, "Cancelled by hand")
        return ()

    async def settle(self) -> None:
        """Send nothing more, and wait for the calls that are on their way, for `ON_ITS_WAY` seconds
        at most, however often this is asked for. Cut off, nobody would know what became of them."""
        self._dispatcher.close()
        clock = self._course.clock
        self._settles_until = self._settles_until or clock.now() + ON_ITS_WAY
        while self.on_its_way and (left := self._settles_until - clock.now()) > 0:
            await self._course.pause(left)

    async def leave(self, sentence: str = "") -> None:
        """Let go: end all tasks and release the record; the service goes on with what was sent.

        With a sentence it has been left on purpose, and is settled first.
        """
        if sentence and not self.state.over:
            await self._course.turn(Phase.LEFT, sentence)
            await self.settle()
        tasks = [task for task in (*self._tasks, self._drive_task) if task is not None]
        tasks = [task for task in tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tell()
        self._course.record.close()

    # The way through the waves

    async def _drive(self) -> None:
        course = self._course
        try:
            await self._begin()
            last = len(course.plan.waves) - 1
            for wave in range(last + 1):
                if wave in course.record.story.passed:
                    continue
                calls = course.ledger.of_wave(wave)
                if any(call.phase is CallPhase.WAITING for call in calls):
                    await self._keeper.admit(wave)
                await self._dispatcher.send(calls)
                await self._keeper.finish(wave)
                if wave < last:
                    await self._keeper.open(wave)
            await course.finish()
        except StoppedError:
            await self._end_stopped()
        finally:
            self._tell()

    async def _begin(self) -> None:
        course = self._course
        if course.phase is Phase.PLANNED:
            await course.note(Turned(at=course.now(), phase=Phase.RUNNING))
            return
        # Taken up again: look for what may have been sent, and send nothing without being told.
        for key in self._followers:
            await self._dispatcher.verify(key)
        for follower in self._followers.values():
            follower.wake()
        waiting = sum(call.size for call in course.ledger.rolled if call.phase is CallPhase.WAITING)
        if course.record.story.closed:
            return
        if waiting:
            sentence = (
                f"Opened again: {waiting:,} nodes are left. Go on by hand, or cancel the rest"
            )
            await course.turn(Phase.HELD, sentence)
        else:
            await course.turn(Phase.RUNNING)

    async def _end_stopped(self) -> None:
        """Nothing more is sent: wait for what was, and say how it ended."""
        course = self._course
        if course.phase is Phase.LEFT:
            return
        if self._stop_task is not None:
            await self._stop_task  # what it writes down comes before the end
        calls = list(course.ledger.calls.values())
        if course.phase is not Phase.CANCELLING:  # opened again to be looked at
            while not all(_at_rest(call) for call in calls):
                await course.signal.wait()
            return
        while not all(_at_rest(call) for call in calls):
            await self._canceller.cancel_calls(calls)  # those that could not be asked so far, too
            await course.pause(_ASK_AGAIN)
        spent = course.ledger.budget.spent
        phase = Phase.STOPPED if spent else Phase.CANCELLED
        await course.turn(phase, course.record.story.sentence)

    async def _stop(self, sentence: str) -> None:
        """Drop what has not been sent; the drive then cancels what was."""
        course = self._course
        if course.phase in (Phase.CANCELLED, Phase.STOPPED, Phase.DONE):
            return
        waiting = tuple(
            number
            for number, call in course.ledger.calls.items()
            if call.phase is CallPhase.WAITING and not call.reserved
        )
        entries: list[Any] = [Turned(at=course.now(), phase=Phase.CANCELLING, sentence=sentence)]
        if waiting:
            entries.append(Dropped(at=course.now(), calls=waiting))
        await course.note_past(*entries)

    async def _give_up_after(self, seconds: float) -> None:
        await self._course.clock.sleep(seconds)
        if self.state.over:
            return
        said = f"The time to wait ({seconds:,.0f} s) is over"
        await self._course.turn(Phase.LEFT, said)

    # News

    def _call_sent(self, call: LiveCall) -> None:
        if follower := self._followers.get(call.planned.scope):
            follower.wake()
        if self._course.phase is Phase.CANCELLING and call.phase is CallPhase.SENT:
            self._run(self._canceller.cancel_calls([call]))

    def _found(self, call: LiveCall, facts: CommandFacts) -> None:
        self._run(self._dispatcher.found(call, facts))

    def _news(self) -> None:
        course = self._course
        budget = course.ledger.budget
        ours = course.record.ours  # whether others' go on is decided by the service
        if ours and budget.spent and course.phase in (Phase.RUNNING, Phase.HELD):
            course.record.story.phase = Phase.CANCELLING  # at once: nothing more may be sent
            sentence = (
                f"The error budget is spent: {budget.counted:,} failed, "
                f"{budget.allowed:,} were allowed"
            )
            self._stop_task = self._run(self._stop(sentence))
        course.signal.fire()

    def _run(self, errand: Any) -> asyncio.Task[Any]:
        task = spawn(errand, f"errand {self.id}")
        self._keep(task)
        return task

    def _keep(self, task: asyncio.Task[Any]) -> None:
        """Remember a task until it ends. One that fails by a mistake of ours ends the rollout."""
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        mistake = None if task.cancelled() else task.exception()
        if mistake is not None and self._drive_task is not None:
            self._mistake = self._mistake or mistake
            self._drive_task.cancel()

    async def _emit(self) -> None:
        signal, told = self._course.signal, 0
        while True:
            if signal.fired == told:
                await signal.wait()
            told = signal.fired
            self._tell()
            await self._course.clock.sleep(_EMIT)

    def _tell(self) -> None:
        changed = self._course.ledger.take_changes()
        state = self._painter.state()
        for listener in tuple(self._listeners):
            try:
                listener(state, changed)
            except Exception:  # noqa: BLE001 - whatever a view of it gets wrong
                # Whoever looks on must not stop the watch over the budget.
                _log.exception("A listener of rollout %s failed", self.id)


def _at_rest(call: LiveCall) -> bool:
    """Whether nothing more is to be waited for when a rollout stops."""
    return not call.reserved and (call.settled or call.phase is CallPhase.UNKNOWN)
