"""One scope's commands: what a refresh asks for, narrowing, and names."""

from __future__ import annotations

import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import RowKey
from ssmtui.resources.commands.listing import CommandListing
from ssmtui.resources.commands.row import Sender
from ssmtui.resources.commands.scope_commands import ONE_BY_ONE, WHOLE_SECONDS

LIST = "ssm:ListCommands"


async def test_a_refresh_where_nothing_has_happened_is_one_call_and_no_row(
    open_fleet, reader, service, clock
):
    async with open_fleet(nodes=900) as fleet:
        there = service(fleet)
        listing = CommandListing(fleet.scopes, clock=clock)
        await reader.read(listing)
        there.calls()
        await reader.read(listing)
        assert there.calls() == {LIST: 1}
        assert reader.brought == []
        assert reader.problems == []


async def test_new_ones_are_found_and_followed_to_their_end(open_fleet, reader, service, clock):
    async with open_fleet(nodes=60) as fleet:
        there = service(fleet)
        listing = CommandListing(fleet.scopes, clock=clock)
        await reader.read(listing)
        sent = await there.send(fleet.scopes[0], Parameters={"commands": ["sleep 400"]})
        there.pass_time(30)
        await reader.read(listing)
        assert reader.rows[sent].status == "running"
        # A newer one, so that what is new no longer goes back to the first.
        there.pass_time(350)
        await there.send(fleet.scopes[0])
        there.pass_time(20)
        await reader.read(listing)
        assert reader.rows[sent].status == "running"
        there.pass_time(600)
        there.calls()
        await reader.read(listing)
        assert reader.rows[sent].status == "success"
        # What is new, what is executing, and the one that is no longer.
        assert there.calls() == {LIST: 3}
        await reader.read(listing)
        assert there.calls() == {LIST: 1}


async def test_where_many_have_ended_all_are_read_again(open_fleet, reader, service, clock):
    async with open_fleet(nodes=60) as fleet:
        there = service(fleet)
        listing = CommandListing(fleet.scopes, clock=clock)
        sent = [
            await there.send(fleet.scopes[0], Parameters={"commands": ["sleep 100"]})
            for _ in range(ONE_BY_ONE + 1)
        ]
        there.pass_time(20)
        await reader.read(listing)
        assert {reader.rows[each].status for each in sent} == {"running"}
        there.pass_time(1000)
        await there.send(fleet.scopes[0])
        there.pass_time(20)
        # The first refresh finds the newer one, the second no longer sees the others among the new.
        await reader.read(listing)
        await reader.read(listing)
        assert {reader.rows[each].status for each in sent} == {"success"}


async def test_what_the_service_has_forgotten_is_gone_once_all_is_read_again(
    open_fleet, reader, service, clock
):
    async with open_fleet(nodes=300) as fleet:
        there = service(fleet)
        listing = CommandListing(fleet.scopes, clock=clock)
        await reader.read(listing)
        before = len(reader.rows)
        there.pass_time(20 * 86_400)
        await reader.read(listing)
        assert len(reader.rows) == before
        clock.now += WHOLE_SECONDS
        await reader.read(listing)
        assert set(reader.rows) == set(there.all())
        assert 0 < len(reader.rows) < before


async def test_a_nodes_own_history_is_asked_of_the_service(open_fleet, reader, service):
    async with open_fleet(nodes=300) as fleet:
        there = service(fleet)
        tagged = next(
            command
            for command in there.all().values()
            if command.request.targets and command.invocations
        )
        node = next(iter(tagged.invocations))
        there.calls()
        await reader.read(CommandListing(fleet.scopes, {"node": node}))
        wanted = {each.id for each in there.all().values() if node in each.invocations}
        assert set(reader.rows) == wanted
        assert all(node in row.node for row in reader.rows.values())
        assert there.calls() == {LIST: 1}


async def test_one_command_by_its_id_in_whichever_scope_it_is(open_fleet, reader, service):
    async with open_fleet(nodes=200, regions=2) as fleet:
        there = service(fleet)
        wanted = next(iter(there.all()))
        await reader.read(CommandListing(fleet.scopes, {"id": wanted}))
        assert set(reader.rows) == {wanted}
        assert reader.problems == []


async def test_what_goes_on_leaves_the_list_when_it_has_ended(open_fleet, reader, service):
    async with open_fleet(nodes=60) as fleet:
        there = service(fleet)
        sent = await there.send(fleet.scopes[0], Parameters={"commands": ["sleep 60"]})
        there.pass_time(10)
        listing = CommandListing(fleet.scopes, {"status": "running"})
        there.calls()
        await reader.read(listing)
        assert set(reader.rows) == {sent}
        there.pass_time(300)
        await reader.read(listing)
        assert reader.rows == {}
        assert there.calls() == {LIST: 2}


async def test_those_of_one_document(open_fleet, reader, service):
    async with open_fleet(nodes=300) as fleet:
        there = service(fleet)
        await reader.read(CommandListing(fleet.scopes, {"document": "AWS-UpdateSSMAgent"}))
        wanted = {
            each.id for each in there.all().values() if each.document_name == "AWS-UpdateSSMAgent"
        }
        assert wanted
        assert set(reader.rows) == wanted


async def test_nodes_are_named_where_a_name_is_known(open_fleet, reader, service):
    async with open_fleet(nodes=60) as fleet:
        (scope,) = fleet.scopes
        there = service(fleet)
        nodes = there.nodes(scope, 2)
        sent = await there.send(scope)
        there.pass_time(30)
        known: dict[str, str] = {}
        listing = CommandListing(
            fleet.scopes, names=lambda keys: {key: known[key.id] for key in keys if key.id in known}
        )
        await reader.read(listing)
        assert reader.rows[sent].on == "2 nodes"
        known[nodes[0]] = "web-1"
        await reader.read(listing)
        assert reader.rows[sent].on == "web-1 and 1 more"
        known[nodes[1]] = "web-2"
        await reader.read(listing)
        assert reader.rows[sent].on == "web-[1-2]"
        # A refresh does not forget it.
        await reader.read(listing, full=True)
        assert reader.rows[sent].on == "web-[1-2]"


async def test_what_cloudtrail_has_said_is_kept(open_fleet, reader, service):
    async with open_fleet(nodes=60) as fleet:
        (scope,) = fleet.scopes
        some = next(iter(service(fleet).all()))
        senders = {RowKey(*scope.key, some): Sender("jane", "arn", False)}
        await reader.read(CommandListing(fleet.scopes, senders=senders))
        assert reader.rows[some].who == "jane"
        assert {row.who for row in reader.rows.values() if row.id != some} == {UNKNOWN}


@pytest.mark.parametrize("fault", ["throttle ssm:ListCommands", "error ssm:ListCommands"])
async def test_trouble_is_told_and_the_next_refresh_reads_all(open_fleet, reader, service, fault):
    async with open_fleet(nodes=60) as fleet:
        listing = CommandListing(fleet.scopes)
        fleet.endpoint.faults.add(fault)
        await reader.read(listing)
        assert len(reader.problems) == 1
        fleet.endpoint.faults.clear()
        await reader.read(listing)
        assert reader.problems == []
        assert set(reader.rows) == set(service(fleet).all())
