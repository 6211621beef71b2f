from __future__ import annotations

import shlex

import pytest

from ssmtui.aws.commandline import command_line, kebab, masked
from ssmtui.aws.transport import Route
from ssmtui.core.secret import Secret

ROUTE = Route("shop prod", "eu-west-1")


@pytest.fixture
def line(clients):
    def make(operation, params, service="ssm", route=ROUTE):
        shape = clients.input_shape(service, operation)
        return command_line(service, operation, params, shape, route)

    return make


def test_names_are_spelled_as_the_cli_spells_them():
    assert kebab("DescribeInstanceProperties") == "describe-instance-properties"
    assert kebab("OutputS3BucketName") == "output-s3-bucket-name"


def test_a_line_can_be_pasted_into_a_shell(line):
    text = line(
        "SendCommand",
        {
            "DocumentName": "AWS-RunShellScript",
            "InstanceIds": ["i-1", "i-2"],
            "Comment": "it's $HOME; rm -rf `x`",
            "TimeoutSeconds": 60,
            "Targets": [{"Key": "tag:Env", "Values": ["prod"]}],
            "CloudWatchOutputConfig": {"CloudWatchOutputEnabled": True},
        },
    )
    assert shlex.split(text) == [
        "aws", "ssm", "send-command",
        "--document-name", "AWS-RunShellScript",
        "--instance-ids", "i-1", "i-2",
        "--comment", "it's $HOME; rm -rf `x`",
        "--timeout-seconds", "60",
        "--targets", '[{"Key":"tag:Env","Values":["prod"]}]',
        "--cloud-watch-output-config", '{"CloudWatchOutputEnabled":true}',
        "--region", "eu-west-1",
        "--profile", "shop prod",
    ]  # fmt: skip


def test_flags_and_endpoints(line):
    route = Route(None, "eu-west-1", "http://127.0.0.1:1")
    assert line("DeleteInventory", {"TypeName": "Custom:A", "DryRun": True}, route=route) == (
        "aws ssm delete-inventory --type-name Custom:A --dry-run --region eu-west-1 "
        "--endpoint-url http://127.0.0.1:1"
    )
    assert " --no-overwrite " in line("PutParameter", {"Name": "/a", "Overwrite": False})


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("PutParameter", {"Name": "/db", "Value": "hunter2", "Type": "SecureString"}),
        ("PutParameter", {"Name": "/db", "Value": Secret("hunter2")}),
        ("SendCommand", {"Parameters": {"commands": ["mysql -phunter2"]}}),
        ("StartAutomationExecution", {"Parameters": {"DbPassword": ["hunter2"]}}),
        ("StartSession", {"Parameters": {"apiKey": ["hunter2"]}}),
        ("UpdateOpsItem", {"OperationalData": {"secretToken": {"Value": "hunter2"}}}),
    ],
)
def test_secrets_are_masked_by_the_model_and_by_name(line, operation, params):
    text = line(operation, params)
    assert "hunter2" not in text
    assert "***" in text


def test_what_is_no_secret_is_kept(line):
    text = line(
        "StartAutomationExecution",
        {"DocumentName": "AWS-RestartEC2Instance", "ClientToken": "abc-1",
         "Parameters": {"InstanceId": ["i-1"]}},
    )  # fmt: skip
    assert "abc-1" in text
    assert "i-1" in text
    assert "***" not in text
    assert "next-1" in line("ListNodes", {"NextToken": "next-1"})


def test_only_plain_values_are_shown():
    assert masked("Body", b"bytes") == "***"
    assert masked("Items", [1, None, {"a": "b"}]) == [1, None, {"a": "b"}]
