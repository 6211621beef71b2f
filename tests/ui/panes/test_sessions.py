"""The session board: Enter to the node and back, Ctrl-D through a dialog."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from ssmtui.aws.mode import Mode
from ssmtui.aws.scope import Change, Outcome
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.resources.base import Finished, Rows
from ssmtui.resources.nodes import nodes
from ssmtui.resources.sessions import sessions
from ssmtui.resources.sessions.row import Session
from ssmtui.ui.launch import NoMemory
from ssmtui.ui.panes.choose import pane_class
from ssmtui.ui.panes.sessions import NAMED, SessionsPane, confirmation
from ssmtui.ui.screens.dialogs import Confirm

# What the explorer's clock says in these tests.
NOW = 1_760_000_000.0


def session(scope: Any, number: int, **given: Any) -> Session:
    """Session `number` of a scope: it has gone on for so many minutes."""
    values: dict[str, Any] = {
        "account": scope.key.account,
        "region": scope.key.region,
        "id": f"jane-{number:04d}-{scope.name}",
        "status": "Connected",
        "owner": "jane",
        "name": f"web-{number:04d}",
        "node": f"i-{number}",
        "document": "SSM-SessionManagerRunShell",
        "reason": None,
        "started": NOW - 60 * number,
        "ended": None,
    }
    return Session(**{**values, **given})


class Board:
    """Sessions over the fleet's scopes, and what became of TerminateSession."""

    def __init__(self, fleet: Any) -> None:
        self.fleet = fleet
        self.rows: list[Session] = []
        self.sent: list[tuple[str, str]] = []
        self.refusals: dict[str, Problem] = {}
        self.outcome = Outcome.DONE
        self.listings = 0
        for scope in fleet.scopes:
            scope.change = self._change_in(scope)

    def _change_in(self, scope: Any) -> Any:
        async def change(service: str, operation: str, params: Any, **_: Any) -> Change:
            assert (service, operation) == ("ssm", "TerminateSession")
            if scope.mode is Mode.LOOK:
                raise ProblemError(Problem(ProblemKind.MODE, "not in look mode"))
            session_id = params["SessionId"]
            self.sent.append((scope.name, session_id))
            if session_id in self.refusals:
                return Change(Outcome.REFUSED, "aws", problem=self.refusals[session_id])
            self.rows = [
                msgspec.structs.replace(row, status="Terminated", ended=NOW)
                if row.id == session_id
                else row
                for row in self.rows
            ]
            return Change(Outcome.DONE, "aws")

        return change

    def listing(self, scopes: Any) -> Any:
        async def refresh(*, full: bool = False) -> Any:
            self.listings += 1
            for scope in scopes:
                yield Rows(scope.key, [row for row in self.rows if row.key.scope == scope.key])
                yield Finished(scope.key, "active")
                yield Finished(scope.key, "history")

        return SimpleNamespace(refresh=refresh)

    def world(self) -> dict[str, Any]:
        """What the explorer is opened with."""
        return {"resources": self.resources(), "memory": NoMemory()}

    def resources(self) -> tuple[Any, ...]:
        fleet_nodes = msgspec.structs.replace(self.fleet.resource(), links=nodes().links)
        return fleet_nodes, msgspec.structs.replace(sessions(), listing=self.listing)


@pytest.fixture
def board(explorer) -> Board:
    return Board(explorer.fleet)


@pytest.fixture
def dev(explorer) -> Any:
    return explorer.fleet.scopes[0]


@pytest.fixture
def prod(explorer) -> Any:
    return explorer.fleet.scopes[2]


def test_which_pane() -> None:
    assert pane_class(sessions()) is SessionsPane


