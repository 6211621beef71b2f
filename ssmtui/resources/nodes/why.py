"""Why a node is lost, stopped or unmanaged: causes found and excluded, and what was not read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from ssmtui.aws.ec2 import Ec2Instance, ec2_instances
from ssmtui.aws.scope import Scope
from ssmtui.core.columns import ago, version_key
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.core.text import plain
from ssmtui.resources.nodes.row import Node

# https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-prerequisites.html
OLDEST_AGENT_FOR_SESSIONS = "2.3.68.0"
HEARTBEAT_SECONDS = 300


class Verdict(StrEnum):
    """What a finding says of one possible cause."""

    CAUSE = "cause"  # it is so, and it explains the state
    LIKELY = "likely"  # it is so, and it may explain the state
    EXCLUDED = "excluded"  # it was looked at, and it is not the reason
    UNREAD = "unread"  # it could not be looked at


# In the order in which they are told.
TITLES = {
    Verdict.CAUSE: "Causes",
    Verdict.LIKELY: "Likely causes",
    Verdict.EXCLUDED: "Excluded",
    Verdict.UNREAD: "Could not be read",
}


class Finding(msgspec.Struct, frozen=True):
    """One possible cause: what was looked at, what was found, and what to do about it."""

    verdict: Verdict
    what: str
    remedy: str = ""


class Diagnosis(msgspec.Struct, frozen=True):
    """The answer: one sentence, and the findings behind it, causes first."""

    summary: str
    findings: tuple[Finding, ...]

    def of(self, verdict: Verdict) -> list[Finding]:
        return [finding for finding in self.findings if finding.verdict is verdict]


class Evidence(msgspec.Struct, frozen=True):
    """What was read about a node; a Problem stands where an answer was refused."""

    connection: str | Problem  # GetConnectionStatus: "connected" or "notconnected"
    status: Mapping[str, Any] | Problem | None  # DescribeInstanceStatus; None for other kinds
    instance: Any  # Ec2Instance | Problem | None
    associations: list[Mapping[str, Any]] | Problem


async def diagnose(scope: Scope, node: Node, now: float) -> Diagnosis:
    """Read what bears on the node's state, side by side, and judge it.

    At most four calls. What may not be read becomes an UNREAD finding, never an error.
    """
    return judge(node, await gather_evidence(scope, node), now)


async def gather_evidence(scope: Scope, node: Node) -> Evidence:
    ec2 = node.kind == "ec2"
    connection, status, instance, associations = await asyncio.gather(
        or_problem(_connection(scope, node)),
        or_problem(_status(scope, node)) if ec2 else _nothing(),
        or_problem(_instance(scope, node)) if ec2 else _nothing(),
        or_problem(_associations(scope, node)),
    )
    return Evidence(connection, status, instance, associations)


def judge(node: Node, evidence: Evidence, now: float) -> Diagnosis:
    """The pure part: from evidence to findings, ordered by verdict."""
    findings = [
        *_judge_instance(node, evidence),
        *_judge_connection(node, evidence),
        *_judge_last_seen(node, now),
        *_judge_role(node, evidence),
        *_judge_agent(node),
        *_judge_associations(node, evidence),
        *_judge_network(node, evidence),
    ]
    order = list(Verdict)
    findings.sort(key=lambda finding: order.index(finding.verdict))
    return Diagnosis(_summary(node, findings, now), tuple(findings))


def _summary(node: Node, findings: list[Finding], now: float) -> str:
    name = plain(node.label)
    if node.ping == "online":
        return f"{name} is online"
    since = ""
    if isinstance(node.seen, float) and node.ping in ("lost", "inactive"):
        since = f", last heard of {ago(now - node.seen)}"
    word = node.ping if isinstance(node.ping, str) else "in an unknown state"
    causes = [finding for finding in findings if finding.verdict is Verdict.CAUSE]
    likely = [finding for finding in findings if finding.verdict is Verdict.LIKELY]
    if causes:
        because = f": {causes[0].what}"
    elif likely:
        because = f"; likely: {likely[0].what}"
    else:
        because = "; no cause was found in what could be read"
    return f"{name} is {plain(word)}{since}{because}"


# How EC2 answers for an instance that was terminated an hour ago or more.
_FORGOTTEN = ("InvalidInstanceID.NotFound",)
_TERMINATED = Finding(Verdict.CAUSE, "EC2 no longer knows the instance: it was terminated")


def forgotten(answer: Any) -> bool:
    """Whether EC2 answers that it knows no such instance, or no longer."""
    return isinstance(answer, Problem) and answer.code in _FORGOTTEN


def _judge_instance(node: Node, evidence: Evidence) -> list[Finding]:
    """EC2's word on the machine itself: its state, and the two status checks."""
    instance, status = evidence.instance, evidence.status
    if isinstance(instance, Problem):
        if instance.code in _FORGOTTEN:
            return [_TERMINATED]
        # The status checks are a call of their own, which may have been allowed.
        checks = [] if forgotten(status) else _judge_checks(status)
        return [_unread("the EC2 instance's state", instance), *checks]
    if node.kind != "ec2":
        return [
            Finding(
                Verdict.UNREAD,
                "AWS cannot see whether a machine outside EC2 runs",
                "Look at it in its own data centre or cloud",
            )
        ]
    if instance is None:
        return [_TERMINATED]
    state = instance.state or "unknown"
    if state in ("stopped", "stopping"):
        return [
            Finding(
                Verdict.CAUSE,
                f"the instance is {state}{_reason(instance)}",
                "Start the instance; the agent reports within minutes",
            )
        ]
    if state in ("terminated", "shutting-down"):
        return [Finding(Verdict.CAUSE, f"the instance is {state}{_reason(instance)}")]
    if state == "pending":
        return [Finding(Verdict.CAUSE, "the instance is still starting", "Wait a few minutes")]
    return [Finding(Verdict.EXCLUDED, f"the instance is {plain(state)}"), *_judge_checks(status)]


