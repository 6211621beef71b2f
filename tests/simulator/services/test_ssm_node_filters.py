from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.world.node import Node

INFORMATION = "ssm:DescribeInstanceInformation"
PROPERTIES = "ssm:DescribeInstanceProperties"


def informed(aws: Any, key: str, *values: str) -> set[str]:
    pages = aws.pages(INFORMATION, Filters=[{"Key": key, "Values": list(values)}])
    return {row["InstanceId"] for page in pages for row in page["InstanceInformationList"]}


def found(aws: Any, key: str, *values: str, operator: str = "Equal") -> set[str]:
    filters = [{"Key": key, "Values": list(values), "Operator": operator}]
    pages = aws.pages(PROPERTIES, FiltersWithOperator=filters)
    return {row["InstanceId"] for page in pages for row in page["InstanceProperties"]}


def some(nodes: list[Node], test: Any) -> set[str]:
    """The ids of the nodes that pass; a test that chooses all or none proves nothing."""
    chosen = {node.id for node in nodes if test(node)}
    assert 0 < len(chosen) < len(nodes)
    return chosen


FILTERS = [
    ("PingStatus", "ConnectionLost", lambda node: node.ping.value == "ConnectionLost"),
    ("PlatformTypes", "Windows", lambda node: node.platform.type == "Windows"),
    ("PlatformType", "MacOS", lambda node: node.platform.type == "MacOS"),
    ("ResourceType", "ManagedInstance", lambda node: node.hybrid),
    ("AssociationStatus", "Failed", lambda node: node.outcome.status == "Failed"),
    ("AgentVersion", "3.3.987.0", lambda node: node.agent_version == "3.3.987.0"),
    ("IamRole", "hybrid-retail", lambda node: node.role_name == "hybrid-retail"),
    ("SourceTypes", "AWS::IoT::Thing", lambda node: node.source_type == "AWS::IoT::Thing"),
]


@pytest.mark.parametrize(("key", "value", "test"), FILTERS, ids=[row[0] for row in FILTERS])
def test_every_key_chooses_in_both_descriptions(aws: Any, key: str, value: str, test: Any) -> None:
    managed = [node for node in aws.nodes if node.managed]
    assert found(aws, key, value) == some(managed, test)
    reachable = [node for node in managed if node.reachable]
    assert informed(aws, key, value) == some(reachable, test)


def test_ids_and_activations_choose(aws: Any) -> None:
    hybrids = [node for node in aws.nodes if node.hybrid]
    ids = {hybrids[0].id, hybrids[1].id}
    assert found(aws, "InstanceIds", *ids) == informed(aws, "InstanceIds", *ids) == ids
    activation = hybrids[0].activation
    expected = {node.id for node in hybrids if node.activation == activation}
    assert found(aws, "ActivationIds", activation) == expected
    assert informed(aws, "ActivationIds", activation) == expected


def test_filters_all_hold_and_any_of_their_values(aws: Any) -> None:
    filters = [
        {"Key": "PlatformTypes", "Values": ["Linux", "MacOS"]},
        {"Key": "PingStatus", "Values": ["Online"]},
    ]
    rows = aws(PROPERTIES, FiltersWithOperator=filters, MaxResults=1000)["InstanceProperties"]
    assert {row["PlatformType"] for row in rows} == {"Linux", "MacOS"}
    assert {row["PingStatus"] for row in rows} == {"Online"}


def test_the_operators(aws: Any) -> None:
    managed = [node for node in aws.nodes if node.managed]
    assert found(aws, "PingStatus", "Online", operator="NotEqual") == some(
        managed, lambda node: node.ping.value != "Online"
    )
    assert found(aws, "InstanceIds", "mi-", operator="BeginWith") == some(
        managed, lambda node: node.hybrid
    )
    old = found(aws, "AgentVersion", "3.3.987.0", operator="LessThan")
    assert old == some(
        managed, lambda node: [*map(int, node.agent_version.split("."))] < [3, 3, 987, 0]
    )
    new = found(aws, "AgentVersion", "3.3.987.0", operator="GreaterThan")
    assert new == some(
        managed, lambda node: [*map(int, node.agent_version.split("."))] > [3, 3, 987, 0]
    )


def test_the_nodes_that_a_document_can_run_on(aws: Any) -> None:
    managed = [node for node in aws.nodes if node.managed]
    assert found(aws, "DocumentName", "AWS-RunShellScript") == some(
        managed, lambda node: node.platform.type != "Windows"
    )
    filters = [{"Key": "DocumentName", "Values": ["nobody-wrote-this"]}]
    assert aws.refusal(PROPERTIES, FiltersWithOperator=filters) == "InvalidDocument"


