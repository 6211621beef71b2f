"""Managed nodes, and the EC2 instances that are not managed: one row each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ssmtui.core.columns import age
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import ProblemError
from ssmtui.resources.base import Link, Listing, Resource, Section, exactly
from ssmtui.resources.nodes.row import COLUMNS, Node

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.local.journal import Transition

NODES, EC2, TAGS, SESSIONS = "nodes", "EC2", "tags", "sessions"
STAGES = (NODES, EC2, TAGS, SESSIONS)

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
        listing=lambda scopes: _listing(scopes, lost_since),
        detail=_detail,
        raw=_raw,
        problem=is_problem,
        label=lambda row: row.label,
        refresh_seconds=60.0,
        stages=STAGES,
        sort="name",
        pane=1,
        compare=_transitions,
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


# The explorer declares all resources before it paints: what they do is imported when they do it.


def _listing(scopes: Sequence[Scope], lost_since: Losses | None) -> Listing:
    from ssmtui.resources.nodes.listing import NodeListing

    try:
        losses = lost_since([scope.key for scope in scopes]) if lost_since else None
    except ProblemError:
        losses = None  # who keeps the list says that the journal cannot be read
    return NodeListing(scopes, losses)


async def _detail(scope: Scope, node: Node, now: float) -> list[Section]:
    from ssmtui.resources.nodes.detail import detail

    return await detail(scope, node, now)


async def _raw(scope: Scope, node: Node) -> dict[str, Any]:
    from ssmtui.resources.nodes.detail import raw

    return await raw(scope, node)


def _transitions(
    before: Mapping[str, Node], after: Mapping[str, Node], now: float
) -> Iterator[Transition]:
    from ssmtui.resources.nodes.transitions import transitions

    return transitions(before, after, now)


def _links(node: Node) -> Sequence[Link]:
    return (
        Link("sessions", "sessions", exactly("node", node.id)),
        Link("commands", "commands", exactly("node", node.id)),
        Link("outputs", "invocations", exactly("node", node.id)),
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
