"""Resource groups: named queries over tags. They belong to an account in a Region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope


@dataclass(frozen=True, slots=True)
class ResourceGroup:
    """Everything that has all of these tags."""

    name: str
    description: str
    tags: Mapping[str, str]

    def arn(self, account: str, region: str) -> str:
        return f"arn:aws:resource-groups:{region}:{account}:group/{self.name}"

    def holds(self, node: Node) -> bool:
        return node.state != "terminated" and all(
            node.tags.get(key) == value for key, value in self.tags.items()
        )

    def members(self, scope: Scope) -> list[Node]:
        """Its nodes in the order of their ids; managed or not."""
        return [node for node in scope.every_node() if self.holds(node)]


GROUPS = {
    group.name: group
    for group in (
        ResourceGroup("api-fleet", "All nodes of the API", {"Role": "api"}),
        ResourceGroup("databases", "All databases", {"Role": "db"}),
        ResourceGroup("decommissioned", "Nothing is left in here", {"Role": "mainframe"}),
        ResourceGroup("stores-windows", "Machines in the stores", {"Role": "store"}),
        ResourceGroup("storefront", "What the storefront team runs", {"Team": "storefront"}),
    )
}
