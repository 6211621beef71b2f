"""`ssmtui run` against a served fleet that lives fast, with the program's own clock as fast."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ssmtui.cli.main import cli
from ssmtui.simulator.commands import Commands
from ssmtui.simulator.commands.running import answers
from tests.cli.conftest import Served

# Seconds of simulated time that pass in one of real time.
PACE = 100.0


class FastClock:
    """The machine's clock, and all waiting, at that pace."""

    def now(self) -> float:
        return time.monotonic() * PACE

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / PACE)

    def call_later(self, seconds: float, action: Callable[[], None]) -> Callable[[], None]:
        return asyncio.get_running_loop().call_later(seconds / PACE, action).cancel


class Shop:
    """The served fleet, what was sent to it, and the verb."""

    def __init__(self, served: Any, folder: Path) -> None:
        self.served = served
        self.endpoint = served.endpoint
        self.world = served.endpoint.world
        self.folder = folder
        self.scope = self.world.scopes[0]
        self.began = self.world.clock.now
        self.set_pace(PACE)

    def set_pace(self, pace: float) -> None:
        """From the fleet's own thread, whose clock it is."""
        done = asyncio.run_coroutine_threadsafe(self._set_pace(pace), self.served._loop)
        done.result(10)

    async def _set_pace(self, pace: float) -> None:
        self.world.clock.set_pace(pace)

    def nodes(self, platform: str = "Linux") -> list[Any]:
        """Those that answer."""
        return [
            node for node in self.scope.managed if answers(node) and node.platform.type == platform
        ]

    def ids(self, count: int = 3, platform: str = "Linux") -> str:
        return ",".join(node.id for node in self.nodes(platform)[:count])

    @property
    def commands(self) -> list[Any]:
        """What was sent here, the latest first; the fleet has a past of its own."""
        all_ = self.world.part(Commands).all(self.scope.account.id, self.scope.region)
        return [command for command in all_ if command.requested >= self.began]

    @property
    def reached(self) -> Counter[str]:
        """How often each node was made to run something."""
        return Counter(node_id for command in self.commands for node_id in command.invocations)

    def configure(self, text: str) -> None:
        (self.folder / "config").mkdir(exist_ok=True)
        (self.folder / "config" / "config.toml").write_text(text)

    def fault(self, *rules: str) -> None:
        self.served.add_faults(rules)

    def run(self, *arguments: str) -> Result:
        """`ssmtui run` off a terminal, agreed to beforehand."""
        return self.verb("run", "--yes", *arguments)

    def verb(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli, list(arguments), prog_name="ssmtui")


# So many that there are some Windows nodes and a Mac among them.
NODES = 120


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    fleet = Served(NODES, 1, 1)
    folder = tmp_path / "aws"
    folder.mkdir()
    for name, value in fleet.endpoint.environ(folder).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr("ssmtui.aws.gateway.SystemClock", FastClock)
    try:
        yield Shop(fleet, tmp_path)
    finally:
        fleet.stop()
