from __future__ import annotations

import json
from typing import Any

import pytest

from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.documents.library import Library
from ssmtui.simulator.world.buckets import Buckets

GITHUB = [json.dumps({"owner": "shop", "path": "ops/hello.sh"})]


def test_content_is_put_where_it_is_wanted(desk: Any) -> None:
    (node,) = desk.nodes()
    invocation = desk.run(
        node,
        "AWS-DownloadContent",
        sourceType=["GitHub"],
        sourceInfo=GITHUB,
        destinationPath=["/opt/scripts"],
    )
    assert invocation.detail is Detail.SUCCESS
    assert "hello.sh" in desk.machine(node).tree.text("/opt/scripts/hello.sh")


def test_a_remote_script_is_fetched_and_run(desk: Any) -> None:
    (node,) = desk.nodes()
    invocation = desk.run(
        node,
        "AWS-RunRemoteScript",
        sourceType=["GitHub"],
        sourceInfo=GITHUB,
        commandLine=["bash hello.sh"],
        workingDirectory=["/opt/scripts"],
    )
    script = next(each for each in invocation.plugins if each.name == "runShellScript")
    assert script.stdout.text == "this is hello.sh\n"


def test_a_bucket_gives_what_is_in_it(desk: Any) -> None:
    (node,) = desk.nodes()
    scope = desk.scope
    bucket = desk.world.part(Buckets).usual(scope.account.id, scope.region)
    bucket.put("a/tool.sh", b"echo from S3\n", desk.world.now)
    address = f"https://s3.{scope.region}.amazonaws.com/{bucket.name}/a/"
    for key, detail in (("tool.sh", Detail.SUCCESS), ("none.sh", Detail.FAILED)):
        invocation = desk.run(
            node,
            "AWS-DownloadContent",
            sourceType=["S3"],
            sourceInfo=[json.dumps({"path": address + key})],
            destinationPath=["/opt"],
        )
        assert invocation.detail is detail
    assert desk.machine(node).tree.text("/opt/tool.sh") == "echo from S3\n"


def test_a_source_without_an_address_is_refused(desk: Any) -> None:
    (node,) = desk.nodes()
    invocation = desk.run(node, "AWS-DownloadContent", sourceType=["GitHub"], sourceInfo=["{}"])
    assert "needs a path" in invocation.plugins[0].stderr.text


def test_a_folder_that_is_a_file_is_said(desk: Any) -> None:
    (node,) = desk.nodes()
    invocation = desk.run(
        node,
        "AWS-DownloadContent",
        sourceType=["GitHub"],
        sourceInfo=GITHUB,
        destinationPath=["/etc/hostname"],
    )
    assert "Not a directory" in invocation.plugins[0].stderr.text


def test_playbooks_need_ansible(desk: Any) -> None:
    (node,) = desk.nodes()
    without = desk.run(node, "AWS-RunAnsiblePlaybook")
    assert without.plugins[0].code == 127
    fetched = desk.run(
        node,
        "AWS-ApplyAnsiblePlaybooks",
        SourceType=["GitHub"],
        SourceInfo=GITHUB,
        Check=["True"],
    )
    assert "changed=0" in fetched.plugins[1].stdout.text


def test_a_stored_document_is_fetched_as_its_content(desk: Any) -> None:
    (node,) = desk.nodes()
    source = [json.dumps({"name": "ops-collect-facts:1"})]
    invocation = desk.run(node, "AWS-RunDocument", sourceInfo=source)
    folder = f"/var/lib/amazon/ssm/{node.id}/document/orchestration/{invocation.command.id}"
    path = f"{folder}/downloads/document.json"
    assert invocation.plugins[0].stdout.text == f"Content downloaded to {path}\n"
    document = desk.world.part(Library).find(node.account, node.region, "ops-collect-facts")
    assert desk.machine(node).tree.text(path) == document.latest.text("YAML")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("nothing-like-it", "InvalidDocument"),
        ("ops-collect-facts:9", "InvalidDocumentVersion"),
        ("ops-collect-facts:one", "InvalidDocumentVersion"),
        ("payments-freeze", "is of type ChangeCalendar"),
    ],
)
def test_a_document_that_is_none_is_not_fetched(desk: Any, name: str, word: str) -> None:
    (node,) = desk.nodes()
    invocation = desk.run(node, "AWS-RunDocument", sourceInfo=[json.dumps({"name": name})])
    assert f"failed to fetch {name}: " in invocation.plugins[0].stderr.text
    assert word in invocation.plugins[0].stderr.text
    assert invocation.detail is Detail.FAILED


def test_windows_has_folders_of_its_own(desk: Any) -> None:
    (node,) = desk.nodes(platform="Windows")
    invocation = desk.run(node, "AWS-DownloadContent", sourceType=["GitHub"], sourceInfo=GITHUB)
    path = invocation.plugins[0].stdout.text.strip().removeprefix("Content downloaded to ")
    assert path.startswith("C:\\ProgramData\\Amazon\\SSM\\InstanceData\\" + node.id)
    assert path.endswith("\\downloads\\hello.sh")
    named = desk.run(
        node,
        "AWS-DownloadContent",
        sourceType=["GitHub"],
        sourceInfo=GITHUB,
        destinationPath=["D:\\tools"],
    )
    assert named.plugins[0].stdout.text == "Content downloaded to D:\\tools\\hello.sh\n"
