"""A small fleet in memory behind the seams of AWS, and two verbs: type keys, read the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot

from ssmtui.aws.mode import Mode
from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.local.config import Config
from ssmtui.local.paths import Paths
from ssmtui.resources.base import Finished, Progress, Resource, Rows, Section
from ssmtui.resources.nodes import is_problem
from ssmtui.resources.nodes.row import COLUMNS, Node
from ssmtui.ui.app import SsmtuiApp
from ssmtui.ui.launch import Launch

NOW = 1_760_000_000.0
DEV, STAGING, PROD = "111111111111", "222222222222", "333333333333"

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


class FakeScope:
    """What the UI uses of a Scope, with everything settable."""

    def __init__(
        self,
        account: str,
        region: str,
        name: str,
        *,
        production: bool = False,
        mode: Mode = Mode.CHANGE,
        expires: float | None = None,
    ) -> None:
        self.key = ScopeKey(account, region)
        self.profile = self.name = name
        self.alias: str | None = f"shop-{name}"
        self.identity = "ops"
        self.production = production
        self.base = mode
        self.armed_seconds = 0.0
        self.expires = expires

    @property
    def mode(self) -> Mode:
        return Mode.CHANGE if self.armed_seconds else self.base

    @property
    def can_arm(self) -> bool:
        return self.base is not Mode.CHANGE

    def arm(self, seconds: float) -> None:
        if self.base is Mode.LOOK:
            raise ProblemError(Problem(ProblemKind.MODE, f"{self.name} was opened in look mode"))
        self.armed_seconds = seconds

    def disarm(self) -> None:
        self.armed_seconds = 0.0


def fake_node(index: int, scope: ScopeKey, **given: Any) -> Node:
    """Node number `index` of a scope: every tenth is lost, every seventh stopped."""
    ping = "lost" if index % 10 == 3 else "stopped" if index % 7 == 4 else "online"
    role = ("web", "api", "db", "batch")[index % 4]
    values: dict[str, Any] = {
        "account": scope.account,
        "region": scope.region,
        "id": f"i-{index:04x}{scope.account[:2]}{scope.region[-1]}0a1b2c3d4",
        "name": f"{role}-{index:04d}",
        "ping": ping,
        "seen": NOW - (2820 if ping == "lost" else 60 + index % 200),
        "lost": NOW - 2820 if ping == "lost" else None,
        "agent": "3.2.23" if index % 5 == 0 else "3.3.1611",
        "agent_latest": index % 5 != 0,
        "platform": "linux",
        "os": "Amazon Linux",
        "os_version": "2023",
        "kind": "ec2",
        "address": f"10.0.{index // 250}.{index % 250}",
        "type": "m6i.large",
        "state": "stopped" if ping == "stopped" else "running",
        "zone": f"{scope.region}b",
        "role": "web-node",
        "launched": NOW - 86400 * (index % 300),
        "association": "success",
        "asg": f"{role}-blue",
        "owner": UNKNOWN,
        "tags": {
            "Env": "prod" if index % 2 else "dev",
            "Role": role,
            "Name": f"{role}-{index:04d}",
        },
    }
    return Node(**{**values, **given})


class FakeListing:
    """Lists a fleet scope by scope; `gate` holds it until the test lets go."""

    def __init__(self, fleet: FakeFleet, scopes: Sequence[Any]) -> None:
        self._fleet = fleet
        self._scopes = [scope.key for scope in scopes]

    async def refresh(self, *, full: bool = False) -> AsyncIterator[Any]:
        self._fleet.listings += 1
        for scope in self._scopes:
            await self._fleet.gate.wait()
            problem = self._fleet.problems.get(scope)
            rows = self._fleet.rows.get(scope, [])
            if problem is None:
                yield Rows(scope, rows)
                yield Progress(scope, "nodes", len(rows), len(rows))
            yield Finished(scope, "nodes", problem)


class FakeFleet:
    """The fleet, and a resource, a connection and a memory over it."""

    def __init__(self, nodes: int = 240) -> None:
        self.scopes = [
            FakeScope(DEV, "eu-west-1", "dev"),
            FakeScope(STAGING, "eu-west-1", "staging"),
            FakeScope(PROD, "us-east-1", "prod", production=True, mode=Mode.CONNECT),
        ]
        share = nodes // len(self.scopes)
        self.rows: dict[ScopeKey, list[Node]] = {
            scope.key: [fake_node(at * share + index, scope.key) for index in range(share)]
            for at, scope in enumerate(self.scopes)
        }
        self.problems: dict[ScopeKey, Problem] = {}
        self.connect_problem: Problem | None = None
        self.detail_problem: Problem | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.listings = 0
        self.remembered: dict[ScopeKey, tuple[float, list[Node]]] = {}
        self.saved: list[ScopeKey] = []

    def resource(self) -> Resource[Node]:
        return Resource(
            name="nodes",
            singular="node",
            aliases=("no",),
            title="Nodes",
            row_type=Node,
            columns=COLUMNS,
            listing=lambda scopes: FakeListing(self, scopes),
            detail=self.detail,
            raw=self.raw,
            problem=is_problem,
            label=lambda row: row.label,
            refresh_seconds=60.0,
            stages=("nodes",),
            sort="name",
            pane=1,
        )

    async def detail(self, scope: Any, row: Node, now: float) -> list[Section]:
        if self.detail_problem is not None:
            raise ProblemError(self.detail_problem)
        pairs = [(column.id, column.text(row, now)) for column in COLUMNS]
        return [Section("Identity", pairs), Section("Tags", list((row.tags or {}).items()))]

    async def raw(self, scope: Any, row: Node) -> Mapping[str, Any]:
        return {"ssm:DescribeInstanceProperties": {"InstanceId": row.id, "Name": row.name}}

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Any]:
        if self.connect_problem is not None:
            raise ProblemError(self.connect_problem)

        async def resolve() -> tuple[list[Any], list[Problem]]:
            return self.scopes, []

        yield SimpleNamespace(resolve=resolve)

    def recall(self, resource: Any, scopes: Iterable[ScopeKey]) -> list[Any]:
        return [(key, *self.remembered[key]) for key in scopes if key in self.remembered]

    def remember(self, resource: Any, scope: ScopeKey, rows: Sequence[Any], now: float) -> None:
        self.saved.append(scope)
        self.remembered[scope] = (now, list(rows))


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def fleet() -> FakeFleet:
    return FakeFleet()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def launch(fleet: FakeFleet, clock: Clock, tmp_path: Path) -> Launch:
    return launch_of(fleet, tmp_path, clock)


def launch_of(fleet: FakeFleet, folder: Path, now: Callable[[], float], **given: Any) -> Launch:
    """A launch over a fleet; `config` may be given as keyword arguments of Config."""
    config = Config(**{"theme": "night", "clipboard": "osc52", **given.pop("config", {})})
    values: dict[str, Any] = {
        "config": config,
        "paths": Paths(folder / "config", folder / "state", folder / "cache"),
        "resources": (fleet.resource(),),
        "connect": fleet.connect,
        "memory": fleet,
        "now": now,
    }
    return Launch(**{**values, **given})


async def settled(pilot: Pilot[None]) -> None:
    """Wait until everything that was asked for is listed, filtered and drawn."""
    app = pilot.app
    assert isinstance(app, SsmtuiApp)
    for _ in range(200):
        await pilot.pause()
        workers = [worker for worker in app.workers if worker.group in ("work", "read")]
        feed = app.feed(app.main.resource)
        quiet = feed.ended > 0 and not feed.refreshing and app.main.pane.table.settled
        if (quiet or app.connect_problem is not None) and all(w.is_finished for w in workers):
            break
    app.main.pane.table.drain()
    app.main.touch()
    await pilot.pause()


async def type_keys(pilot: Pilot[None], *keys: str) -> None:
    """Press keys: names of keys ("ctrl+s", "enter") one by one, any other text letter by letter."""
    for key in keys:
        if len(key) > 1 and not key.isspace() and (key in _NAMES or "+" in key):
            await pilot.press(key)
        else:
            for letter in key:
                await pilot.press(_LETTERS.get(letter, letter))
    await pilot.pause()


_NAMES = frozenset(
    [
        *("enter", "escape", "space", "tab", "up", "down", "left", "right", "home", "end"),
        *("pageup", "pagedown", "backspace"),
    ]
)
_LETTERS = {" ": "space"}


def screen_text(app: Any) -> str:
    """What is on the screen, line by line."""
    height = app.size.height
    strips = app.screen._compositor.render_strips(app.size)
    lines = ["".join(segment.text for segment in strip) for strip in strips]
    assert len(lines) == height
    return "\n".join(line.rstrip() for line in lines)


def with_names(nodes: Sequence[Node], names: Sequence[str]) -> list[Node]:
    """Nodes with other names, tags and systems: every free text of a row."""
    return [
        msgspec.structs.replace(node, name=name, tags={name: name}, os=name, type=name)
        for node, name in zip(nodes, names, strict=False)
    ]
