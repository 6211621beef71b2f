"""EC2: the instances beneath the nodes, and those that Systems Manager does not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.services import ec2_instance, ec2_status
from ssmtui.simulator.services.common import scope_of
from ssmtui.simulator.services.ec2_filters import matcher, tag_values
from ssmtui.simulator.services.ec2_instance import instance, instance_values
from ssmtui.simulator.services.ec2_status import instance_status, status_values
from ssmtui.simulator.world.catalogue import NOT_OPTED_IN
from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope

_PAGE = range(5, 1001)
_MOST_STATUS_IDS = 100  # "Maximum 100 explicitly specified instance IDs."
_ID = re.compile(r"i-([0-9a-f]{8}|[0-9a-f]{17})")

_TAG_FILTERS = frozenset({"key", "resource-id", "resource-type", "tag:", "value"})
_REGION_FILTERS = {
    "endpoint": "Endpoint",
    "opt-in-status": "OptInStatus",
    "region-name": "RegionName",
}

_by_id = attrgetter("id")


class Ec2:
    """The operations on instances, their tags, and Regions."""

    def DescribeInstances(self, call: Call) -> dict[str, Any]:
        """Instances by reservation: those launched by one request stand together on a page.

        A page holds `MaxResults` instances. Terminated ones are there for an hour.
        """
        _refuse_dry_run(call)
        scope = scope_of(call)
        nodes = _chosen(
            call, scope, ec2_instance.FILTERS, lambda node, name: instance_values(node, scope, name)
        )
        page = _page(call, nodes, "Instances")
        reservations: dict[str, list[dict[str, Any]]] = {}
        for node in page.pop("Instances"):
            reservations.setdefault(node.reservation, []).append(instance(node, scope))
        page["Reservations"] = [
            {"ReservationId": reservation, "OwnerId": call.account, "Instances": instances}
            for reservation, instances in reservations.items()
        ]
        return page

    def DescribeInstanceStatus(self, call: Call) -> dict[str, Any]:
        """The checks of running instances, or with IncludeAllInstances of all."""
        _refuse_dry_run(call)
        if len(call.params.get("InstanceIds") or []) > _MOST_STATUS_IDS:
            raise ServiceError(
                "InvalidParameterValue", f"At most {_MOST_STATUS_IDS} instance IDs may be given."
            )
        scope = scope_of(call)
        nodes = _chosen(
            call,
            scope,
            ec2_status.FILTERS,
            lambda node, name: status_values(node, scope, call.now, name),
        )
        if not call.params.get("IncludeAllInstances"):
            nodes = [node for node in nodes if node.state == "running"]
        return _page(
            call, nodes, "InstanceStatuses", lambda node: instance_status(node, scope, call.now)
        )

    def DescribeTags(self, call: Call) -> dict[str, Any]:
        """The tags of instances, one a row."""
        _refuse_dry_run(call)
        rows = [
            (node.id, key, value)
            for node in scope_of(call).instances
            for key, value in sorted(node.tags.items())
        ]
        if filters := call.params.get("Filters"):
            matches = matcher(filters, _TAG_FILTERS, _tag_values)
            rows = [row for row in rows if matches(row)]
        _check_size(call)
        return paginate(
            call,
            rows,
            "Tags",
            _PAGE[-1],
            # Ids have no space, so that rows and positions are in one order.
            position=lambda row: f"{row[0]} {row[1]}",
            shape=_tag_description,
            refusal="InvalidPaginationToken",
        )

    def DescribeRegions(self, call: Call) -> dict[str, Any]:
        """The world's Regions; with AllRegions those not opted in to as well."""
        _refuse_dry_run(call)
        known = dict.fromkeys(sorted(call.world.regions), "opt-in-not-required")
        if call.params.get("AllRegions"):
            known.update(dict.fromkeys(NOT_OPTED_IN, "not-opted-in"))
        names = call.params.get("RegionNames") or list(known)
        if unknown := [name for name in names if name not in known]:
            raise ServiceError(
                "InvalidParameterValue", f"Invalid region provided: {', '.join(unknown)}"
            )
        regions = [
            {
                "RegionName": name,
                "Endpoint": f"ec2.{name}.amazonaws.com",
                "OptInStatus": known[name],
            }
            for name in names
        ]
        if filters := call.params.get("Filters"):
            matches = matcher(filters, _REGION_FILTERS, _region_values)
            regions = [region for region in regions if matches(region)]
        return {"Regions": regions}


def _chosen(
    call: Call, scope: Scope, known: frozenset[str], values: Callable[[Node, str], Sequence[str]]
) -> list[Node]:
    """The instances that a call's ids and filters choose, in the order of their ids."""
    ids = call.params.get("InstanceIds") or []
    nodes = _by_ids(scope, ids) if ids else scope.instances
    if ids and "MaxResults" in call.params:
        raise ServiceError(
            "InvalidParameterCombination",
            "The parameter instancesSet cannot be used with the parameter maxResults",
        )
    if filters := call.params.get("Filters"):
        matches = matcher(filters, known, values)
        nodes = [node for node in nodes if matches(node)]
    return nodes


def _by_ids(scope: Scope, ids: Sequence[str]) -> list[Node]:
    malformed = [node_id for node_id in ids if not _ID.fullmatch(node_id)]
    if malformed:
        raise ServiceError("InvalidInstanceID.Malformed", f'Invalid id: "{malformed[0]}"')
    known = {node.id: node for node in scope.instances}
    missing = sorted(set(ids) - known.keys())
    if missing:
        does = "ID '{}' does" if len(missing) == 1 else "IDs '{}' do"
        raise ServiceError(
            "InvalidInstanceID.NotFound",
            f"The instance {does.format(', '.join(missing))} not exist",
        )
    return [known[node_id] for node_id in sorted(set(ids))]


def _page(
    call: Call, nodes: Sequence[Node], key: str, shape: Callable[[Node], Any] | None = None
) -> dict[str, Any]:
    if call.params.get("InstanceIds"):
        return {key: [shape(node) for node in nodes] if shape else list(nodes)}
    _check_size(call)
    return paginate(
        call,
        nodes,
        key,
        _PAGE[-1],
        position=_by_id,
        shape=shape,
        refusal="InvalidPaginationToken",
    )


def _check_size(call: Call) -> None:
    size = call.params.get("MaxResults")
    if size is not None and size not in _PAGE:
        wanted = "greater than 5" if size < _PAGE[0] else f"less than {_PAGE[-1]}"
        raise ServiceError(
            "InvalidParameterValue",
            f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value {wanted}.",
        )


def _tag_values(row: tuple[str, str, str], name: str) -> Sequence[str]:
    node_id, key, value = row
    match name:
        case "key":
            return (key,)
        case "resource-id":
            return (node_id,)
        case "resource-type":
            return ("instance",)
        case "value":
            return (value,)
        case _:
            return tag_values({key: value}, name)


def _tag_description(row: tuple[str, str, str]) -> dict[str, str]:
    node_id, key, value = row
    return {"Key": key, "ResourceId": node_id, "ResourceType": "instance", "Value": value}


def _region_values(region: dict[str, str], name: str) -> Sequence[str]:
    return (region[_REGION_FILTERS[name]],)


def _refuse_dry_run(call: Call) -> None:
    if call.params.get("DryRun"):
        raise ServiceError(
            "DryRunOperation",
            "Request would have succeeded, but DryRun flag is set.",
            status=412,
        )
