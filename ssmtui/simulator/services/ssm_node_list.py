"""ListNodes and ListNodesSummary: the fleet as it was captured, unmanaged instances included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.services.common import scope_of
from ssmtui.simulator.world.scope import Captured, Scope

_DEFAULT = 50
_MOST_AGGREGATORS_DEEP = 2

Test = Callable[[Captured], bool]


class NodeList:
    """The operations of the console's "Explore nodes"."""

    def ListNodes(self, call: Call) -> dict[str, Any]:
        """Captured nodes; unless a filter on ManagedStatus says otherwise, the managed ones."""
        scope = scope_of(call)
        time = round(scope.capture(call.now).time, 3)
        return paginate(
            call,
            _chosen(call, scope),
            "Nodes",
            _DEFAULT,
            position=lambda captured: captured.node.id,
            shape=lambda captured: {
                "CaptureTime": time,
                "Id": captured.node.id,
                "Owner": {"AccountId": call.account},
                "Region": call.region,
                "NodeType": {"Instance": instance_info(captured, scope)},
            },
        )

    def ListNodesSummary(self, call: Call) -> dict[str, Any]:
        """Counts by one or two attributes, as text like every value of a summary."""
        scope = scope_of(call)
        attributes = _attributes(call.params["Aggregators"])
        values = [_VALUES[name] for name in attributes]
        counts = Counter(
            tuple(value(captured, scope) for value in values) for captured in _chosen(call, scope)
        )
        rows = [
            {**dict(zip(attributes, group, strict=True)), "Count": str(count)}
            for group, count in sorted(counts.items())
        ]
        return paginate(call, rows, "Summary", _DEFAULT)


def instance_info(captured: Captured, scope: Scope) -> dict[str, Any]:
    """A captured node as an InstanceInfo: of an unmanaged one, what EC2 knows."""
    info = {name: _VALUES[name](captured, scope) for name in _INFO}
    return {"Name": captured.node.shown_name} | {name: text for name, text in info.items() if text}


def _chosen(call: Call, scope: Scope) -> Sequence[Captured]:
    """The captured nodes that a call's filters choose, in the order of their ids."""
    if "SyncName" in call.params:
        raise ServiceError(
            "ResourceDataSyncNotFoundException",
            "The specified sync name wasn't found.",
            extra={"SyncName": call.params["SyncName"]},
        )
    wanted, tests = _filters(call, scope)
    return [
        captured
        for captured in scope.capture(call.now).nodes
        if _VALUES["ManagedStatus"](captured, scope) in wanted
        and all(test(captured) for test in tests)
    ]


def _filters(call: Call, scope: Scope) -> tuple[frozenset[str], list[Test]]:
    """Which managed statuses a call wants, and the tests of its other filters."""
    wanted = frozenset({"Managed"})
    tests: list[Test] = []
    for item in call.params.get("Filters") or []:
        key, values, kind = item["Key"], item["Values"], item.get("Type", "Equal")
        if key == "ManagedStatus":
            wanted = _managed_status(values, kind)
        else:
            tests.append(_test(_VALUES[key], scope, values, kind))
    return wanted, tests


def _managed_status(values: list[str], kind: str) -> frozenset[str]:
    both = frozenset({"Managed", "Unmanaged"})
    if kind == "BeginWith" or not set(values) <= both | {"All"}:
        raise ServiceError("InvalidFilter", "ManagedStatus is All, Managed or Unmanaged.")
    named = both if "All" in values else frozenset(values)
    return both - named if kind == "NotEqual" else named


def _test(value: Value, scope: Scope, values: list[str], kind: str) -> Test:
    match kind:
        case "Equal":
            return lambda captured: value(captured, scope) in values
        case "NotEqual":
            return lambda captured: value(captured, scope) not in values
        case _:
            return lambda captured: value(captured, scope).startswith(tuple(values))


def _attributes(aggregators: list[dict[str, Any]]) -> list[str]:
    """The attributes to group by, from outer to inner."""
    names: list[str] = []
    while aggregators:
        if len(aggregators) > 1:
            raise ServiceError(
                "InvalidAggregatorException", "One aggregator may refine another, not stand by it."
            )
        names.append(aggregators[0]["AttributeName"])
        aggregators = aggregators[0].get("Aggregators", [])
    if len(names) > _MOST_AGGREGATORS_DEEP or len(set(names)) < len(names):
        raise ServiceError("InvalidAggregatorException", "The aggregators are not valid.")
    return names


Value = Callable[[Captured, Scope], str]


def _if_managed(value: Callable[[Captured], str]) -> Value:
    """What only the agent tells."""
    return lambda captured, _: value(captured) if captured.managed else ""


def _zone_id(captured: Captured, scope: Scope) -> str:
    return scope.zone_id(captured.node.zone) if captured.node.zone else ""


# By filter key; empty where there is none. These accounts are in no organizational unit.
_VALUES: dict[str, Value] = {
    "AccountId": lambda _, scope: scope.account.id,
    "AgentType": _if_managed(lambda _: "amazon-ssm-agent"),
    "AgentVersion": _if_managed(lambda captured: captured.agent_version),
    "AvailabilityZone": lambda captured, _: captured.node.zone,
    "AvailabilityZoneId": _zone_id,
    "ComputerName": _if_managed(lambda captured: captured.node.computer_name),
    "InstanceId": lambda captured, _: captured.node.id,
    "InstanceStatus": lambda captured, _: captured.status,
    "IpAddress": lambda captured, _: captured.node.address,
    "ManagedStatus": lambda captured, _: "Managed" if captured.managed else "Unmanaged",
    "OrganizationalUnitId": lambda *_: "",
    "OrganizationalUnitPath": lambda *_: "",
    "PlatformName": _if_managed(lambda captured: captured.node.platform.name),
    "PlatformType": _if_managed(lambda captured: captured.node.platform.type),
    "PlatformVersion": _if_managed(lambda captured: captured.node.platform.version),
    "Region": lambda _, scope: scope.region,
    "ResourceType": lambda captured, _: captured.node.resource_type,
    "SourceId": lambda captured, _: captured.node.source or captured.node.id,
    "SourceLocation": lambda captured, _: captured.node.source_location,
    "SourceType": lambda captured, _: captured.node.source_type or "AWS::EC2::Instance",
}

_INFO = (
    "AgentType", "AgentVersion", "ComputerName", "InstanceStatus", "IpAddress", "ManagedStatus",
    "PlatformType", "PlatformName", "PlatformVersion", "ResourceType", "SourceType", "SourceId",
    "SourceLocation", "AvailabilityZone", "AvailabilityZoneId",
)  # fmt: skip
