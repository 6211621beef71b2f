"""The join of SSM's, EC2's and tags' facts into one row."""

import msgspec
import pytest

from ssmtui.aws.decode import Ec2Instance, InstanceInformation, InstanceProperty
from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import ScopeKey
from ssmtui.resources.nodes import join
from ssmtui.resources.nodes.row import Node

SCOPE = ScopeKey("111122223333", "eu-west-1")

PROPERTY = InstanceProperty(
    instance_id="i-0a1",
    name="web-1",
    instance_type="m6i.large",
    instance_state="running",
    ip_address="203.0.113.7",
    launch_time=1000.0,
    ping_status="Online",
    last_ping_date_time=2000.0,
    agent_version="3.3.1",
    platform_type="Linux",
    platform_name="Ubuntu",
    platform_version="24.04",
    resource_type="EC2Instance",
    instance_role="arn:aws:iam::111122223333:instance-profile/web-node",
)
INSTANCE = Ec2Instance(
    instance_id="i-0a1",
    instance_type="m6i.large",
    state="running",
    private_ip_address="10.0.0.7",
    availability_zone="eu-west-1b",
    launch_time=1000.0,
    tags={"Name": "web-1", "Owner": "ann", "aws:autoscaling:groupName": "web-blue"},
)


def test_ssm_alone_leaves_unknown_what_only_ec2_knows():
    node = join.from_property(SCOPE, PROPERTY, None)
    assert (node.name, node.ping, node.kind, node.platform) == ("web-1", "online", "ec2", "linux")
    assert node.role == "web-node"
    # The property's IPAddress is the public one, so the private address is not known yet.
    assert node.address is UNKNOWN
    assert node.tags is UNKNOWN
    assert node.owner is UNKNOWN


def test_ec2_fills_the_rest_and_a_later_ssm_page_keeps_it():
    full = join.with_instance(join.from_property(SCOPE, PROPERTY, None), INSTANCE)
    assert full.address == "10.0.0.7"
    assert full.zone == "eu-west-1b"
    assert full.asg == "web-blue"
    assert full.owner == "ann"
    later = msgspec.structs.replace(PROPERTY, last_ping_date_time=2300.0)
    again = join.from_property(SCOPE, later, full)
    assert again == msgspec.structs.replace(full, seen=2300.0)


def test_the_team_tag_stands_in_for_an_owner():
    node = join.with_tags(join.from_property(SCOPE, PROPERTY, None), {"Team": "core"})
    assert node.owner == "core"
    assert node.name == "web-1"


@pytest.mark.parametrize(
    ("status", "state", "word"),
    [
        ("Online", "running", "online"),
        ("ConnectionLost", "running", "lost"),
        ("ConnectionLost", "stopped", "stopped"),
        ("ConnectionLost", "terminated", "terminated"),
        ("Inactive", None, "inactive"),
        ("SomethingNew", None, "somethingnew"),
        (None, None, UNKNOWN),
    ],
)
def test_ping_words(status, state, word):
    assert join.ping_word(status, state) == word or join.ping_word(status, state) is word


@pytest.mark.parametrize(
    ("resource", "source", "kind"),
    [
        ("EC2Instance", None, "ec2"),
        ("ManagedInstance", None, "hybrid"),
        ("ManagedInstance", "AWS::SSM::ManagedInstance", "hybrid"),
        ("ManagedInstance", "AWS::IoT::Thing", "edge"),
        ("ManagedInstance", "Microsoft.Compute/virtualMachines", "other"),
        (None, None, "other"),
    ],
)
def test_kinds(resource, source, kind):
    assert join.kind_of(resource, source) == kind


def test_information_says_whether_the_agent_is_the_latest():
    fact = InstanceInformation(
        instance_id="mi-1",
        resource_type="ManagedInstance",
        name="branch-office",
        ip_address="192.168.1.2",
        is_latest_version=False,
        ping_status="ConnectionLost",
    )
    node = join.from_information(SCOPE, fact, None)
    assert (node.name, node.address, node.kind) == ("branch-office", "192.168.1.2", "hybrid")
    assert node.agent_latest is False
    assert node.ping == "lost"
    assert node.type is None


def test_an_instance_that_ssm_does_not_list():
    absent = join.from_instance(SCOPE, INSTANCE, managed=False)
    assert absent.ping == "unmanaged"
    assert absent.agent is None
    unread = join.from_instance(SCOPE, INSTANCE, managed=UNKNOWN)
    assert unread.ping is UNKNOWN
    assert unread.agent is UNKNOWN
    stopped = msgspec.structs.replace(INSTANCE, state="stopped")
    assert join.from_instance(SCOPE, stopped, managed=False).ping == "stopped"


@pytest.mark.parametrize(
    ("platform", "details", "kind", "expected"),
    [
        (None, "Linux/UNIX", "m6i.large", "linux"),
        (None, "Red Hat Enterprise Linux with HA", "m6i.large", "linux"),
        ("windows", "Windows with SQL Server Web", "m6i.large", "windows"),
        (None, "Windows", "m6i.large", "windows"),
        (None, "Linux/UNIX", "mac2.metal", "macos"),
        (None, None, "m6i.large", UNKNOWN),
    ],
)
def test_the_platform_of_an_instance_without_an_agent(platform, details, kind, expected):
    fact = msgspec.structs.replace(
        INSTANCE, platform=platform, platform_details=details, instance_type=kind
    )
    assert join.from_instance(SCOPE, fact, managed=False).platform == expected


def test_ec2_says_stopped_before_ssm_does():
    node = join.from_property(SCOPE, PROPERTY, None)
    stopped = join.with_instance(node, msgspec.structs.replace(INSTANCE, state="stopping"))
    assert stopped.ping == "stopped"
    # Running again, while SSM's last word was about the stopped one: nobody knows yet.
    assert join.with_instance(stopped, INSTANCE).ping is UNKNOWN


def test_agents_are_judged_by_their_platforms_newest():
    node = join.from_property(SCOPE, PROPERTY, None)
    assert join.judge_agent(node, {"linux": "3.3.2"}).agent_latest is False
    assert join.judge_agent(node, {"linux": "3.3.1"}).agent_latest is True
    assert join.judge_agent(node, {}).agent_latest is UNKNOWN


def test_what_a_node_becomes_when_a_list_no_longer_holds_it():
    full = join.with_instance(join.from_property(SCOPE, PROPERTY, None), INSTANCE)
    left = join.unmanaged(full)
    assert (left.ping, left.agent, left.tags) == ("unmanaged", None, full.tags)
    bare = join.from_property(SCOPE, PROPERTY, None)
    assert join.without_instance(bare).tags == {}
    assert join.without_instance(full) is full


def test_a_blank_name_is_labelled_by_its_id():
    assert Node(account="1", region="r", id="i-1", name=" ").label == "i-1"
    assert Node(account="1", region="r", id="i-1", name="web").label == "web"
