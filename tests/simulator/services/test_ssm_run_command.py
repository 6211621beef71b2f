from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import HTTPClientError

from ssmtui.simulator.commands import Command, Commands
from ssmtui.simulator.commands.running import answers
from ssmtui.simulator.errors import RefusedError
from ssmtui.simulator.server import running
from ssmtui.simulator.shell import Machines
from ssmtui.simulator.world import Node, World
from ssmtui.simulator.world.buckets import Buckets

SHELL = "AWS-RunShellScript"


def nodes(aws: Any, count: int = 1, platform: str = "Linux") -> list[Node]:
    found = [n for n in aws.nodes if n.managed and answers(n) and n.platform.type == platform]
    assert len(found) >= count
    return found[:count]


def send(aws: Any, chosen: list[Node], *lines: str, **params: Any) -> dict[str, Any]:
    wanted = {
        "DocumentName": SHELL,
        "Parameters": {"commands": list(lines)},
        "InstanceIds": [node.id for node in chosen],
    }
    command: dict[str, Any] = aws("ssm:SendCommand", **{**wanted, **params})["Command"]
    return command


def command(aws: Any, command_id: str) -> Command:
    found = aws.world.part(Commands).find(aws.account, aws.region, command_id)
    assert found is not None
    return found


def invocations(aws: Any, **params: Any) -> list[dict[str, Any]]:
    pages = aws.pages("ssm:ListCommandInvocations", **params)
    return [each for page in pages for each in page["CommandInvocations"]]


def test_a_command_is_answered_as_it_was_asked_for(aws: Any) -> None:
    notification = {
        "NotificationArn": "arn:aws:sns:eu-west-1:111122223333:deployments",
        "NotificationEvents": ["Failed"],
        "NotificationType": "Command",
    }
    chosen = nodes(aws, 2)
    answer = send(
        aws,
        chosen,
        "true",
        Comment="why",
        MaxConcurrency="10%",
        MaxErrors="3",
        TimeoutSeconds=60,
        OutputS3BucketName="bucket",
        OutputS3KeyPrefix="prefix",
        ServiceRoleArn="arn:aws:iam::111122223333:role/notify",
        NotificationConfig=notification,
        CloudWatchOutputConfig={"CloudWatchOutputEnabled": True},
    )
    assert answer["InstanceIds"] == [node.id for node in chosen]
    assert (answer["Status"], answer["StatusDetails"]) == ("Pending", "Pending")
    assert (answer["TargetCount"], answer["CompletedCount"]) == (2, 0)
    assert (answer["Comment"], answer["MaxConcurrency"], answer["MaxErrors"]) == ("why", "10%", "3")
    assert answer["Parameters"] == {"commands": ["true"]}
    assert answer["NotificationConfig"] == notification
    assert answer["CloudWatchOutputConfig"]["CloudWatchLogGroupName"] == f"/aws/ssm/{SHELL}"
    assert answer["ExpiresAfter"] - answer["RequestedDateTime"] == 3660
    (listed,) = aws("ssm:ListCommands", CommandId=answer["CommandId"])["Commands"]
    assert listed == answer


