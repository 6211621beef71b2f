"""What every test may rely on: no account, no user's files, no real AWS; and fleets to talk to."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ssmtui.aws.gateway import ContextPolicy, Gateway, Selection, Settings
from ssmtui.aws.scope import Mode, Scope
from ssmtui.simulator.server import Endpoint, running
from ssmtui.simulator.world import World

# Simulated time begins here, and so do the ages that tests read.
START = 1_790_000_000.0


@pytest.fixture(autouse=True)
def _isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A HOME of the test's own, and no setting of the machine that could lead to a real account."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "SSMTUI_", "XDG_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("NO_COLOR", raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / "no-credentials"))


# Tests between two collections of what explorers and fleets have made to stay.
_COLLECT_AFTER = 20
_frozen = 0


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    """What a test has made to stay goes, if not at once: else the fleets of all tests stay.

    To give it back to the collector is not enough. That counts what grows old by itself only, finds
    that this is little, and never looks for what is garbage: workers came to 3 GB.
    """
    global _frozen
    yield
    if not gc.get_freeze_count():
        return
    gc.unfreeze()
    _frozen += 1
    if _frozen % _COLLECT_AFTER == 0:
        gc.collect()


class QuickClock:
    """The AWS floor's clock: waiting for a retry takes no time."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        import asyncio

        self._now += seconds
        await asyncio.sleep(0)

    def call_later(self, seconds: float, action: Callable[[], None]) -> Callable[[], None]:
        import asyncio

        self._now += seconds
        return asyncio.get_running_loop().call_soon(action).cancel


@dataclass(frozen=True)
class Fleet:
    """A simulated fleet in this process, and the way to it that the program itself would take."""

    endpoint: Endpoint
    gateway: Gateway
    scopes: list[Scope]
    environ: Mapping[str, str]

    @property
    def world(self) -> World:
        return self.endpoint.world


OpenFleet = Callable[..., AbstractAsyncContextManager[Fleet]]


@pytest.fixture
def open_fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenFleet:
    """`async with open_fleet(nodes=60, faults=[...]) as fleet`: a small world and open scopes."""

    @asynccontextmanager
    async def opened(
        nodes: int = 60,
        accounts: int = 1,
        regions: int = 1,
        seed: int = 7,
        faults: Iterable[str] = (),
        mode: Mode | None = None,
        contexts: Mapping[str, ContextPolicy] | None = None,
        read_timeout: float = 30.0,
    ) -> AsyncIterator[Fleet]:
        world = World.generate(
            nodes=nodes, accounts=accounts, regions=regions, seed=seed, start=START
        )
        async with running(world) as endpoint:
            folder = tmp_path / "aws"
            folder.mkdir(exist_ok=True)
            environ = endpoint.environ(folder)
            for name, value in environ.items():
                monkeypatch.setenv(name, value)
            settings = Settings(
                audit=tmp_path / "audit.jsonl",
                contexts=contexts or {},
                read_timeout=read_timeout,
            )
            async with Gateway(settings, clock=QuickClock()) as gateway:
                selection = Selection(
                    profiles=endpoint.profiles,
                    regions=endpoint.world.regions,
                    mode=mode,
                )
                scopes, problems = await gateway.resolve(selection)
                assert problems == []
                await gateway.aliases()
                for rule in faults:
                    endpoint.faults.add(rule)
                yield Fleet(endpoint, gateway, scopes, environ)
            assert endpoint.mistakes == []

    return opened
