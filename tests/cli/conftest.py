"""A fleet served from a thread, for verbs that run an event loop of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ssmtui.cli.main import cli
from ssmtui.simulator.server import Endpoint, running
from ssmtui.simulator.world import World

NODES = 60


class Served:
    """An endpoint on a thread's own event loop, until `stop`."""

    def __init__(self, nodes: int, accounts: int, regions: int) -> None:
        self._arguments = (nodes, accounts, regions)
        self._loop = asyncio.new_event_loop()
        self._ready: threading.Event = threading.Event()
        self._stop = asyncio.Event()
        self.endpoint: Endpoint
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()))
        self._thread.start()
        assert self._ready.wait(30)

    async def _serve(self) -> None:
        nodes, accounts, regions = self._arguments
        # Ages are counted from the real clock, so this world begins now.
        import time

        world = World.generate(
            nodes=nodes, accounts=accounts, regions=regions, seed=3, start=time.time()
        )
        async with running(world) as self.endpoint:
            self._ready.set()
            await self._stop.wait()

    def add_faults(self, rules: Iterable[str]) -> None:
        for rule in rules:
            self.endpoint.faults.add(rule)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        self._loop.close()


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A small fleet of one account in one Region, reached as any AWS tool would."""
    fleet = Served(NODES, 1, 1)
    folder = tmp_path / "aws"
    folder.mkdir()
    for name, value in fleet.endpoint.environ(folder).items():
        monkeypatch.setenv(name, value)
    try:
        yield fleet
    finally:
        fleet.stop()


Invoke = Callable[..., Result]


@pytest.fixture
def ssmtui() -> Invoke:
    """`ssmtui("get", "nodes")`: the verb's result with stdout, stderr and exit_code apart."""

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(cli, list(arguments), prog_name="ssmtui")

    return invoke
