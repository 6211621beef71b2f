from __future__ import annotations

from typing import Any

from ssmtui.simulator.world.associations import NONE, Outcome

STATUS = "ssm:DescribeInstanceAssociationsStatus"


def rows(aws: Any, node_id: str) -> dict[str, dict[str, Any]]:
    pages = aws.pages(STATUS, InstanceId=node_id, MaxResults=3)
    return {
        row["AssociationName"]: row
        for page in pages
        for row in page["InstanceAssociationStatusInfos"]
    }


def test_each_association_has_its_own_status(aws: Any) -> None:
    node = aws.world.launch(aws.account, aws.region, "web")
    node.outcome = Outcome(("Success", "InProgress", "Failed", "Skipped"))
    aws.world.clock.advance(3600)
    infos = rows(aws, node.id)
    assert {name: row["Status"] for name, row in infos.items()} == {
        "GatherInventory": "Success",
        "UpdateAgent": "Pending",
        "ScanForPatches": "Failed",
        "ConfigureCloudWatch": "Skipped",
    }
    assert infos["UpdateAgent"]["DetailedStatus"] == "InProgress"
    assert "ExecutionDate" not in infos["UpdateAgent"]
    assert infos["GatherInventory"]["ExecutionDate"] == node.registered + 3600
    assert "1 failed" in infos["ScanForPatches"]["ExecutionSummary"]


def test_the_last_run_agrees_with_the_nodes_own(aws: Any) -> None:
    node = next(node for node in aws.nodes if node.outcome.status == "Success")
    latest = max(row["ExecutionDate"] for row in rows(aws, node.id).values())
    filters = [{"Key": "InstanceIds", "Values": [node.id]}]
    (row,) = aws("ssm:DescribeInstanceProperties", FiltersWithOperator=filters)[
        "InstanceProperties"
    ]
    assert row["LastAssociationExecutionDate"] == latest


def test_a_node_may_have_none(aws: Any) -> None:
    node = aws.world.launch(aws.account, aws.region, "web")
    node.outcome = NONE
    assert rows(aws, node.id) == {}


def test_an_unmanaged_instance_is_not_valid(aws: Any) -> None:
    node = next(node for node in aws.nodes if not node.managed)
    assert aws.refusal(STATUS, InstanceId=node.id) == "InvalidInstanceId"
