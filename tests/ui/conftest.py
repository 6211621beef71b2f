"""The explorer over a fleet, and two verbs: type keys, read the screen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import textual.app
import textual.pilot
from textual.pilot import Pilot

from ssmtui.local.config import Config
from ssmtui.local.paths import Paths
from ssmtui.resources.nodes import nodes
from ssmtui.resources.nodes.row import Node
from ssmtui.simulator.commands import Commands
from ssmtui.simulator.commands.running import answers
from ssmtui.ui.app import SsmtuiApp
from ssmtui.ui.launch import Launch, NoMemory
from tests.ui import idling
from tests.ui.fake_fleet import NOW, FakeFleet

HOSTILE = [
    "a[/]b",
    "[red]danger[/red]",
    "[@click=app.quit]x[/]",
    "\x1b[31mred\x1b[0m",
    "\x9b2Jcsi",
    "evil\u202egnp.exe",
    "zero\u200bwidth",
    "\ud800lone",
    "tab\tand\nnewline",
    "名前の長いノード",
    "👩\u200d👩\u200d👧 family",
    "[bold",
    "\\[x]",
    "$accent $nothing {x} %s",
    "x" * 255,
]


# How long a test waits for what is to happen, in seconds.
PATIENCE = 30.0


@pytest.fixture(autouse=True)
def _quick_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (textual.app, textual.pilot):
        monkeypatch.setattr(module, "wait_for_idle", idling.wait_for_idle)


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class Session:
    """A running explorer, and the two verbs: type keys, read the screen."""

    def __init__(self, app: SsmtuiApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def type(self, *keys: str) -> None:
        """Press keys: "<ctrl+s>" is a key by its name, anything else is typed letter by letter."""
        for key in keys:
            if key.startswith("<") and key.endswith(">") and len(key) > 2:
                await self.pilot.press(key[1:-1])
            else:
                for letter in key:
                    await self.pilot.press("space" if letter == " " else letter)
        await self.settle()

    async def settle(self) -> None:
        """Wait until everything that was asked for is listed, filtered and drawn."""
        app, patience = self.app, monotonic() + PATIENCE
        while monotonic() < patience:
            await self.pilot.pause()
            if not app.is_running or not self._is_busy():
                break
        if app.is_running and app.main.is_ready:
            app.main.pane.table.drain()
            app.main.touch()
            await self.pilot.pause()

    async def wait_for(self, happened: Callable[[], object]) -> None:
        """Wait until something has happened; an AssertionError with the screen if it does not."""
        patience = monotonic() + PATIENCE
        while monotonic() < patience:
            if happened():
                return
            await self.pilot.pause()
        raise AssertionError(f"It did not happen:\n{self.text}")

    def _is_busy(self) -> bool:
        app = self.app
        if any(w.group in ("work", "read") and not w.is_finished for w in app.workers):
            return not any(waiting.future for waiting in app.screen._result_callbacks)
        if not app.main.is_ready:
            return True
        if app.connecting.problem is not None:
            return False
        feed = app.main.pane.feed
        return not feed.ended or feed.refreshing or not app.main.pane.table.settled

    @property
    def text(self) -> str:
        """What is on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        lines = ["".join(segment.text for segment in strip) for strip in strips]
        return "\n".join(line.rstrip() for line in lines)

    def style_of(self, words: str) -> Any:
        """The style in which some words are drawn."""
        for strip in self.app.screen._compositor.render_strips(self.app.size):
            for segment in strip:
                if words in segment.text:
                    return segment.style
        raise AssertionError(f"{words!r} is not on the screen:\n{self.text}")


class Explorer:
    """Opens the explorer over the fleet."""

    def __init__(self, fleet: FakeFleet, clock: Clock, folder: Path) -> None:
        self.fleet = fleet
        self.clock = clock
        self.folder = folder

    def launch(self, **given: Any) -> Launch:
        """A launch over the fleet; `config` may be given as a mapping of its keys."""
        config = Config(**{"theme": "night", "clipboard": "osc52", **given.pop("config", {})})
        values: dict[str, Any] = {
            "config": config,
            "paths": Paths(self.folder / "config", self.folder / "state", self.folder / "cache"),
            "resources": (self.fleet.resource(),),
            "connect": self.fleet.connect,
            "memory": self.fleet,
            "now": self.clock,
        }
        return Launch(**{**values, **given})

    @asynccontextmanager
    async def open(
        self, size: tuple[int, int] = (100, 30), *, wait: bool = True, **given: Any
    ) -> AsyncIterator[Session]:
        app = SsmtuiApp(self.launch(**given))
        async with app.run_test(size=size, notifications=True) as pilot:
            session = Session(app, pilot)
            if wait:
                await session.settle()
            yield session


@pytest.fixture
def shop() -> FakeFleet:
    return FakeFleet()


