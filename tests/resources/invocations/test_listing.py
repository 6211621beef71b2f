"""Invocations of a command and of a node, against the simulated fleet."""

from __future__ import annotations

from ssmtui.core.columns import UNKNOWN
from ssmtui.resources.invocations.listing import InvocationListing


async def test_those_of_one_command_whichever_scope_it_is_in(open_fleet, reader, service):
    async with open_fleet(nodes=400, regions=2) as fleet:
        there = service(fleet)
        wanted = max(there.all().values(), key=lambda command: len(command.invocations))
        await reader.read(InvocationListing(fleet.scopes, {"command": wanted.id}))
        assert reader.problems == []
        assert set(reader.rows) == {f"{wanted.id}/{node}" for node in wanted.invocations}
        assert len(reader.rows) > 10


async def test_those_of_one_node(open_fleet, reader, service):
    async with open_fleet(nodes=300) as fleet:
        there = service(fleet)
        node = next(node for command in there.all().values() for node in command.invocations)
        await reader.read(InvocationListing(fleet.scopes, {"node": node}))
        wanted = {each.id for each in there.all().values() if node in each.invocations}
        assert {row.command for row in reader.rows.values()} == wanted
        assert {row.node for row in reader.rows.values()} == {node}


async def test_one_scope_that_is_denied_leaves_the_others(open_fleet, reader, service):
    async with open_fleet(nodes=200, regions=2) as fleet:
        broken = fleet.scopes[0].key
        fleet.endpoint.faults.add(f"denied ssm:ListCommandInvocations region={broken.region}")
        node = service(fleet).nodes(fleet.scopes[1], 1)[0]
        await reader.read(InvocationListing(fleet.scopes, {"node": node}))
        assert {scope for (scope, _), problem in reader.ended.items() if problem} == {broken}


async def test_names_that_the_service_does_not_tell_are_filled(open_fleet, reader, service):
    async with open_fleet(nodes=300) as fleet:
        wanted = next(
            command
            for command in service(fleet).all().values()
            if any(not each.name for each in command.invocations.values())
        )
        names = {}
        listing = InvocationListing(
            fleet.scopes,
            {"command": wanted.id},
            lambda keys: {key: names[key.id] for key in keys if key.id in names},
        )
        await reader.read(listing)
        nameless = [row.node for row in reader.rows.values() if row.name is UNKNOWN]
        assert nameless
        names.update({node: f"plant {node}" for node in nameless})
        await reader.read(listing, full=True)
        for node in nameless:
            assert reader.rows[f"{wanted.id}/{node}"].name == f"plant {node}"