async def test_own_ones_that_go_on_stand_first(explorer, board, dev) -> None:
    board.rows = [
        session(dev, 1, owner="ann", status="Terminated", ended=NOW),
        session(dev, 2, owner="bob"),
        session(dev, 3, owner="ops", mine=True),
        session(dev, 4, owner="ops", mine=True, status="Failed", ended=NOW),
    ]
    async with explorer.open(**board.world(), command=":sess") as s:
        table = s.app.main.pane.table
        assert [row.owner for row in table.view.rows(0, 4)] == ["ops", "bob", "ops", "ann"]
        await s.type("<ctrl+z>")
        assert [row.status for row in table.view.rows(0, 4)] == ["Failed"]


async def test_enter_goes_to_the_node_and_esc_comes_back_to_the_row(explorer, board, dev) -> None:
    node = explorer.fleet.rows[dev.key][5]
    board.rows = [session(dev, n, node=node.id if n == 3 else f"i-{n}") for n in range(1, 6)]
    async with explorer.open(**board.world(), command=":sessions") as s:
        await s.type("<down>", "<down>")
        assert s.app.main.pane.row.id == "jane-0003-dev"
        await s.type("<enter>")
        assert s.app.main.resource.name == "nodes"
        assert [row.id for row in s.app.main.pane.view.rows(0, 9)] == [node.id]
        # What is typed over the link's filter is cleared first.
        await s.type("/", " web", "<enter>")
        assert s.app.main.pane.filter.endswith(" web")
        await s.type("<escape>")
        assert s.app.main.pane.filter == f"id={node.id}"
        # Others may have come above it meanwhile.
        board.rows.append(session(dev, 0))
        await s.type("<escape>")
        assert s.app.main.resource.name == "sessions"
        await s.type("<ctrl+r>")
        assert s.app.main.pane.row.id == "jane-0003-dev"
        assert s.app.main.pane.table.cursor_line == 3


async def test_a_node_leads_to_its_sessions(explorer, board, dev) -> None:
    node = explorer.fleet.rows[dev.key][0]
    board.rows = [session(dev, 1, node=node.id), session(dev, 2)]
    async with explorer.open(**board.world(), command=f":no id={node.id}") as s:
        # Changes are not among the resources here, so there is no menu.
        await s.type("<enter>")
        assert s.app.main.resource.name == "sessions"
        assert [row.id for row in s.app.main.pane.view.rows(0, 9)] == ["jane-0001-dev"]


async def test_several_links_are_a_menu(explorer, board, dev) -> None:
    fleet_nodes, own = board.resources()
    others = msgspec.structs.replace(
        own, name="changes", singular="change", aliases=(), title="Changes", columns=own.columns
    )
    async with explorer.open(resources=(fleet_nodes, own, others), memory=NoMemory()) as s:
        await s.type("<enter>")
        assert "Go from " in s.text
        await s.type("<down>", "<enter>")
        assert s.app.main.resource.name == "changes"


async def test_ctrl_d_ends_the_row_after_a_dialog(explorer, board, dev) -> None:
    board.rows = [session(dev, 12, reason="INC-1"), session(dev, 13)]
    async with explorer.open(**board.world(), command=":sessions") as s:
        await s.type("<ctrl+d>")
        await s.wait_for(lambda: isinstance(s.app.screen, Confirm))
        await s.pilot.pause()
        assert "End 1 session" in s.text
        assert "As ops in dev (111111111111/eu-west-1)" in s.text
        assert "jane on web-0012 · 12m · INC-1" in s.text
        assert "1 of 1 session not opened by you" in s.text
        assert "Cancel" in s.text
        # The focus is on Cancel.
        await s.type("<enter>")
        assert board.sent == []
        listings = board.listings
        await s.type("<ctrl+d>")
        await s.type("<right>", "<enter>")
        assert board.sent == [("dev", "jane-0012-dev")]
        await s.wait_for(lambda: board.listings == listings + 1)
        await s.settle()
        assert "Ended 1 of 1 session" in s.text
        assert "Terminated" in s.text


