from __future__ import annotations

from typing import Any

from ssmtui.simulator.services.ssm_nodes import YEAR_1
from ssmtui.simulator.world import Ping, World
from ssmtui.simulator.world.associations import ALL_WELL, NONE, WAITING
from ssmtui.simulator.world.factory import DEFAULT_HOST_MANAGEMENT

INFORMATION = "ssm:DescribeInstanceInformation"
PROPERTIES = "ssm:DescribeInstanceProperties"


def ids(pages: list[dict[str, Any]], key: str = "InstanceProperties") -> list[str]:
    return [row["InstanceId"] for page in pages for row in page[key]]


def row_of(aws: Any, node_id: str, action: str = PROPERTIES) -> dict[str, Any]:
    key = "InstanceProperties" if action == PROPERTIES else "InstanceInformationList"
    name = "FiltersWithOperator" if action == PROPERTIES else "Filters"
    (row,) = aws(action, **{name: [{"Key": "InstanceIds", "Values": [node_id]}]})[key]
    return row


def test_information_has_ten_a_page_unless_asked(aws: Any) -> None:
    assert len(aws(INFORMATION)["InstanceInformationList"]) == 10
    assert len(aws(INFORMATION, MaxResults=50)["InstanceInformationList"]) == 50


def test_information_leaves_out_stopped_and_terminated_nodes(aws: Any) -> None:
    listed = set(ids(aws.pages(INFORMATION), "InstanceInformationList"))
    running = {n.id for n in aws.nodes if n.managed and n.state not in ("stopped", "terminated")}
    assert listed == running


def test_properties_have_every_managed_node(aws: Any) -> None:
    pages = aws.pages(PROPERTIES, MaxResults=5)
    assert ids(pages) == [node.id for node in aws.nodes if node.managed]
    assert {len(page["InstanceProperties"]) for page in pages[:-1]} == {5}
    assert "NextToken" not in pages[-1]
    assert {"stopped", "terminated"} <= {
        row.get("InstanceState") for page in pages for row in page["InstanceProperties"]
    }


def test_pages_lose_and_repeat_nothing_while_nodes_come_and_go(aws: Any, world: World) -> None:
    before = [node.id for node in aws.nodes if node.managed]
    hybrids = [node.id for node in aws.nodes if node.hybrid]

    def between() -> None:
        world.launch(aws.account, aws.region, "web")
        if hybrids:
            world.deregister(hybrids.pop())

    listed = ids(aws.pages(PROPERTIES, between, MaxResults=20))
    assert len(listed) == len(set(listed))
    staying = {node_id for node_id in before if node_id in world.nodes}
    assert staying <= set(listed)
    assert len(staying) < len(before)


def test_a_token_belongs_to_its_call(aws: Any) -> None:
    token = aws(PROPERTIES, MaxResults=5)["NextToken"]
    assert aws.refusal(INFORMATION, NextToken=token) == "InvalidNextToken"
    assert aws.refusal(PROPERTIES, NextToken="made up") == "InvalidNextToken"


def test_the_address_is_public_in_properties_and_private_in_information(aws: Any) -> None:
    public = next(node for node in aws.nodes if node.public_address and node.reachable)
    private = next(
        node for node in aws.nodes if not node.public_address and node.asg and node.reachable
    )
    assert row_of(aws, public.id)["IPAddress"] == public.public_address
    assert row_of(aws, public.id, INFORMATION)["IPAddress"] == public.address
    assert "IPAddress" not in row_of(aws, private.id)


def test_names_are_tags_in_properties_and_of_the_activation_in_information(aws: Any) -> None:
    instance = next(node for node in aws.nodes if not node.hybrid and node.reachable)
    hybrid = next(node for node in aws.nodes if node.hybrid)
    aws.world.tag(instance.id, {"Name": "renamed"})
    assert row_of(aws, instance.id)["Name"] == "renamed"
    assert "Name" not in row_of(aws, instance.id, INFORMATION)
    assert row_of(aws, hybrid.id)["Name"] == hybrid.name
    assert row_of(aws, hybrid.id, INFORMATION)["Name"] == hybrid.name


def test_what_an_instance_does_not_have_is_blank(aws: Any, world: World) -> None:
    node = world.launch(aws.account, aws.region, "web")
    world.untag(node.id, ["Name"])
    node.profile = ""
    row = row_of(aws, node.id)
    assert (row["Name"], row["InstanceRole"], row["KeyName"]) == ("", "", "")


def test_a_hybrid_node_has_none_of_ec2s_members(aws: Any) -> None:
    node = next(node for node in aws.nodes if node.hybrid)
    row = row_of(aws, node.id)
    assert row["ActivationId"] == node.activation
    assert row["IamRole"] == node.role_name
    assert not {"InstanceType", "InstanceState", "LaunchTime", "AvailabilityZone"} & row.keys()


