from __future__ import annotations

import pytest

from ssmtui.simulator.world import Node, World


@pytest.fixture
def node(world: World) -> Node:
    return world.launch(world.accounts[0].id, world.regions[0], "web")


@pytest.mark.parametrize(
    ("later", "expected"), [(0, 0), (299.9, 0), (300, 300), (1000.5, 900), (864_000, 864_000)]
)
def test_hearts_beat_at_their_own_five_minutes(node: Node, later: float, expected: float) -> None:
    assert node.last_ping(node.pulse + later) == node.pulse + expected


def test_a_silent_node_has_beaten_for_the_last_time(node: Node) -> None:
    node.silent_since = node.pulse + 700
    assert node.last_ping(node.pulse + 99_999) == node.pulse + 600


def test_its_arn_says_what_it_is(world: World, node: Node) -> None:
    place = f"{node.region}:{node.account}"
    assert node.arn == f"arn:aws:ec2:{place}:instance/{node.id}"
    hybrid = world.launch(node.account, node.region, "store")
    assert hybrid.arn == f"arn:aws:ssm:{place}:managed-instance/{hybrid.id}"
    assert (node.resource_type, hybrid.resource_type) == ("EC2Instance", "ManagedInstance")


def test_it_is_shown_by_its_tag_or_else_by_its_activation(world: World, node: Node) -> None:
    hybrid = world.launch(node.account, node.region, "store")
    assert node.shown_name == node.tags["Name"]
    assert hybrid.shown_name == hybrid.name
    hybrid.tags["Name"] = "tagged"
    assert hybrid.shown_name == "tagged"


def test_its_name_in_the_vpc_follows_its_address(node: Node) -> None:
    node.address, node.region = "10.1.2.3", "eu-west-1"
    assert node.private_dns == "ip-10-1-2-3.eu-west-1.compute.internal"
    node.region = "us-east-1"
    assert node.private_dns == "ip-10-1-2-3.ec2.internal"


def test_a_hybrid_node_has_no_architecture_here(world: World, node: Node) -> None:
    assert node.architecture in ("x86_64", "arm64")
    assert world.launch(node.account, node.region, "store").architecture == ""
