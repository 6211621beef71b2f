"""What `d` and `y` show of a node."""

from ssmtui.aws.operations import class_of
from ssmtui.resources.nodes import nodes
from ssmtui.resources.nodes.detail import detail, raw, raw_calls, section_of
from ssmtui.resources.nodes.listing import NodeListing
from ssmtui.resources.nodes.row import Node


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


async def test_detail_says_what_it_may_not_read(open_fleet):
    async with open_fleet(nodes=60) as fleet:
        node = next(row for row in await rows_of(fleet) if row.kind == "ec2")
        fleet.endpoint.faults.add("denied *")
        sections = await detail(fleet.scopes[0], node, fleet.world.now)
        told = " ".join(value for section in sections for _, value in section.pairs)
        assert "ssm:GetConnectionStatus" in told


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
