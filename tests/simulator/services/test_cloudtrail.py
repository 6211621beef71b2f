from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.commands.running import answers


def events(aws: Any, key: str = "", value: str = "", **params: Any) -> list[dict[str, Any]]:
    if key:
        params["LookupAttributes"] = [{"AttributeKey": key, "AttributeValue": value}]
    pages = aws.pages("cloudtrail:LookupEvents", **params)
    return [each for page in pages for each in page["Events"]]


def send(aws: Any) -> tuple[str, str]:
    """The ids of a command and its node."""
    node = next(each for each in aws.nodes if answers(each) and each.platform.type == "Linux")
    sent = aws(
        "ssm:SendCommand",
        DocumentName="AWS-RunShellScript",
        InstanceIds=[node.id],
        Parameters={"commands": ["secret"]},
    )
    return sent["Command"]["CommandId"], node.id


def command_of(event: dict[str, Any]) -> str:
    record = json.loads(event["CloudTrailEvent"])
    return str(record["responseElements"]["command"]["commandId"])


def test_every_command_has_its_event_with_who_sent_it(aws: Any) -> None:
    commands = [each for page in aws.pages("ssm:ListCommands") for each in page["Commands"]]
    found = {command_of(each): each for each in events(aws, "EventName", "SendCommand")}
    assert set(found) == {each["CommandId"] for each in commands}
    assert len({each["Username"] for each in found.values()}) > 3
    for each in found.values():
        record = json.loads(each["CloudTrailEvent"])
        assert record["userIdentity"]["arn"].endswith(each["Username"])
        assert record["requestParameters"]["parameters"] == "HIDDEN_DUE_TO_SECURITY_REASONS"


def test_what_is_sent_now_comes_some_minutes_late(aws: Any) -> None:
    sent, node = send(aws)
    aws.world.clock.advance(30)
    assert sent not in map(command_of, events(aws, "EventName", "SendCommand"))
    aws.world.clock.advance(300)
    latest = events(aws, "EventName", "SendCommand")[0]
    assert command_of(latest) == sent
    assert latest["Username"] == "ops"
    assert {"ResourceType": "AWS::EC2::Instance", "ResourceName": node} in latest["Resources"]
    assert "secret" not in latest["CloudTrailEvent"]


def test_events_are_looked_up_by_one_attribute(aws: Any) -> None:
    user = events(aws)[0]["Username"]
    assert {each["Username"] for each in events(aws, "Username", user)} == {user}
    sessions = events(aws, "EventName", "StartSession")
    assert sessions
    node = sessions[0]["Resources"][0]["ResourceName"]
    assert events(aws, "ResourceName", node)
    assert events(aws, "ReadOnly", "true") == []
    both = [{"AttributeKey": "EventName", "AttributeValue": "x"}] * 2
    refusal = aws.refusal("cloudtrail:LookupEvents", LookupAttributes=both)
    assert refusal == "InvalidLookupAttributesException"


def test_events_of_some_time_the_latest_first(aws: Any) -> None:
    now = datetime.fromtimestamp(aws.world.now, UTC)
    week = events(aws, StartTime=now - timedelta(days=7), EndTime=now - timedelta(days=1))
    times = [each["EventTime"] for each in week]
    assert times == sorted(times, reverse=True)
    assert aws.world.now - 7 * 86400 <= times[-1] <= times[0] <= aws.world.now - 86400
    wrong = aws.refusal("cloudtrail:LookupEvents", StartTime=now, EndTime=now - timedelta(days=1))
    assert wrong == "InvalidTimeRangeException"


def test_two_calls_a_second_while_time_passes(aws: Any) -> None:
    aws.world.clock.set_pace(1e-6)
    outcomes = []
    for _ in range(4):
        try:
            aws("cloudtrail:LookupEvents")
            outcomes.append("")
        except ServiceError as error:
            outcomes.append(error.code)
    assert outcomes == ["", "", "ThrottlingException", "ThrottlingException"]
    aws.world.clock.advance(1.1)
    assert aws("cloudtrail:LookupEvents")
