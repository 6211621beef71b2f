"""Systems Manager's tags of managed nodes."""

from __future__ import annotations

from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.services.common import node_here
from ssmtui.simulator.world.node import Node

MOST_TAGS = 50  # a resource


class Tags:
    """The tagging operations. EC2 instances are tagged through EC2, and are no resource here."""

    def ListTagsForResource(self, call: Call) -> dict[str, Any]:
        return {"TagList": tag_list(_tagged(call).tags)}

    def AddTagsToResource(self, call: Call) -> dict[str, Any]:
        node = _tagged(call)
        tags = {tag["Key"]: tag["Value"] for tag in call.params["Tags"]}
        _refuse_reserved(tags)
        if len(node.tags.keys() | tags.keys()) > MOST_TAGS:
            raise ServiceError("TooManyTagsError", f"A resource has at most {MOST_TAGS} tags.")
        call.world.tag(node.id, tags)
        return {}

    def RemoveTagsFromResource(self, call: Call) -> dict[str, Any]:
        node = _tagged(call)
        _refuse_reserved(call.params["TagKeys"])
        call.world.untag(node.id, call.params["TagKeys"])
        return {}


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags as nearly every service writes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _tagged(call: Call) -> Node:
    """The hybrid node of the call. ServiceError InvalidResourceId for whatever is not one."""
    resource = call.params["ResourceId"]
    node = node_here(call, resource)
    kind = call.params["ResourceType"]
    if kind != "ManagedInstance" or node is None or not node.hybrid or not node.managed:
        raise ServiceError("InvalidResourceId", f"There is no {kind} {resource}.")
    return node


def _refuse_reserved(keys: Any) -> None:
    for key in keys:
        if key.lower().startswith("aws:"):
            raise ServiceError(
                "ValidationException", f"Tag key {key}: keys that begin with aws: are reserved."
            )
