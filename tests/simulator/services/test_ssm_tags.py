from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.services.ssm_tags import MOST_TAGS


@pytest.fixture
def hybrid(aws: Any) -> dict[str, str]:
    node = next(node for node in aws.nodes if node.hybrid and "Env" in node.tags)
    return {"ResourceType": "ManagedInstance", "ResourceId": node.id}


def tags(aws: Any, resource: dict[str, str]) -> dict[str, str]:
    answer = aws("ssm:ListTagsForResource", **resource)
    return {tag["Key"]: tag["Value"] for tag in answer["TagList"]}


def test_tags_are_added_changed_and_removed(aws: Any, hybrid: dict[str, str]) -> None:
    added = [{"Key": "Env", "Value": "test"}, {"Key": "Floor", "Value": ""}]
    aws("ssm:AddTagsToResource", **hybrid, Tags=added)
    assert tags(aws, hybrid)["Env"] == "test"
    assert tags(aws, hybrid)["Floor"] == ""
    aws("ssm:RemoveTagsFromResource", **hybrid, TagKeys=["Env", "not there"])
    assert "Env" not in tags(aws, hybrid)
    assert "Floor" in tags(aws, hybrid)


def test_there_is_a_limit(aws: Any, hybrid: dict[str, str]) -> None:
    many = [{"Key": f"key {number}", "Value": ""} for number in range(MOST_TAGS)]
    assert aws.refusal("ssm:AddTagsToResource", **hybrid, Tags=many) == "TooManyTagsError"


def test_aws_keys_are_reserved(aws: Any, hybrid: dict[str, str]) -> None:
    own = [{"Key": "aws:mine", "Value": ""}]
    assert aws.refusal("ssm:AddTagsToResource", **hybrid, Tags=own) == "ValidationException"
    refusal = aws.refusal("ssm:RemoveTagsFromResource", **hybrid, TagKeys=["aws:mine"])
    assert refusal == "ValidationException"


def test_only_hybrid_nodes_are_resources_here(aws: Any, hybrid: dict[str, str]) -> None:
    instance = next(node for node in aws.nodes if not node.hybrid)
    strange = [
        {**hybrid, "ResourceId": instance.id},
        {**hybrid, "ResourceId": "mi-00000000000000000"},
        {**hybrid, "ResourceType": "Parameter"},
    ]
    for resource in strange:
        assert aws.refusal("ssm:ListTagsForResource", **resource) == "InvalidResourceId"
