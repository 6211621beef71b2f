"""An EC2 instance as DescribeInstances shows it, and what its filters see."""

from __future__ import annotations

import hashlib
from typing import Any

from ssmtui.simulator.services.ec2_filters import Values
from ssmtui.simulator.services.ssm_tags import tag_list
from ssmtui.simulator.shapes import timestamp_text
from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope

STATE_CODES = {
    "pending": 0,
    "running": 16,
    "shutting-down": 32,
    "terminated": 48,
    "stopping": 64,
    "stopped": 80,
}

_CPUS = {"nano": 1, "micro": 1, "medium": 1, "large": 1, "xlarge": 2, "2xlarge": 4, "4xlarge": 8}

FILTERS = frozenset(
    {
        "architecture", "availability-zone", "availability-zone-id", "dns-name", "hypervisor",
        "iam-instance-profile.arn", "image-id", "instance-id", "instance-lifecycle",
        "instance-state-code", "instance-state-name", "instance-type", "instance.group-name",
        "ip-address", "key-name", "launch-time", "network-interface.network-interface-id",
        "owner-id", "platform", "platform-details", "private-dns-name", "private-ip-address",
        "reason", "reservation-id", "root-device-name", "root-device-type", "state-reason-code",
        "subnet-id", "tag:", "tag-key", "tag-value", "tenancy", "usage-operation",
        "virtualization-type", "vpc-id",
    }
)  # fmt: skip


def instance(node: Node, scope: Scope) -> dict[str, Any]:
    """A node as an Instance. A terminated one has lost its network, and its profile."""
    platform = node.platform
    gone = node.state == "terminated"
    cores = _CPUS.get(node.instance_type.partition(".")[2], 16)
    arm = node.architecture == "arm64"
    members: dict[str, Any] = {
        "AmiLaunchIndex": 0,
        "ImageId": node.image,
        "InstanceId": node.id,
        "InstanceType": node.instance_type,
        "KeyName": node.key_name or None,
        "LaunchTime": node.launched,
        "Monitoring": {"State": "disabled"},
        "Placement": {
            "AvailabilityZone": node.zone,
            "AvailabilityZoneId": scope.zone_id(node.zone),
            "GroupName": "",
            "Tenancy": "host" if platform.type == "MacOS" else "default",
        },
        "Platform": "windows" if platform.windows else None,
        "PlatformDetails": platform.details,
        "UsageOperation": platform.usage,
        "UsageOperationUpdateTime": node.launched,
        "PrivateDnsName": "" if gone else private_dns(node),
        "PublicDnsName": public_dns(node),
        "State": {"Code": STATE_CODES[node.state], "Name": node.state},
        "StateTransitionReason": node.state_reason,
        "StateReason": _state_reason(node),
        "Architecture": node.architecture,
        "BlockDeviceMappings": [] if gone else [_volume(node)],
        "BootMode": "uefi" if arm else "uefi-preferred",
        "ClientToken": "",
        "CpuOptions": {"CoreCount": cores, "ThreadsPerCore": 1 if arm else 2},
        "EbsOptimized": False,
        "EnaSupport": True,
        "Hypervisor": "xen",
        "IamInstanceProfile": _profile(node),
        "InstanceLifecycle": "spot" if node.spot else None,
        "MetadataOptions": {
            "State": "applied",
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 2,
            "HttpEndpoint": "enabled",
        },
        "RootDeviceName": platform.root_device,
        "RootDeviceType": "ebs",
        "SecurityGroups": [] if gone else [_security_group(node)],
        "Tags": tag_list(node.tags),
        "VirtualizationType": "hvm",
    }
    if not gone:
        members |= {
            "PrivateIpAddress": node.address,
            "PublicIpAddress": node.public_address or None,
            "SubnetId": node.subnet,
            "VpcId": scope.vpc,
            "SourceDestCheck": True,
            "NetworkInterfaces": [_interface(node, scope)],
        }
    return members


