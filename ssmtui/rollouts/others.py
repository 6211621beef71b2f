"""A command that no rollout on our record has sent, as one: to be followed, or to be sent again.

It is a plan of one wave and one call that the service has already. Nothing of it is written down,
nothing more is sent of it, and whether its errors stop it is the service's affair alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import ProblemError
from ssmtui.resources.commands.marker import read_marker
from ssmtui.resources.commands.row import masked_parameters, named_nodes, targets_in_words
from ssmtui.rollouts.amounts import concurrency, errors
from ssmtui.rollouts.journal import Sent, Turned, told
from ssmtui.rollouts.plan import Plan, PlannedCall, Wave
from ssmtui.rollouts.record import Unrecorded
from ssmtui.rollouts.spec import (
    LONGEST_COMMENT,
    CommandSpec,
    LogOutput,
    Notification,
    RolloutSpec,
    S3Output,
)
from ssmtui.rollouts.state import Phase
from ssmtui.rollouts.targets import Found, Frozen, GroupTarget, TagTargets, Target, Targets

_GROUP = "resource-groups:Name"

# What nodes are called; "" where nobody knows.
NameOf = Callable[[RowKey], str]


def followed(
    scope: ScopeKey, fact: Mapping[str, Any], name_of: NameOf, sender: str = ""
) -> Unrecorded:
    """A member of ListCommands' Commands as what a rollout is made of; `sender` has sent it, as far
    as that is known. ProblemError."""
    command = command_of(scope, fact, name_of)
    command_id = str(fact["CommandId"])
    ids = tuple(node.id for node in _nodes(command.targets))
    total = len(ids) or None
    call = PlannedCall(number=0, wave=0, scope=scope, at_a_time=command.at_a_time, ids=ids)
    plan = Plan(
        id=command_id[:8],
        spec=RolloutSpec(command),
        waves=(Wave("everything", total, (call,)),),
        whole=max(1, command.at_a_time.of(total)) if total else None,
        allowed=command.allowed_errors.of(total) if total else None,
    )
    requested = fact.get("RequestedDateTime")
    at = requested if isinstance(requested, float) else 0.0
    story = told(
        [Sent(at=at, call=0, command_id=command_id), Turned(at=at, phase=Phase.RUNNING)],
    )
    return Unrecorded(plan, story, created=at, identity=sender)


def command_of(scope: ScopeKey, fact: Mapping[str, Any], name_of: NameOf) -> CommandSpec:
    """What a command was asked for: its parameters masked where they look like a secret.

    ProblemError: a value is none that Run Command could have taken.
    """
    comment = str(fact.get("Comment") or "")
    marked = read_marker(comment)
    given: dict[str, Any] = {"s3": _s3(fact), "logs": _logs(fact), "alarm": _alarm(fact)}
    if isinstance(timeout := fact.get("TimeoutSeconds"), int) and timeout > 0:
        given["delivery_timeout"] = timeout
    if at_a_time := fact.get("MaxConcurrency"):
        given["at_a_time"] = concurrency(str(at_a_time))
    if allowed := fact.get("MaxErrors"):
        given["allowed_errors"] = errors(str(allowed))
    return CommandSpec(
        document=str(fact.get("DocumentName") or ""),
        version=str(fact.get("DocumentVersion") or ""),
        targets=_targets(scope, fact, name_of),
        parameters=masked_parameters(fact.get("Parameters") or {}),
        comment=_one_line(comment if marked is None else marked.words),
        notification=_notification(fact),
        **given,
    )


def _nodes(targets: Targets) -> tuple[Target, ...]:
    return targets.nodes if isinstance(targets, Frozen) else ()


def _targets(scope: ScopeKey, fact: Mapping[str, Any], name_of: NameOf) -> Targets:
    nodes = named_nodes(fact)
    if isinstance(nodes, tuple):
        keys = [RowKey(*scope, node) for node in dict.fromkeys(nodes)]
        return Frozen(tuple(_target(key, name_of(key)) for key in keys))
    asked = {
        str(target.get("Key") or ""): tuple(map(str, target.get("Values") or ()))
        for target in fact.get("Targets") or ()
    }
    try:
        if asked and all(key.startswith("tag:") for key in asked):
            tags = {key.removeprefix("tag:"): values for key, values in asked.items()}
            return TagTargets(tags, (scope,))
        if asked.keys() == {_GROUP} and len(asked[_GROUP]) == 1:
            return GroupTarget(asked[_GROUP][0], (scope,))
    except ProblemError:
        pass  # the service has taken what we would not send
    words = targets_in_words(fact, {})
    return Found(words if isinstance(words, str) else "targets that are not told", (scope,))


def _target(key: RowKey, name: str) -> Target:
    return Target(account=key.account, region=key.region, id=key.id, name=name)


def _one_line(comment: str) -> str:
    return " ".join(comment.split())[:LONGEST_COMMENT]


def _s3(fact: Mapping[str, Any]) -> S3Output | None:
    bucket = fact.get("OutputS3BucketName")
    return S3Output(str(bucket), str(fact.get("OutputS3KeyPrefix") or "")) if bucket else None


def _logs(fact: Mapping[str, Any]) -> LogOutput | None:
    logs = fact.get("CloudWatchOutputConfig") or {}
    if not logs.get("CloudWatchOutputEnabled"):
        return None
    return LogOutput(str(logs.get("CloudWatchLogGroupName") or ""))


def _alarm(fact: Mapping[str, Any]) -> str:
    alarms = (fact.get("AlarmConfiguration") or {}).get("Alarms") or ()
    return str(alarms[0].get("Name") or "") if alarms else ""


def _notification(fact: Mapping[str, Any]) -> Notification | None:
    told_of = fact.get("NotificationConfig") or {}
    topic, role = told_of.get("NotificationArn"), fact.get("ServiceRole")
    if not topic or not role:
        return None
    events: Any = tuple(told_of.get("NotificationEvents") or ("All",))
    return Notification(
        str(topic), str(role), events, told_of.get("NotificationType") == "Invocation"
    )
