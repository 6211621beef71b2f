"""Sessions over several scopes, against the simulated fleet."""

from __future__ import annotations

from ssmtui.core.columns import UNKNOWN
from ssmtui.resources.base import Finished
from ssmtui.resources.sessions import ACTIVE, HISTORY, STAGES
from ssmtui.resources.sessions.listing import SessionListing


async def test_everyones_sessions_of_all_scopes(open_fleet, board, service):
    async with open_fleet(nodes=300, accounts=2, regions=2) as fleet:
        await board.read(SessionListing(fleet.scopes))
        assert board.problems == []
        assert set(board.rows) == set(service(fleet).records())
        assert board.active == set(service(fleet).records(active=True))
        assert len(board.ended) == 4 * len(STAGES)


async def test_own_ones_are_known_by_their_owners_arn(open_fleet, board):
    async with open_fleet(nodes=60) as fleet:
        (scope,) = fleet.scopes
        status = {"State": "Active"}
        page = await scope.read("ssm", "DescribeSessions", status)
        target = page["Sessions"][0]["Target"]
        change = await scope.change(
            "ssm", "StartSession", {"Target": target, "Reason": "look"}, intent="test"
        )
        await board.read(SessionListing(fleet.scopes))
        own = [row for row in board.rows.values() if row.mine]
        assert [row.id for row in own] == [change.answer["SessionId"]]
        assert (own[0].owner, own[0].reason, own[0].node) == (scope.identity, "look", target)
        assert own[0].status == "Connecting"


async def test_one_failing_scope_leaves_the_others(open_fleet, board, service):
    async with open_fleet(nodes=200, regions=2) as fleet:
        broken, whole = (scope.key for scope in fleet.scopes)
        fleet.endpoint.faults.add(f"denied ssm:DescribeSessions region={broken.region}")
        await board.read(SessionListing(fleet.scopes))
        assert {scope for (scope, _), problem in board.ended.items() if problem} == {broken}
        assert {row.region for row in board.rows.values()} == {whole.region}
        assert len(board.rows) == sum(
            record.region == whole.region for record in service(fleet).records().values()
        )


async def test_nodes_are_named_where_a_name_is_known(open_fleet, board):
    async with open_fleet(nodes=60) as fleet:
        await board.read(SessionListing(fleet.scopes))
        assert {row.name for row in board.rows.values()} == {UNKNOWN}
        known = next(iter(board.rows.values())).node
        listing = SessionListing(
            fleet.scopes, lambda keys: {key: f"web {key.id}" for key in keys if key.id == known}
        )
        await board.read(listing)
        names = {(row.node == known, row.name) for row in board.rows.values()}
        assert names == {(True, f"web {known}"), (False, UNKNOWN)}
        # A refresh does not forget it.
        await board.read(listing, full=True)
        assert {(row.node == known, row.name) for row in board.rows.values()} == names


async def test_closing_half_way_ends_the_calls(open_fleet):
    async with open_fleet(nodes=50, regions=2) as fleet:
        silent = fleet.scopes[0].key.region
        fleet.endpoint.faults.add(f"hang ssm:DescribeSessions region={silent}")
        events = SessionListing(fleet.scopes).refresh()
        first = await anext(events)
        assert first.scope == fleet.scopes[1].key
        await events.aclose()


async def test_the_active_ones_come_before_the_history(open_fleet):
    async with open_fleet(nodes=120) as fleet:
        stages = [
            event.stage
            async for event in SessionListing(fleet.scopes).refresh()
            if isinstance(event, Finished)
        ]
        assert stages == [ACTIVE, HISTORY]