def test_a_role_of_an_instance_is_that_of_default_host_management(aws: Any) -> None:
    managed = [node for node in aws.nodes if not node.hybrid and node.reachable]
    by_default = next(node for node in managed if not node.profile)
    by_profile = next(node for node in managed if node.profile)
    assert row_of(aws, by_default.id, INFORMATION)["IamRole"] == DEFAULT_HOST_MANAGEMENT
    assert "IamRole" not in row_of(aws, by_profile.id, INFORMATION)


def test_hearts_beat_every_five_minutes(aws: Any, world: World) -> None:
    node = world.launch(aws.account, aws.region, "web")
    launched = world.now
    world.clock.advance(299)
    assert row_of(aws, node.id)["LastPingDateTime"] == launched
    world.clock.advance(2)
    assert row_of(aws, node.id)["LastPingDateTime"] == launched + 300


def test_a_lost_node_keeps_its_last_ping(aws: Any, world: World) -> None:
    node = world.launch(aws.account, aws.region, "web")
    world.clock.advance(450)
    world.lose(node.id)
    world.clock.advance(5000)
    row = row_of(aws, node.id)
    assert row["PingStatus"] == "ConnectionLost"
    assert row["LastPingDateTime"] == node.registered + 300


def test_associations_that_never_succeeded_say_so_with_the_year_1(aws: Any, world: World) -> None:
    node = world.launch(aws.account, aws.region, "web")
    node.outcome, node.never_succeeded = ALL_WELL, True
    assert row_of(aws, node.id)["LastSuccessfulAssociationExecutionDate"] == YEAR_1
    assert "LastSuccessfulAssociationExecutionDate" not in row_of(aws, node.id, INFORMATION)


def test_the_world_has_such_a_node() -> None:
    assert any(node.never_succeeded for node in World.generate().nodes.values())


def test_a_node_without_associations_says_nothing_of_them(aws: Any, world: World) -> None:
    node = world.launch(aws.account, aws.region, "web")
    node.outcome = NONE
    assert not [name for name in row_of(aws, node.id) if "Association" in name]
    node.outcome = WAITING
    row = row_of(aws, node.id)
    assert row["AssociationStatus"] == "Pending"
    assert "LastAssociationExecutionDate" not in row


def test_failing_associations_last_succeeded_when_they_began_to_fail(aws: Any) -> None:
    node = next(n for n in aws.nodes if n.managed and n.failing_since and not n.never_succeeded)
    row = row_of(aws, node.id)
    assert row["AssociationStatus"] == "Failed"
    assert row["LastSuccessfulAssociationExecutionDate"] <= row["LastAssociationExecutionDate"]
    overview = row["AssociationOverview"]["InstanceAssociationStatusAggregatedCount"]
    assert overview["Failed"] >= 1
    assert sum(overview.values()) == 4


def test_only_an_online_node_of_the_scope_is_connected(aws: Any, world: World) -> None:
    def status(target: str) -> str:
        answer = aws("ssm:GetConnectionStatus", Target=target)
        assert answer["Target"] == target
        return str(answer["Status"])

    node = world.launch(aws.account, aws.region, "web")
    elsewhere = world.launch(world.accounts[0].id, aws.region, "web")
    assert status(node.id) == "connected"
    assert status(elsewhere.id) == "notconnected"
    assert status("i-0123456789abcdef0") == "notconnected"
    world.silence(node.id)  # the service still believes it online
    assert node.ping is Ping.ONLINE
    assert status(node.id) == "notconnected"


def test_a_hybrid_node_is_deregistered_once(aws: Any) -> None:
    node = next(node for node in aws.nodes if node.hybrid)
    aws("ssm:DeregisterManagedInstance", InstanceId=node.id)
    assert node.id not in ids(aws.pages(PROPERTIES))
    assert aws.refusal("ssm:DeregisterManagedInstance", InstanceId=node.id) == "InvalidInstanceId"


def test_a_hybrid_node_gets_another_role(aws: Any) -> None:
    node = next(node for node in aws.nodes if node.hybrid)
    aws("ssm:UpdateManagedInstanceRole", InstanceId=node.id, IamRole="other")
    assert row_of(aws, node.id)["IamRole"] == "other"
    unknown = "mi-00000000000000000"
    refusal = aws.refusal("ssm:UpdateManagedInstanceRole", InstanceId=unknown, IamRole="other")
    assert refusal == "InvalidInstanceId"


def test_a_region_without_a_fleet_is_empty(aws: Any) -> None:
    aws.region = "sa-east-1"
    assert aws(PROPERTIES)["InstanceProperties"] == []
    assert aws(INFORMATION)["InstanceInformationList"] == []
