from __future__ import annotations

from ssmtui.simulator.world import World
from ssmtui.simulator.world.groups import GROUPS, ResourceGroup


def test_a_group_holds_what_has_all_its_tags() -> None:
    world = World.generate(nodes=200, accounts=1, regions=1)
    group = ResourceGroup("both", "", {"Role": "web", "Env": "dev"})
    members = group.members(world.scopes[0])
    assert members
    assert all((node.tags["Role"], node.tags["Env"]) == ("web", "dev") for node in members)
    assert [node.id for node in members] == sorted(node.id for node in members)


def test_terminated_nodes_have_left() -> None:
    world = World.generate(nodes=200, accounts=1, regions=1)
    group = GROUPS["storefront"]
    node = next(each for each in group.members(world.scopes[0]) if each.state == "running")
    world.terminate(node.id)
    assert node not in group.members(world.scopes[0])


def test_one_group_is_empty() -> None:
    world = World.generate(nodes=200, accounts=1, regions=1)
    assert GROUPS["decommissioned"].members(world.scopes[0]) == []
