"""Which nodes a command is for: by their ids, or by what they are tagged with."""

from __future__ import annotations

from collections.abc import Iterator

from ssmtui.simulator.commands.request import RequestError, Target
from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope

TAG = "tag:"
TAG_KEY = "tag-key"
IDS = "InstanceIds"


def check(targets: tuple[Target, ...]) -> None:
    """RequestError for a key that is none."""
    for target in targets:
        known = target.key in (TAG_KEY, IDS) or target.key.startswith(TAG)
        if not known or not target.values:
            raise RequestError("InvalidTarget", f"The target {target.key} is not valid.")


def suits(node: Node) -> bool:
    """Whether commands may be sent to a node at all; it need not be online."""
    return node.managed and node.state not in ("shutting-down", "terminated")


def resolve(scope: Scope, targets: tuple[Target, ...]) -> Iterator[tuple[str, Node | None]]:
    """The nodes that all targets fit, by id; None for an id that is named and not there."""
    ids = [value for target in targets if target.key == IDS for value in target.values]
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


def _fits(node: Node, target: Target) -> bool:
    if target.key == IDS:
        return node.id in target.values
    if target.key == TAG_KEY:
        return any(value in node.tags for value in target.values)
    return node.tags.get(target.key.removeprefix(TAG)) in target.values
