"""ListNodes and ListNodesSummary: the fleet as it was captured, unmanaged instances included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.services.common import scope_of
from ssmtui.simulator.world.scope import Captured, Scope

_DEFAULT = 50
_MOST_AGGREGATORS_DEEP = 2

Chosen = tuple[Captured, dict[str, Any]]
Test = Callable[[Chosen], bool]


class NodeList:
    """The operations of the console's "Explore nodes"."""

    def ListNodes(self, call: Call) -> dict[str, Any]:
        scope = scope_of(call)
        capture = scope.capture(call.now)
        nodes = list(_chosen(call))
        return paginate(
            call,
            nodes,
            "Nodes",
            _DEFAULT,
            position=lambda item: item[0].node.id,
            shape=lambda item: {
                "CaptureTime": round(capture.time, 3),
                "Id": item[0].node.id,
                "Owner": {"AccountId": call.account},
                "Region": call.region,
                "NodeType": {"Instance": item[1]},
            },
        )

    def ListNodesSummary(self, call: Call) -> dict[str, Any]:
        """Counts by one or two attributes; numbers are text."""
        attributes = _attributes(call.params["Aggregators"])
        counts = Counter(
            tuple(_attribute(call, chosen, name) for name in attributes) for chosen in _chosen(call)
        )
        rows = [
            {**dict(zip(attributes, values, strict=True)), "Count": str(count)}
            for values, count in sorted(counts.items())
        ]
        return paginate(call, rows, "Summary", _DEFAULT)


def _chosen(call: Call) -> Iterator[Chosen]:
    """The captured nodes that a call's filters choose, with their InstanceInfo.

    Unless a filter on ManagedStatus says otherwise, only managed ones.
    """
    if "SyncName" in call.params:
        raise ServiceError(
            "ResourceDataSyncNotFoundException",
            "The specified sync name wasn't found.",
            extra={"SyncName": call.params["SyncName"]},
        )
    scope = scope_of(call)
    wanted, tests = _filters(call)
    for captured in scope.capture(call.now).nodes:
        if ("Managed" if captured.managed else "Unmanaged") not in wanted:
            continue
        chosen = captured, instance_info(captured, scope)
        if all(test(chosen) for test in tests):
            yield chosen


def instance_info(captured: Captured, scope: Scope) -> dict[str, Any]:
    """A captured node as an InstanceInfo: of an unmanaged one, what EC2 knows."""
    node = captured.node
    info: dict[str, Any] = {
        "Name": node.shown_name,
        "InstanceStatus": captured.status,
        "ManagedStatus": "Managed" if captured.managed else "Unmanaged",
        "ResourceType": node.resource_type,
        "IpAddress": node.address,
        "SourceType": node.source_type or "AWS::EC2::Instance",
        "SourceId": node.source or node.id,
    }
    if node.zone:
        info["AvailabilityZone"] = node.zone
        info["AvailabilityZoneId"] = scope.zone_id(node.zone)
    if node.source_location:
        info["SourceLocation"] = node.source_location
    if captured.managed:
        info["AgentType"] = "amazon-ssm-agent"
        info["AgentVersion"] = captured.agent_version
        info["ComputerName"] = node.computer_name
        info["PlatformType"] = node.platform.type
        info["PlatformName"] = node.platform.name
        info["PlatformVersion"] = node.platform.version
    return info


def _filters(call: Call) -> tuple[frozenset[str], list[Test]]:
    """Which managed statuses a call wants, and the tests of its other filters."""
    wanted = frozenset({"Managed"})
    tests: list[Test] = []
    for item in call.params.get("Filters") or []:
        key, values, kind = item["Key"], item["Values"], item.get("Type", "Equal")
        if key == "ManagedStatus":
            wanted = _managed_status(values, kind)
        else:
            tests.append(_test(call, key, values, kind))
    return wanted, tests


def _managed_status(values: list[str], kind: str) -> frozenset[str]:
    both = frozenset({"Managed", "Unmanaged"})
    if kind == "BeginWith" or not set(values) <= both | {"All"}:
        raise ServiceError("InvalidFilter", "ManagedStatus is All, Managed or Unmanaged.")
    named = both if "All" in values else frozenset(values)
    return both - named if kind == "NotEqual" else named


def _test(call: Call, key: str, values: list[str], kind: str) -> Test:
    def value(chosen: Chosen) -> str:
        return _attribute(call, chosen, key)

    match kind:
        case "Equal":
            return lambda chosen: value(chosen) in values
        case "NotEqual":
            return lambda chosen: value(chosen) not in values
        case _:
            return lambda chosen: value(chosen).startswith(tuple(values))


def _attribute(call: Call, chosen: Chosen, name: str) -> str:
    """A filter key's or aggregator's value; empty where there is none, as outside of an OU."""
    match name:
        case "AccountId":
            return call.account
        case "Region":
            return call.region
        case "InstanceId":
            return chosen[0].node.id
        case _:
            return str(chosen[1].get(name, ""))


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
