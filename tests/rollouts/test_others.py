"""Commands that no rollout of ours has sent."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.core.secret import MASK
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.conduct import Rollout
from ssmtui.rollouts.others import command_of, followed
from ssmtui.rollouts.spec import LogOutput, Notification, S3Output
from ssmtui.rollouts.state import Bucket, CallPhase, Phase
from ssmtui.rollouts.targets import Found, Frozen, GroupTarget, TagTargets
from tests.rollouts.conftest import SCOPE

FACT = {
    "CommandId": "1f2e3d4c-0000-4000-8000-111122223333",
    "DocumentName": "AWS-RunShellScript",
    "DocumentVersion": "$DEFAULT",
    "Comment": "restart the web servers",
    "Parameters": {"commands": ["systemctl restart nginx"]},
    "InstanceIds": ["i-00000001", "i-00000002"],
    "RequestedDateTime": 1_760_000_000.0,
    "MaxConcurrency": "10%",
    "MaxErrors": "1",
    "TimeoutSeconds": 900,
}


def name_of(key: RowKey) -> str:
    return f"web-{key.id[-1]}"


def test_what_was_asked_for_is_read_back() -> None:
    fact = {
        **FACT,
        "OutputS3BucketName": "outputs",
        "OutputS3KeyPrefix": "web",
        "CloudWatchOutputConfig": {"CloudWatchOutputEnabled": True, "CloudWatchLogGroupName": "g"},
        "AlarmConfiguration": {"Alarms": [{"Name": "too-hot"}]},
        "ServiceRole": "arn:aws:iam::111122223333:role/sns",
        "NotificationConfig": {
            "NotificationArn": "arn:aws:sns:eu-west-1:111122223333:ops",
            "NotificationEvents": ["Failed"],
            "NotificationType": "Invocation",
        },
    }
    command = command_of(SCOPE, fact, name_of)
    assert (command.document, command.version) == ("AWS-RunShellScript", "$DEFAULT")
    assert command.comment == "restart the web servers"
    assert command.script == "systemctl restart nginx"
    assert (command.at_a_time, command.allowed_errors) == (Amount(10, percent=True), Amount(1))
    assert command.delivery_timeout == 900
    assert (command.s3, command.logs) == (S3Output("outputs", "web"), LogOutput("g"))
    assert command.alarm == "too-hot"
    assert command.notification == Notification(
        "arn:aws:sns:eu-west-1:111122223333:ops",
        "arn:aws:iam::111122223333:role/sns",
        ("Failed",),
        per_node=True,
    )
    assert isinstance(command.targets, Frozen)
    assert [node.label for node in command.targets.nodes] == ["web-1", "web-2"]


def test_secrets_are_masked_and_a_marker_is_taken_off() -> None:
    fact = {
        **FACT,
        "Comment": "ssmtui 7f3a91c2-0012 fix openssl",
        "Parameters": {"commands": ["mysql --password hunter22 -e x"], "DbPassword": ["hunter22"]},
    }
    command = command_of(SCOPE, fact, name_of)
    assert "hunter22" not in str(command)
    assert MASK in command.script
    assert command.parameters["DbPassword"] == [MASK]
    assert command.comment == "fix openssl"


def test_a_long_comment_of_several_lines_is_one_that_may_be_sent() -> None:
    command = command_of(SCOPE, {**FACT, "Comment": "a\nb " + "x" * 100}, name_of)
    assert command.comment.startswith("a b xxx")


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        (
            [{"Key": "tag:Env", "Values": ["prod", "test"]}],
            TagTargets({"Env": ("prod", "test")}, (SCOPE,)),
        ),
        ([{"Key": "resource-groups:Name", "Values": ["web"]}], GroupTarget("web", (SCOPE,))),
        ([{"Key": "InstanceIds", "Values": ["*"]}], Found("every node", (SCOPE,))),
        ([{"Key": "tag:Env", "Values": []}], Found("tag:Env", (SCOPE,))),
        ([], Found("targets that are not told", (SCOPE,))),
    ],
)
def test_targets_that_the_service_has_resolved(targets: list[Any], expected: object) -> None:
    command = command_of(SCOPE, {**FACT, "InstanceIds": [], "Targets": targets}, name_of)
    assert command.targets == expected
    assert command.total is None


def test_what_is_not_fully_known_cannot_be_sent_to() -> None:
    with pytest.raises(ProblemError, match=r"sent to every node, which is not asked for here"):
        _ = Found("every node", (SCOPE,)).request


def test_a_command_to_be_followed_is_one_call_that_is_sent() -> None:
    record = followed(SCOPE, FACT, name_of)
    assert not record.ours
    assert record.plan.id == "1f2e3d4c"
    assert (record.plan.whole, record.plan.allowed) == (1, 1)
    (call,) = record.plan.calls
    assert call.ids == ("i-00000001", "i-00000002")
    assert record.story.phase is Phase.RUNNING
    assert record.story.started == 1_760_000_000.0
    assert record.story.call(0).phase is CallPhase.SENT
    assert record.story.call(0).command_id == FACT["CommandId"]
    assert followed(SCOPE, {**FACT, "InstanceIds": []}, name_of).plan.allowed is None


async def sent(at: Any, script: str, count: int, **rest: Any) -> Any:
    """What ListCommands tells of a command that somebody else has just sent."""
    scope = at.fleet.scopes[0]
    request = {
        "DocumentName": "AWS-RunShellScript",
        **({"InstanceIds": [node.id for node in at.nodes(count)]} if count else {}),
        "Parameters": {"commands": [script]},
        **rest,
    }
    change = await scope.change("ssm", "SendCommand", request, intent="somebody else's")
    listed = await scope.read(
        "ssm", "ListCommands", {"CommandId": change.answer["Command"]["CommandId"]}
    )
    return listed["Commands"][0]


def watched(at: Any, fact: Any) -> Rollout:
    scope = at.fleet.scopes[0]
    return Rollout(followed(scope.key, fact, lambda key: ""), [scope], **at.how)


async def test_it_is_followed_to_its_end_and_nothing_is_sent_or_written(sea: Any) -> None:
    async with sea(nodes=60) as at:
        rollout = watched(at, await sent(at, "uptime", 20))
        rollout.start()
        state = await rollout.over()
        await rollout.leave()
        assert (state.phase, state.sentence, state.ours) == (Phase.DONE, "", False)
        assert state.bars.ok == 20
        assert all("load average" in result.stdout for result in rollout.results.values())
        assert at.fleet.endpoint.calls["ssm:SendCommand"] == 1
        assert not at.records.all()
        assert not list(at.records.folder.glob("*"))


async def test_one_that_has_long_been_over_says_when_it_was(sea: Any) -> None:
    async with sea(nodes=60) as at:
        fact = await sent(at, "uptime", 5)
        await at.clock.sleep(3600)
        rollout = watched(at, fact)
        rollout.start()
        state = await rollout.over()
        await rollout.leave()
        assert state.started == fact["RequestedDateTime"]
        assert state.ended is not None
        assert state.ended - state.started < 600


async def test_its_errors_are_the_services_affair(sea: Any) -> None:
    async with sea(nodes=60) as at:
        fact = await sent(at, "sleep 5; exit 3", 20, MaxConcurrency="2", MaxErrors="1")
        rollout = watched(at, fact)
        rollout.start()
        state = await rollout.over()
        await rollout.leave()
        assert state.phase is Phase.DONE  # not stopped by us
        assert state.budget.spent
        assert state.sentence.startswith("Run Command says ")
        assert state.bars.failed >= 2
        assert state.bars.total == 20
        assert at.fleet.endpoint.calls["ssm:CancelCommand"] == 0


async def test_it_can_be_cancelled_whole_or_on_some_nodes(sea: Any) -> None:
    async with sea(nodes=60) as at:
        rollout = watched(at, await sent(at, "sleep 900", 4))
        rollout.start()
        await at.clock.sleep(30)
        one, *others = rollout.results
        assert await rollout.cancel([one]) == ()
        await at.clock.sleep(30)
        assert rollout.results[one].bucket is Bucket.CANCELLED
        assert all(rollout.results[each].bucket is not Bucket.CANCELLED for each in others)
        await rollout.cancel()
        state = await rollout.over()
        await rollout.leave()
        assert state.phase is Phase.CANCELLED
        assert state.bars.cancelled == 4


async def test_targets_that_only_the_service_knows_are_found_as_they_are_read(sea: Any) -> None:
    async with sea(nodes=60) as at:
        scope = at.fleet.scopes[0].key
        roles = Counter(
            node.tags["Role"]
            for node in at.fleet.world.nodes.values()
            if "Role" in node.tags and (node.account, node.region) == scope
        )
        role = roles.most_common(1)[0][0]
        rest = {"Targets": [{"Key": "tag:Role", "Values": [role]}]}
        rollout = watched(at, await sent(at, "uptime", 0, **rest))
        rollout.start()
        state = await rollout.over()
        await rollout.leave()
        assert state.phase is Phase.DONE
        assert state.bars.total == len(rollout.results) > 1
