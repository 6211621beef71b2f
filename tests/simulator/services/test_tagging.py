from __future__ import annotations

from typing import Any

import pytest

GET = "resourcegroupstaggingapi:GetResources"


def arns(aws: Any, **params: Any) -> set[str]:
    pages = aws.pages(GET, token="PaginationToken", **params)
    assert pages[-1]["PaginationToken"] == ""
    return {row["ResourceARN"] for page in pages for row in page["ResourceTagMappingList"]}


def test_everything_tagged_is_listed_with_its_tags(aws: Any) -> None:
    rows = [
        row
        for page in aws.pages(GET, token="PaginationToken", ResourcesPerPage=7)
        for row in page["ResourceTagMappingList"]
    ]
    by_arn = {row["ResourceARN"]: {t["Key"]: t["Value"] for t in row["Tags"]} for row in rows}
    instances = {node.id for node in aws.world.scope(aws.account, aws.region).instances}
    expected = {
        node.arn: node.tags
        for node in aws.nodes
        if node.tags and (node.hybrid or node.id in instances)
    }
    assert by_arn == expected
    assert len(rows) == len(by_arn)


def test_a_page_has_a_hundred_unless_asked(aws: Any) -> None:
    assert len(aws(GET)["ResourceTagMappingList"]) == 100
    assert aws(GET, TagsPerPage=100)["PaginationToken"]


def test_types_choose(aws: Any) -> None:
    hybrid = {node.arn for node in aws.nodes if node.hybrid and node.tags}
    everything = arns(aws)
    assert arns(aws, ResourceTypeFilters=["ssm:managed-instance"]) == hybrid
    assert arns(aws, ResourceTypeFilters=["ssm"]) == hybrid
    assert arns(aws, ResourceTypeFilters=["ec2:instance"]) == everything - hybrid
    assert arns(aws, ResourceTypeFilters=["s3"]) == set()


def test_tags_choose(aws: Any) -> None:
    everything = arns(aws)
    tagged = {node.arn for node in aws.nodes if node.tags.get("Role") in ("web", "api")}
    filters = [{"Key": "Role", "Values": ["web", "api"]}, {"Key": "Env"}]
    assert arns(aws, TagFilters=filters) == tagged & everything
    assert arns(aws, TagFilters=[{"Key": "Nothing"}]) == set()


def test_arns_choose(aws: Any) -> None:
    wanted = sorted(arns(aws))[:3]
    answer = aws(GET, ResourceARNList=[*wanted, "arn:aws:s3:::elsewhere"])
    assert sorted(row["ResourceARN"] for row in answer["ResourceTagMappingList"]) == wanted


@pytest.mark.parametrize(
    "params",
    [
        {"ResourcesPerPage": 101},
        {"TagsPerPage": 99},
        {"PaginationToken": "made up"},
        {"ExcludeCompliantResources": True},
        {"TagFilters": [{"Values": ["x"]}]},
        {"ResourceARNList": ["arn:aws:s3:::x"], "ResourceTypeFilters": ["s3"]},
    ],
)
def test_what_cannot_be_asked_is_refused(aws: Any, params: dict[str, Any]) -> None:
    assert aws.refusal(GET, **params) == "InvalidParameterException"