@pytest.mark.parametrize(
    "params",
    [
        {"InstanceIds": [f"i-{number:017x}" for number in range(51)]},
        {"Comment": "x" * 101},
        {"Targets": [{"Key": f"tag:{key}", "Values": ["x"]} for key in "abcdef"]},
        {"TimeoutSeconds": 29},
        {"MaxConcurrency": "0"},
        {"MaxErrors": "101%"},
        {"InstanceIds": ["web-1"]},
    ],
)
def test_the_models_limits_hold(aws: Any, params: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        aws("ssm:SendCommand", DocumentName=SHELL, **params)


def test_refusals_have_their_codes(aws: Any) -> None:
    ids = [nodes(aws)[0].id]
    unknown = aws.refusal("ssm:SendCommand", DocumentName="AWS-Nothing", InstanceIds=ids)
    assert unknown == "InvalidDocument"
    without = aws.refusal("ssm:SendCommand", DocumentName=SHELL, InstanceIds=ids)
    assert without == "InvalidParameters"


def test_there_is_a_gap_before_invocations_are_seen(aws: Any) -> None:
    (node,) = nodes(aws)
    sent = send(aws, [node], "true")["CommandId"]
    one = {"CommandId": sent, "InstanceId": node.id}
    assert aws.refusal("ssm:GetCommandInvocation", **one) == "InvocationDoesNotExist"
    assert aws("ssm:ListCommandInvocations", CommandId=sent)["CommandInvocations"] == []
    aws.world.clock.advance(2)
    assert aws("ssm:GetCommandInvocation", **one)["Status"] in ("Pending", "InProgress")
    assert len(invocations(aws, CommandId=sent)) == 1


def test_an_invocation_is_told_in_full(aws: Any) -> None:
    (node,) = nodes(aws)
    sent = send(aws, [node], "hostname", "sleep 3", "echo oops >&2")["CommandId"]
    aws.world.clock.advance(30)
    one = aws("ssm:GetCommandInvocation", CommandId=sent, InstanceId=node.id)
    assert (one["Status"], one["StatusDetails"], one["ResponseCode"]) == ("Success", "Success", 0)
    hostname = aws.world.part(Machines).of(node.id).hostname
    assert one["StandardOutputContent"] == f"{hostname}\n"
    assert one["StandardErrorContent"] == "oops\n"
    assert one["PluginName"] == "aws:runShellScript"
    assert one["ExecutionStartDateTime"].endswith("Z")
    assert one["ExecutionElapsedTime"].startswith("PT3.")
    (listed,) = invocations(aws, CommandId=sent, Details=True)
    assert listed["InstanceName"] == node.tags.get("Name", "")
    (plugin,) = listed["CommandPlugins"]
    assert plugin["Output"] == f"{hostname}\n\n----------ERROR-------\noops\n"
    assert (plugin["Status"], plugin["ResponseCode"]) == ("Success", 0)
    assert invocations(aws, CommandId=sent)[0]["CommandPlugins"] == []


def test_what_has_not_begun_has_no_code_and_no_output(aws: Any) -> None:
    (node,) = nodes(aws)
    aws.world.lose(node.id)
    sent = send(aws, [node], "true")["CommandId"]
    aws.world.clock.advance(20)
    one = aws("ssm:GetCommandInvocation", CommandId=sent, InstanceId=node.id)
    assert (one["Status"], one["ResponseCode"], one["StandardOutputContent"]) == ("Delayed", -1, "")
    assert one["ExecutionStartDateTime"] == one["ExecutionEndDateTime"] == ""


@pytest.mark.parametrize(("size", "length"), [(2_000, 2_000), (2_500, 2_500), (2_501, 2_500)])
def test_lists_cut_at_2500_characters(aws: Any, size: int, length: int) -> None:
    (node,) = nodes(aws)
    sent = send(aws, [node], f"head -c {size} /dev/zero | tr '\\0' x")["CommandId"]
    aws.world.clock.advance(30)
    (listed,) = invocations(aws, CommandId=sent, Details=True)
    output = listed["CommandPlugins"][0]["Output"]
    assert len(output) == length
    assert output.endswith("---Output truncated---") == (size > 2_500)
    one = aws("ssm:GetCommandInvocation", CommandId=sent, InstanceId=node.id)
    assert one["StandardOutputContent"] == "x" * size


def test_one_of_several_plugins_must_be_named(aws: Any) -> None:
    (node,) = nodes(aws)
    sent = send(aws, [node], DocumentName="ops-collect-facts", Parameters={})["CommandId"]
    aws.world.clock.advance(30)
    one = {"CommandId": sent, "InstanceId": node.id}
    assert aws.refusal("ssm:GetCommandInvocation", **one) == "InvalidPluginName"
    wrong = aws.refusal("ssm:GetCommandInvocation", **one, PluginName="nothing")
    assert wrong == "InvalidPluginName"
    named = aws("ssm:GetCommandInvocation", **one, PluginName="disks")
    assert "Filesystem" in named["StandardOutputContent"]


def test_urls_lead_to_the_objects(aws: Any) -> None:
    (node,) = nodes(aws)
    bucket = aws.world.part(Buckets).usual(aws.account, aws.region)
    sent = send(aws, [node], "echo there", OutputS3BucketName=bucket.name)["CommandId"]
    aws.world.clock.advance(30)
    url = aws("ssm:GetCommandInvocation", CommandId=sent, InstanceId=node.id)["StandardOutputUrl"]
    key = url.partition(f"{bucket.name}/")[2]
    assert bucket.get(key).data == b"there\n"


def test_pages_have_at_most_50_and_lose_nothing(aws: Any) -> None:
    targets = [{"Key": "tag-key", "Values": ["Env"]}]
    sent = aws(
        "ssm:SendCommand",
        DocumentName="AWS-Noop",
        Targets=targets,
        MaxConcurrency="100%",
        MaxErrors="100%",
    )["Command"]["CommandId"]
    aws.world.clock.advance(60)
    pages = aws.pages("ssm:ListCommandInvocations", CommandId=sent)
    assert {len(page["CommandInvocations"]) for page in pages[:-1]} == {50}
    found = [each["InstanceId"] for page in pages for each in page["CommandInvocations"]]
    assert found == sorted(command(aws, sent).invocations)
    assert len(aws("ssm:ListCommandInvocations", CommandId=sent)["CommandInvocations"]) == 50


def test_a_token_of_another_call_is_refused(aws: Any) -> None:
    token = aws("ssm:ListCommands", MaxResults=1)["NextToken"]
    assert aws("ssm:ListCommands", MaxResults=2, NextToken=token)["Commands"]
    assert aws.refusal("ssm:ListCommandInvocations", NextToken=token) == "InvalidNextToken"
    assert aws.refusal("ssm:ListCommands", NextToken="made up") == "InvalidNextToken"


def test_commands_are_filtered(aws: Any) -> None:
    (node,) = nodes(aws)
    sent = send(aws, [node], "sleep 100")["CommandId"]
    aws.world.clock.advance(5)

    def listed(**filters: str) -> list[dict[str, Any]]:
        wanted = [{"key": key, "value": value} for key, value in filters.items()]
        pages = aws.pages("ssm:ListCommands", Filters=wanted)
        return [each for page in pages for each in page["Commands"]]

    everything = [each for page in aws.pages("ssm:ListCommands") for each in page["Commands"]]
    assert [each["CommandId"] for each in listed(ExecutionStage="Executing")] == [sent]
    assert len(listed(ExecutionStage="Complete")) == len(everything) - 1
    assert {each["Status"] for each in listed(Status="Failed")} == {"Failed"}
    assert {each["DocumentName"] for each in listed(DocumentName=SHELL)} == {SHELL}
    moment = everything[5]["RequestedDateTime"]
    text = datetime.fromtimestamp(moment + 1, UTC).isoformat().replace("+00:00", "Z")
    assert len(listed(InvokedAfter=text)) == 5
    assert len(listed(InvokedBefore=text)) == len(everything) - 5
    assert listed(InvokedAfter=text, Status="InProgress")[0]["CommandId"] == sent
    wrong = [{"key": "InvokedAfter", "value": "yesterday"}]
    assert aws.refusal("ssm:ListCommands", Filters=wrong) == "InvalidFilterKey"
    wrong = [{"key": "ExecutionStage", "value": "Sleeping"}]
    assert aws.refusal("ssm:ListCommands", Filters=wrong) == "InvalidFilterKey"


def test_what_ran_on_a_node(aws: Any) -> None:
    (node,) = nodes(aws)
    sent = send(aws, [node], "true")["CommandId"]
    aws.world.clock.advance(30)
    commands = aws("ssm:ListCommands", InstanceId=node.id)["Commands"]
    assert commands[0]["CommandId"] == sent
    assert all(node.id in command(aws, each["CommandId"]).invocations for each in commands)
    there = invocations(aws, InstanceId=node.id)
    assert {each["InstanceId"] for each in there} == {node.id}
    assert len(there) == len(commands)
    pending = [{"key": "Status", "value": "Pending"}]
    refusal = aws.refusal("ssm:ListCommands", InstanceId=node.id, Filters=pending)
    assert refusal == "InvalidFilterKey"


def test_invocations_are_filtered(aws: Any) -> None:
    failed = [{"key": "Status", "value": "Failed"}]
    found = invocations(aws, Filters=failed)
    assert {each["Status"] for each in found} == {"Failed"}
    stage = [{"key": "ExecutionStage", "value": "Complete"}]
    assert aws.refusal("ssm:ListCommandInvocations", Filters=stage) == "InvalidFilterKey"


def test_details_are_statuses_to_filter_by(aws: Any) -> None:
    """CommandFilter names the details that may be asked for, and they differ by operation."""
    targets = [{"Key": "instanceids", "Values": ["i-00000000000000bad"]}]
    sent = aws("ssm:SendCommand", DocumentName="AWS-RunShellScript",
               Parameters={"commands": ["true"]}, Targets=targets)  # fmt: skip
    sent = sent["Command"]["CommandId"]
    aws.world.clock.advance(30)

    def status(value: str) -> list[dict[str, str]]:
        return [{"key": "Status", "value": value}]

    for word in ("Undeliverable", "Failed"):
        (found,) = invocations(aws, CommandId=sent, Filters=status(word))
        assert (found["Status"], found["StatusDetails"]) == ("Failed", "Undeliverable")
    assert invocations(aws, CommandId=sent, Filters=status("Terminated")) == []
    terminated = invocations(aws, Filters=status("Terminated"))
    assert {each["StatusDetails"] for each in terminated} == {"Terminated"}
    assert len(terminated) < len(invocations(aws, Filters=status("Cancelled")))
    incomplete = aws("ssm:ListCommands", Filters=status("Incomplete"))["Commands"]
    assert {each["StatusDetails"] for each in incomplete} == {"Incomplete"}
    for operation, unknown in (
        ("ListCommands", "Undeliverable"),
        ("ListCommandInvocations", "Incomplete"),
        ("ListCommands", "Sleeping"),
    ):
        assert aws.refusal(f"ssm:{operation}", Filters=status(unknown)) == "InvalidFilterKey"


def test_a_command_is_cancelled(aws: Any) -> None:
    chosen = nodes(aws, 2)
    sent = send(aws, chosen, "sleep 100")["CommandId"]
    aws.world.clock.advance(5)
    assert aws("ssm:CancelCommand", CommandId=sent) == {}
    aws.world.clock.advance(5)
    (listed,) = aws("ssm:ListCommands", CommandId=sent)["Commands"]
    assert (listed["Status"], listed["CompletedCount"]) == ("Cancelled", 2)


def test_only_what_there_is_can_be_cancelled(aws: Any) -> None:
    first, other = nodes(aws, 2)
    nothing = "00000000-0000-0000-0000-000000000000"
    assert aws.refusal("ssm:CancelCommand", CommandId=nothing) == "InvalidCommandId"
    sent = send(aws, [first], "sleep 100")["CommandId"]
    aws.world.clock.advance(5)
    elsewhere = aws.refusal("ssm:CancelCommand", CommandId=sent, InstanceIds=[other.id])
    assert elsewhere == "InvalidInstanceId"
    twice = [first.id, first.id]
    refusal = aws.refusal("ssm:CancelCommand", CommandId=sent, InstanceIds=twice)
    assert refusal == "DuplicateInstanceId"


def test_an_alarm_that_stopped_a_command_is_named(aws: Any) -> None:
    alarm = {"Alarms": [{"Name": "db-replica-lag"}], "IgnorePollAlarmFailure": False}
    sent = send(aws, nodes(aws), "true", AlarmConfiguration=alarm)["CommandId"]
    aws.world.clock.advance(5)
    (listed,) = aws("ssm:ListCommands", CommandId=sent)["Commands"]
    assert listed["AlarmConfiguration"] == alarm
    assert listed["TriggeredAlarms"] == [{"Name": "db-replica-lag", "State": "ALARM"}]


def test_commands_are_where_they_were_sent(aws: Any) -> None:
    sent = send(aws, nodes(aws), "true")["CommandId"]
    aws.region = aws.world.regions[1]
    assert aws.refusal("ssm:ListCommands", CommandId=sent) == "InvalidCommandId"
    everything = [each for page in aws.pages("ssm:ListCommands") for each in page["Commands"]]
    assert sent not in [each["CommandId"] for each in everything]


async def test_a_reply_that_is_lost_leaves_the_command_sent(world: World) -> None:
    """The effect of SendCommand is kept where its answer is lost, and nothing is done before."""
    scope = world.scopes[0]
    node = next(n for n in scope.managed if answers(n) and n.platform.type == "Linux")
    wanted = {
        "DocumentName": SHELL,
        "InstanceIds": [node.id],
        "Parameters": {"commands": ["true"]},
    }
    config = AioConfig(retries={"total_max_attempts": 1})
    faults = ["throttle ssm:SendCommand count=1", "reply-lost ssm:SendCommand count=1"]
    async with (
        running(world, faults=faults) as endpoint,
        get_session().create_client("ssm", config=config, **endpoint.client_options()) as ssm,
    ):
        with pytest.raises(ssm.exceptions.ClientError, match="Throttling"):
            await ssm.send_command(**wanted, Comment="refused")
        with pytest.raises(HTTPClientError):
            await ssm.send_command(**wanted, Comment="marker 7f3")
        everything = (await ssm.list_commands())["Commands"]
        on_the_node = (await ssm.list_commands(InstanceId=node.id))["Commands"]
        for commands in (everything, on_the_node):
            comments = [command["Comment"] for command in commands]
            assert comments[0] == "marker 7f3"
            assert comments.count("marker 7f3") == 1
            assert "refused" not in comments
