from __future__ import annotations

from typing import Any


def test_groups_are_listed(aws: Any) -> None:
    pages = aws.pages("resource-groups:ListGroups", MaxResults=2)
    names = [each["GroupName"] for page in pages for each in page["GroupIdentifiers"]]
    assert names == sorted(names)
    assert "storefront" in names


def test_a_groups_resources_are_listed_in_pages(aws: Any) -> None:
    pages = aws.pages("resource-groups:ListGroupResources", Group="storefront", MaxResults=3)
    arns = [each["Identifier"]["ResourceArn"] for page in pages for each in page["Resources"]]
    wanted = [
        node.arn
        for node in aws.nodes
        if node.tags.get("Team") == "storefront" and node.state != "terminated"
    ]
    assert arns == wanted
    assert len(pages) > 1


def test_hybrid_machines_are_another_type(aws: Any) -> None:
    types = [{"Name": "resource-type", "Values": ["AWS::SSM::ManagedInstance"]}]
    only = aws("resource-groups:ListGroupResources", Group="stores-windows", Filters=types)
    kinds = {each["ResourceType"] for each in only["ResourceIdentifiers"]}
    assert kinds == {"AWS::SSM::ManagedInstance"}
    instances = [{"Name": "resource-type", "Values": ["AWS::EC2::Instance"]}]
    none = aws("resource-groups:ListGroupResources", Group="stores-windows", Filters=instances)
    assert none["Resources"] == []


def test_an_arn_is_a_name_too(aws: Any) -> None:
    arn = f"arn:aws:resource-groups:{aws.region}:{aws.account}:group/decommissioned"
    assert aws("resource-groups:ListGroupResources", Group=arn)["Resources"] == []


def test_what_is_not_there_is_refused(aws: Any) -> None:
    action = "resource-groups:ListGroupResources"
    assert aws.refusal(action, Group="none") == "NotFoundException"
    assert aws.refusal(action) == "BadRequestException"
    assert aws.refusal("resource-groups:ListGroups", NextToken="abcd") == "BadRequestException"
