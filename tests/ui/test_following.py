"""Who is followed, what may be followed there, and what is asked before."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, ClassVar

import msgspec
import pytest

from ssmtui.aws.mode import Mode
from ssmtui.core.columns import UNKNOWN
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.resources.nodes import nodes
from ssmtui.sessions.follow import follow as follow_module
from ssmtui.sessions.follow import node as node_module
from ssmtui.sessions.follow.follow import Follow
from ssmtui.simulator.agent.sessions import Sessions, connected
from ssmtui.ui.screens.follow import FollowPage


class Silent:
    """A Follow in which nothing happens."""

    made: ClassVar[list[Silent]] = []
    problems: ClassVar[list[Problem]] = []

    def __init__(self, nodes: Any, source: Any, *, lines: int, reason: str) -> None:
        self.nodes, self.source, self.lines, self.reason = nodes, source, lines, reason
        Silent.made.append(self)

    def start(self) -> None:
        pass

    def __aiter__(self) -> Silent:
        return self

    async def __anext__(self) -> list[Any]:
        await asyncio.Event().wait()
        raise AssertionError

    async def close(self) -> list[Problem]:
        return Silent.problems


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> list[Silent]:
    Silent.made, Silent.problems = [], []
    monkeypatch.setattr(follow_module, "Follow", Silent)
    return Silent.made


@pytest.fixture
def of_platforms(explorer: Any) -> Any:
    """Give the first nodes of the list these platforms."""

    def give(*platforms: Any) -> None:
        rows = [row for rows in explorer.fleet.rows.values() for row in rows]
        first = sorted(rows, key=lambda row: (row.name, row.key))[: len(platforms)]
        wanted = dict(zip((row.key for row in first), platforms, strict=True))
        for scope, rows in explorer.fleet.rows.items():
            explorer.fleet.rows[scope] = [
                msgspec.structs.replace(row, platform=wanted.get(row.key, row.platform))
                for row in rows
            ]

    return give


async def opened(s: Any) -> Any:
    await s.wait_for(lambda: isinstance(s.app.screen, FollowPage))
    return Silent.made[-1]


async def test_the_command_names_the_log(explorer: Any) -> None:
    async with explorer.open() as s:
        await s.type(":tail unit nginx", "<enter>")
        follow = await opened(s)
        assert (follow.source.kind, follow.source.name) == ("unit", "nginx")
        assert "unit nginx" in s.text.split("\n")[0]


async def test_a_windows_node_has_event_logs(explorer: Any, of_platforms: Any) -> None:
    of_platforms("windows")
    async with explorer.open() as s:
        await s.type("l")
        await s.wait_for(lambda: "event log System" in s.text)
        assert "/var/log" not in s.text
        await s.type("<enter>")
        follow = await opened(s)
        assert (follow.source.kind, follow.source.name) == ("event log", "System")
        assert follow.nodes[0].platform == "windows"


async def test_nodes_without_such_a_thing_are_left_out(explorer: Any, of_platforms: Any) -> None:
    of_platforms("windows", "linux", "linux")
    async with explorer.open() as s:
        await s.type("<space>", "j", "<space>", "j", "<space>", ":tail unit app", "<enter>")
        follow = await opened(s)
        assert [node.platform for node in follow.nodes] == ["linux", "linux"]
        assert "Left out: 1 node without a unit" in s.text


async def test_where_nobody_has_it_the_line_stays(explorer: Any) -> None:
    async with explorer.open() as s:
        await s.type("l", "<ctrl+u>", "event log System", "<enter>")
        assert "There is no event log on a linux node" in s.text
        assert Silent.made == []


async def test_a_node_without_an_agent_cannot_be_followed(explorer: Any, of_platforms: Any) -> None:
    of_platforms(UNKNOWN)
    async with explorer.open(size=(140, 30)) as s:
        await s.type("l")
        assert "has no agent" in " ".join(s.text.split())
        assert Silent.made == []


async def test_what_was_followed_is_remembered(explorer: Any) -> None:
    async with explorer.open() as s:
        await s.type(":tail /srv/a b.log", "<enter>")
        await opened(s)
        path = s.app.following.history.path
        await s.type("<escape>", "l")
        await s.wait_for(lambda: "/srv/a b.log" in s.text)
    assert json.loads(path.read_text()) == ["/srv/a b.log"]
    assert path.stat().st_mode & 0o777 == 0o600
    async with explorer.open() as s:
        await s.type("l", "<enter>")
        assert (await opened(s)).source.name == "/srv/a b.log"


async def test_many_are_asked_about_first_and_too_many_refused(explorer: Any) -> None:
    async with explorer.open(size=(140, 40)) as s:
        await s.type("*", ":tail /a", "<enter>")
        await s.wait_for(lambda: "at most 200 are" in " ".join(s.text.split()))
        await s.type("/", "name=web-*", "<enter>", "<ctrl+backslash>", "*", ":tail /a", "<enter>")
        await s.wait_for(lambda: "Follow /a on 60 nodes" in s.text)
        await s.type("<enter>")
        assert Silent.made == []


async def test_namesakes_are_told_apart(explorer: Any) -> None:
    fleet = explorer.fleet
    for scope, rows in fleet.rows.items():
        fleet.rows[scope] = [msgspec.structs.replace(row, name="same") for row in rows[:1]]
    async with explorer.open() as s:
        await s.type("*", ":tail /a", "<enter>")
        follow = await opened(s)
        assert len({node.label for node in follow.nodes}) == 3
        assert all(node.label == f"same/{node.key.id}" for node in follow.nodes)


async def test_a_reason_may_be_required(explorer: Any) -> None:
    async with explorer.open(config={"session_reason": True}) as s:
        await s.type(":tail /a", "<enter>")
        await s.wait_for(lambda: "Reason for the sessions" in s.text)
        await s.type("INC-7", "<enter>")
        assert (await opened(s)).reason == "INC-7"


async def test_look_mode_offers_no_log(explorer: Any) -> None:
    for scope in explorer.fleet.scopes:
        scope.base = Mode.LOOK
    async with explorer.open() as s:
        assert "l log" not in s.text
        await s.type("l")
        await s.type(":tail /a", "<enter>")
        assert Silent.made == []
        assert ":tail needs connect mode" in " ".join(s.text.split())


async def test_a_key_can_be_another(explorer: Any) -> None:
    async with explorer.open(config={"keys": {"tail": "f4", "log-pause": "p"}}) as s:
        await s.type("<f4>", "<ctrl+u>", "/a", "<enter>")
        await opened(s)
        await s.type("p")
        assert s.app.screen.reading.paused


async def test_a_session_that_stays_open_is_said(explorer: Any) -> None:
    async with explorer.open(size=(140, 30)) as s:
        await s.type(":tail /a", "<enter>")
        await opened(s)
        Silent.problems = [Problem(ProblemKind.SERVICE, "Session x stays open")]
        await s.type("<escape>")
        await s.wait_for(lambda: "Session x stays open" in " ".join(s.text.split()))


@pytest.fixture
def of_the_fleet(explorer: Any, open_fleet: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An explorer on the simulated fleet, over real connections."""
    monkeypatch.setattr(node_module, "WAITS", (0.01,))
    monkeypatch.setattr(follow_module, "Follow", Follow)

    @asynccontextmanager
    async def opened(log: str, wanted: Callable[[Any], bool]) -> AsyncIterator[Any]:
        async with open_fleet(nodes=60) as fleet:

            @asynccontextmanager
            async def connect() -> AsyncIterator[Any]:
                async def resolve() -> Any:
                    return fleet.scopes, []

                yield SimpleNamespace(resolve=resolve)

            class Nothing:
                def __getattr__(self, name: str) -> Any:
                    return lambda *_, **__: []

            node = next(n for n in fleet.world.nodes.values() if connected(n) and wanted(n))
            launch = {"connect": connect, "resources": (nodes(),), "memory": Nothing()}
            async with explorer.open(size=(120, 24), **launch) as s:
                await s.type("/", f"id={node.id}", "<enter>", f":tail {log}", "<enter>")
                await s.wait_for(lambda: isinstance(s.app.screen, FollowPage))
                sessions = fleet.world.part(Sessions)
                yield SimpleNamespace(s=s, fleet=fleet, node=node, sessions=sessions)
                await s.type("<escape>")
                await s.wait_for(lambda: not [one for one in sessions if one.active])

    return opened


