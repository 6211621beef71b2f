from __future__ import annotations

import json
from typing import Any

import pytest

from ssmtui.simulator.commands import RequestError, requesting
from ssmtui.simulator.documents.library import Library
from ssmtui.simulator.documents.making import command, script, text
from ssmtui.simulator.documents.model import LINUX
from ssmtui.simulator.documents.parameters import substitute


@pytest.fixture
def refused(desk: Any) -> Any:
    """`refused(...)`: the code and message with which parameters of SendCommand are refused."""

    def refuse(**params: Any) -> tuple[str, str]:
        wanted = {"DocumentName": "AWS-RunShellScript", "Parameters": {"commands": ["true"]}}
        scope = desk.scope
        with pytest.raises(RequestError) as caught:
            requesting.read(desk.world, scope.account.id, scope.region, {**wanted, **params})
        return caught.value.code, caught.value.message

    return refuse


def ids(desk: Any, count: int = 1, platform: str = "Linux") -> list[str]:
    return [node.id for node in desk.nodes(count, platform)]


def read(desk: Any, **params: Any) -> Any:
    scope = desk.scope
    wanted = {"DocumentName": "AWS-RunShellScript", "Parameters": {"commands": ["true"]}}
    return requesting.read(
        desk.world, scope.account.id, scope.region, {"InstanceIds": ids(desk), **wanted, **params}
    )


def test_what_is_not_given_has_the_services_defaults(desk: Any) -> None:
    request = read(desk)
    assert (request.max_concurrency, request.max_errors) == ("50", "0")
    assert (request.delivery_timeout, request.execution_timeout) == (3600.0, 3600.0)
    assert (request.log_group, request.s3_bucket, request.alarm) == ("", "", "")


def test_the_execution_timeout_is_the_documents_own(desk: Any) -> None:
    request = read(
        desk, Parameters={"commands": ["true"], "executionTimeout": ["60"]}, TimeoutSeconds=30
    )
    assert (request.delivery_timeout, request.execution_timeout) == (30.0, 60.0)


def test_logs_have_a_group_of_the_documents_name(desk: Any) -> None:
    on = {"CloudWatchOutputEnabled": True}
    assert read(desk, CloudWatchOutputConfig=on).log_group == "/aws/ssm/AWS-RunShellScript"
    mine = {**on, "CloudWatchLogGroupName": "mine"}
    assert read(desk, CloudWatchOutputConfig=mine).log_group == "mine"
    off = {"CloudWatchLogGroupName": "mine", "CloudWatchOutputEnabled": False}
    assert read(desk, CloudWatchOutputConfig=off).log_group == ""


def test_documents_must_be_there_and_be_commands(desk: Any, refused: Any) -> None:
    here = {"InstanceIds": ids(desk)}
    assert refused(**here, DocumentName="AWS-Nothing")[0] == "InvalidDocument"
    assert refused(**here, DocumentName="AWS-StartSSHSession")[0] == "InvalidDocument"
    assert refused(**here, DocumentVersion="7")[0] == "InvalidDocumentVersion"
    assert refused(**here, DocumentHash="0" * 64)[0] == "InvalidDocument"


def test_a_hash_that_is_right_is_accepted(desk: Any) -> None:
    for name, parameters in (("AWS-RunShellScript", ["true"]), ("ops-collect-facts", None)):
        known = {"DocumentName": name, "Parameters": {"commands": parameters} if parameters else {}}
        request = read(desk, **known)
        right = request.document.hash(request.version)
        assert read(desk, **known, DocumentHash=right, DocumentHashType="Sha256")


def test_notifications_need_a_topic_and_a_role(desk: Any, refused: Any) -> None:
    topic = {"NotificationArn": "arn:aws:sns:eu-west-1:111122223333:deployments"}
    role = "arn:aws:iam::111122223333:role/notify"
    here = {"InstanceIds": ids(desk)}
    assert refused(**here, NotificationConfig=topic)[0] == "InvalidRole"
    wrong = {"NotificationArn": "deployments"}
    code, _ = refused(**here, NotificationConfig=wrong, ServiceRoleArn=role)
    assert code == "InvalidNotificationConfig"
    assert read(desk, NotificationConfig=topic, ServiceRoleArn=role).notification == topic


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        ({}, "commands is required"),
        ({"commands": []}, "at least 1"),
        ({"commands": ["a"], "colour": ["red"]}, "not defined"),
        ({"commands": ["a"], "executionTimeout": ["0"]}, "pattern"),
        ({"commands": ["a"], "executionTimeout": ["200000"]}, "pattern"),
        ({"commands": ["a"], "workingDirectory": ["/a", "/b"]}, "one value"),
    ],
)
def test_parameters_must_fit_the_document(
    desk: Any, refused: Any, parameters: Any, word: str
) -> None:
    code, message = refused(InstanceIds=ids(desk), Parameters=parameters)
    assert code == "InvalidParameters"
    assert word in message


