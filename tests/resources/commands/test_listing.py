"""Commands over several scopes, against the simulated fleet."""

from __future__ import annotations

from ssmtui.resources.commands.listing import CommandListing
from ssmtui.resources.commands.row import Origin


async def test_the_commands_of_all_scopes(open_fleet, reader, service):
    async with open_fleet(nodes=300, accounts=2, regions=2) as fleet:
        await reader.read(CommandListing(fleet.scopes))
        assert reader.problems == []
        assert set(reader.rows) == set(service(fleet).all())
        assert len(reader.ended) == 4


async def test_the_latest_come_first_and_page_by_page(open_fleet, reader, service):
    async with open_fleet(nodes=900) as fleet:
        there = service(fleet)
        there.calls()
        await reader.read(CommandListing(fleet.scopes))
        assert len(reader.rows) > 150
        assert there.calls()["ssm:ListCommands"] == -(-len(reader.rows) // 50)
        times = [reader.rows[each].requested for each in reader.brought]
        assert times == sorted(times, reverse=True)


async def test_one_scope_that_is_denied_leaves_the_others(open_fleet, reader):
    async with open_fleet(nodes=200, regions=2) as fleet:
        broken, whole = (scope.key for scope in fleet.scopes)
        fleet.endpoint.faults.add(f"denied ssm:ListCommands region={broken.region}")
        await reader.read(CommandListing(fleet.scopes))
        assert {scope for (scope, _), problem in reader.ended.items() if problem} == {broken}
        assert reader.problems[0].operation == "ssm:ListCommands"
        assert {row.region for row in reader.rows.values()} == {whole.region}


async def test_a_list_that_is_throttled_half_way_is_whole_all_the_same(open_fleet, reader, service):
    async with open_fleet(nodes=900, faults=["throttle ssm:ListCommands count=3"]) as fleet:
        await reader.read(CommandListing(fleet.scopes))
        assert reader.problems == []
        assert set(reader.rows) == set(service(fleet).all())


async def test_own_rollouts_are_known(open_fleet, reader, service):
    async with open_fleet(nodes=60) as fleet:
        sent = await service(fleet).send(
            fleet.scopes[0], Comment="ssmtui 7f3a91c2-0000 openssl fix"
        )
        service(fleet).pass_time(60)
        listing = CommandListing(
            fleet.scopes, origins=lambda: {"7f3a91c2": Origin("openssl fix", "ops")}
        )
        await reader.read(listing)
        row = reader.rows[sent]
        assert (row.name, row.who, row.mine, row.status) == ("openssl fix", "ops", True, "success")


async def test_closing_half_way_ends_the_calls(open_fleet):
    async with open_fleet(nodes=100, regions=2) as fleet:
        silent = fleet.scopes[0].key.region
        fleet.endpoint.faults.add(f"hang ssm:ListCommands region={silent}")
        events = CommandListing(fleet.scopes).refresh()
        first = await anext(events)
        assert first.scope == fleet.scopes[1].key
        await events.aclose()
