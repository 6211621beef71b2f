"""A small fleet in memory behind the seams of AWS: scopes, nodes, and how they are listed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from ssmtui.aws.mode import Mode
from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.resources.base import Finished, Lacking, Progress, Resource, Rows, Section
from ssmtui.resources.nodes import is_problem
from ssmtui.resources.nodes.row import COLUMNS, Node

NOW = 1_760_000_000.0
DEV, STAGING, PROD = "111111111111", "222222222222", "333333333333"


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
    def own_names(self) -> tuple[str, ...]:
        return self.profile, self.key.account

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
        self._fleet.full += full
        for scope in self._scopes:
            await self._fleet.gate.wait()
            problem = self._fleet.problems.get(scope)
            rows = self._fleet.rows.get(scope, [])
            if problem is None:
                yield Rows(scope, rows)
                yield Progress(scope, "nodes", len(rows), len(rows))
            if scope in self._fleet.lacking:
                yield Lacking(scope, self._fleet.lacking[scope])
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
        self.lacking: dict[ScopeKey, Problem] = {}
        self.connect_problem: Problem | None = None
        self.unresolved: dict[ScopeKey, Problem] = {}
        self.detail_problem: Problem | None = None
        self.way = asyncio.Event()  # to the scopes
        self.way.set()
        self.gate = asyncio.Event()  # to their rows
        self.gate.set()
        self.listings = 0
        self.full = 0  # of those, how many read everything
        self.renewed: list[str | None] = []  # profiles whose credentials were read anew
        self.connections = 0
        self.remembered: dict[ScopeKey, tuple[float, list[Node]]] = {}
        self.saved: list[ScopeKey] = []
        self.trouble: list[Problem] = []  # of the files, put right and not told yet

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
        self.connections += 1
        if self.connect_problem is not None:
            raise ProblemError(self.connect_problem)

        async def resolve() -> tuple[list[Any], list[Problem]]:
            await self.way.wait()
            found = [scope for scope in self.scopes if scope.key not in self.unresolved]
            return found, list(self.unresolved.values())

        yield SimpleNamespace(resolve=resolve, renew=self.renewed.extend)

    def recall(self, resource: Any, scopes: Iterable[ScopeKey]) -> list[Any]:
        return [(key, *self.remembered[key]) for key in scopes if key in self.remembered]

    def events(self, key: Any, limit: int) -> list[tuple[float, str]]:
        return []

    def mended(self) -> list[Problem]:
        told, self.trouble = self.trouble, []
        return told

    def remember(self, resource: Any, scope: ScopeKey, rows: Sequence[Any], now: float) -> None:
        self.saved.append(scope)
        self.remembered[scope] = (now, list(rows))
