"""Managed nodes, and the EC2 instances that are not managed: one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ssmtui.core.columns import age
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.resources.base import Link, Resource, exactly
from ssmtui.resources.nodes.detail import detail, raw
from ssmtui.resources.nodes.listing import NodeListing
from ssmtui.resources.nodes.row import COLUMNS, Node
from ssmtui.resources.nodes.scope_nodes import STAGES
from ssmtui.resources.nodes.transitions import transitions

Losses = Callable[[Sequence[ScopeKey]], Mapping[RowKey, float]]

# What Ctrl-Z keeps: a node that wants attention, not one that was stopped on purpose.
ALARMING = frozenset({"lost", "inactive", "unmanaged"})


def nodes(lost_since: Losses | None = None) -> Resource[Node]:
    """Declare nodes. `lost_since(scopes)` tells from the journal who is lost since when."""
    return Resource(
        name="nodes",
        singular="node",
        aliases=("no", "instances", "instance"),
        title="Nodes",
        row_type=Node,
        columns=COLUMNS,
        listing=lambda scopes: NodeListing(
            scopes, lost_since([scope.key for scope in scopes]) if lost_since else None
        ),
        detail=detail,
        raw=raw,
        problem=is_problem,
        label=lambda row: row.label,
        refresh_seconds=60.0,
        stages=STAGES,
        sort="name",
        pane=1,
        compare=transitions,
        links=_links,
        news=_news,
        operations=(
            "ssm:DescribeInstanceProperties",
            "ssm:DescribeInstanceInformation",
            "ssm:GetConnectionStatus",
            "ssm:DescribeInstanceAssociationsStatus",
            "ssm:ListTagsForResource",
            "ssm:DescribeSessions",
            "ec2:DescribeInstances",
            "ec2:DescribeInstanceStatus",
            "ec2:DescribeRegions",
            "tag:GetResources",
            "iam:ListAccountAliases",
        ),
    )


def _links(node: Node) -> Sequence[Link]:
    return (
        Link("sessions", "sessions", exactly("node", node.id)),
        Link("changes", "changes", exactly("id", node.id)),
    )


def _news(node: Node, now: float) -> Sequence[tuple[str, str]]:
    """Who has a session on it, and for how long."""
    if not isinstance(node.open, tuple):
        return ()
    return [
        (
            "session",
            each.owner if each.started is None else f"{each.owner} {age(now - each.started)}",
        )
        for each in node.open
    ]


def is_problem(node: Node) -> bool:
    """Whether a node wants attention: lost, inactive, unmanaged, or a failed association."""
    return node.ping in ALARMING or (
        isinstance(node.association, str) and node.association.lower() in ("failed", "timedout")
    )
