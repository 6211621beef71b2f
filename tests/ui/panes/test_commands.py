"""The Commands pane: what it shows, Enter, `w`, and how it is filtered."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from ssmtui.aws.mode import Mode
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.resources.base import Finished, Rows
from ssmtui.resources.commands import commands
from ssmtui.resources.commands.row import Command
from ssmtui.resources.invocations import invocations
from ssmtui.resources.invocations.row import Invocation
from ssmtui.resources.nodes import nodes
from ssmtui.ui.launch import NoMemory
from ssmtui.ui.panes.choose import pane_class
from ssmtui.ui.panes.commands import CommandsPane

# What the explorer's clock says in these tests.
NOW = 1_760_000_000.0


def command(scope: Any, number: int, **given: Any) -> Command:
    """Command `number` of a scope, sent so many minutes ago."""
    values: dict[str, Any] = {
        "account": scope.key.account,
        "region": scope.key.region,
        "id": f"{number:08x}-0000-4000-8000-{scope.key.account}",
        "status": "success",
        "details": "Success",
        "requested": NOW - 60 * number,
        "document": "AWS-RunShellScript",
        "name": f"deploy {number}",
        "what": "uptime",
        "on": "web-1",
        "node": ("i-00000001",),
        "targets": 1,
        "done": 1,
        "failed": 0,
        "undelivered": 0,
    }
    return Command(**{**values, **given})


class History:
    """Commands over the fleet's scopes, their invocations, and CloudTrail."""

    def __init__(self, fleet: Any) -> None:
        self.fleet = fleet
        self.rows: list[Command] = []
        self.opened: list[dict[str, str]] = []
        self.senders: dict[str, str] = {}
        self.looked_up: list[tuple[str, list[str]]] = []
        self.refusal: Problem | None = None
        self.trail = asyncio.Event()
        self.trail.set()

    def listing(self, scopes: Any, only: Any = None) -> Any:
        only = dict(only or {})
        self.opened.append(only)

        def fits(row: Command) -> bool:
            return (only.get("id") in (None, row.id)) and (
                "node" not in only or row.node is msgspec.UNSET or only["node"] in row.node
            )

        async def refresh(*, full: bool = False) -> Any:
            for scope in scopes:
                rows = [row for row in self.rows if row.key.scope == scope.key and fits(row)]
                if "node" in only:
                    rows = [msgspec.structs.replace(row, node=(only["node"],)) for row in rows]
                yield Rows(scope.key, rows)
                yield Finished(scope.key, "commands")

        return SimpleNamespace(refresh=refresh)

    def invocations(self, scopes: Any, only: Any) -> Any:
        async def refresh(*, full: bool = False) -> Any:
            for scope in scopes:
                rows = [
                    Invocation(
                        account=row.account,
                        region=row.region,
                        command=row.id,
                        node="i-00000001",
                        name="web-1",
                        status=row.status,
                        code=0,
                        requested=row.requested,
                        title=row.name,
                        said="up 3 days",
                    )
                    for row in self.rows
                    if row.key.scope == scope.key and only["command"] == row.id
                ]
                yield Rows(scope.key, rows)
                yield Finished(scope.key, "invocations")

        return SimpleNamespace(refresh=refresh)

    async def look_up(self, scope: Any, rows: Any) -> Any:
        self.looked_up.append((scope.name, [row.id for row in rows]))
        for row in rows:
            await self.trail.wait()
            if self.refusal is not None:
                raise ProblemError(self.refusal)
            if row.id in self.senders:
                yield {row.key: {"who": self.senders[row.id], "sender": "arn", "mine": False}}

    def world(self) -> dict[str, Any]:
        """What the explorer is opened with."""
        resources = (
            msgspec.structs.replace(self.fleet.resource(), links=nodes().links),
            msgspec.structs.replace(
                commands(), listing=self.listing, narrowed=self.listing, look_up=self.look_up
            ),
            msgspec.structs.replace(invocations(), narrowed=self.invocations),
        )
        return {"resources": resources, "memory": NoMemory()}


def said(session: Any) -> str:
    """The latest notice."""
    return str(next(iter(session.app.notices)).text)


@pytest.fixture
def history(explorer) -> History:
    made = History(explorer.fleet)
    dev, staging, _ = explorer.fleet.scopes
    made.rows = [
        command(dev, 1, status="running", details="InProgress", targets=12, done=7),
        command(dev, 2, status="failed", details="Failed", failed=1, document="shop-deploy"),
        command(staging, 3, who="ops", mine=True),
        command(staging, 4000, name=None, node=msgspec.UNSET, on="Env=prod"),
    ]
    return made


