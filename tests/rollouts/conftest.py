"""Nodes to aim at, and time that moves when everybody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ssmtui.core.keys import ScopeKey
from ssmtui.core.tasks import spawn
from ssmtui.rollouts.conduct import Rollout
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.spec import CommandSpec, RolloutSpec
from ssmtui.rollouts.targets import Frozen, Target
from ssmtui.simulator.commands import Commands

SCOPE = ScopeKey("111122223333", "eu-west-1")
OTHER = ScopeKey("444455556666", "us-east-1")


def some_nodes(
    count: int, scope: ScopeKey = SCOPE, prefix: str = "web", **groups: Sequence[str]
) -> tuple[Target, ...]:
    """`count` targets; `groups` are values that are given out in turn."""
    return tuple(
        Target(
            account=scope.account,
            region=scope.region,
            id=f"i-{number:04x}{scope.region.replace('-', '')}",
            name=f"{prefix}-{number:03d}",
            platform="linux",
            ping="online",
            groups={key: values[number % len(values)] for key, values in groups.items()},
        )
        for number in range(count)
    )


def a_command(nodes: Sequence[Target] | int = 10, **rest: Any) -> CommandSpec:
    if isinstance(nodes, int):
        nodes = some_nodes(nodes)
    rest.setdefault("parameters", {"commands": ["uptime"]})
    return CommandSpec(document="AWS-RunShellScript", targets=Frozen(tuple(nodes)), **rest)


class LeapClock:
    """The simulated world's clock as the client's, too: it leaps to the next moment at which
    something is due whenever nothing is under way any more."""

    def __init__(self, fleet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self._world = fleet.world.clock
        self._limiter = fleet.gateway.limiter
        self._sleepers = 0
        self._threads = 0
        self._to_thread = asyncio.to_thread
        self.held = False
        monkeypatch.setattr(asyncio, "to_thread", self._counted)

    def now(self) -> float:
        return self._world.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        cancel = self.call_later(seconds, lambda: woken.done() or woken.set_result(None))
        try:
            await woken
        finally:
            cancel()

    def call_later(self, seconds: float, action: Callable[[], object]) -> Callable[[], None]:
        self._sleepers += 1
        waiting = [True]

        def settle() -> None:
            if waiting:
                waiting.clear()
                self._sleepers -= 1

        def fire() -> None:
            settle()
            action()

        timer = self._world.after(seconds, fire)

        def cancel() -> None:
            settle()
            timer.cancel()

        return cancel

    async def run(self) -> None:
        """Leap until cancelled."""
        while True:
            await self.settle()
            due = self._world.next_due
            if self._sleepers and due is not None and not self.held:
                self._world.advance(max(0.0, due - self._world.now))
            else:
                await asyncio.sleep(0.001)

    async def settle(self) -> None:
        """Wait until nothing is under way: no call, no thread, no task that can go on."""
        calm = 0
        while calm < 15:
            busy = self._limiter.in_flight or self._threads
            calm = 0 if busy else calm + 1
            await asyncio.sleep(0)

    async def _counted(self, work: Any, *args: Any, **named: Any) -> Any:
        self._threads += 1
        try:
            return await self._to_thread(work, *args, **named)
        finally:
            self._threads -= 1


@dataclass
class Sea:
    """A simulated fleet with the clock above, and a folder of records."""

    fleet: Any
    clock: LeapClock
    records: Records
    began: float

    @property
    def how(self) -> dict[str, Any]:
        return {"clock": self.clock, "now": self.clock.now}

    def nodes(self, count: int | None = None, platform: str = "Linux", **of: Any) -> list[Target]:
        """Targets that are online, of the first scope, or as `of` says."""
        scope = self.fleet.scopes[0]
        found = [
            Target(
                account=node.account,
                region=node.region,
                id=node.id,
                name=node.tags.get("Name", ""),
                platform=node.platform.type.lower(),
                ping="online",
            )
            for node in self.fleet.world.nodes.values()
            if node.managed
            and node.ping == "Online"
            and not node.silent_since
            and node.state in ("", "running")
            and node.platform.type == platform
            and (node.account, node.region) == of.get("scope", scope.key)
        ]
        return found[:count]

    async def begin(self, spec: RolloutSpec, **how: Any) -> Rollout:
        made = plan(spec)
        return await Rollout.begin(self.records, made, self.fleet.scopes, **self.how, **how)

    async def run(self, spec: RolloutSpec) -> Rollout:
        """Run a rollout to its end."""
        rollout = await self.begin(spec)
        rollout.start()
        await rollout.over()
        await rollout.leave()
        return rollout

    def sent(self) -> dict[str, list[str]]:
        """What the service was made to do: the nodes of every command, by its comment."""
        return {
            command.request.comment: list(command.invocations)
            for scope in self.fleet.scopes
            for command in self.fleet.world.part(Commands).all(*scope.key)
            if command.requested >= self.began  # the fleet has a history of its own
        }


@pytest.fixture
def sea(open_fleet: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`async with sea(nodes=60) as at: ...`: what `open_fleet` takes, in simulated time."""

    @asynccontextmanager
    async def opened(**options: Any) -> AsyncIterator[Sea]:
        async with open_fleet(**options) as fleet:
            clock = LeapClock(fleet, monkeypatch)
            leaping = spawn(clock.run(), "leap")
            try:
                yield Sea(fleet, clock, Records(tmp_path / "rollouts"), clock.now())
            finally:
                leaping.cancel()

    return opened
