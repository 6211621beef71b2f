"""A command on one node: its delivery, its plugins one after the other, and the report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from ssmtui.simulator.commands.delivery import Reel
from ssmtui.simulator.commands.model import Command, Invocation, PluginResult
from ssmtui.simulator.commands.output import STDERR_LIMIT, STDOUT_LIMIT, Kept, cut, shown
from ssmtui.simulator.commands.plugins import PLUGINS, STOPPED, Fetched, Job, Outcome, reboot_code
from ssmtui.simulator.commands.plugins.flow import Flow
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.documents.model import Step
from ssmtui.simulator.documents.parameters import substitute
from ssmtui.simulator.shell import Machine, Machines
from ssmtui.simulator.shell.machine.hashing import fraction
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node, Ping

# How often the service tries to reach a node, and an agent the service (seconds).
_RETRY = 15.0
_NEXT = 1.0  # ... and one that answers again looks for a place (seconds)
Changed = Callable[[Invocation, Detail], None]
Admit = Callable[[Invocation], bool]


class Runner:
    """Runs one invocation: play `run()`, and cancel it to stop what it does.

    `changed` is told of every new detail; `admit` says whether a node that answers may have it now.
    """

    def __init__(
        self, world: World, invocation: Invocation, changed: Changed, admit: Admit
    ) -> None:
        self._world = world
        self._invocation = invocation
        self._command: Command = invocation.command
        self._changed = changed
        self._admit = admit
        self._downloads: dict[str, Fetched] = {}

    async def run(self) -> None:
        invocation, node = self._invocation, self._invocation.node
        await asyncio.sleep(self._pause("delivery", 0.2, 1.3))
        if node is None or not await self._reach(node):
            self._changed(invocation, Detail.UNDELIVERABLE)
            return
        if node.platform.type not in self._command.request.document.platforms:
            self._changed(invocation, Detail.INVALID_PLATFORM)
            return
        invocation.delivered = True
        invocation.plugins = tuple(
            PluginResult(step.name, step.action) for step in self._command.steps
        )
        self._changed(invocation, Detail.IN_PROGRESS)
        try:
            schema = self._command.request.version.schema
            flow = Flow(self._command.steps, schema, node.platform.type, PLUGINS)
            for step, result in zip(self._command.steps, invocation.plugins, strict=True):
                await self._step(node, flow, step, result)
        except asyncio.CancelledError:
            self._stopped()
            raise
        await asyncio.sleep(self._pause("report", 0.2, 0.8))
        await self._until_it_answers(node)
        self._changed(invocation, _worst(invocation.plugins))

    async def _reach(self, node: Node) -> bool:
        """Try until the node answers; False once there is no such node any more."""
        while not gone(self._world, node):
            if answers(node):
                if self._admit(self._invocation):
                    return True
                await asyncio.sleep(_NEXT)
                continue
            # The service knows that it is lost, or believes that the agent has it.
            lost = node.ping is not Ping.ONLINE or node.state == "stopped"
            self._changed(self._invocation, Detail.DELAYED if lost else Detail.IN_PROGRESS)
            await asyncio.sleep(_RETRY)
        return False

    async def _until_it_answers(self, node: Node) -> None:
        """An agent that cannot reach the service keeps its report until it can."""
        while not answers(node):  # noqa: ASYNC110 - asked, not told, as an agent does
            await asyncio.sleep(_RETRY)

    async def _step(self, node: Node, flow: Flow, step: Step, result: PluginResult) -> None:
        result.detail, result.started = Detail.IN_PROGRESS, self._world.now
        inputs = substitute(dict(step.inputs), self._command.request.values)
        unfit = flow.unfit(step, inputs)
        if unfit is not None:
            why, ended = unfit
            if ended.detail is Detail.SUCCESS:
                result.stdout = Kept(why)
            else:
                result.stderr = Kept(why)
        else:
            await asyncio.sleep(self._pause(step.name, 0.1, 0.9))
            stdout = Reel(self._world, self._invocation, result, "stdout")
            stderr = Reel(self._world, self._invocation, result, "stderr")
            ended = flow.ended(inputs, await self._work(node, step, inputs, stdout, stderr))
            errors = "" if ended.hushed else shown(stderr.data) + ended.added
            result.stdout = Kept(cut(shown(stdout.data) + ended.added, STDOUT_LIMIT))
            result.stderr = Kept(cut(errors, STDERR_LIMIT))
            stdout.end()
            stderr.end()
        result.finished = self._world.now
        result.code, result.detail = ended.code, ended.detail

    async def _work(
        self, node: Node, step: Step, inputs: Mapping[str, Any], stdout: Reel, stderr: Reel
    ) -> Outcome:
        """Do it on the node's machine."""
        machine = self._world.part(Machines).of(node.id)
        outcome = await self._repeat(machine, step, inputs, stdout, stderr)
        self._world.part(Machines).release(machine)
        return outcome

    async def _repeat(
        self, machine: Machine, step: Step, inputs: Mapping[str, Any], stdout: Reel, stderr: Reel
    ) -> Outcome:
        """Do it, and again after each reboot that it asks for."""
        node = machine.node
        while True:
            job = Job(
                world=self._world,
                machine=machine,
                command_id=self._command.id,
                step_name=step.name,
                inputs=inputs,
                stdout=stdout,
                stderr=stderr,
                random=Random(f"{self._command.id} {node.id} {step.name}"),
                plugins=PLUGINS,
                downloads=self._downloads,
            )
            outcome = await PLUGINS[step.does or step.action](job)
            if outcome.code == reboot_code(machine) and not outcome.down:
                machine.reboot()
            elif not outcome.down:
                return outcome
            await asyncio.sleep(_RETRY)
            await self._until_it_answers(node)
            if outcome.down:
                await job.complain("failed to run commands: the machine went down meanwhile")
                return Outcome(outcome.code or 1)

    def _stopped(self) -> None:
        """Cancelled, or given up: what ran is said to have been stopped."""
        for result in self._invocation.plugins:
            if not result.detail.final:
                if result.detail is Detail.IN_PROGRESS:
                    result.code, result.finished = STOPPED, self._world.now
                result.detail = Detail.CANCELLED

    def _pause(self, what: str, least: float, most: float) -> float:
        """Seconds that something takes on this node: few are slow, and always the same ones."""
        node_id, command_id = self._invocation.id, self._command.id
        slow = 4.0 if fraction(node_id, "slow") < 0.03 else 1.0
        chance = fraction(node_id, command_id, what)
        return slow * (least + (most - least) * chance * chance)


def answers(node: Node) -> bool:
    """Whether its agent is there to be told something."""
    return node.ping is Ping.ONLINE and not node.silent_since and node.state in ("", "running")


def gone(world: World, node: Node) -> bool:
    """Whether there is nothing left to wait for."""
    known = world.nodes.get(node.id) is node
    return not known or not node.managed or node.state in ("shutting-down", "terminated")


def _worst(plugins: tuple[PluginResult, ...] | list[PluginResult]) -> Detail:
    """An invocation is as bad as its worst plugin."""
    details = {result.detail for result in plugins}
    for detail in (Detail.FAILED, Detail.EXECUTION_TIMED_OUT, Detail.CANCELLED):
        if detail in details:
            return detail
    return Detail.SUCCESS
