from __future__ import annotations

from typing import Any

from ssmtui.simulator.services.ec2_status import FILTERS, INITIALIZING, status_values
from ssmtui.simulator.world import World

STATUS = "ec2:DescribeInstanceStatus"


def status(aws: Any, node_id: str) -> dict[str, Any]:
    answer = aws(STATUS, InstanceIds=[node_id], IncludeAllInstances=True)
    row: dict[str, Any] = answer["InstanceStatuses"][0]
    return row


def test_a_new_instance_is_initializing_at_first(aws: Any, world: World) -> None:
    node = world.boot(aws.account, aws.region, "web")
    assert status(aws, node.id)["InstanceStatus"] == {"Status": "not-applicable"}
    world.run(node.id)
    assert status(aws, node.id)["SystemStatus"]["Status"] == "initializing"
    world.clock.advance(INITIALIZING)
    assert status(aws, node.id)["SystemStatus"]["Status"] == "ok"


def test_an_impaired_instance_says_since_when(aws: Any, world: World) -> None:
    node = world.launch(aws.account, aws.region, "web")
    world.clock.advance(1000)
    world.lose(node.id, impaired=True)
    row = status(aws, node.id)
    assert row["InstanceStatus"]["Status"] == "impaired"
    (detail,) = row["InstanceStatus"]["Details"]
    assert (detail["Status"], detail["ImpairedSince"]) == ("failed", world.now)
    assert row["SystemStatus"]["Status"] == "ok"


def test_some_lost_nodes_of_a_new_world_are_impaired_and_some_are_not() -> None:
    nodes = World.generate().nodes.values()
    lost = [n for n in nodes if n.state == "running" and n.managed and n.ping == "ConnectionLost"]
    impaired = [node for node in lost if node.impaired_since]
    assert 0 < len(impaired) < len(lost)


def test_filters_choose(aws: Any, world: World) -> None:
    node = world.launch(aws.account, aws.region, "web")
    world.lose(node.id, impaired=True)
    filters = [{"Name": "instance-status.status", "Values": ["impaired"]}]
    rows = aws(STATUS, Filters=filters)["InstanceStatuses"]
    assert node.id in {row["InstanceId"] for row in rows}
    assert {row["InstanceStatus"]["Status"] for row in rows} == {"impaired"}


def test_every_filter_has_a_value(world: World) -> None:
    scope = world.scopes[-1]
    running = next(node for node in scope.instances if node.state == "running")
    for name in FILTERS:
        assert status_values(running, scope, world.now, name), name
