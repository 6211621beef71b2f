"""What `d` and `y` show of a node."""

import re

import msgspec

from ssmtui.aws.operations import class_of
from ssmtui.resources.nodes import nodes
from ssmtui.resources.nodes.detail import detail, raw, raw_calls, section_of
from ssmtui.resources.nodes.listing import NodeListing
from ssmtui.resources.nodes.row import Node
from ssmtui.simulator.agent.sessions import Sessions


async def rows_of(fleet):
    rows = []
    async for event in NodeListing(fleet.scopes).refresh():
        rows += getattr(event, "rows", ())
    return {row.id: row for row in rows}.values()


async def test_detail_holds_everything(open_fleet):
    async with open_fleet(nodes=100) as fleet:
        node = next(row for row in await rows_of(fleet) if row.ping == "online" and row.asg)
        sections = await detail(fleet.scopes[0], node, fleet.world.now)
        text = {pair for section in sections for pair in section.pairs}
        assert ("id", node.id) in text
        assert ("Name", node.tags["Name"]) in text
        assert ("message channel", "connected") in text
        assert ("instance", "ok") in text
        assert any(label == "seen" and "ago · 20" in value for label, value in text)
        found = dict(next(each for each in sections if each.title == "Associations").pairs)
        assert re.fullmatch(r"Success · \d+\w ago · 20\d\d-.*Z", found["GatherInventory"])


async def test_detail_says_what_it_may_not_read(open_fleet):
    async with open_fleet(nodes=60) as fleet:
        node = next(row for row in await rows_of(fleet) if row.kind == "ec2")
        fleet.endpoint.faults.add("denied *")
        sections = await detail(fleet.scopes[0], node, fleet.world.now)
        told = [problem for section in sections for problem in section.problems]
        assert {problem.operation for problem in told} == {
            "ec2:DescribeInstances",
            "ec2:DescribeInstanceStatus",
            "ssm:DescribeInstanceAssociationsStatus",
            "ssm:DescribeSessions",
            "ssm:GetConnectionStatus",
        }
        assert all("Ask for a policy with" in problem.remedy for problem in told)


async def test_detail_names_who_has_a_session_and_since_when(open_fleet):
    async with open_fleet(nodes=200) as fleet:
        rows = await rows_of(fleet)
        records = fleet.world.part(Sessions).records(*fleet.scopes[0].key, active=True)
        record = records[0]
        held = next(row for row in rows if row.id == record.target)
        owner = record.owner.rpartition("/")[2]
        pairs = await sessions_of(fleet, held)
        since = dict(pairs)[owner]
        assert " · since 20" in since
        assert since.endswith("Z")
        targets = {record.target for record in records}
        free = next(row for row in rows if row.ping == "online" and row.id not in targets)
        assert await sessions_of(fleet, free) == [("", "none")]


async def sessions_of(fleet, node):
    sections = await detail(fleet.scopes[0], node, fleet.world.now)
    (found,) = [section for section in sections if section.title == "Sessions"]
    return found.pairs


async def test_ec2s_facts_are_read_anew(open_fleet):
    async with open_fleet(nodes=60) as fleet:
        node = next(row for row in await rows_of(fleet) if row.kind == "ec2")
        old = msgspec.structs.replace(node, type="t1.micro", tags={"Name": "old"})
        sections = await detail(fleet.scopes[0], old, fleet.world.now)
        text = {pair for section in sections for pair in section.pairs}
        assert ("type", node.type) in text
        assert ("Name", node.tags["Name"]) in text


async def test_an_instance_that_ec2_has_forgotten_is_no_trouble(open_fleet):
    async with open_fleet(nodes=60) as fleet:
        gone = Node(
            account=fleet.scopes[0].key.account,
            region=fleet.scopes[0].key.region,
            id="i-00000000000000000",
            kind="ec2",
            ping="unmanaged",
        )
        sections = await detail(fleet.scopes[0], gone, fleet.world.now)
        (checks,) = [section for section in sections if section.title == "EC2 status checks"]
        assert checks.pairs == [("", "EC2 no longer knows the instance")]
        told = [problem for section in sections for problem in section.problems]
        assert not any(problem.operation.startswith("ec2:") for problem in told)


async def test_raw_is_the_services_own_words(open_fleet):
    async with open_fleet(nodes=100) as fleet:
        rows = await rows_of(fleet)
        for kind in ("ec2", "hybrid"):
            node = next(row for row in rows if row.kind == kind and row.ping == "online")
            answers = await raw(fleet.scopes[0], node)
            (properties,) = answers["ssm:DescribeInstanceProperties"]["InstanceProperties"]
            assert properties["InstanceId"] == node.id
            assert properties["LastPingDateTime"].startswith("20")
            assert ("ec2:DescribeInstances" in answers) == (kind == "ec2")
            assert all("Error" not in answer for answer in answers.values())
        fleet.endpoint.faults.add("denied ssm:GetConnectionStatus")
        refused = await raw(fleet.scopes[0], node)
        assert "GetConnectionStatus" in refused["ssm:GetConnectionStatus"]["Error"]


def test_the_policy_names_every_call():
    named = set(nodes().operations)
    for kind in ("ec2", "hybrid"):
        for name in raw_calls(Node(account="1", region="r", id="i-1", kind=kind)):
            assert name in named
            class_of(*name.split(":"))


def test_heads_are_whole_words_and_the_region_is_whole() -> None:
    node = Node(account="1", region="ap-southeast-2", id="i-1")
    section = section_of("Identity", ("account", "region", "association"), node, 0.0)
    assert [name for name, _ in section.pairs] == ["account", "region", "association"]
    assert section.pairs[1][1] == "ap-southeast-2"