def _reason(instance: Any) -> str:
    reason = getattr(instance, "state_reason", None)
    return f" ({plain(reason)})" if reason else ""


def _judge_checks(status: Mapping[str, Any] | Problem | None) -> list[Finding]:
    if isinstance(status, Problem):
        return [_unread("EC2's status checks", status)]
    if not status:
        return [Finding(Verdict.UNREAD, "EC2 gave no status checks for the instance")]
    findings = []
    checks = (
        ("InstanceStatus", "instance", "Reboot it, or read its console output"),
        ("SystemStatus", "system", "Stop and start it, which moves it to another host"),
    )
    for member, name, remedy in checks:
        word = status.get(member, {}).get("Status", "unknown")
        if word == "impaired":
            findings.append(
                Finding(Verdict.CAUSE, f"EC2's {name} status check is impaired", remedy)
            )
        elif word == "ok":
            findings.append(Finding(Verdict.EXCLUDED, f"EC2's {name} status check is ok"))
        else:
            findings.append(
                Finding(Verdict.UNREAD, f"EC2's {name} status check says {plain(word)}")
            )
    return findings


def _judge_connection(node: Node, evidence: Evidence) -> list[Finding]:
    if isinstance(evidence.connection, Problem):
        return [_unread("the agent's message channel", evidence.connection)]
    if evidence.connection == "connected":
        return [Finding(Verdict.EXCLUDED, "the agent's message channel is connected")]
    if node.ping in ("stopped", "terminated"):
        return []
    return [
        Finding(
            Verdict.LIKELY,
            "the agent has no message channel open",
            "Check that amazon-ssm-agent runs and reaches ssmmessages and ec2messages",
        )
    ]


def _judge_last_seen(node: Node, now: float) -> list[Finding]:
    if not isinstance(node.seen, float):
        if node.ping == "unmanaged":
            return [
                Finding(
                    Verdict.CAUSE,
                    "no agent on it is registered with this account in this Region",
                    "Install and start amazon-ssm-agent, and attach a role",
                )
            ]
        return []
    silent = now - node.seen
    if node.ping != "online" and silent < -2 * HEARTBEAT_SECONDS:
        return [
            Finding(
                Verdict.UNREAD,
                f"how long the agent has been silent: it was heard of {ago(silent)}",
                "Set this machine's clock right",
            )
        ]
    if node.ping == "online" or silent <= 2 * HEARTBEAT_SECONDS:
        return [Finding(Verdict.EXCLUDED, f"the agent was heard of {ago(silent)}")]
    return []


def _judge_role(node: Node, evidence: Evidence) -> list[Finding]:
    if node.kind != "ec2":
        return []
    if forgotten(evidence.instance):
        return []
    if isinstance(evidence.instance, Problem):
        return [_unread("the instance profile", evidence.instance)]
    profile = getattr(evidence.instance, "iam_instance_profile", None)
    if profile:
        name = plain(profile.rsplit("/", 1)[-1])
        findings = [Finding(Verdict.EXCLUDED, f"the instance profile {name} is attached")]
        if node.ping in ("lost", "unmanaged"):
            findings.append(
                Finding(
                    Verdict.UNREAD,
                    f"whether {name} allows what the agent needs",
                    "It should hold AmazonSSMManagedInstanceCore or the same permissions",
                )
            )
        return findings
    if evidence.instance is None:
        return []
    remedy = "Attach one with AmazonSSMManagedInstanceCore, or use default host management"
    verdict = Verdict.CAUSE if node.ping == "unmanaged" else Verdict.LIKELY
    return [Finding(verdict, "no instance profile is attached", remedy)]


