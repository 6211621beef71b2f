from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ssmtui.simulator.world import World
from ssmtui.simulator.world.scope import CAPTURE_INTERVAL

LIST, SUMMARY = "ssm:ListNodes", "ssm:ListNodesSummary"


def condition(key: str, *values: str, kind: str = "Equal") -> dict[str, Any]:
    return {"Key": key, "Values": list(values), "Type": kind}


def listed(aws: Any, *filters: dict[str, Any]) -> dict[str, dict[str, Any]]:
    params = {"Filters": list(filters)} if filters else {}
    pages = aws.pages(LIST, **params)
    return {row["Id"]: row for page in pages for row in page["Nodes"]}


def count(name: str, *inner: dict[str, Any]) -> dict[str, Any]:
    aggregator: dict[str, Any] = {
        "AggregatorType": "Count",
        "TypeName": "Instance",
        "AttributeName": name,
    }
    return {**aggregator, "Aggregators": list(inner)} if inner else aggregator


def test_managed_nodes_are_listed_unless_the_others_are_asked_for(aws: Any) -> None:
    managed = {node.id for node in aws.nodes if node.managed}
    others = {node.id for node in aws.nodes if not node.managed}
    assert managed
    assert others
    assert listed(aws).keys() == managed
    assert listed(aws, condition("ManagedStatus", "Unmanaged")).keys() == others
    assert listed(aws, condition("ManagedStatus", "Managed", kind="NotEqual")).keys() == others
    assert listed(aws, condition("ManagedStatus", "All")).keys() == managed | others


def test_an_unmanaged_instance_shows_what_ec2_knows(aws: Any) -> None:
    rows = listed(aws, condition("ManagedStatus", "Unmanaged"))
    instance = next(iter(rows.values()))["NodeType"]["Instance"]
    assert instance["ManagedStatus"] == "Unmanaged"
    assert instance["IpAddress"]
    assert not {"AgentVersion", "PlatformName", "ComputerName"} & instance.keys()


@pytest.mark.parametrize(
    ("key", "value", "kind", "test"),
    [
        ("PlatformType", "Windows", "Equal", lambda node: node.platform.type == "Windows"),
        ("PlatformType", "Linux", "NotEqual", lambda node: node.platform.type != "Linux"),
        ("InstanceId", "mi-", "BeginWith", lambda node: node.hybrid),
        ("IpAddress", "192.168.", "BeginWith", lambda node: node.hybrid),
        ("InstanceStatus", "Stopped", "Equal", lambda node: node.state == "stopped"),
        ("AvailabilityZoneId", "euw1-az2", "Equal", lambda node: node.zone == "eu-west-1b"),
        ("SourceType", "AWS::EC2::Instance", "Equal", lambda node: not node.hybrid),
        ("SourceLocation", "westeurope", "Equal", lambda node: node.role == "azure"),
    ],
)
def test_filters_choose(aws: Any, key: str, value: str, kind: str, test: Any) -> None:
    managed = [node for node in aws.nodes if node.managed]
    expected = {node.id for node in managed if test(node)}
    assert 0 < len(expected) < len(managed)
    assert listed(aws, condition(key, value, kind=kind)).keys() == expected


def test_account_and_region_are_those_of_the_call(aws: Any) -> None:
    everything = listed(aws)
    assert listed(aws, condition("AccountId", aws.account)).keys() == everything.keys()
    assert listed(aws, condition("Region", "us-east-1")) == {}
    assert listed(aws, condition("OrganizationalUnitId", "ou-abcd-12345678")) == {}


def test_it_shows_what_was_captured_a_while_ago(aws: Any, world: World) -> None:
    captured = world.now
    node = next(node for node in aws.nodes if node.asg and node.state == "running" and node.managed)
    assert listed(aws)[node.id]["CaptureTime"] == captured
    world.clock.advance(60)
    world.stop(node.id)
    world.launch(aws.account, aws.region, "web")
    rows = listed(aws)
    assert rows[node.id]["NodeType"]["Instance"]["InstanceStatus"] != "Stopped"
    assert {row["CaptureTime"] for row in rows.values()} == {captured}
    world.clock.advance(CAPTURE_INTERVAL)
    fresh = listed(aws)
    assert fresh[node.id]["NodeType"]["Instance"]["InstanceStatus"] == "Stopped"
    assert len(fresh) == len(rows) + 1


def test_the_summary_counts_by_one_attribute(aws: Any) -> None:
    rows = aws(SUMMARY, Aggregators=[count("PlatformType")])["Summary"]
    expected = Counter(node.platform.type for node in aws.nodes if node.managed)
    assert {row["PlatformType"]: int(row["Count"]) for row in rows} == expected


def test_the_summary_counts_by_two_and_takes_filters(aws: Any) -> None:
    rows = aws(
        SUMMARY,
        Aggregators=[count("PlatformType", count("ResourceType"))],
        Filters=[condition("PlatformType", "Linux")],
    )["Summary"]
    expected = Counter(
        node.resource_type for node in aws.nodes if node.managed and node.platform.type == "Linux"
    )
    assert {row["PlatformType"] for row in rows} == {"Linux"}
    assert {row["ResourceType"]: int(row["Count"]) for row in rows} == expected


def test_the_summary_has_pages(aws: Any) -> None:
    whole = aws(SUMMARY, Aggregators=[count("AgentVersion")])["Summary"]
    pages = aws.pages(SUMMARY, Aggregators=[count("AgentVersion")], MaxResults=2)
    assert [row for page in pages for row in page["Summary"]] == whole
    assert len(pages) > 1


def test_what_cannot_be_asked_is_refused(aws: Any) -> None:
    assert aws.refusal(LIST, SyncName="other") == "ResourceDataSyncNotFoundException"
    assert aws.refusal(LIST, Filters=[condition("ManagedStatus", "Perhaps")]) == "InvalidFilter"
    side_by_side = [count("PlatformType"), count("Region")]
    assert aws.refusal(SUMMARY, Aggregators=side_by_side) == "InvalidAggregatorException"
    twice = [count("Region", count("Region"))]
    assert aws.refusal(SUMMARY, Aggregators=twice) == "InvalidAggregatorException"
