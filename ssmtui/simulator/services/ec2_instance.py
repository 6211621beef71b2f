"""An EC2 instance as DescribeInstances shows it, and what its filters see."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from ssmtui.simulator.services.ec2_filters import tag_values
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
            "Tenancy": _tenancy(node),
        },
        "Platform": "windows" if platform.windows else None,
        "PlatformDetails": platform.details,
        "UsageOperation": platform.usage,
        "UsageOperationUpdateTime": node.launched,
        "PrivateDnsName": "" if gone else node.private_dns,
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


def instance_values(node: Node, scope: Scope, name: str) -> Sequence[str]:
    """What an instance has under the name of a filter of DescribeInstances."""
    if name.startswith(("tag:", "tag-")):
        return tag_values(node.tags, name)
    value = _VALUES[name](node, scope)
    return (value,) if value else ()


def public_dns(node: Node) -> str:
    """Empty without a public address."""
    if not node.public_address:
        return ""
    domain = "compute-1" if node.region == "us-east-1" else f"{node.region}.compute"
    return f"ec2-{node.public_address.replace('.', '-')}.{domain}.amazonaws.com"


def _tenancy(node: Node) -> str:
    return "host" if node.platform.type == "MacOS" else "default"


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
        "PrivateDnsName": node.private_dns,
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
        "PrivateDnsName": node.private_dns,
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


def _unless_gone(value: Callable[[Node, Scope], str]) -> Callable[[Node, Scope], str]:
    return lambda node, scope: "" if node.state == "terminated" else value(node, scope)


_VALUES: dict[str, Callable[[Node, Scope], str]] = {
    "architecture": lambda node, _: node.architecture,
    "availability-zone": lambda node, _: node.zone,
    "availability-zone-id": lambda node, scope: scope.zone_id(node.zone),
    "dns-name": lambda node, _: public_dns(node),
    "hypervisor": lambda *_: "xen",
    "iam-instance-profile.arn": lambda node, _: _profile_arn(node),
    "image-id": lambda node, _: node.image,
    "instance-id": lambda node, _: node.id,
    "instance-lifecycle": lambda node, _: "spot" if node.spot else "",
    "instance-state-code": lambda node, _: str(STATE_CODES[node.state]),
    "instance-state-name": lambda node, _: node.state,
    "instance-type": lambda node, _: node.instance_type,
    "instance.group-id": _unless_gone(lambda node, _: _security_group(node)["GroupId"]),
    "instance.group-name": _unless_gone(lambda node, _: node.role),
    "ip-address": lambda node, _: node.public_address,
    "key-name": lambda node, _: node.key_name,
    "launch-time": lambda node, _: timestamp_text(node.launched, "iso8601 milliseconds"),
    "network-interface.network-interface-id": _unless_gone(lambda node, _: _derived("eni", node)),
    "owner-id": lambda node, _: node.account,
    "platform": lambda node, _: "windows" if node.platform.windows else "",
    "platform-details": lambda node, _: node.platform.details,
    "private-dns-name": _unless_gone(lambda node, _: node.private_dns),
    "private-ip-address": _unless_gone(lambda node, _: node.address),
    "reason": lambda node, _: node.state_reason,
    "reservation-id": lambda node, _: node.reservation,
    "root-device-name": lambda node, _: node.platform.root_device,
    "root-device-type": lambda *_: "ebs",
    "state-reason-code": lambda node, _: (_state_reason(node) or {}).get("Code", ""),
    "subnet-id": _unless_gone(lambda node, _: node.subnet),
    "tenancy": lambda node, _: _tenancy(node),
    "usage-operation": lambda node, _: node.platform.usage,
    "virtualization-type": lambda *_: "hvm",
    "vpc-id": _unless_gone(lambda _, scope: scope.vpc),
}

# The names that DescribeInstances takes here, of the many that EC2 has.
FILTERS = frozenset(_VALUES) | {"tag:", "tag-key", "tag-value"}
