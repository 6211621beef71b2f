"""What `d` and `y` show of a node: everything that is known, and the services' own answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ssmtui.aws.ec2 import Ec2Instance
from ssmtui.aws.scope import Scope
from ssmtui.core.columns import Column, age, rfc3339
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.core.text import plain
from ssmtui.resources.base import Section
from ssmtui.resources.nodes import join
from ssmtui.resources.nodes.row import COLUMNS, Node, OpenSession
from ssmtui.resources.nodes.scope_nodes import SESSIONS_PAGE
from ssmtui.resources.nodes.why import forgotten, gather_evidence, or_problem

# How the columns stand together; a test holds that none is left out.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Identity", ("name", "id", "kind", "account", "region", "owner")),
    ("State", ("ping", "seen", "lost", "state", "launched", "sessions")),
    ("Agent", ("agent", "agent_latest", "association")),
    ("System", ("platform", "os", "os_version")),
    ("Place", ("address", "type", "zone", "asg", "role")),
)


# What stands where an answer was refused; the problem itself is the section's.
UNREAD = "not known: it could not be read"


async def detail(scope: Scope, node: Node, now: float) -> list[Section]:
    """Everything known of a node: its columns, EC2's with today's answer, then what is read for it
    alone."""
    evidence, sessions = await asyncio.gather(
        gather_evidence(scope, node), or_problem(_sessions(scope, node))
    )
    if isinstance(evidence.instance, Ec2Instance):
        node = join.with_instance(node, evidence.instance)
    if not isinstance(sessions, Problem):
        node = msgspec.structs.replace(node, open=sessions)
    groups = [section_of(title, ids, node, now) for title, ids in GROUPS]
    if isinstance(evidence.instance, Problem) and not forgotten(evidence.instance):
        groups[0] = msgspec.structs.replace(groups[0], problems=[evidence.instance])
    sections = [
        *groups,
        _read("Sessions", sessions, lambda found: _session_pairs(found, now)),
        _read("Connection", evidence.connection, lambda word: [("message channel", word)]),
    ]
    if evidence.status is not None:
        sections.append(_read("EC2 status checks", evidence.status, _checks))
    sections.append(
        _read("Associations", evidence.associations, lambda found: _associations(found, now))
    )
    sections.append(tags_section(node))
    return sections


def _read(title: str, answer: Any, pairs: Callable[[Any], list[tuple[str, str]]]) -> Section:
    if forgotten(answer):
        return Section(title, [("", "EC2 no longer knows the instance")])
    if isinstance(answer, Problem):
        return Section(title, [("", UNREAD)], problems=[answer])
    return Section(title, pairs(answer))


def section_of(title: str, ids: tuple[str, ...], node: Node, now: float) -> Section:
    """One group of columns as pairs; times stand with their age and the moment in UTC."""
    by_id = {column.id: column for column in COLUMNS}
    pairs = [(name.replace("_", " "), _text(by_id[name], node, now)) for name in ids]
    return Section(title, pairs, cached=True)


def tags_section(node: Node) -> Section:
    if not isinstance(node.tags, Mapping):
        return Section("Tags", [("", "not known: not loaded or not allowed")], cached=True)
    pairs = [(key, node.tags[key]) for key in sorted(node.tags)]
    return Section("Tags", pairs or [("", "none")], cached=True)


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


async def _sessions(scope: Scope, node: Node) -> tuple[OpenSession, ...]:
    """The sessions that go on on it, the oldest first. A node without an agent can have none."""
    if node.ping == "unmanaged":
        return ()
    found: list[Mapping[str, Any]] = []
    params = {"State": "Active", "Filters": [{"key": "Target", "value": node.id}]}
    async for page in scope.pages("ssm", "DescribeSessions", params, page_size=SESSIONS_PAGE):
        found += page.get("Sessions") or ()
    return join.open_sessions(found).get(node.id, ())


def _session_pairs(sessions: tuple[OpenSession, ...], now: float) -> list[tuple[str, str]]:
    """Who has each of them, and since when."""
    pairs = []
    for session in sessions:
        since = "since an unknown moment"
        if session.started is not None:
            since = f"{age(now - session.started)} · since {rfc3339(session.started)}"
        pairs.append((session.owner, since))
    return pairs or [("", "none")]


def _checks(status: Mapping[str, Any]) -> list[tuple[str, str]]:
    names = (("instance", "InstanceStatus"), ("system", "SystemStatus"))
    return [(name, str(status.get(member, {}).get("Status", "unknown"))) for name, member in names]


def _associations(found: list[Mapping[str, Any]], now: float) -> list[tuple[str, str]]:
    pairs = []
    for item in found:
        words = [str(item.get("DetailedStatus") or item.get("Status") or "unknown")]
        if item.get("ErrorCode"):
            words.append(str(item["ErrorCode"]))
        at = item.get("ExecutionDate")
        if isinstance(at, float):
            words.append(f"{age(now - at)} ago · {rfc3339(at)}")
        pairs.append((str(item.get("AssociationName") or item.get("Name")), " · ".join(words)))
    return pairs or [("", "none")]
