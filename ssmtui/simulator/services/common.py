"""What the services share: where a call goes, and how versions compare."""

from __future__ import annotations

from ssmtui.simulator.call import Call
from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope


def scope_of(call: Call) -> Scope:
    """The account and Region that a call is for."""
    return call.world.scope(call.account, call.region)


def node_here(call: Call, node_id: str) -> Node | None:
    """The node of that id in the call's account and Region."""
    node = call.world.nodes.get(node_id)
    here = node is not None and (node.account, node.region) == (call.account, call.region)
    return node if here else None


def version_numbers(version: str) -> tuple[int, ...]:
    """A dotted version as numbers; ValueError if it is none."""
    return tuple(int(part) for part in version.split("."))
