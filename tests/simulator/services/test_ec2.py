from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.world import World

INSTANCES, STATUS = "ec2:DescribeInstances", "ec2:DescribeInstanceStatus"


def ids(pages: list[dict[str, Any]]) -> list[str]:
    return [
        instance["InstanceId"]
        for page in pages
        for reservation in page["Reservations"]
        for instance in reservation["Instances"]
    ]


def known(aws: Any) -> list[str]:
    return [node.id for node in aws.world.scope(aws.account, aws.region).instances]


def test_every_instance_is_described_managed_or_not(aws: Any) -> None:
    described = ids(aws.pages(INSTANCES, MaxResults=7))
    assert sorted(described) == known(aws)
    assert {node.id for node in aws.nodes if not node.managed} <= set(described)


def test_a_page_has_as_many_instances_as_asked(aws: Any) -> None:
    pages = aws.pages(INSTANCES, MaxResults=20)
    assert {len(ids([page])) for page in pages[:-1]} == {20}


def test_instances_of_one_launch_stand_in_one_reservation(aws: Any) -> None:
    (page,) = aws.pages(INSTANCES)
    names = [reservation["ReservationId"] for reservation in page["Reservations"]]
    assert len(names) == len(set(names))
    together = [r["Instances"] for r in page["Reservations"] if len(r["Instances"]) > 1]
    assert together
    for instances in together:
        assert len({instance["ImageId"] for instance in instances}) == 1


def test_pages_lose_and_repeat_nothing_while_instances_come_and_go(aws: Any, world: World) -> None:
    before = known(aws)

    def between() -> None:
        world.launch(aws.account, aws.region, "web")

    described = ids(aws.pages(INSTANCES, between, MaxResults=30))
    assert len(described) == len(set(described))
    assert set(before) <= set(described)


def test_ec2_forgets_a_terminated_instance_before_systems_manager_does(
    aws: Any, world: World
) -> None:
    node = world.launch(aws.account, aws.region, "web")
    world.terminate(node.id)

    def shown_by_ssm() -> bool:
        filters = [{"Key": "InstanceIds", "Values": [node.id]}]
        answer = aws("ssm:DescribeInstanceProperties", FiltersWithOperator=filters)
        return bool(answer["InstanceProperties"])

    world.clock.advance(3599)
    assert node.id in known(aws)
    assert shown_by_ssm()
    world.clock.advance(2)
    assert node.id not in known(aws)
    assert shown_by_ssm()
    world.clock.advance(24 * 3600)
    assert not shown_by_ssm()


def test_ids_choose(aws: Any) -> None:
    wanted = known(aws)[3:6]
    assert sorted(ids([aws(INSTANCES, InstanceIds=wanted)])) == wanted


@pytest.mark.parametrize("action", [INSTANCES, STATUS])
@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"InstanceIds": ["i-0123456789abcdef0"]}, "InvalidInstanceID.NotFound"),
        ({"InstanceIds": ["web-0001"]}, "InvalidInstanceID.Malformed"),
        ({"MaxResults": 4}, "InvalidParameterValue"),
        ({"MaxResults": 1001}, "InvalidParameterValue"),
        ({"NextToken": "made up"}, "InvalidPaginationToken"),
        ({"Filters": [{"Name": "colour", "Values": ["red"]}]}, "InvalidParameterValue"),
        ({"DryRun": True}, "DryRunOperation"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    aws: Any, action: str, params: dict[str, Any], code: str
) -> None:
    assert aws.refusal(action, **params) == code


def test_ids_and_a_page_size_are_not_combined(aws: Any) -> None:
    params = {"InstanceIds": known(aws)[:1], "MaxResults": 5}
    assert aws.refusal(INSTANCES, **params) == "InvalidParameterCombination"


def test_status_is_of_running_instances_unless_all_are_asked_for(aws: Any) -> None:
    def states(**params: Any) -> set[str]:
        rows = aws(STATUS, **params)["InstanceStatuses"]
        return {row["InstanceState"]["Name"] for row in rows}

    assert states() == {"running"}
    assert states(IncludeAllInstances=True) == {"running", "stopped", "terminated"}


def test_status_takes_a_hundred_ids(aws: Any) -> None:
    many = [f"i-0{number:016x}" for number in range(101)]
    assert aws.refusal(STATUS, InstanceIds=many) == "InvalidParameterValue"


def test_tags_are_described_one_a_row(aws: Any) -> None:
    filters = [{"Name": "key", "Values": ["Role", "Env"]}, {"Name": "value", "Values": ["we*"]}]
    pages = aws.pages("ec2:DescribeTags", Filters=filters, MaxResults=5)
    rows = [row for page in pages for row in page["Tags"]]
    scope = aws.world.scope(aws.account, aws.region)
    web = sorted(node.id for node in scope.instances if node.tags.get("Role") == "web")
    assert [row["ResourceId"] for row in rows] == web
    assert {(row["Key"], row["Value"]) for row in rows} == {("Role", "web")}
    one = [{"Name": "resource-id", "Values": web[:1]}, {"Name": "tag:Role", "Values": ["web"]}]
    assert len(aws("ec2:DescribeTags", Filters=one)["Tags"]) == 1


def test_all_tags_come_once(aws: Any) -> None:
    pages = aws.pages("ec2:DescribeTags", MaxResults=50)
    rows = [(row["ResourceId"], row["Key"], row["Value"]) for page in pages for row in page["Tags"]]
    scope = aws.world.scope(aws.account, aws.region)
    assert sorted(rows) == sorted(
        (n.id, key, n.tags[key]) for n in scope.instances for key in n.tags
    )


def test_regions(aws: Any) -> None:
    def names(**params: Any) -> set[str]:
        return {row["RegionName"] for row in aws("ec2:DescribeRegions", **params)["Regions"]}

    assert names() == set(aws.world.regions)
    assert names(RegionNames=["us-east-1"]) == {"us-east-1"}
    assert names(AllRegions=True) > set(aws.world.regions)
    closed = [{"Name": "opt-in-status", "Values": ["not-opted-in"]}]
    assert names(AllRegions=True, Filters=closed).isdisjoint(aws.world.regions)
    assert aws.refusal("ec2:DescribeRegions", RegionNames=["mars-1"]) == "InvalidParameterValue"
