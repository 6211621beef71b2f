from __future__ import annotations

from typing import Any

from ssmtui.simulator.world.buckets import Buckets
from ssmtui.simulator.world.logs import Logs

PLUGIN = "awsrunShellScript/0.awsrunShellScript"


def test_whole_outputs_are_put_into_the_bucket(desk: Any) -> None:
    (node,) = desk.nodes()
    bucket = desk.world.part(Buckets).usual(desk.scope.account.id, desk.scope.region)
    command = desk.send(
        [node],
        "head -c 100000 /dev/zero | tr '\\0' x; echo oops >&2",
        OutputS3BucketName=bucket.name,
        OutputS3KeyPrefix="runs/",
    )
    desk.after(command)
    folder = f"runs/{command.id}/{node.id}/{PLUGIN}"
    assert bucket.get(f"{folder}/stdout").data == b"x" * 100_000
    assert bucket.get(f"{folder}/stderr").data == b"oops\n"


def test_a_stream_without_output_makes_no_object(desk: Any) -> None:
    (node,) = desk.nodes()
    bucket = desk.world.part(Buckets).usual(desk.scope.account.id, desk.scope.region)
    desk.after(desk.send([node], "true", OutputS3BucketName=bucket.name))
    assert list(bucket.objects()) == []


def test_steps_have_folders_of_their_names(desk: Any) -> None:
    (node,) = desk.nodes()
    bucket = desk.world.part(Buckets).usual(desk.scope.account.id, desk.scope.region)
    command = desk.send(
        [node], document="ops-collect-facts", parameters={}, OutputS3BucketName=bucket.name
    )
    desk.after(command)
    keys = [stored.key for stored in bucket.objects()]
    assert f"{command.id}/{node.id}/awsrunShellScript/disks/stdout" in keys


def test_a_bucket_that_is_not_there_loses_the_output_only(desk: Any) -> None:
    (node,) = desk.nodes()
    command = desk.after(desk.send([node], "echo a", OutputS3BucketName="no-such-bucket"))
    assert command.invocations[node.id].plugins[0].stdout.text == "a\n"


def test_lines_come_to_the_logs_while_the_script_runs(desk: Any) -> None:
    (node,) = desk.nodes()
    command = desk.send(
        [node],
        "echo one; echo two; sleep 30; echo three; printf four",
        CloudWatchOutputConfig={"CloudWatchOutputEnabled": True},
    )
    desk.after(command, 20)
    groups = desk.world.part(Logs).groups(desk.scope.account.id, desk.scope.region)
    streams = groups["/aws/ssm/AWS-RunShellScript"].streams
    stream = streams[f"{command.id}/{node.id}/aws-runShellScript/stdout"]
    assert [event.message for event in stream.events] == ["one\ntwo"]
    desk.after(command, 30)
    assert [event.message for event in stream.events] == ["one\ntwo", "three\nfour"]
    assert 30 <= stream.events[1].at - stream.events[0].at < 31