def _judge_agent(node: Node) -> list[Finding]:
    if not isinstance(node.agent, str):
        return []
    version = plain(node.agent)
    if version_key(node.agent) < version_key(OLDEST_AGENT_FOR_SESSIONS):
        return [
            Finding(
                Verdict.LIKELY,
                f"agent {version} is too old for sessions",
                "Update it with AWS-UpdateSSMAgent",
            )
        ]
    if node.agent_latest is False:
        # It may be why a node went silent, but not why one was stopped.
        verdict = Verdict.LIKELY if node.ping in ("lost", "inactive") else Verdict.EXCLUDED
        back = "" if node.ping == "online" else " once the node is back"
        remedy = f"Update it with AWS-UpdateSSMAgent{back}"
        return [Finding(verdict, f"agent {version} is outdated", remedy)]
    if node.agent_latest is True:
        return [Finding(Verdict.EXCLUDED, f"agent {version} is the newest")]
    return []


def _judge_associations(node: Node, evidence: Evidence) -> list[Finding]:
    found = evidence.associations
    if node.ping == "unmanaged":
        return []  # they are not asked for: an association needs an agent
    if isinstance(found, Problem):
        return [_unread("the associations' status", found)]
    if not found:
        return [Finding(Verdict.EXCLUDED, "no association applies to the node")]
    last = max(found, key=lambda item: item.get("ExecutionDate") or 0.0)
    name = plain(last.get("AssociationName") or last.get("Name") or "an association")
    word = plain(last.get("DetailedStatus") or last.get("Status") or "unknown")
    if word.lower() == "failed" and node.ping in ("lost", "inactive"):
        code = plain(last.get("ErrorCode") or "")
        said = f" ({code})" if code else ""
        return [Finding(Verdict.LIKELY, f"the last association {name} failed{said}")]
    return [Finding(Verdict.EXCLUDED, f"the last association {name} ended in {word}")]


def _judge_network(node: Node, evidence: Evidence) -> list[Finding]:
    """What no API tells: say so instead of leaving it out."""
    if node.ping not in ("lost", "unmanaged"):
        return []
    if not isinstance(evidence.connection, Problem) and evidence.connection == "connected":
        return []
    return [
        Finding(
            Verdict.UNREAD,
            "the way from the node to the service (route, VPC endpoints, proxy, DNS, its clock)",
            f"From the node: curl -sv https://ssm.{node.region}.amazonaws.com/ping",
        )
    ]


def _unread(thing: str, problem: Problem) -> Finding:
    return Finding(Verdict.UNREAD, f"{thing}: {problem.what}", problem.remedy)


async def _connection(scope: Scope, node: Node) -> str:
    answer = await scope.read("ssm", "GetConnectionStatus", {"Target": node.id})
    return str(answer.get("Status", "")).lower()


async def _instance(scope: Scope, node: Node) -> Ec2Instance | None:
    answer = await scope.read("ec2", "DescribeInstances", {"InstanceIds": [node.id]})
    return next(ec2_instances(answer), None)


async def _status(scope: Scope, node: Node) -> Mapping[str, Any]:
    answer = await scope.read(
        "ec2",
        "DescribeInstanceStatus",
        {"InstanceIds": [node.id], "IncludeAllInstances": True},
    )
    statuses = answer.get("InstanceStatuses") or [{}]
    status: Mapping[str, Any] = statuses[0]
    return status


async def _associations(scope: Scope, node: Node) -> list[Mapping[str, Any]]:
    if node.ping == "unmanaged":
        return []
    found: list[Mapping[str, Any]] = []
    pages = scope.pages(
        "ssm", "DescribeInstanceAssociationsStatus", {"InstanceId": node.id}, page_size=50
    )
    async for page in pages:
        found += page.get("InstanceAssociationStatusInfos") or ()
    return found


async def or_problem(work: Awaitable[Any]) -> Any:
    """The answer, or the Problem in its place."""
    try:
        return await work
    except ProblemError as error:
        return error.problem


async def _nothing() -> None:
    return None


__all__ = ["TITLES", "Diagnosis", "Evidence", "Finding", "Verdict", "diagnose", "judge"]
