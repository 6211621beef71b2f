"""One scope's invocations: what a refresh asks for."""

from __future__ import annotations

from ssmtui.resources.invocations.listing import InvocationListing

COUNT, LIST = "ssm:ListCommands", "ssm:ListCommandInvocations"


async def test_a_command_is_followed_and_left_alone_once_it_has_ended(open_fleet, reader, service):
    async with open_fleet(nodes=60) as fleet:
        there = service(fleet)
        sent = await there.send(fleet.scopes[0], Parameters={"commands": ["sleep 60"]})
        there.pass_time(10)
        listing = InvocationListing(fleet.scopes, {"command": sent})
        await reader.read(listing)
        assert len(reader.rows) == 2
        assert all(row.active for row in reader.rows.values())
        there.calls()
        # Nothing has moved: one call says so.
        await reader.read(listing)
        assert there.calls() == {COUNT: 1}
        there.pass_time(300)
        await reader.read(listing)
        assert {row.status for row in reader.rows.values()} == {"success"}
        assert there.calls() == {COUNT: 1, LIST: 1}
        await reader.read(listing)
        assert there.calls() == {}
        # Only who asks for everything gets it again.
        await reader.read(listing, full=True)
        assert there.calls() == {COUNT: 1, LIST: 1}


async def test_a_command_that_is_not_there_is_no_trouble(open_fleet, reader):
    async with open_fleet(nodes=60) as fleet:
        listing = InvocationListing(
            fleet.scopes, {"command": "0b1c2d3e-0000-4000-8000-000000000001"}
        )
        await reader.read(listing)
        assert (reader.rows, reader.problems) == ({}, [])


async def test_a_nodes_new_ones_are_found_and_followed(open_fleet, reader, service):
    async with open_fleet(nodes=60) as fleet:
        there = service(fleet)
        (scope,) = fleet.scopes
        node = there.nodes(scope, 1)[0]
        listing = InvocationListing(fleet.scopes, {"node": node})
        await reader.read(listing)
        before = set(reader.rows)
        long = await there.send(scope, InstanceIds=[node], Parameters={"commands": ["sleep 400"]})
        there.pass_time(20)
        await reader.read(listing)
        assert reader.rows[f"{long}/{node}"].status == "running"
        there.pass_time(320)
        late = await there.send(scope, InstanceIds=[node])
        there.pass_time(10)
        await reader.read(listing)
        there.pass_time(900)
        there.calls()
        await reader.read(listing)
        assert set(reader.rows) == before | {f"{long}/{node}", f"{late}/{node}"}
        assert reader.rows[f"{long}/{node}"].status == "success"
        # What is new, and the one that was still going on.
        assert there.calls() == {LIST: 2}
        await reader.read(listing)
        assert there.calls() == {LIST: 1}
        assert reader.brought == []
