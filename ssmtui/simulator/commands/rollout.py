"""One command on its way over its nodes: at the wanted rate, until it is done or stopped."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial

from ssmtui.simulator.commands import targets
from ssmtui.simulator.commands.model import Command, Invocation
from ssmtui.simulator.commands.rate import Ramp, concurrency
from ssmtui.simulator.commands.refusals import Refusals
from ssmtui.simulator.commands.running import Runner
from ssmtui.simulator.commands.statuses import CommandDetail, Detail
from ssmtui.simulator.shell.machine.hashing import fraction
from ssmtui.simulator.shell.stage import Stage
from ssmtui.simulator.world import World
from ssmtui.simulator.world.alarms import ALARM, Alarms


class Rollout:
    """One command on its way over its nodes.

    `pending` counts the invocations of its account in its Region that wait to be sent.
    """

    def __init__(
        self, world: World, stage: Stage, command: Command, pending: Callable[[], int]
    ) -> None:
        self._world = world
        self._stage = stage
        self._command = command
        self._pending = pending
        self._waiting: deque[Invocation] = deque()
        self._ramp = Ramp(1)
        self._placed: set[Invocation] = set()  # those that have one of the ramp's places
        self._delayed: set[Invocation] = set()  # those that have given it back
        self._forget_alarm: Callable[[], None] = _nothing
        command.rollout = self

    def begin(self) -> None:
        """Find the nodes and start with the first."""
        command, request = self._command, self._command.request
        scope = self._world.scope(command.account, command.region)
        if request.node_ids:
            found = [(node_id, self._world.nodes.get(node_id)) for node_id in request.node_ids]
        else:
            found = list(targets.resolve(scope, request.targets))
        for node_id, node in sorted(found, key=lambda pair: pair[0]):
            name = node.tags.get("Name", "") if node is not None else ""
            command.invocations[node_id] = Invocation(command, node_id, node, name)
        command.counts[Detail.PENDING] = len(found)
        command.target_count = len(found)
        command.resolved = True
        self._ramp = Ramp(concurrency(request.max_concurrency, len(found)))
        self._waiting.extend(command.invocations.values())
        if command.cancelled:
            self._end_waiting(Detail.CANCELLED)
        self._heed_refusals()
        self._world.clock.at(command.expires, self._expire)
        self._heed_alarm()
        self._fill()

    def _heed_refusals(self) -> None:
        """End what the service does not let its sender do."""
        command = self._command
        refusals = self._world.part(Refusals)
        refusal = None if command.done else refusals.of_command(command, self._pending())
        if refusal is not None:
            command.final = CommandDetail(refusal)
            self._end_waiting(refusal)
        for invocation in self._waiting:
            if refusals.of_invocation(command):
                self._finish(invocation, Detail.ACCESS_DENIED)

    def _heed_alarm(self) -> None:
        """Stop at once if the command's alarm has fired, or when it does."""
        command, request = self._command, self._command.request
        if not request.alarm:
            return
        alarms = self._world.part(Alarms)
        alarm = alarms.find(command.account, command.region, request.alarm)
        if alarm is None and not request.ignore_alarm_failure:
            self._alarmed("UNKNOWN")
        elif alarm is not None and alarm.state == ALARM:
            self._alarmed(ALARM)
        elif alarm is not None:
            self._forget_alarm = alarms.watch(
                command.account, command.region, alarm.name, lambda _: self._alarmed(ALARM)
            )

    def _alarmed(self, state: str) -> None:
        """What has not begun does not begin; what runs goes on to its end."""
        if not self._command.done:
            self._command.triggered = state
            self._command.stopped = True
            self._end_waiting(Detail.CANCELLED)

    def cancel(self, node_ids: list[str]) -> None:
        command = self._command
        if command.done:
            return
        chosen = [
            invocation
            for invocation in command.invocations.values()
            if not node_ids or invocation.id in node_ids
        ]
        command.cancelled = command.cancelled or not node_ids
        for invocation in chosen:
            if invocation.delivered and not invocation.detail.final:
                self._change(invocation, Detail.CANCELLING)
                latency = 0.3 + 1.5 * fraction(invocation.id, "cancel")
                self._world.clock.after(latency, partial(self._abort, invocation))
            else:
                self._finish(invocation, Detail.CANCELLED)
        self._fill()

    def _abort(self, invocation: Invocation) -> None:
        """The agent has got the word; what ended meanwhile has ended as it did."""
        if invocation.detail is Detail.CANCELLING:
            self._finish(invocation, Detail.CANCELLED)
            self._fill()

    def _fill(self) -> None:
        """Send to as many more nodes as the rate lets."""
        while self._waiting and self._ramp.room:
            invocation = self._waiting.popleft()
            if not invocation.detail.final:
                self._start(invocation)

    def _start(self, invocation: Invocation) -> None:
        self._take_place(invocation)
        self._command.begun = True
        runner = Runner(self._world, invocation, self._on_change, self._admit)
        name = f"command {self._command.id} on {invocation.id}"
        deadline = self._world.now + self._command.request.delivery_timeout
        timer = self._world.clock.at(deadline, lambda: self._not_delivered(invocation))

        def ended(task: asyncio.Task[None]) -> None:
            timer.cancel()
            invocation.stop = None
            if not task.cancelled():
                task.result()
            self._delayed.discard(invocation)
            if invocation in self._placed:
                self._placed.discard(invocation)
                self._ramp.end()
            self._fill()

        task = self._stage.play(runner.run(), name, ended)
        if not task.done():
            invocation.stop = partial(_cancel, task)

    def _take_place(self, invocation: Invocation) -> None:
        self._placed.add(invocation)
        self._delayed.discard(invocation)
        self._ramp.begin()

    def _admit(self, invocation: Invocation) -> bool:
        """Whether a node that answers now may be given the command."""
        if invocation not in self._placed and self._ramp.room:
            self._take_place(invocation)
        return invocation in self._placed

    def _on_change(self, invocation: Invocation, detail: Detail) -> None:
        """What the runner has to say, unless it has been decided otherwise meanwhile."""
        if invocation.detail.final or (invocation.detail is Detail.CANCELLING and not detail.final):
            return
        self._change(invocation, detail)
        if detail is Detail.DELAYED and invocation in self._placed:
            self._placed.discard(invocation)
            self._delayed.add(invocation)
            self._ramp.give_back()
            self._fill()
        if detail.counts_as_error and self._command.too_many_errors:
            self._command.stopped = True
            self._end_waiting(Detail.TERMINATED)

    def _not_delivered(self, invocation: Invocation) -> None:
        if not invocation.delivered:
            self._finish(invocation, Detail.DELIVERY_TIMED_OUT)

    def _expire(self) -> None:
        """Total time is up: whatever is open has never been answered."""
        self._forget_alarm()
        for invocation in self._command.invocations.values():
            cancelling = invocation.detail is Detail.CANCELLING
            self._finish(invocation, Detail.CANCELLED if cancelling else Detail.DELIVERY_TIMED_OUT)
        self._waiting.clear()

    def _end_waiting(self, detail: Detail) -> None:
        """End what no node has been given yet."""
        for invocation in (*self._waiting, *self._delayed):
            self._finish(invocation, detail)
        self._waiting.clear()

    def _finish(self, invocation: Invocation, detail: Detail) -> None:
        """Decide how it ends, and stop what it does."""
        if invocation.detail.final:
            return
        self._change(invocation, detail)
        if invocation.stop is not None:
            invocation.stop()

    def _change(self, invocation: Invocation, detail: Detail) -> None:
        counts = self._command.counts
        counts[invocation.detail] -= 1
        invocation.detail = detail
        counts[detail] += 1


def _nothing() -> None:
    pass


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
