"""`ssmtui run` in a real pseudo-terminal, on a fleet that this test's own loop serves."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.commands import Commands
from ssmtui.simulator.commands.running import answers
from tests.terminal.sessions.conftest import console, explorer, stage

__all__ = ["console", "explorer", "floor", "stage"]

# Seconds of simulated time in one of real time.
PACE = 100.0


class Floor:
    """The stage, on which time passes, and some of its Linux nodes."""

    def __init__(self, at: Any) -> None:
        self.console = at.console
        self.folder = at.folder
        self.world = at.world
        self.scope = at.world.scopes[0]
        self.began = at.world.clock.now
        self.world.clock.set_pace(PACE)
        self.nodes = [
            node
            for node in self.scope.managed
            if answers(node) and node.platform.type == "Linux"
        ][:3]  # fmt: skip

    @property
    def commands(self) -> list[Any]:
        """What was sent here, the latest first."""
        listed = self.world.part(Commands).all(self.scope.account.id, self.scope.region)
        return [command for command in listed if command.requested >= self.began]

    async def run(self, *words: str) -> None:
        await self.console.run("run", "--nodes", ",".join(n.id for n in self.nodes), *words)

    async def agreed(self, *words: str) -> int:
        """A run that was agreed to; the position behind its id."""
        await self.run(*words)
        at = await self.console.shows(b"Run it? y/N: ")
        self.console.type(b"y\r")
        return await self.console.shows(b"ssmtui: rollout ", after=at)


@pytest.fixture
def floor(stage: Any) -> Floor:
    return Floor(stage)
