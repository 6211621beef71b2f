"""Systems Manager's managed nodes: the two descriptions, connections, and what changes a node."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import msgspec

from ssmtui.simulator.agent.sessions import connected
from ssmtui.simulator.call import Call, Raw, ServiceError
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.services import ssm_node_filters as filters
from ssmtui.simulator.services.common import node_here, scope_of
from ssmtui.simulator.world.associations import last_run
from ssmtui.simulator.world.catalogue import LATEST_AGENT
from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope

# One way in which the service says "never": the year 1, which many a parser does not survive.
YEAR_1 = -62135596800.0

# DescribeInstanceProperties does not say what its default is.
_PROPERTIES_DEFAULT = 50
_INFORMATION_DEFAULT = 10  # "The default value is 10 items."

_by_id = attrgetter("id")


class Nodes:
    """The operations on managed nodes."""

    def DescribeInstanceInformation(self, call: Call) -> dict[str, Any]:
        """Managed nodes, 10 a page unless asked, without stopped and terminated ones.

        Tag filters are applied to a page that has been cut already, so that pages may be short or
        empty and still have a token.
        """
        scope, now = scope_of(call), call.now
        chosen = filters.information_filters(call)
        nodes = scope.reachable
        if chosen.plain:
            nodes = [node for node in nodes if chosen.plain(node)]
        return paginate(
            call,
            nodes,
            "InstanceInformationList",
            _INFORMATION_DEFAULT,
            position=_by_id,
            keep=chosen.tags,
            shape=lambda node: information(node, scope, now),
        )

    def DescribeInstanceProperties(self, call: Call) -> dict[str, Any]:
        """All managed nodes, stopped and lately terminated ones too, with what EC2 knows."""
        scope, now = scope_of(call), call.now
        matches = filters.property_filter(call)
        nodes = scope.managed
        if matches:
            nodes = [node for node in nodes if matches(node)]
        answer = paginate(
            call,
            nodes,
            "InstanceProperties",
            _PROPERTIES_DEFAULT,
            position=_by_id,
            shape=lambda node: properties(node, scope, now),
        )
        # A page of 1,000 nodes goes past the writer by shape, which would take most of the time;
        # the tests hold `properties` to the shape instead.
        answer["InstanceProperties"] = Raw(msgspec.json.encode(answer["InstanceProperties"]))
        return answer

    def GetConnectionStatus(self, call: Call) -> dict[str, Any]:
        """Whether a session could start. Any target gets an answer, also one that is not there."""
        target = call.params["Target"]
        node = node_here(call, target)
        ready = node is not None and connected(node)
        return {"Target": target, "Status": "connected" if ready else "notconnected"}

    def DeregisterManagedInstance(self, call: Call) -> dict[str, Any]:
        call.world.deregister(hybrid_node(call, call.params["InstanceId"]).id)
        return {}

    def UpdateManagedInstanceRole(self, call: Call) -> dict[str, Any]:
        node = hybrid_node(call, call.params["InstanceId"])
        call.world.set_role(node.id, call.params["IamRole"])
        return {}


def managed_node(call: Call, node_id: str) -> Node:
    """The managed node of that id in the call's scope. ServiceError InvalidInstanceId otherwise."""
    node = node_here(call, node_id)
    if node is None or not node.managed:
        raise invalid_instance_id(node_id)
    return node


def hybrid_node(call: Call, node_id: str) -> Node:
    """The hybrid node of that id; those operations do not take EC2 instances."""
    node = managed_node(call, node_id)
    if not node.hybrid:
        raise invalid_instance_id(node_id)
    return node


def invalid_instance_id(node_id: str) -> ServiceError:
    return ServiceError("InvalidInstanceId", f"Instance {node_id} is not valid for this account")


def information(node: Node, scope: Scope, now: float) -> dict[str, Any]:
    """A node as an InstanceInformation. `Name` is that of the activation, never a tag."""
    answer = {
        "InstanceId": node.id,
        "PingStatus": node.ping.value,
        "LastPingDateTime": round(node.last_ping(now), 3),
        "AgentVersion": node.agent_version,
        "IsLatestVersion": node.agent_version == LATEST_AGENT,
        **_common(node),
        "IPAddress": node.address,
        **_association_members(node, scope, now, never=None),
    }
    if node.hybrid:
        answer["Name"] = node.name
    return answer


def properties(node: Node, scope: Scope, now: float) -> dict[str, Any]:
    """A node as an InstanceProperty. `IPAddress` is the public one; what is missing is blank."""
    answer = {
        "Name": node.shown_name,
        "InstanceId": node.id,
        "PingStatus": node.ping.value,
        "LastPingDateTime": round(node.last_ping(now), 3),
        "AgentVersion": node.agent_version,
        **_common(node),
        **_association_members(node, scope, now, never=YEAR_1),
    }
    if not node.hybrid:
        answer["InstanceType"] = node.instance_type
        answer["InstanceRole"] = node.profile
        answer["KeyName"] = node.key_name
        answer["InstanceState"] = node.state
        answer["Architecture"] = node.architecture
        answer["LaunchTime"] = round(node.launched, 3)
        answer["AvailabilityZone"] = node.zone
    if node.public_address:  # an address has at least one character: blank is left out
        answer["IPAddress"] = node.public_address
    return answer


def _common(node: Node) -> dict[str, Any]:
    platform = node.platform
    members: dict[str, Any] = {
        "PlatformType": platform.type,
        "PlatformName": platform.name,
        "PlatformVersion": platform.version,
        "RegistrationDate": round(node.registered, 3),
        "ResourceType": node.resource_type,
        "ComputerName": node.computer_name,
        "SourceId": node.source or node.id,
        "SourceType": node.source_type or "AWS::EC2::Instance",
    }
    if node.activation:
        members["ActivationId"] = node.activation
    if node.role_name:
        members["IamRole"] = node.role_name
    if node.source_location:
        members["SourceLocation"] = node.source_location
    return members


def _association_members(
    node: Node, scope: Scope, now: float, *, never: float | None
) -> dict[str, Any]:
    """Nothing of a node without associations; no dates while the first run is pending.

    `never` is the date of a success that has not been: there are two ways to say so.
    """
    outcome = node.outcome
    if not outcome.statuses:
        return {}
    members: dict[str, Any] = {
        "AssociationStatus": outcome.status,
        "AssociationOverview": {
            "DetailedStatus": outcome.status,
            "InstanceAssociationStatusAggregatedCount": outcome.counts,
        },
    }
    seen = node.silent_since or now
    runs = [
        last_run(association, node.registered, seen)
        for association, status in zip(scope.associations, outcome.plain, strict=True)
        if status != "Pending"
    ]
    if runs:
        members["LastAssociationExecutionDate"] = latest = round(max(runs), 3)
        success = never if node.never_succeeded else _last_success(node, latest)
        if success is not None:
            members["LastSuccessfulAssociationExecutionDate"] = success
    return members


def _last_success(node: Node, latest: float) -> float:
    return round(min(node.failing_since, latest), 3) if node.failing_since else latest
