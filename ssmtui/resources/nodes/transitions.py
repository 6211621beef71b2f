"""What happened to nodes between two complete lists: the lines of the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ssmtui.local.journal import Transition
from ssmtui.resources.nodes.row import Node

# Every kind, with what it says.
KINDS = {
    "lost": "the agent stopped reporting",
    "returned": "a lost node reports again",
    "launched": "an EC2 instance is new",
    "registered": "a node outside EC2 is new",
    "stopped": "the instance was stopped",
    "started": "a stopped instance runs again",
    "terminated": "the instance was terminated, or is gone",
    "deregistered": "the node is no longer managed",
    "agent": "the agent's version changed",
}


def transitions(
    before: Mapping[str, Node], after: Mapping[str, Node], now: float
) -> Iterator[Transition]:
    """Compare two complete lists of one scope, by id.

    `at` is the moment that the row itself tells (last seen of a lost node, launch of a new one),
    else `now`, when the change was noticed. A ping that is not known on either side says nothing.
    """
    for node_id, node in after.items():
        old = before.get(node_id)
        if old is None:
            yield _arrival(node, now)
        elif old is not node:
            yield from _changes(old, node, now)
    for node_id, old in before.items():
        if node_id not in after and old.ping != "terminated":
            kind = "terminated" if old.kind == "ec2" else "deregistered"
            yield _transition(old, kind, now, _word(old.ping), "")


def _arrival(node: Node, now: float) -> Transition:
    kind = "launched" if node.kind == "ec2" else "registered"
    at = node.launched if isinstance(node.launched, float) and node.launched < now else now
    return _transition(node, kind, at, "", _word(node.ping))


def _changes(old: Node, node: Node, now: float) -> Iterator[Transition]:
    was, is_now = old.ping, node.ping
    if isinstance(was, str) and isinstance(is_now, str) and was != is_now:
        kind = _ping_kind(was, is_now)
        if kind:
            at = node.seen if kind == "lost" and isinstance(node.seen, float) else now
            yield _transition(node, kind, at, was, is_now)
    if isinstance(old.agent, str) and isinstance(node.agent, str) and old.agent != node.agent:
        yield _transition(node, "agent", now, old.agent, node.agent)


def _ping_kind(was: str, is_now: str) -> str:
    match is_now:
        case "lost" | "stopped" | "terminated":
            return is_now
        case "unmanaged":
            return "deregistered"
        case "online" if was == "stopped":
            return "started"
        case "online" if was == "unmanaged":
            return "registered"
        case "online":
            return "returned"
        case _:
            return ""


def _transition(node: Node, kind: str, at: float, before: str, after: str) -> Transition:
    return Transition(
        at=at,
        account=node.account,
        region=node.region,
        id=node.id,
        name=node.label,
        kind=kind,
        before=before,
        after=after,
    )


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