def instance_values(node: Node, scope: Scope) -> Values:
    """What the filters of DescribeInstances compare an instance with."""
    gone = node.state == "terminated"
    reason = _state_reason(node)
    values = {
        "architecture": node.architecture,
        "availability-zone": node.zone,
        "availability-zone-id": scope.zone_id(node.zone),
        "dns-name": public_dns(node),
        "hypervisor": "xen",
        "iam-instance-profile.arn": _profile_arn(node),
        "image-id": node.image,
        "instance-id": node.id,
        "instance-lifecycle": "spot" if node.spot else "",
        "instance-state-code": str(STATE_CODES[node.state]),
        "instance-state-name": node.state,
        "instance-type": node.instance_type,
        "instance.group-name": "" if gone else node.role,
        "ip-address": node.public_address,
        "key-name": node.key_name,
        "launch-time": timestamp_text(node.launched, "iso8601 milliseconds"),
        "network-interface.network-interface-id": "" if gone else _derived("eni", node),
        "owner-id": node.account,
        "platform": "windows" if node.platform.windows else "",
        "platform-details": node.platform.details,
        "private-dns-name": "" if gone else private_dns(node),
        "private-ip-address": "" if gone else node.address,
        "reason": node.state_reason,
        "reservation-id": node.reservation,
        "root-device-name": node.platform.root_device,
        "root-device-type": "ebs",
        "state-reason-code": reason["Code"] if reason else "",
        "subnet-id": "" if gone else node.subnet,
        "tenancy": "host" if node.platform.type == "MacOS" else "default",
        "usage-operation": node.platform.usage,
        "virtualization-type": "hvm",
        "vpc-id": "" if gone else scope.vpc,
    }
    several = {name: (value,) if value else () for name, value in values.items()}
    return {**several, **tag_values(node.tags)}


def tag_values(tags: dict[str, str]) -> Values:
    """The filters that look at tags. An empty value is one too."""
    named = {f"tag:{key}": (value,) for key, value in tags.items()}
    return {**named, "tag-key": tuple(tags), "tag-value": tuple(tags.values())}


def private_dns(node: Node) -> str:
    """Its name within the VPC, by its address, whatever the machine calls itself."""
    domain = "ec2.internal" if node.region == "us-east-1" else f"{node.region}.compute.internal"
    return f"ip-{node.address.replace('.', '-')}.{domain}"


def public_dns(node: Node) -> str:
    """Empty without a public address."""
    if not node.public_address:
        return ""
    domain = "compute-1" if node.region == "us-east-1" else f"{node.region}.compute"
    return f"ec2-{node.public_address.replace('.', '-')}.{domain}.amazonaws.com"


def _derived(kind: str, node: Node) -> str:
    """The id of something that belongs to an instance alone: its volume, interface ..."""
    digits = hashlib.sha256(f"{kind} {node.id}".encode()).hexdigest()[:16]
    return f"{kind}-0{digits}"


def _state_reason(node: Node) -> dict[str, str] | None:
    if node.state not in ("stopping", "stopped", "shutting-down", "terminated"):
        return None
    code = "Client.UserInitiatedShutdown"
    return {"Code": code, "Message": f"{code}: User initiated shutdown"}


def _profile_arn(node: Node) -> str:
    gone = node.state == "terminated"
    if gone or not node.profile:
        return ""
    return f"arn:aws:iam::{node.account}:instance-profile/{node.profile}"


def _profile(node: Node) -> dict[str, str] | None:
    arn = _profile_arn(node)
    digest = hashlib.sha256(arn.encode()).hexdigest()[:17].upper()
    return {"Arn": arn, "Id": f"AIPA{digest}"} if arn else None


def _volume(node: Node) -> dict[str, Any]:
    return {
        "DeviceName": node.platform.root_device,
        "Ebs": {
            "AttachTime": node.launched,
            "DeleteOnTermination": True,
            "Status": "attached",
            "VolumeId": _derived("vol", node),
        },
    }


def _security_group(node: Node) -> dict[str, str]:
    digits = hashlib.sha256(f"sg {node.account} {node.region} {node.role}".encode()).hexdigest()
    return {"GroupName": node.role, "GroupId": f"sg-0{digits[:16]}"}


def _interface(node: Node, scope: Scope) -> dict[str, Any]:
    address = {
        "Primary": True,
        "PrivateDnsName": private_dns(node),
        "PrivateIpAddress": node.address,
    }
    association = None
    if node.public_address:
        association = {
            "IpOwnerId": "amazon",
            "PublicDnsName": public_dns(node),
            "PublicIp": node.public_address,
        }
    return {
        "Association": association,
        "Attachment": {
            "AttachTime": node.launched,
            "AttachmentId": _derived("eni-attach", node),
            "DeleteOnTermination": True,
            "DeviceIndex": 0,
            "Status": "attached",
            "NetworkCardIndex": 0,
        },
        "Description": "",
        "Groups": [_security_group(node)],
        "InterfaceType": "interface",
        "MacAddress": _mac(node),
        "NetworkInterfaceId": _derived("eni", node),
        "OwnerId": node.account,
        "PrivateDnsName": private_dns(node),
        "PrivateIpAddress": node.address,
        "PrivateIpAddresses": [{**address, "Association": association}],
        "SourceDestCheck": True,
        "Status": "in-use",
        "SubnetId": node.subnet,
        "VpcId": scope.vpc,
    }


def _mac(node: Node) -> str:
    pairs = [f"{int(part):02x}" for part in node.address.split(".")]
    return ":".join(["0a", "58", *pairs])