def test_which_pane() -> None:
    assert pane_class(commands()) is CommandsPane


async def test_five_shows_what_ran_the_latest_first(explorer, history) -> None:
    async with explorer.open(size=(140, 30), **history.world()) as session:
        await session.type("5")
        names = [row.name for row in session.app.main.pane.view.rows(0, 9)]
        assert names == ["deploy 1", "deploy 2", "deploy 3", None]
        for words in ("running", "7/12", "shop-deploy", "❺Commands", "ops"):
            assert words in session.text
        # Of the others nobody knows who has sent them.
        assert session.app.main.pane.row.who is msgspec.UNSET


async def test_the_header_says_what_goes_on(explorer, history) -> None:
    async with explorer.open(size=(140, 30), **history.world()) as session:
        await session.type("5")
        await session.app.main.running.look()
        await session.settle()
        assert "running 1 (1 not yours)" in session.text
        assert session.text.count("running 1") == 1
        await session.type("1")
        assert "running 1 (1 not yours)" in session.text


async def test_ctrl_z_keeps_what_failed(explorer, history) -> None:
    async with explorer.open(**history.world()) as session:
        await session.type("5", "<ctrl+z>")
        assert [row.name for row in session.app.main.pane.view.rows(0, 9)] == ["deploy 2"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("requested>1d", [None]),
        ("status=failed", ["deploy 2"]),
        ("document=shop-*", ["deploy 2"]),
        ("mine=yes", ["deploy 3"]),
        ("deploy", ["deploy 1", "deploy 2", "deploy 3"]),
    ],
)
async def test_filters(explorer, history, text: str, names: list[Any]) -> None:
    async with explorer.open(**history.world()) as session:
        await session.type("5", "/", text, "<enter>")
        assert [row.name for row in session.app.main.pane.view.rows(0, 9)] == names


async def test_for_a_node_the_service_is_asked_and_esc_brings_the_rest_back(
    explorer, history
) -> None:
    async with explorer.open(**history.world()) as session:
        await session.type("5", "/", "node=i-00000001", "<enter>")
        pane = session.app.main.pane
        # The one for a tag is among them: the service knows.
        assert len(pane.view) == 4
        assert history.opened[-1] == {"node": "i-00000001"}
        await session.type("<escape>")
        assert len(pane.view) == 4
        assert history.opened[-1] == {}
        assert pane.view.counts.unknown == 0


async def test_a_node_leads_to_its_commands(explorer, history) -> None:
    node = explorer.fleet.rows[explorer.fleet.scopes[0].key][0]
    explorer.fleet.rows[explorer.fleet.scopes[0].key][0] = msgspec.structs.replace(
        node, id="i-00000001"
    )
    async with explorer.open(**history.world()) as session:
        await session.type("/", "id=i-00000001", "<enter>", "<enter>")
        assert "commands" in session.text
        await session.type("<enter>")
        assert session.app.main.resource.name == "commands"
        assert session.app.main.pane.filter == "node=i-00000001"
        await session.type("<escape>")
        assert session.app.main.resource.name == "nodes"


