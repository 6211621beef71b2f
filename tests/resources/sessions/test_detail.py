"""What `d` and `y` show of a session."""

from __future__ import annotations

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.resources.sessions.detail import GROUPS, detail, raw, read_session
from ssmtui.resources.sessions.listing import SessionListing
from ssmtui.resources.sessions.row import COLUMNS, Session


def test_no_column_is_left_out():
    shown = {name for _, ids in GROUPS for name in ids}
    assert shown == {column.id for column in COLUMNS} - {"board"}


async def test_it_is_read_anew(open_fleet, board, service):
    async with open_fleet(nodes=120) as fleet:
        (scope,) = fleet.scopes
        await board.read(SessionListing(fleet.scopes))
        session = board.rows[min(board.active)]
        now = fleet.world.now
        pairs = {pair for section in await detail(scope, session, now) for pair in section.pairs}
        assert ("status", "Connected") in pairs
        assert any(label == "lasted" and text.endswith("so far") for label, text in pairs)
        service(fleet).end(session.id)
        pairs = {pair for section in await detail(scope, session, now) for pair in section.pairs}
        assert ("status", "Terminated") in pairs
        assert any(label == "end" and "ago · " in text for label, text in pairs)


async def test_the_services_own_answer(open_fleet, board):
    async with open_fleet() as fleet:
        await board.read(SessionListing(fleet.scopes))
        session = next(iter(board.rows.values()))
        answer = (await raw(fleet.scopes[0], session))["ssm:DescribeSessions"]
        assert answer["SessionId"] == session.id
        assert answer["StartDate"].endswith("Z")


async def test_one_that_is_no_more_is_said(open_fleet):
    async with open_fleet() as fleet:
        (scope,) = fleet.scopes
        gone = Session(account=scope.key.account, region=scope.region, id="jane-0")
        with pytest.raises(ProblemError, match="no session jane-0 any more"):
            await detail(scope, gone, 0.0)
        assert await read_session(scope, "jane-0", "Active") is None