@pytest.fixture
def fleet(shop: FakeFleet) -> FakeFleet:
    return shop


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def explorer(shop: FakeFleet, tmp_path: Path) -> Explorer:
    # Folders below may have a fleet and a clock of their own; the explorer keeps these.
    return Explorer(shop, Clock(), tmp_path)


class FastClock:
    """Waiting takes a hundredth of its time, as it does in the fleet's world."""

    PACE = 100.0

    def now(self) -> float:
        return asyncio.get_running_loop().time() * self.PACE

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.PACE)

    def call_later(self, seconds: float, action: Callable[[], None]) -> Callable[[], None]:
        return asyncio.get_running_loop().call_later(seconds / self.PACE, action).cancel


class Live:
    """An explorer on a simulated fleet that runs commands: the two verbs, and the fleet."""

    def __init__(self, s: Session, fleet: Any) -> None:
        self.s = s
        self.app = s.app
        self.fleet = fleet
        self.world = fleet.world
        self.began = fleet.world.clock.now

    @property
    def text(self) -> str:
        return self.s.text

    async def type(self, *keys: str) -> None:
        await self.s.type(*keys)

    async def sees(self, *patterns: str) -> None:
        """Wait, in real time, until all of these are on the screen."""
        try:
            async with asyncio.timeout(20):
                while not all(re.search(pattern, self.text) for pattern in patterns):
                    await asyncio.sleep(0.02)
                    await self.s.pilot.pause()
        except TimeoutError:
            raise AssertionError(f"{patterns} did not come:\n{self.text}") from None

    def nodes(self, platform: str = "Linux") -> list[Any]:
        """Those that answer, by name."""
        found = [
            node
            for node in self.world.nodes.values()
            if node.managed and answers(node) and node.platform.type == platform
        ]
        return sorted(found, key=lambda node: node.tags.get("Name", ""))

    async def shows(self, nodes: Sequence[Any]) -> None:
        """Filter the list to these nodes."""
        await self.app.main.pane.set_filter(f"id={','.join(node.id for node in nodes)}")
        await self.s.settle()

    async def fills(self, script: str, key: str = "r") -> None:
        """Take the shell document and write a script into its form."""
        await self.type(key)
        await self.sees("Run on", "AWS-RunShellScript")
        await self.type("<enter>")
        await self.sees("commands", "Ctrl-S preview")
        area = self.app.screen.query_one("ScriptArea")
        area.text = script
        await self.s.pilot.pause()

    async def runs(self, script: str, key: str = "r") -> None:
        """Run a script and wait for its board."""
        await self.fills(script, key)
        await self.type("<ctrl+s>")
        await self.sees(r"Run on \d|Run +\S* *$|Dry run", r"rate ")
        await self.s.wait_for(lambda: not self.app.screen.query_one("#do").disabled)
        await self.type("<tab>", "<tab>", "<enter>")
        await self.sees(r"Rollout \w{3}")

    def sent(self) -> list[Any]:
        """The commands that were sent here, the latest first; the fleet has a past of its own."""
        return [
            command
            for scope in self.fleet.scopes
            for command in self.world.part(Commands).all(*scope.key)
            if command.requested >= self.began
        ]


@pytest.fixture
def live(explorer: Explorer, open_fleet: Any) -> Any:
    """`async with live(nodes=60, size=(120, 40)) as f: ...`; `given` is the launch's."""

    @asynccontextmanager
    async def opened(
        size: tuple[int, int] = (120, 40), fleet: Mapping[str, Any] | None = None, **given: Any
    ) -> AsyncIterator[Live]:
        async with open_fleet(**{"nodes": 60, **(fleet or {})}) as opened_fleet:

            @asynccontextmanager
            async def connect() -> AsyncIterator[Any]:
                async def resolve() -> Any:
                    return opened_fleet.scopes, []

                yield SimpleNamespace(resolve=resolve, renew=lambda profiles: None)

            world = opened_fleet.world
            world.clock.set_pace(FastClock.PACE)
            launch = {
                "connect": connect,
                "resources": (nodes(),),
                "memory": NoMemory(),
                "now": lambda: world.clock.now,
                **given,
            }
            async with explorer.open(size=size, **launch) as s:
                s.app.rolling.clock = FastClock()
                yield Live(s, opened_fleet)

    return opened


@pytest.fixture
def hostile() -> list[str]:
    """Texts that kill or style a careless screen."""
    return HOSTILE


@pytest.fixture
def renamed() -> Any:
    """Nodes with other names, tags and systems: every free text of a row."""

    def rename(nodes: Sequence[Node], names: Sequence[str]) -> list[Node]:
        return [
            msgspec.structs.replace(node, name=name, tags={name: name}, os=name, type=name)
            for node, name in zip(nodes, names, strict=False)
        ]

    return rename
