from __future__ import annotations

import pytest

from ssmtui.simulator.world import World
from ssmtui.simulator.world.scope import CAPTURE_INTERVAL, Scope


@pytest.fixture
def scope(world: World) -> Scope:
    return world.scopes[-3]


def test_its_lists_are_in_the_order_of_ids(scope: Scope) -> None:
    for nodes in (scope.managed, scope.instances, scope.reachable, scope.every_node()):
        ids = [node.id for node in nodes]
        assert len(ids) > 50
        assert ids == sorted(set(ids))


def test_nodes_are_put_in_and_taken_out_once(scope: Scope) -> None:
    node = scope.managed[7]
    scope.add_managed(node)
    assert scope.managed.count(node) == 1
    scope.remove_managed(node)
    scope.remove_managed(node)
    assert node not in scope.managed
    assert node not in scope.reachable
    scope.add_managed(node)
    assert scope.managed[7] is node


def test_a_capture_stays_for_half_an_hour(world: World, scope: Scope) -> None:
    first = scope.capture(world.now)
    assert scope.capture(world.now + CAPTURE_INTERVAL - 1) is first
    assert scope.capture(world.now + CAPTURE_INTERVAL) is not first


def test_a_capture_knows_the_states(world: World, scope: Scope) -> None:
    by_id = {captured.node.id: captured for captured in scope.capture(world.now).nodes}
    for node in scope.every_node():
        captured = by_id[node.id]
        assert captured.managed is node.managed
        if node.state in ("stopped", "terminated"):
            assert captured.status.lower() == node.state
        elif node.managed:
            assert captured.status == {"Online": "Active"}.get(node.ping, "ConnectionLost")
        else:
            assert captured.status == "Active"


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("eu-west-1", "euw1-az2"),
        ("ap-southeast-2", "apse2-az2"),
        ("us-east-1", "use1-az2"),
        ("ca-central-1", "cac1-az2"),
    ],
)
def test_zones_have_ids(world: World, region: str, expected: str) -> None:
    scope = world.scope(world.accounts[0].id, region)
    assert scope.zone_id(f"{region}b") == expected
