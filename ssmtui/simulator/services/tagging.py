"""The Resource Groups Tagging API: the tags of a scope's instances and hybrid nodes."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.services.common import scope_of
from ssmtui.simulator.services.ssm_tags import tag_list
from ssmtui.simulator.world.node import Node

_MOST_PER_PAGE = 100
_TAGS_PER_PAGE = range(100, 501)
_BY_ARN = (
    "TagFilters",
    "ResourceTypeFilters",
    "ResourcesPerPage",
    "TagsPerPage",
    "PaginationToken",
)


class Tagging:
    """The operations on tagged resources."""

    def GetResources(self, call: Call) -> dict[str, Any]:
        """Pages of up to 100, the last one's token an empty string. Of the two sizes of a page,
        ResourcesPerPage goes before TagsPerPage.
        """
        params = call.params
        _check(params)
        nodes = _resources(call)
        if arns := params.get("ResourceARNList"):
            nodes = [node for node in nodes if node.arn in set(arns)]
            return {"PaginationToken": "", "ResourceTagMappingList": list(map(_mapping, nodes))}
        kinds = params.get("ResourceTypeFilters") or []
        filters = params.get("TagFilters") or []
        chosen = [node for node in nodes if _of_kind(node, kinds) and _tagged(node, filters)]
        size = params.get("ResourcesPerPage") or _MOST_PER_PAGE
        if tags_per_page := params.get("TagsPerPage"):
            size = min(size, max(1, tags_per_page // _most_tags(chosen)))
        return paginate(
            call,
            chosen,
            "ResourceTagMappingList",
            size,
            position=attrgetter("id"),
            shape=_mapping,
            sized_by="ResourcesPerPage",
            continued_by="PaginationToken",
            refusal="InvalidParameterException",
            end="",
        )


def _check(params: dict[str, Any]) -> None:
    if "ResourceARNList" in params and any(params.get(name) for name in _BY_ARN):
        raise _invalid("ResourceARNList can't be used together with filters or pagination.")
    per_page = params.get("ResourcesPerPage")
    if per_page is not None and not 1 <= per_page <= _MOST_PER_PAGE:
        raise _invalid(f"ResourcesPerPage is between 1 and {_MOST_PER_PAGE}.")
    tags = params.get("TagsPerPage")
    if tags is not None and tags not in _TAGS_PER_PAGE:
        raise _invalid("TagsPerPage is between 100 and 500.")
    if params.get("ExcludeCompliantResources") and not params.get("IncludeComplianceDetails"):
        raise _invalid("ExcludeCompliantResources needs IncludeComplianceDetails.")
    for item in params.get("TagFilters") or []:
        if "Key" not in item:
            raise _invalid("A tag filter must have a key.")


def _resources(call: Call) -> list[Node]:
    """What has tags, in the order of ids: instances that EC2 still knows, and hybrid nodes."""
    scope = scope_of(call)
    hybrid = [node for node in scope.managed if node.hybrid]
    return [node for node in (*scope.instances, *hybrid) if node.tags]


def _of_kind(node: Node, kinds: Sequence[str]) -> bool:
    service, kind = ("ssm", "managed-instance") if node.hybrid else ("ec2", "instance")
    return not kinds or service in kinds or f"{service}:{kind}" in kinds


def _tagged(node: Node, filters: Sequence[dict[str, Any]]) -> bool:
    """All keys must be there, each with one of its values if it names any."""
    return all(
        item["Key"] in node.tags
        and (not item.get("Values") or node.tags[item["Key"]] in item["Values"])
        for item in filters
    )


def _most_tags(nodes: Sequence[Node]) -> int:
    return max((len(node.tags) for node in nodes), default=1)


def _mapping(node: Node) -> dict[str, Any]:
    return {"ResourceARN": node.arn, "Tags": tag_list(node.tags)}


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidParameterException", message)
