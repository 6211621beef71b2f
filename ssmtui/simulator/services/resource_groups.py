"""AWS Resource Groups: what may be named as a target instead of tags."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.services.common import scope_of
from ssmtui.simulator.world.groups import GROUPS, ResourceGroup
from ssmtui.simulator.world.node import Node

_PAGE = 50


class ResourceGroups:
    """The operations on groups. Their tokens are plain base64, not that for addresses."""

    def ListGroups(self, call: Call) -> dict[str, Any]:
        answer = paginate(
            _with_token(call, "+/", "-_"),
            sorted(GROUPS.values(), key=lambda group: group.name),
            "GroupIdentifiers",
            _PAGE,
            position=lambda group: group.name,
            shape=lambda group: {
                "GroupName": group.name,
                "GroupArn": group.arn(call.account, call.region),
                "Description": group.description,
            },
            refusal="BadRequestException",
        )
        return _translated(answer)

    def ListGroupResources(self, call: Call) -> dict[str, Any]:
        group = _group(call)
        types = [
            value for each in call.params.get("Filters", ()) for value in each.get("Values", ())
        ]
        members = [
            node for node in group.members(scope_of(call)) if not types or _type(node) in types
        ]
        answer = paginate(
            _with_token(call, "+/", "-_"),
            members,
            "ResourceIdentifiers",
            _PAGE,
            position=lambda node: node.id,
            shape=lambda node: {"ResourceArn": node.arn, "ResourceType": _type(node)},
            refusal="BadRequestException",
        )
        resources = [{"Identifier": each} for each in answer["ResourceIdentifiers"]]
        return {"Resources": resources, **_translated(answer), "QueryErrors": []}


def _type(node: Node) -> str:
    return "AWS::SSM::ManagedInstance" if node.hybrid else "AWS::EC2::Instance"


def _group(call: Call) -> ResourceGroup:
    named = call.params.get("Group") or call.params.get("GroupName")
    if not named:
        raise ServiceError("BadRequestException", "Name a group.")
    group = GROUPS.get(named.rpartition("group/")[2])
    if group is None:
        raise ServiceError(
            "NotFoundException", f"Cannot find group {named} for account {call.account}.", 404
        )
    return group


def _with_token(call: Call, theirs: str, ours: str) -> Call:
    token = call.params.get("NextToken")
    if not token:
        return call
    return replace(
        call, params={**call.params, "NextToken": token.translate(str.maketrans(theirs, ours))}
    )


def _translated(answer: dict[str, Any]) -> dict[str, Any]:
    if "NextToken" in answer:
        answer["NextToken"] = answer["NextToken"].translate(str.maketrans("-_", "+/"))
    return answer