async def arrives(s: Any, pattern: str) -> None:
    """Wait for what comes over a real connection, in real time."""
    async with asyncio.timeout(20):
        while re.search(pattern, s.text) is None:
            await asyncio.sleep(0.02)
            await s.pilot.pause()


async def test_a_real_session_that_is_ended_is_said_and_joined_again(of_the_fleet: Any) -> None:
    async with of_the_fleet("/var/log/app.log", lambda n: not n.platform.windows) as f:
        await arrives(f.s, r"(?m)^ │ 20\d\d-.*(INFO|WARN|ERROR)")
        (session,) = [one for one in f.sessions if one.active]
        f.sessions.end(session)
        await arrives(f.s, r"! lost")
        await arrives(f.s, r"! following again")
        assert len(list(f.sessions)) == 2
        seen = f.s.text
        f.fleet.world.clock.advance(60)
        last = re.escape(seen.split("│")[-1].split(" ")[1])
        await arrives(f.s, rf"(?s){last}.*│ 20\d\d-")


async def test_a_node_that_is_offline_is_said_at_once_and_joined_when_it_comes(
    of_the_fleet: Any,
) -> None:
    async with of_the_fleet("/var/log/app.log", lambda n: not n.platform.windows) as f:
        await arrives(f.s, r"│ 20\d\d-")
        f.node.silent_since = f.fleet.world.clock.now
        f.node.state = "stopped"
        await arrives(f.s, r"! lost: .*not connected")
        f.node.silent_since, f.node.state = 0.0, "running"
        await arrives(f.s, r"! following again")


async def test_a_unit_of_the_journal(of_the_fleet: Any) -> None:
    async with of_the_fleet("unit amazon-ssm-agent", lambda n: not n.platform.windows) as f:
        await arrives(f.s, r"│ 20\d\d-.* amazon-ssm-agent\[\d+\]: ")


async def test_a_windows_event_log(of_the_fleet: Any) -> None:
    async with of_the_fleet("event log System", lambda n: n.platform.windows) as f:
        await arrives(f.s, r"│ 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 (Information|Warning|Error) ")
