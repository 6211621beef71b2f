from __future__ import annotations

from typing import Any

from ssmtui.simulator.commands.request import Target
from ssmtui.simulator.commands.targets import resolve
from ssmtui.simulator.world import Node


def found(desk: Any, *targets: tuple[str, str]) -> list[Node | None]:
    wanted = tuple(Target(key, tuple(values.split(","))) for key, values in targets)
    return [node for _, node in resolve(desk.scope, wanted)]


def test_any_of_a_targets_values_and_all_targets(desk: Any) -> None:
    roles = found(desk, ("tag:Role", "web,api"))
    assert {node.tags["Role"] for node in roles if node} == {"web", "api"}
    both = found(desk, ("tag:Role", "web,api"), ("tag:Patch Group", roles[0].tags["Patch Group"]))
    assert 0 < len(both) < len(roles)


def test_a_tags_key_alone(desk: Any) -> None:
    owned = found(desk, ("tag-key", "Owner"))
    assert owned
    assert all("Owner" in node.tags for node in owned if node)


def test_ids_are_targets_too(desk: Any) -> None:
    nodes = desk.nodes(2)
    assert found(desk, ("InstanceIds", ",".join(node.id for node in nodes))) == nodes
    assert found(desk, ("instanceids", nodes[0].id)) == nodes[:1]
    assert found(desk, ("InstanceIds", "i-00000000000000bad")) == [None]


def test_a_resource_group(desk: Any) -> None:
    members = found(desk, ("resource-groups:Name", "storefront"))
    assert {node.tags["Team"] for node in members if node} == {"storefront"}
    kinds = ("resource-groups:ResourceTypeFilters", "AWS::SSM::ManagedInstance")
    hybrid = found(desk, ("resource-groups:Name", "stores-windows"), kinds)
    assert hybrid
    assert all(node.hybrid for node in hybrid if node)


def test_stopped_nodes_are_meant_and_terminated_ones_are_not(desk: Any) -> None:
    web = [node for node in desk.nodes(20, role="web") if node.tags.get("Role") == "web"]
    first, second = web[:2]
    desk.world.stop(first.id)
    desk.world.terminate(second.id)
    everybody = found(desk, ("tag:Role", "web"))
    assert first in everybody
    assert second not in everybody
