from __future__ import annotations

import asyncio
import gc
from datetime import UTC
from xml.sax.saxutils import escape

import pytest
from botocore.parsers import create_parser
from botocore.session import get_session

from ssmtui.aws import ec2
from ssmtui.aws.ec2 import Ec2Instance, decode_instances, ec2_instances

NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"


def _instance(number: int) -> str:
    spot = "<instanceLifecycle>spot</instanceLifecycle>" if number % 3 == 0 else ""
    windows = "<platform>windows</platform>" if number % 4 == 0 else ""
    stopped = number % 5 == 0
    public = "" if stopped else f"<ipAddress>198.51.100.{number % 250}</ipAddress>"
    reason = (
        "<reason>User initiated (2026-11-01 10:00:00 GMT)</reason><stateReason>"
        "<code>Client.UserInitiatedShutdown</code><message>User initiated shutdown</message>"
        "</stateReason>"
        if stopped
        else "<reason/>"
    )
    name = escape(f"wéb-{number} a[/]b \u202e <&>")
    return f"""
      <item>
        <instanceId>i-{number:017x}</instanceId><imageId>ami-1</imageId>
        <instanceState><code>16</code><name>{"stopped" if stopped else "running"}</name>
        </instanceState>
        <privateDnsName>ip-10-0-0-{number}.internal</privateDnsName><dnsName/>{reason}
        <keyName>ops</keyName><amiLaunchIndex>0</amiLaunchIndex><productCodes/>
        <instanceType>m6i.large</instanceType>
        <launchTime>2026-11-{number % 28 + 1:02d}T10:00:00.000Z</launchTime>
        <placement><availabilityZone>eu-west-1b</availabilityZone><groupName/>
        <tenancy>default</tenancy></placement>{windows}
        <monitoring><state>disabled</state></monitoring>
        <subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>
        <privateIpAddress>10.0.{number // 250}.{number % 250}</privateIpAddress>{public}
        <architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType>
        <blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs>
        <volumeId>vol-1</volumeId><status>attached</status></ebs></item></blockDeviceMapping>
        <tagSet><item><key>Name</key><value>{name}</value></item>
        <item><key>aws:autoscaling:groupName</key><value>web-blue</value></item>
        <item><key>empty</key><value/></item></tagSet>{spot}
        <iamInstanceProfile><arn>arn:aws:iam::111122223333:instance-profile/web</arn>
        <id>AIPA</id></iamInstanceProfile>
        <networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId>
        <subnetId>subnet-2</subnetId><vpcId>vpc-2</vpcId></item></networkInterfaceSet>
        <platformDetails>Linux/UNIX</platformDetails>
      </item>"""


def _answer(count: int, per_reservation: int = 3, token: str = "more") -> bytes:
    numbers = list(range(count))
    reservations = "".join(
        f"<item><reservationId>r-{start}</reservationId><ownerId>111122223333</ownerId><groupSet/>"
        f"<instancesSet>{''.join(map(_instance, numbers[start : start + per_reservation]))}"
        "</instancesSet></item>"
        for start in range(0, count, per_reservation)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<DescribeInstancesResponse xmlns="{NAMESPACE}">'
        f"<requestId>req-1</requestId><reservationSet>{reservations}</reservationSet>"
        f"<nextToken>{token}</nextToken></DescribeInstancesResponse>"
    ).encode()


def _from_botocore(reservation: dict, instance: dict) -> Ec2Instance:
    """What our row should be, from botocore's own parse."""
    return Ec2Instance(
        instance_id=instance["InstanceId"],
        owner_id=reservation["OwnerId"],
        instance_type=instance["InstanceType"],
        state=instance["State"]["Name"],
        private_ip_address=instance["PrivateIpAddress"],
        public_ip_address=instance.get("PublicIpAddress"),
        private_dns_name=instance["PrivateDnsName"],
        availability_zone=instance["Placement"]["AvailabilityZone"],
        launch_time=instance["LaunchTime"].astimezone(UTC).timestamp(),
        iam_instance_profile=instance["IamInstanceProfile"]["Arn"],
        image_id=instance["ImageId"],
        key_name=instance["KeyName"],
        architecture=instance["Architecture"],
        platform=instance.get("Platform"),
        platform_details=instance["PlatformDetails"],
        lifecycle=instance.get("InstanceLifecycle"),
        state_reason_code=instance.get("StateReason", {}).get("Code"),
        state_reason=instance.get("StateReason", {}).get("Message"),
        state_transition_reason=instance["StateTransitionReason"] or None,
        vpc_id=instance["VpcId"],
        subnet_id=instance["SubnetId"],
        tags={tag["Key"]: tag["Value"] for tag in instance["Tags"]},
    )


