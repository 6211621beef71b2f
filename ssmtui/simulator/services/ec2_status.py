"""An instance's status checks, and what the filters of DescribeInstanceStatus see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ssmtui.simulator.services.ec2_instance import STATE_CODES
from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope

INITIALIZING = 180.0  # a new instance's checks take some minutes

_REACHABILITY = {"ok": "passed", "impaired": "failed", "initializing": "initializing"}


def instance_status(node: Node, scope: Scope, now: float) -> dict[str, Any]:
    """A node as an InstanceStatus. Only the instance's own check fails here, never the system's."""
    own, system = _checks(node, now)
    return {
        "AvailabilityZone": node.zone,
        "AvailabilityZoneId": scope.zone_id(node.zone),
        "InstanceId": node.id,
        "InstanceState": {"Code": STATE_CODES[node.state], "Name": node.state},
        "InstanceStatus": _summary(own, node.impaired_since),
        "SystemStatus": _summary(system, 0.0),
        "AttachedEbsStatus": _summary(system, 0.0),
    }


def status_values(node: Node, scope: Scope, now: float, name: str) -> Sequence[str]:
    """What an instance has under the name of a filter of DescribeInstanceStatus."""
    own, system = _checks(node, now)
    value = _VALUES[name](node, scope, own, system)
    return (value,) if value else ()


_VALUES: dict[str, Callable[[Node, Scope, str, str], str]] = {
    "availability-zone": lambda node, *_: node.zone,
    "availability-zone-id": lambda node, scope, *_: scope.zone_id(node.zone),
    "instance-state-code": lambda node, *_: str(STATE_CODES[node.state]),
    "instance-state-name": lambda node, *_: node.state,
    "instance-status.reachability": lambda _node, _scope, own, _: _REACHABILITY.get(own, ""),
    "instance-status.status": lambda _node, _scope, own, _: own,
    "system-status.reachability": lambda _node, _scope, _, system: _REACHABILITY.get(system, ""),
    "system-status.status": lambda _node, _scope, _, system: system,
    "attached-ebs-status.status": lambda _node, _scope, _, system: system,
}

FILTERS = frozenset(_VALUES)


def _checks(node: Node, now: float) -> tuple[str, str]:
    """The status of the instance's check and of the system's."""
    if node.state != "running":
        return "not-applicable", "not-applicable"
    if node.impaired_since:
        return "impaired", "ok"
    if now - node.state_since < INITIALIZING:
        return "initializing", "initializing"
    return "ok", "ok"


def _summary(status: str, impaired_since: float) -> dict[str, Any]:
    if status == "not-applicable":
        return {"Status": status}
    detail: dict[str, Any] = {"Name": "reachability", "Status": _REACHABILITY[status]}
    if status == "impaired":
        detail["ImpairedSince"] = impaired_since
    return {"Status": status, "Details": [detail]}
