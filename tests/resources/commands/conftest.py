"""A reader of a listing's events, a clock, and the commands that the simulated service has."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.resources.base import Finished, Gone, Rows
from ssmtui.simulator.commands import Commands


class Reader:
    """What a reader of the events knows."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}
        self.ended: dict[Any, Any] = {}
        self.brought: list[str] = []  # the ids that the last pass has emitted

    async def read(self, listing: Any, **options: Any) -> Reader:
        self.ended.clear()
        self.brought.clear()
        async for event in listing.refresh(**options):
            match event:
                case Rows(rows=rows):
                    self.rows.update({row.id: row for row in rows})
                    self.brought += [row.id for row in rows]
                case Gone(keys=keys):
                    for key in keys:
                        del self.rows[key.id]
                case Finished(_, stage, problem):
                    assert (event.scope, stage) not in self.ended, "a stage ends once"
                    self.ended[event.scope, stage] = problem
        return self

    @property
    def problems(self) -> list[Any]:
        return [problem for problem in self.ended.values() if problem is not None]


class Clock:
    """Monotonic seconds that only the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Service:
    """The simulated service, asked behind its API; and a hand that sends commands."""

    def __init__(self, fleet: Any) -> None:
        self.fleet = fleet
        self._commands = fleet.world.part(Commands)

    def all(self) -> dict[str, Any]:
        """Every command of every scope by its id."""
        return {
            command.id: command
            for scope in self.fleet.scopes
            for command in self._commands.all(*scope.key)
        }

    def nodes(self, scope: Any, count: int) -> list[str]:
        """Ids of Linux nodes that answer."""
        place = next(
            each
            for each in self.fleet.world.scopes
            if (each.account.id, each.region) == tuple(scope.key)
        )
        online = [node for node in place.reachable if node.platform.type == "Linux"]
        return [node.id for node in online[:count]]

    async def send(self, scope: Any, **given: Any) -> str:
        """Send a command; its id."""
        params = {
            "DocumentName": "AWS-RunShellScript",
            "Parameters": {"commands": ["uptime"]},
            "InstanceIds": self.nodes(scope, 2),
            **given,
        }
        change = await scope.change("ssm", "SendCommand", params, intent="test")
        return str(change.answer["Command"]["CommandId"])

    def pass_time(self, seconds: float) -> None:
        self.fleet.world.clock.advance(seconds)

    def calls(self) -> dict[str, int]:
        """Calls by operation since the last time they were asked for."""
        counts = dict(self.fleet.endpoint.calls)
        self.fleet.endpoint.calls.clear()
        return counts


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service() -> type[Service]:
    return Service
