from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.services.ec2_instance import FILTERS, STATE_CODES, instance, instance_values
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope


@pytest.fixture(scope="module")
def scope() -> Scope:
    return World.generate(nodes=400, accounts=1, regions=1).scopes[0]


def one(scope: Scope, **wanted: Any) -> Node:
    return next(
        node
        for node in scope.instances
        if all(getattr(node, name) == value for name, value in wanted.items())
    )


def test_a_running_instance_has_its_network(scope: Scope) -> None:
    node = one(scope, state="running", role="bastion")
    shown = instance(node, scope)
    assert shown["State"] == {"Code": 16, "Name": "running"}
    assert shown["PrivateIpAddress"] == node.address
    assert shown["PublicIpAddress"] == node.public_address
    assert node.public_address.replace(".", "-") in shown["PublicDnsName"]
    interface = shown["NetworkInterfaces"][0]
    assert interface["Association"]["PublicIp"] == node.public_address
    assert interface["SubnetId"] == scope.subnets[node.zone]


def test_a_terminated_instance_has_lost_it(scope: Scope) -> None:
    shown = instance(one(scope, state="terminated"), scope)
    assert shown["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
    assert shown["StateTransitionReason"].startswith("User initiated (2026-")
    assert shown["PrivateDnsName"] == ""
    assert not {"PrivateIpAddress", "VpcId", "NetworkInterfaces"} & shown.keys()
    assert shown["IamInstanceProfile"] is None


def test_a_profile_is_named_by_its_arn(scope: Scope) -> None:
    node = one(scope, state="running", profile="db-node")
    arn = instance(node, scope)["IamInstanceProfile"]["Arn"]
    assert arn == f"arn:aws:iam::{node.account}:instance-profile/db-node"
    assert instance(one(scope, profile=""), scope)["IamInstanceProfile"] is None


def test_windows_spot_and_mac_say_so(scope: Scope) -> None:
    windows = instance(one(scope, role="app"), scope)
    assert (windows["Platform"], windows["PlatformDetails"]) == ("windows", "Windows")
    batch = instance(one(scope, role="batch"), scope)
    assert (batch["Platform"], batch["InstanceLifecycle"]) == (None, "spot")
    mac = instance(one(scope, role="build"), scope)
    assert mac["Placement"]["Tenancy"] == "host"
    assert mac["Architecture"].endswith("_mac")


def test_what_belongs_to_an_instance_is_its_own(scope: Scope) -> None:
    running = [instance(node, scope) for node in scope.instances if node.state == "running"]
    for part in (
        lambda shown: shown["NetworkInterfaces"][0]["NetworkInterfaceId"],
        lambda shown: shown["BlockDeviceMappings"][0]["Ebs"]["VolumeId"],
        lambda shown: shown["PrivateIpAddress"],
    ):
        assert len({part(shown) for shown in running}) == len(running)


def test_every_filter_has_a_value_somewhere(scope: Scope) -> None:
    for name in FILTERS - {"tag:"}:
        assert any(instance_values(node, scope, name) for node in scope.instances), name


def test_filters_see_what_is_shown(scope: Scope) -> None:
    node = one(scope, state="running", role="bastion")
    shown = instance(node, scope)
    for name, value in {
        "instance-id": shown["InstanceId"],
        "instance-state-code": str(STATE_CODES["running"]),
        "ip-address": shown["PublicIpAddress"],
        "dns-name": shown["PublicDnsName"],
        "vpc-id": shown["VpcId"],
        "instance.group-id": shown["SecurityGroups"][0]["GroupId"],
        "network-interface.network-interface-id": shown["NetworkInterfaces"][0][
            "NetworkInterfaceId"
        ],
        "tag:Name": node.tags["Name"],
    }.items():
        assert list(instance_values(node, scope, name)) == [value]


def test_launch_times_are_filtered_as_text(scope: Scope) -> None:
    node = scope.instances[0]
    (text,) = instance_values(node, scope, "launch-time")
    assert text.endswith(".000Z")
