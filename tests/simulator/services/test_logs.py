from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.world.logs import Logs


@pytest.fixture
def group(aws: Any) -> str:
    """A group with two streams: ten events in "one", a second apart, and one in "two"."""
    logs = aws.world.part(Logs)
    for number in range(10):
        logs.write(aws.account, aws.region, "/aws/ssm/a", "one", f"line {number}")
        aws.world.clock.advance(1)
    logs.write(aws.account, aws.region, "/aws/ssm/a", "two", "ERROR at last")
    logs.write(aws.account, aws.region, "/other", "x", "y")
    return "/aws/ssm/a"


def messages(answer: dict[str, Any]) -> list[str]:
    return [event["message"] for event in answer["events"]]


def test_groups_are_listed(aws: Any, group: str) -> None:
    def listed(**params: Any) -> list[str]:
        pages = aws.pages("logs:DescribeLogGroups", token="nextToken", **params)
        return [each["logGroupName"] for page in pages for each in page["logGroups"]]

    assert listed() == [group, "/other"]
    assert listed(logGroupNamePrefix="/aws/ssm/") == [group]
    assert listed(logGroupNamePattern="OTHER") == ["/other"]
    assert listed(limit=1) == [group, "/other"]


def test_streams_are_listed_by_name_or_by_time(aws: Any, group: str) -> None:
    def listed(**params: Any) -> list[str]:
        answer = aws("logs:DescribeLogStreams", logGroupName=group, **params)
        return [each["logStreamName"] for each in answer["logStreams"]]

    assert listed() == ["one", "two"]
    assert listed(orderBy="LastEventTime", descending=True) == ["two", "one"]
    assert listed(logStreamNamePrefix="t") == ["two"]
    assert listed(limit=1) == ["one"]
    both = {"orderBy": "LastEventTime", "logStreamNamePrefix": "t"}
    refusal = aws.refusal("logs:DescribeLogStreams", logGroupName=group, **both)
    assert refusal == "InvalidParameterException"


def test_events_from_the_head_on(aws: Any, group: str) -> None:
    where = {"logGroupName": group, "logStreamName": "one"}
    first = aws("logs:GetLogEvents", **where, startFromHead=True, limit=4)
    assert messages(first) == [f"line {number}" for number in range(4)]
    token = first["nextForwardToken"]
    rest = aws("logs:GetLogEvents", **where, startFromHead=True, nextToken=token)
    assert messages(rest) == [f"line {number}" for number in range(4, 10)]
    token = rest["nextForwardToken"]
    end = aws("logs:GetLogEvents", **where, startFromHead=True, nextToken=token)
    assert (end["events"], end["nextForwardToken"]) == ([], token)
    aws.world.part(Logs).write(aws.account, aws.region, group, "one", "later")
    assert messages(aws("logs:GetLogEvents", **where, nextToken=token)) == ["later"]


def test_events_from_the_end_back(aws: Any, group: str) -> None:
    where = {"logGroupName": group, "logStreamName": "one"}
    last = aws("logs:GetLogEvents", **where, limit=3)
    assert messages(last) == ["line 7", "line 8", "line 9"]
    before = aws("logs:GetLogEvents", **where, limit=3, nextToken=last["nextBackwardToken"])
    assert messages(before) == ["line 4", "line 5", "line 6"]


def test_events_of_some_time(aws: Any, group: str) -> None:
    first = aws("logs:GetLogEvents", logGroupName=group, logStreamName="one", startFromHead=True)
    times = [event["timestamp"] for event in first["events"]]
    some = aws(
        "logs:GetLogEvents",
        logGroupName=group,
        logStreamName="one",
        startTime=times[2],
        endTime=times[5],
    )
    assert messages(some) == ["line 2", "line 3", "line 4"]


def test_an_answer_holds_a_megabyte(aws: Any) -> None:
    for number in range(4):
        text = str(number) * 400_000
        aws.world.part(Logs).write(aws.account, aws.region, "g", "s", text)
        aws.world.clock.advance(1)
    answer = aws("logs:GetLogEvents", logGroupName="g", logStreamName="s", startFromHead=True)
    assert [event["message"][0] for event in answer["events"]] == ["0", "1"]


def test_all_streams_of_a_group_are_filtered(aws: Any, group: str) -> None:
    def found(**params: Any) -> list[str]:
        pages = aws.pages("logs:FilterLogEvents", token="nextToken", logGroupName=group, **params)
        return [message for page in pages for message in messages(page)]

    assert len(found()) == 11
    assert found(filterPattern="ERROR") == ["ERROR at last"]
    assert found(filterPattern='"line 3"') == ["line 3"]
    assert found(filterPattern="line -3", limit=2) == [f"line {n}" for n in range(10) if n != 3]
    assert found(logStreamNames=["two"]) == found(logStreamNamePrefix="tw") == ["ERROR at last"]
    both = {"logStreamNames": ["two"], "logStreamNamePrefix": "t"}
    refusal = aws.refusal("logs:FilterLogEvents", logGroupName=group, **both)
    assert refusal == "InvalidParameterException"


def test_what_is_not_there_is_refused(aws: Any, group: str) -> None:
    missing = "ResourceNotFoundException"
    assert aws.refusal("logs:DescribeLogStreams", logGroupName="none") == missing
    where = {"logGroupName": group, "logStreamName": "none"}
    assert aws.refusal("logs:GetLogEvents", **where) == missing
    where["logStreamName"] = "one"
    refusal = aws.refusal("logs:GetLogEvents", **where, nextToken="made up")
    assert refusal == "InvalidParameterException"