def test_a_documents_older_version_has_fewer_parameters(desk: Any, refused: Any) -> None:
    named = {"DocumentName": "shop-deploy-app", "InstanceIds": ids(desk)}
    parameters = {"Version": ["1.2.3"], "DryRun": ["true"]}
    assert read(desk, **named, Parameters=parameters).values["DryRun"] is True
    assert refused(**named, Parameters=parameters, DocumentVersion="1")[0] == "InvalidParameters"
    bad = {"Version": ["1.2.3"], "Environment": ["moon"]}
    code, message = refused(**named, Parameters=bad)
    assert (code, "moon" in message) == ("InvalidParameters", True)


def test_either_ids_or_targets(desk: Any, refused: Any) -> None:
    targets = [{"Key": "tag:Role", "Values": ["web"]}]
    assert refused()[0] == "ValidationException"
    assert refused(InstanceIds=ids(desk), Targets=targets)[0] == "ValidationException"


def test_nodes_must_be_managed_here(desk: Any, refused: Any) -> None:
    (node,) = desk.nodes()
    assert refused(InstanceIds=[node.id, node.id])[0] == "DuplicateInstanceId"
    code, message = refused(InstanceIds=["i-00000000000000bad"])
    assert (code, "i-00000000000000bad" in message) == ("InvalidInstanceId", True)
    unmanaged = next(each for each in desk.scope.instances if not each.managed)
    assert refused(InstanceIds=[unmanaged.id])[0] == "InvalidInstanceId"
    desk.world.lose(node.id)
    assert read(desk, InstanceIds=[node.id])


def test_platforms_must_fit(desk: Any, refused: Any) -> None:
    windows = ids(desk, platform="Windows")
    assert refused(InstanceIds=[*ids(desk), *windows])[0] == "UnsupportedPlatformType"


@pytest.mark.parametrize(
    "target",
    [
        {"Key": "colour", "Values": ["red"]},
        {"Key": "tag:Role", "Values": []},
        {"Key": "resource-groups:Name", "Values": ["no-such-group"]},
        {"Key": "resource-groups:Name", "Values": ["databases", "storefront"]},
    ],
)
def test_targets_must_be_known(refused: Any, target: Any) -> None:
    assert refused(Targets=[target])[0] == "InvalidTarget"


def test_what_parameter_store_does_not_have_cannot_be_referred_to(desk: Any, refused: Any) -> None:
    script = {"commands": ["echo {{ssm:/shop/host}}", "echo {{ ssm:flag:3 }}"]}
    code, message = refused(InstanceIds=ids(desk), Parameters=script)
    assert code == "InvalidParameters"
    assert message == (
        "Parameter Store has no parameter /shop/host, flag:3: create it, or leave "
        "{{ssm:/shop/host}} out."
    )


def test_documents_refer_to_parameter_store_too(desk: Any, refused: Any) -> None:
    add = desk.world.part(Library).add
    scope = desk.scope.account.id, desk.scope.region
    where = text("Where", "Where", "{{ssm:/shop/folder}}")
    add(*scope, command("x-default", "X", LINUX, (where,), script("ls {{ Where }}")))
    add(*scope, command("x-step", "X", LINUX, (), script("ls {{ssm:/shop/folder}}")))
    for name in ("x-default", "x-step"):
        found = refused(InstanceIds=ids(desk), DocumentName=name, Parameters={})
        assert (found[0], "/shop/folder" in found[1]) == ("InvalidParameters", True)
    assert read(desk, DocumentName="x-default", Parameters={"Where": ["/tmp"]})


def test_a_document_is_no_larger_than_64_kb_with_its_parameters(desk: Any, refused: Any) -> None:
    rest = len(json.dumps(substitute(read(desk).version.content, read(desk).values)))
    room = requesting.LARGEST_DOCUMENT - rest + len("true")
    assert read(desk, Parameters={"commands": ["x" * room]})
    large = {"commands": ["x" * (room + 1)]}
    assert refused(InstanceIds=ids(desk), Parameters=large)[0] == "MaxDocumentSizeExceeded"
    wide = {"commands": ["ü" * (room // 2 + 1)]}
    assert refused(InstanceIds=ids(desk), Parameters=wide)[0] == "MaxDocumentSizeExceeded"