async def test_marked_ones_are_frozen_and_what_fails_stays_said(explorer, board, dev) -> None:
    board.rows = [session(dev, n) for n in range(1, 4)]
    board.rows.append(session(dev, 4, status="Terminated", ended=NOW))
    board.refusals["jane-0002-dev"] = Problem(ProblemKind.DENIED, "dev may not end it")
    async with explorer.open(**board.world(), command=":sessions") as s:
        await s.type("*", "/web-0001", "<enter>", "<ctrl+d>")
        await s.wait_for(lambda: isinstance(s.app.screen, Confirm))
        await s.pilot.pause()
        assert "End 3 sessions" in s.text
        assert "Marked, and not shown now: 2" in s.text
        assert "1 marked too, and over already" in s.text
        # One more that comes now is not among them.
        board.rows.append(session(dev, 5))
        await s.type("<right>", "<enter>")
        assert {session_id for _, session_id in board.sent} == {
            f"jane-000{n}-dev" for n in (1, 2, 3)
        }
        assert "Ended 2 of 3 sessions" in s.text
        # What is left stays marked, to be tried again.
        assert {key.id for key in s.app.main.pane.view.marks} == {"jane-0002-dev", "jane-0004-dev"}
        await s.type("!")
        assert "dev may not end it" in s.text


async def test_what_has_ended_is_not_ended_again(explorer, board, dev) -> None:
    board.rows = [session(dev, 1, status="Failed", ended=NOW)]
    async with explorer.open(**board.world(), command=":sessions") as s:
        await s.type("<ctrl+d>")
        assert "It has ended already" in s.text
        assert board.sent == []


async def test_production_asks_for_the_alias(explorer, board, prod) -> None:
    board.rows = [session(prod, 1)]
    async with explorer.open(**board.world(), command=":sessions") as s:
        await s.type("<ctrl+d>")
        await s.wait_for(lambda: isinstance(s.app.screen, Confirm))
        await s.pilot.pause()
        assert "Type the account's alias to go on" in s.text
        assert s.app.screen.query_one("#do").disabled
        s.app.screen.set_focus(s.app.screen.query_one("Input"))
        await s.type("shop-prod", "<enter>", "<right>", "<enter>")
        assert board.sent == [("prod", "jane-0001-prod")]


async def test_look_mode_neither_binds_nor_offers_it(explorer, board, dev) -> None:
    board.rows = [session(dev, 1)]
    for scope in explorer.fleet.scopes:
        scope.base = Mode.LOOK
    async with explorer.open(**board.world(), command=":sessions") as s:
        assert "terminate" not in s.text
        await s.type("<ctrl+d>")
        assert not isinstance(s.app.screen, Confirm)
        await s.type(":terminate", "<enter>")
        assert ":terminate needs" in s.text
        assert board.sent == []


async def test_copies(explorer, board, dev) -> None:
    board.rows = [session(dev, 1)]
    async with explorer.open(**board.world(), command=":sessions") as s:
        choices = {name: text for name, _, text in s.app.main.pane.copies(board.rows[0])}
    assert choices["arn"] == "arn:aws:ssm:eu-west-1:111111111111:session/jane-0001-dev"
    assert choices["node"] == "i-1"
    assert "s3" not in choices


def test_a_dialog_stays_short(explorer, dev, prod) -> None:
    rows = [session(dev, n) for n in range(NAMED + 3)]
    dialog = confirmation(rows, [dev, prod], hidden=rows[:1], ended=0, now=NOW)
    assert "and 2 more" in dialog._lines
    assert dialog._word == "shop-prod"


def test_an_account_without_an_alias_asks_for_its_id(dev, prod) -> None:
    prod.alias = None
    dialog = confirmation([session(prod, 1)], [prod], hidden=[], ended=0, now=NOW)
    assert (dialog._word, dialog._asks_for) == (prod.key.account, "the account's id")


def test_several_production_accounts_ask_for_every_alias(dev, prod) -> None:
    dev.production = True
    rows = [session(dev, 1), session(prod, 1)]
    dialog = confirmation(rows, [dev, prod], hidden=[], ended=0, now=NOW)
    assert dialog._word == "shop-dev shop-prod"
    assert dialog._asks_for == "the aliases of the 2 accounts, with spaces between"
