"""What `d` and `y` show of a node: everything that is known, and the services' own answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from ssmtui.aws.scope import Scope
from ssmtui.core.columns import Column, rfc3339
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.core.text import plain
from ssmtui.resources.base import Section
from ssmtui.resources.nodes.row import COLUMNS, Node
from ssmtui.resources.nodes.why import gather_evidence

# How the columns stand together; a test holds that none is left out.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Identity", ("name", "id", "kind", "account", "region", "owner")),
    ("State", ("ping", "seen", "lost", "state", "launched", "sessions")),
    ("Agent", ("agent", "agent_latest", "association")),
    ("System", ("platform", "os", "os_version")),
    ("Place", ("address", "type", "zone", "asg", "role")),
)


async def detail(scope: Scope, node: Node, now: float) -> list[Section]:
    """Everything known of a node: its columns at once, then what is read for it alone."""
    evidence = await gather_evidence(scope, node)
    sections = [section_of(title, ids, node, now) for title, ids in GROUPS]
    sections.append(Section("Connection", [("message channel", _word(evidence.connection))]))
    if evidence.status is not None:
        sections.append(Section("EC2 status checks", _checks(evidence.status)))
    sections.append(Section("Associations", _associations(evidence.associations)))
    sections.append(tags_section(node))
    return sections


def section_of(title: str, ids: tuple[str, ...], node: Node, now: float) -> Section:
    """One group of columns as pairs; times stand with their age and the moment in UTC."""
    by_id = {column.id: column for column in COLUMNS}
    return Section(title, [(name.replace("_", " "), _text(by_id[name], node, now)) for name in ids])


def tags_section(node: Node) -> Section:
    if not isinstance(node.tags, Mapping):
        return Section("Tags", [("", "not known: not loaded or not allowed")])
    pairs = [(key, node.tags[key]) for key in sorted(node.tags)]
    return Section("Tags", pairs or [("", "none")])


async def raw(scope: Scope, node: Node) -> dict[str, Any]:
    """The services' own answers on one node, read again, by operation.

    What is refused stands as {"Error": sentence} in its place.
    """
    calls = raw_calls(node)
    answers = await asyncio.gather(
        *(_or_error(scope, name, params) for name, params in calls.items())
    )
    return dict(zip(calls, answers, strict=True))


def raw_calls(node: Node) -> dict[str, dict[str, Any]]:
    """The operations that tell about one node, with their parameters."""
    one = [node.id]
    calls: dict[str, dict[str, Any]] = {
        "ssm:DescribeInstanceProperties": {
            "FiltersWithOperator": [{"Key": "InstanceIds", "Values": one, "Operator": "Equal"}]
        },
        "ssm:DescribeInstanceInformation": {"Filters": [{"Key": "InstanceIds", "Values": one}]},
        "ssm:GetConnectionStatus": {"Target": node.id},
        "ssm:DescribeInstanceAssociationsStatus": {"InstanceId": node.id},
    }
    if node.kind == "ec2":
        calls["ec2:DescribeInstances"] = {"InstanceIds": one}
        calls["ec2:DescribeInstanceStatus"] = {"InstanceIds": one, "IncludeAllInstances": True}
    else:
        calls["ssm:ListTagsForResource"] = {
            "ResourceType": "ManagedInstance",
            "ResourceId": node.id,
        }
    return calls


async def _or_error(scope: Scope, name: str, params: dict[str, Any]) -> Any:
    service, operation = name.split(":")
    try:
        answer = await scope.read(service, operation, params, raw=True)
    except ProblemError as error:
        return {"Error": error.problem.sentence}
    return {member: value for member, value in answer.items() if member != "ResponseMetadata"}


def _text(column: Column, node: Node, now: float) -> str:
    value = column.value(node)
    # There is room for a whole Region here, which the table draws short.
    text = plain(value) if column.id == "region" else column.text(node, now)
    if column.kind.value == "time" and isinstance(value, float):
        return f"{text} ago · {rfc3339(value)}"
    return text


def _word(answer: str | Problem) -> str:
    return answer.what if isinstance(answer, Problem) else answer


def _checks(status: Mapping[str, Any] | Problem) -> list[tuple[str, str]]:
    if isinstance(status, Problem):
        return [("", status.what)]
    names = (("instance", "InstanceStatus"), ("system", "SystemStatus"))
    return [(name, str(status.get(member, {}).get("Status", "unknown"))) for name, member in names]


def _associations(found: list[Mapping[str, Any]] | Problem) -> list[tuple[str, str]]:
    if isinstance(found, Problem):
        return [("", found.what)]
    pairs = []
    for item in found:
        words = [str(item.get("DetailedStatus") or item.get("Status") or "unknown")]
        if item.get("ErrorCode"):
            words.append(str(item["ErrorCode"]))
        if item.get("ExecutionDate"):
            words.append(str(item["ExecutionDate"]))
        pairs.append((str(item.get("AssociationName") or item.get("Name")), " · ".join(words)))
    return pairs or [("", "none")]