def test_a_tag_filter_yields_short_and_empty_pages_with_tokens(aws: Any) -> None:
    filters = [{"Key": "tag:Role", "Values": ["bastion"]}]
    pages = aws.pages(INFORMATION, Filters=filters, MaxResults=5)
    sizes = [len(page["InstanceInformationList"]) for page in pages]
    assert 0 in sizes[:-1]
    listed = {row["InstanceId"] for page in pages for row in page["InstanceInformationList"]}
    reachable = [node for node in aws.nodes if node.reachable]
    assert listed == some(reachable, lambda node: node.tags.get("Role") == "bastion")


def test_tags_are_filtered_by_key_too(aws: Any) -> None:
    reachable = [node for node in aws.nodes if node.reachable]
    assert informed(aws, "tag-key", "Owner") == some(reachable, lambda node: "Owner" in node.tags)


def test_tag_filters_cannot_be_combined_with_others(aws: Any) -> None:
    filters = [
        {"Key": "tag:Env", "Values": ["prod"]},
        {"Key": "PingStatus", "Values": ["Online"]},
    ]
    assert aws.refusal(INFORMATION, Filters=filters) == "ValidationException"
    assert aws.refusal(PROPERTIES, FiltersWithOperator=filters[:1]) == "InvalidFilterKey"


def test_the_legacy_lists_work_but_not_together_with_the_new_ones(aws: Any) -> None:
    legacy = [{"key": "PingStatus", "valueSet": ["ConnectionLost"]}]
    rows = aws(PROPERTIES, InstancePropertyFilterList=legacy)["InstanceProperties"]
    assert {row["PingStatus"] for row in rows} == {"ConnectionLost"}
    rows = aws(INFORMATION, InstanceInformationFilterList=legacy)["InstanceInformationList"]
    assert {row["PingStatus"] for row in rows} == {"ConnectionLost"}
    modern = [{"Key": "PingStatus", "Values": ["Online"]}]
    both = {"InstanceInformationFilterList": legacy, "Filters": modern}
    assert aws.refusal(INFORMATION, **both) == "ValidationException"
    both = {"InstancePropertyFilterList": legacy, "FiltersWithOperator": modern}
    assert aws.refusal(PROPERTIES, **both) == "ValidationException"


REFUSED = [
    ("Colour", "red", "InvalidFilterKey", "InvalidFilterKey"),
    (
        "PingStatus",
        "Offline",
        "InvalidInstanceInformationFilterValue",
        "InvalidInstancePropertyFilterValue",
    ),
    ("InstanceIds", "web-0001", "InvalidInstanceId", "InvalidInstanceId"),
    ("ActivationIds", "mine", "InvalidInstanceInformationFilterValue", "InvalidActivationId"),
]


@pytest.mark.parametrize(("key", "value", "information", "properties"), REFUSED)
def test_wrong_keys_and_values_are_refused(
    aws: Any, key: str, value: str, information: str, properties: str
) -> None:
    filters = [{"Key": key, "Values": [value]}]
    assert aws.refusal(INFORMATION, Filters=filters) == information
    assert aws.refusal(PROPERTIES, FiltersWithOperator=filters) == properties


@pytest.mark.parametrize(
    ("key", "value", "operator"),
    [
        ("PingStatus", "Online", "LessThan"),
        ("AgentVersion", "newest", "GreaterThan"),
        ("DocumentName", "AWS-Run", "BeginWith"),
    ],
)
def test_an_operator_that_a_key_does_not_have_is_refused(
    aws: Any, key: str, value: str, operator: str
) -> None:
    filters = [{"Key": key, "Values": [value], "Operator": operator}]
    refusal = aws.refusal(PROPERTIES, FiltersWithOperator=filters)
    assert refusal == "InvalidInstancePropertyFilterValue"


def test_an_instance_without_an_agent_is_not_listed_and_a_strange_one_refused(aws: Any) -> None:
    unmanaged = next(node for node in aws.nodes if not node.managed)
    assert informed(aws, "InstanceIds", unmanaged.id) == set()
    filters = [{"Key": "InstanceIds", "Values": ["i-0123456789abcdef0"]}]
    assert aws.refusal(INFORMATION, Filters=filters) == "InvalidInstanceId"
    assert found(aws, "InstanceIds", "i-0123456789abcdef0") == set()
