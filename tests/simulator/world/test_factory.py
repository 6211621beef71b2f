from __future__ import annotations

from random import Random

import pytest

from ssmtui.simulator.world.factory import Factory, healthy
from ssmtui.simulator.world.generate import accounts
from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope

LAUNCHED = 1_700_000_000.0


@pytest.fixture
def factory() -> Factory:
    scope = Scope(accounts(3)[2], "us-east-1", 4, Random("scope"))
    return Factory(scope, Random("nodes"), stride=9)


def many(factory: Factory, count: int) -> list[Node]:
    return [factory.make(factory.next_workload(), LAUNCHED + number) for number in range(count)]


def test_names_are_numbered_in_strides(factory: Factory) -> None:
    web = factory.workload("web")
    names = [factory.make(web, LAUNCHED).tags["Name"] for _ in range(3)]
    assert names == ["web-0005", "web-0014", "web-0023"]


def test_members_of_a_group_are_all_of_a_kind(factory: Factory) -> None:
    groups: dict[str, set[tuple[str, str, str]]] = {}
    for node in many(factory, 500):
        if node.asg:
            assert node.tags.get("aws:autoscaling:groupName", node.asg) == node.asg
            groups.setdefault(node.asg, set()).add(
                (node.platform.version, node.instance_type, node.image)
            )
    assert len(groups) > 8
    assert all(len(kinds) == 1 for kinds in groups.values())


def test_a_reservation_is_one_launch_of_one_group(factory: Factory) -> None:
    launches: dict[str, list[Node]] = {}
    for node in many(factory, 300):
        if not node.hybrid:
            launches.setdefault(node.reservation, []).append(node)
    assert any(len(nodes) > 1 for nodes in launches.values())
    for nodes in launches.values():
        assert len({(node.asg, node.launched) for node in nodes}) == 1


def test_a_replacement_is_of_the_same_group_and_launched_by_itself(factory: Factory) -> None:
    node = factory.make(factory.workload("api"), LAUNCHED)
    fresh = factory.replace(node, LAUNCHED + 100)
    assert (fresh.asg, fresh.platform) == (node.asg, node.platform)
    assert fresh.launched == LAUNCHED + 100
    assert fresh.reservation != node.reservation


def test_hybrid_nodes_are_spread_evenly(factory: Factory) -> None:
    hybrids = [node.hybrid for node in many(factory, 300)]
    for start in range(0, 300, 50):
        assert 2 <= sum(hybrids[start : start + 50]) <= 6


def test_computers_are_named_as_their_systems_do(factory: Factory) -> None:
    nodes = many(factory, 300)
    windows = next(node for node in nodes if node.platform.windows and not node.hybrid)
    linux = next(node for node in nodes if node.role == "web")
    hybrid = next(node for node in nodes if node.hybrid)
    assert windows.computer_name.startswith("EC2AMAZ-")
    assert linux.computer_name == f"ip-{linux.address.replace('.', '-')}.ec2.internal"
    assert hybrid.computer_name.startswith(hybrid.name)


def test_public_addresses_belong_to_nobody(factory: Factory) -> None:
    bastion = factory.make(factory.workload("bastion"), LAUNCHED)
    assert bastion.public_address.startswith(("198.18.", "198.19."))
    assert factory.make(factory.workload("db"), LAUNCHED).public_address == ""


def test_an_address_lies_in_the_subnet_of_its_zone(factory: Factory) -> None:
    blocks: dict[str, set[int]] = {}
    for node in many(factory, 300):
        if not node.hybrid:
            blocks.setdefault(node.subnet, set()).add(int(node.address.split(".")[2]) // 64)
    assert sorted(map(sorted, blocks.values())) == [[0], [1], [2]]


def test_a_healthy_node_has_nothing_left_of_its_failures(factory: Factory) -> None:
    node = factory.make(factory.workload("web"), LAUNCHED)
    node.failing_since, node.never_succeeded = 5.0, True
    healthy(node)
    assert (node.failing_since, node.never_succeeded, node.outcome.status) == (0, False, "Success")
