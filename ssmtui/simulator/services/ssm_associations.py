"""State Manager's associations, as a node shows them."""

from __future__ import annotations

from typing import Any

from ssmtui.simulator.call import Call
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.services.common import scope_of
from ssmtui.simulator.services.ssm_nodes import managed_node
from ssmtui.simulator.world.associations import Association, last_run
from ssmtui.simulator.world.node import Node


class Associations:
    """The operations on a node's associations."""

    def DescribeInstanceAssociationsStatus(self, call: Call) -> dict[str, Any]:
        node = managed_node(call, call.params["InstanceId"])
        scope, seen = scope_of(call), node.silent_since or call.now
        statuses = node.outcome.statuses
        bound = list(zip(scope.associations, range(len(statuses)), strict=False))
        return paginate(
            call,
            bound,
            "InstanceAssociationStatusInfos",
            50,
            shape=lambda item: _status_info(node, item[0], item[1], seen),
        )


def _status_info(node: Node, association: Association, index: int, seen: float) -> dict[str, Any]:
    status, detailed = node.outcome.plain[index], node.outcome.statuses[index]
    info: dict[str, Any] = {
        "AssociationId": association.id,
        "AssociationName": association.name,
        "AssociationVersion": "1",
        "Name": association.document,
        "DocumentVersion": "1",
        "InstanceId": node.id,
        "Status": status,
        "DetailedStatus": detailed,
    }
    if status != "Pending":
        info["ExecutionDate"] = round(last_run(association, node.registered, seen), 3)
        info["ExecutionSummary"] = _SUMMARIES[status]
    if detailed == "UnsupportedAgent":
        info["ErrorCode"] = detailed[:10]  # the member has no room for more
    return info


_SUMMARIES = {
    "Success": "1 out of 1 plugin processed, 1 success, 0 failed, 0 timedout, 0 skipped. ",
    "Failed": "1 out of 1 plugin processed, 0 success, 1 failed, 0 timedout, 0 skipped. ",
    "Skipped": "1 out of 1 plugin processed, 0 success, 0 failed, 0 timedout, 1 skipped. ",
}