class Unreadable:
    """Others' commands where none can be read."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def open(self, scope: Any, command: Any) -> Any:
        self.asked.append(command.id)
        raise ProblemError(Problem(ProblemKind.DENIED, "it may not be read"))

    def ask_again(self, scope: Any, command: Any) -> None:
        self.asked.append(f"again {scope.name} {command.id}")

    async def close(self) -> None:
        pass


async def test_a_command_that_cannot_be_read_leads_to_its_invocations_and_esc_back_to_its_row(
    explorer, history
) -> None:
    async with explorer.open(size=(120, 30), **history.world()) as session:
        session.app.rolling.others = Unreadable()
        await session.type("5", "<down>", "<enter>")
        assert session.app.rolling.others.asked == [history.rows[1].id]
        assert "it may not be read" in said(session)
        main = session.app.main
        assert (main.resource.name, main.pane.filter) == (
            "invocations",
            f"command={history.rows[1].id}",
        )
        assert "up 3 days" in session.text
        await session.type("<escape>")
        assert main.resource.name == "commands"
        assert main.pane.row.name == "deploy 2"


async def test_enter_on_ones_own_rollout_leads_to_its_board(explorer, history) -> None:
    history.rows[0] = msgspec.structs.replace(history.rows[0], mine=True, rollout="7f3a91c2")
    shown: list[str] = []

    async def open_rollout(rollout: str) -> str:
        return rollout

    async with explorer.open(**history.world()) as session:
        session.app.rolling = SimpleNamespace(
            open=open_rollout, show=shown.append, close=open_rollout, sending=False
        )
        await session.type("5", "<enter>")
        assert shown == ["7f3a91c2"]
        assert session.app.main.resource.name == "commands"
        del session.app.__dict__["rolling"]


async def test_a_rollout_that_is_no_longer_on_record_is_shown_by_its_invocations(
    explorer, history
) -> None:
    history.rows[0] = msgspec.structs.replace(history.rows[0], mine=True, rollout="7f3a91c2")
    async with explorer.open(**history.world()) as session:
        session.app.rolling.others = Unreadable()
        await session.type("5", "<enter>")
        assert session.app.main.resource.name == "invocations"
        told = [str(notice.text) for notice in session.app.notices]
        assert any("There is no rollout 7f3a91c2 on record" in words for words in told)


async def test_r_runs_the_command_under_the_cursor_again_where_changes_are_allowed(
    explorer, history, fleet
) -> None:
    fleet.scopes[0].base = Mode.CONNECT  # the one that the row is in; another one allows changes
    async with explorer.open(size=(120, 30), **history.world()) as session:
        session.app.rolling.others = Unreadable()
        await session.type("5")
        assert "r run again" not in session.text
        await session.type("r")
        assert session.app.rolling.others.asked == []
        await session.type(":arm", "<enter>")
        await session.type("<down>", "r")
        assert session.app.rolling.others.asked == [f"again dev {history.rows[1].id}"]
        assert "r run again" in session.text


async def test_invocations_of_everything_are_not_listed(explorer, history) -> None:
    async with explorer.open(**history.world()) as session:
        await session.type(":", "invocations", "<enter>")
        assert "There are too many invocations to list them all" in session.text
        assert "Say command=ID or node=ID" in session.text


async def test_w_asks_cloudtrail_for_the_marked_ones(explorer, history) -> None:
    history.senders = {history.rows[0].id: "jane", history.rows[3].id: "omar"}
    async with explorer.open(size=(140, 30), **history.world()) as session:
        await session.type("5", "*", "w")
        # Who has sent the third is known, and is not asked for again.
        assert dict(history.looked_up) == {
            "dev": [history.rows[0].id, history.rows[1].id],
            "staging": [history.rows[3].id],
        }
        pane = session.app.main.pane
        assert [row.who for row in pane.view.rows(0, 9)] == ["jane", msgspec.UNSET, "ops", "omar"]
        assert said(session) == "CloudTrail knows who has sent 2 of 3: it is some minutes behind"
        assert pane.notes == []


async def test_esc_stops_asking(explorer, history) -> None:
    history.trail.clear()
    async with explorer.open(size=(140, 30), **history.world()) as session:
        await session.type("5")
        await session.pilot.press("w")
        await session.wait_for(lambda: history.looked_up)
        pane = session.app.main.pane
        assert pane.notes == ["asking CloudTrail: 0 of 1, Esc stops"]
        await session.pilot.press("escape")
        await session.wait_for(lambda: not pane.notes)
        assert session.app.main.resource.name == "commands"
        assert pane.row.who is msgspec.UNSET


async def test_what_cloudtrail_refuses_is_told(explorer, history) -> None:
    history.refusal = Problem(ProblemKind.DENIED, "dev may not look up events")
    async with explorer.open(**history.world()) as session:
        await session.type("5", "w")
        assert said(session).startswith("dev may not look up events")
        assert "CloudTrail knows" not in session.text


async def test_who_is_known_is_not_asked_for(explorer, history) -> None:
    history.rows = history.rows[2:3]
    async with explorer.open(**history.world()) as session:
        await session.type("5", "w")
        assert history.looked_up == []
        assert "Who has sent it is known already" in session.text


async def test_what_can_be_copied(explorer, history) -> None:
    async with explorer.open(**history.world()) as session:
        await session.type("5")
        pane = session.app.main.pane
        names = {name for _, name, _ in pane.copies(history.rows[0])}
        assert names == {"id", "name", "document", "ids of its nodes"}
        assert "ids of its nodes" not in {name for _, name, _ in pane.copies(history.rows[3])}
