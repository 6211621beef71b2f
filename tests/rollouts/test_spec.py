"""What is asked for is checked when it is said, in one sentence each."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.spec import (
    LONGEST_COMMENT,
    CommandSpec,
    Gate,
    LogOutput,
    Notification,
    RolloutSpec,
    S3Output,
    Waves,
)
from ssmtui.rollouts.targets import Frozen, TagTargets
from tests.rollouts.conftest import SCOPE, a_command, some_nodes

TOPIC = "arn:aws:sns:eu-west-1:111122223333:deploys"
ROLE = "arn:aws:iam::111122223333:role/notify"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"document": "a b"}, "“a b” is not the name of a document"),
        ({"version": "one"}, "“one” is no version of a document"),
        ({"comment": "x" * 80}, "A comment is one line of at most 79 characters"),
        ({"comment": "two\nlines"}, "A comment is one line"),
        ({"delivery_timeout": 29}, "A delivery timeout of 29 seconds is out of bounds"),
        ({"delivery_timeout": 2_592_001}, "Give 30 to 2,592,000 seconds"),
        ({"execution_timeout": 0}, "An execution timeout of 0 seconds is out of bounds"),
        ({"at_a_time": Amount(0)}, "At least one node at a time"),
        ({"alarm": "x" * 256}, "An alarm's name has at most 255 characters"),
        ({"parameters": {"commands": ["x" * 65_536]}}, "more than 65,535 characters"),
    ],
)
def test_what_the_service_would_refuse_is_refused_here(
    fields: dict[str, Any], sentence: str
) -> None:
    fields = {"document": "AWS-RunShellScript", "targets": Frozen(some_nodes(1)), **fields}
    with pytest.raises(ProblemError, match=sentence):
        CommandSpec(**fields)


def test_a_marker_and_the_longest_comment_fit_awss_hundred_characters() -> None:
    assert len("ssmtui 7f3a91c2-0012 ") + LONGEST_COMMENT == 100


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: S3Output("No_Bucket"), "is not the name of an S3 bucket"),
        (lambda: S3Output("fine", "x" * 501), "at most 500 characters"),
        (lambda: LogOutput("no group!"), "is not the name of a log group"),
        (lambda: Notification("topic", ROLE), "is not the ARN of a SNS topic"),
        (lambda: Notification(TOPIC, TOPIC), "is not the ARN of a role"),
        (lambda: Notification(TOPIC, ROLE, ("Boom",)), "“Boom” is no event"),  # type: ignore[arg-type]
        (lambda: Notification(TOPIC, ROLE, ()), "is no event"),
        (lambda: Gate(soak=-1), "A soak time is not negative"),
        (lambda: Waves(canary=-1), "A canary has 0 nodes or more"),
        (lambda: Waves(steps=(50, 10)), "50, 10 are no steps of a rollout"),
        (lambda: Waves(steps=(0,)), "are no steps"),
        (lambda: RolloutSpec(a_command(), wait=0), "A time to wait is positive"),
    ],
)
def test_every_part_is_checked(make: Any, sentence: str) -> None:
    with pytest.raises(ProblemError, match=sentence):
        make()


def test_waves_need_a_list_of_nodes() -> None:
    command = CommandSpec(document="Doc", targets=TagTargets({"Env": ("prod",)}, (SCOPE,)))
    RolloutSpec(command)
    with pytest.raises(ProblemError, match="resolved by the service"):
        RolloutSpec(command, Waves(canary=1))


def test_the_request_is_in_awss_own_words() -> None:
    command = a_command(
        version="3",
        delivery_timeout=60,
        s3=S3Output("outputs", "fleet"),
        logs=LogOutput("/fleet"),
        notification=Notification(TOPIC, ROLE, ("Failed", "TimedOut"), per_node=True),
        alarm="too-many-5xx",
    )
    assert command.request == {
        "DocumentName": "AWS-RunShellScript",
        "DocumentVersion": "3",
        "Parameters": {"commands": ["uptime"]},
        "TimeoutSeconds": 60,
        "OutputS3BucketName": "outputs",
        "OutputS3KeyPrefix": "fleet",
        "CloudWatchOutputConfig": {
            "CloudWatchOutputEnabled": True,
            "CloudWatchLogGroupName": "/fleet",
        },
        "ServiceRoleArn": ROLE,
        "NotificationConfig": {
            "NotificationArn": TOPIC,
            "NotificationEvents": ["Failed", "TimedOut"],
            "NotificationType": "Invocation",
        },
        "AlarmConfiguration": {"Alarms": [{"Name": "too-many-5xx"}]},
    }


def test_the_request_is_short_where_nothing_is_asked() -> None:
    assert a_command().request == {
        "DocumentName": "AWS-RunShellScript",
        "Parameters": {"commands": ["uptime"]},
        "TimeoutSeconds": 600,
    }


def test_the_rate_is_said_with_the_number_of_nodes() -> None:
    assert a_command(400, allowed_errors=Amount(5)).rate == (
        "50 at a time; stops after the 6th failure"
    )
    assert a_command(3).rate == "all at once; stops after the 1st failure"
    assert RolloutSpec(a_command(3)).rate == a_command(3).rate
    spread = Waves(spread_by=("az",))
    assert RolloutSpec(a_command(3), spread).rate == a_command(3).rate
    for waves in (Waves(canary=1), Waves(steps=(50,))):
        words = "all of a wave at once; stops after the 1st failure"
        assert RolloutSpec(a_command(3), waves).rate == words


def test_the_script_is_what_commands_hold() -> None:
    assert a_command(parameters={"commands": ["cd /tmp", "ls"]}).script == "cd /tmp\nls"
    assert a_command(parameters={}).script == ""