@pytest.mark.parametrize("at_once", [97, 5_000, 64 * 1024])
@pytest.mark.parametrize("per_reservation", [1, 3, 40])
async def test_a_page_is_what_botocore_reads_from_it(monkeypatch, at_once, per_reservation):
    monkeypatch.setattr(ec2, "_BYTES_A_SLICE", at_once)
    body = _answer(40, per_reservation)
    shape = get_session().get_service_model("ec2").operation_model("DescribeInstances").output_shape
    response = {"body": body, "headers": {}, "status_code": 200}
    expected = create_parser("ec2").parse(response, shape)

    page = await decode_instances(body)

    assert list(ec2_instances(page)) == [
        _from_botocore(reservation, instance)
        for reservation in expected["Reservations"]
        for instance in reservation["Instances"]
    ]
    assert [item["ReservationId"] for item in page["Reservations"]] == [
        item["ReservationId"] for item in expected["Reservations"]
    ]
    assert page["NextToken"] == expected["NextToken"]
    assert page["ResponseMetadata"]["RequestId"] == "req-1"


async def test_what_is_read_is_dropped_from_memory(monkeypatch):
    alive: list[int] = []
    take = ec2._take

    def watched(root, reservations, *, whole):
        take(root, reservations, whole=whole)
        alive.append(sum(1 for _ in root.iter()))

    monkeypatch.setattr(ec2, "_take", watched)
    monkeypatch.setattr(ec2, "_BYTES_A_SLICE", 10_000)
    await decode_instances(_answer(100, 100))
    assert max(alive) < 300  # of some 4,000


async def test_names_and_groups_come_from_the_tags():
    (row,) = ec2_instances(await decode_instances(_answer(1)))
    assert row.name == "wéb-0 a[/]b \u202e <&>"
    assert row.autoscaling_group == "web-blue"
    assert row.tags["empty"] == ""
    assert Ec2Instance(instance_id="i-1").name is None


async def test_repeated_texts_are_one_object_and_tag_values_too():
    first, second = ec2_instances(await decode_instances(_answer(2)))
    assert first.instance_type is second.instance_type
    assert first.tags["aws:autoscaling:groupName"] is second.tags["aws:autoscaling:groupName"]
    assert not gc.is_tracked(first)


async def test_the_last_page_has_no_token():
    assert "NextToken" not in await decode_instances(_answer(1, token=""))


async def test_an_answer_without_instances():
    body = b"<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>"
    assert await decode_instances(body) == {"Reservations": []}


async def test_the_loop_turns_between_slices(monkeypatch):
    monkeypatch.setattr(ec2, "_BYTES_A_SLICE", 10_000)
    body = _answer(60)
    turns = 0

    async def count():
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.ensure_future(count())
    await decode_instances(body)
    counting.cancel()
    assert turns >= len(body) // 10_000


async def test_control_characters_do_not_cost_the_page():
    body = _answer(2).replace(b"web-blue", b"web\x1b[31m&#27;&#x1B;&#9;blue", 1)
    first, second = ec2_instances(await decode_instances(body))
    assert first.autoscaling_group == "web\ufffd[31m\ufffd\ufffd\tblue"
    assert second.autoscaling_group == "web-blue"


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Bad gateway</body></html>", _answer(3)[:2000], b"{}"]
)
async def test_a_cut_or_foreign_body_is_an_error(body):
    with pytest.raises(ValueError, match="the answer is not"):
        await decode_instances(body)
