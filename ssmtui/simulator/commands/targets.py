"""Which nodes a command is for: by their ids, or by what they are tagged with."""

from __future__ import annotations

from collections.abc import Iterator

from ssmtui.simulator.commands.request import RequestError, Target
from ssmtui.simulator.world.groups import GROUPS
from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope

TAG = "tag:"
TAG_KEY = "tag-key"
IDS = "instanceids"  # whatever its case: AWS's own examples write it in small letters
GROUP = "resource-groups:Name"
GROUP_TYPES = "resource-groups:ResourceTypeFilters"


def check(targets: tuple[Target, ...]) -> None:
    """RequestError for a key that is none."""
    for target in targets:
        known = target.key in (TAG_KEY, GROUP, GROUP_TYPES) or target.key.startswith(TAG)
        known = known or _is_ids(target)
        if not known or not target.values:
            raise RequestError("InvalidTarget", f"The target {target.key} is not valid.")
        if target.key == GROUP and len(target.values) > 1:
            raise RequestError("InvalidTarget", "Only one resource group can be a target.")
        if target.key == GROUP and target.values[0] not in GROUPS:
            raise RequestError(
                "InvalidTarget", f"The resource group {target.values[0]} does not exist."
            )


def suits(node: Node) -> bool:
    """Whether commands may be sent to a node at all; it need not be online."""
    return node.managed and node.state not in ("shutting-down", "terminated")


def resolve(scope: Scope, targets: tuple[Target, ...]) -> Iterator[tuple[str, Node | None]]:
    """The nodes that all targets fit, by id; None for an id that is named and not there."""
    ids = [value for target in targets if _is_ids(target) for value in target.values]
    found = {
        node.id: node
        for node in scope.managed
        if suits(node) and all(_fits(node, target) for target in targets)
    }
    yield from found.items()
    if len(targets) == 1:
        for node_id in ids:
            if node_id not in found:
                yield node_id, None


def _is_ids(target: Target) -> bool:
    return target.key.lower() == IDS


def _fits(node: Node, target: Target) -> bool:
    if _is_ids(target):
        return node.id in target.values
    if target.key == GROUP:
        return GROUPS[target.values[0]].holds(node)
    if target.key == GROUP_TYPES:
        kind = "AWS::SSM::ManagedInstance" if node.hybrid else "AWS::EC2::Instance"
        return kind in target.values
    if target.key == TAG_KEY:
        return any(value in node.tags for value in target.values)
    return node.tags.get(target.key.removeprefix(TAG)) in target.values
