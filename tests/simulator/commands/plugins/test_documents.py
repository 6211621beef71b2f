"""aws:runDocument: documents within documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ssmtui.simulator.commands import Invocation
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.documents.library import Library
from ssmtui.simulator.documents.making import command, script, step, text
from ssmtui.simulator.documents.model import LINUX, Document, Step
from ssmtui.simulator.world import Node
from ssmtui.simulator.world.buckets import Buckets


def within(path: str, name: str = "inner", **inputs: Any) -> Step:
    return step("aws:runDocument", name,
                {"documentType": "SSMDocument", "documentPath": path, **inputs})  # fmt: skip


def add(desk: Any, name: str, *steps: Step, parameters: Any = ()) -> None:
    document = command(name, name, LINUX, parameters, *steps)
    library = desk.world.part(Library)
    library.add(desk.scope.account.id, desk.scope.region, document)


def run(desk: Any, *steps: Step) -> Invocation:
    """What becomes of a document of these steps on one node."""
    add(desk, "x-outer", *steps)
    (node,) = desk.nodes()
    invocation: Invocation = desk.run(node, "x-outer", seconds=300)
    return invocation


def test_a_stored_document_runs_with_its_parameters(desk: Any) -> None:
    add(desk, "x-greet", script("echo hello {{ Who }}; echo e >&2", name="greet"),
        script("hostname", name="host"), parameters=[text("Who", "Whom", "nobody")])  # fmt: skip
    given = within("x-greet", "given", documentParameters='{"Who": "world"}')
    invocation = run(desk, given, within("x-greet", "default"))
    first, second = invocation.plugins
    hostname = desk.machine(desk.nodes()[0]).hostname
    assert first.stdout.text == f"hello world\n{hostname}\n"
    assert second.stdout.text.startswith("hello nobody\n")
    assert first.stderr.text == "e\n"
    assert (first.code, invocation.detail) == (0, Detail.SUCCESS)


def test_a_version_may_be_named(desk: Any) -> None:
    wish = {"Version": "9.9.9"}
    invocation = run(desk, within("shop-deploy-app:3", documentParameters=wish))
    assert "running 9.9.9\nhealth: ok (9.9.9)\n" in invocation.plugins[0].stdout.text


def test_one_step_that_fails_makes_it_fail_and_its_flow_is_its_own(desk: Any) -> None:
    add(desk, "x-fails", script("exit 7", name="fails", onFailure="exit"),
        script("echo never", name="never"),
        script("echo last", name="last", finallyStep=True))  # fmt: skip
    invocation = run(desk, within("x-fails"), script("echo behind", name="behind"))
    inner, behind = invocation.plugins
    assert (inner.detail, inner.code) == ("Failed", 1)
    assert "never" not in inner.stdout.text
    assert inner.stdout.text.endswith("last\n")
    assert "exit status 7" in inner.stderr.text
    assert behind.stdout.text == "behind\n"


def test_a_failure_within_may_end_the_document(desk: Any) -> None:
    add(desk, "x-fails", script("exit 7", name="fails"))
    behind = script("echo behind", name="behind")
    invocation = run(desk, within("x-fails", onFailure="exit"), behind)
    assert "skipped due to prior step" in invocation.plugins[1].stdout.text


def test_time_that_runs_out_within(desk: Any) -> None:
    add(desk, "x-slow", script("sleep 60", name="slow", timeoutSeconds="5"))
    invocation = run(desk, within("x-slow"))
    assert invocation.detail is Detail.EXECUTION_TIMED_OUT


def test_a_reboot_within_has_all_of_it_done_again(desk: Any) -> None:
    add(desk, "x-boots", script("echo one", name="one"),
        script("if [ -e /root/x ]; then echo again; exit 0; fi", "touch /root/x; exit 194",
               name="two"))  # fmt: skip
    invocation = run(desk, within("x-boots"))
    assert desk.machine(desk.nodes()[0]).reboots == 1
    assert invocation.plugins[0].stdout.text == "one\none\nagain\n"
    assert invocation.detail is Detail.SUCCESS


def test_three_documents_deep_is_the_most(desk: Any) -> None:
    add(desk, "x-three", script("echo deep", name="deep"))
    add(desk, "x-two", within("x-three"))
    add(desk, "x-one", within("x-two"))
    assert run(desk, within("x-one")).plugins[0].stdout.text == "deep\n"
    add(desk, "x-endless", within("x-endless"))
    (inner,) = run(desk, within("x-endless")).plugins
    assert inner.detail is Detail.FAILED
    assert "Maximum depth permitted - 3 and current depth - 4" in inner.stderr.text


@pytest.mark.parametrize(
    ("inputs", "word"),
    [
        ({"documentType": "Magic"}, "the document type is 'Magic'"),
        ({"documentPath": ""}, "the document path is missing"),
        ({"documentPath": "x-none"}, "name x-none does not exist"),
        ({"documentPath": "batch-window"}, "is of type ChangeCalendar"),
        ({"documentPath": "shop-deploy-app:8"}, "has no version 8"),
        ({"documentType": "LocalPath", "documentPath": "a.json"}, "a.json: no such file"),
        ({"documentPath": "shop-deploy-app"}, "Parameter Version is required"),
        ({"documentParameters": "{"}, "are no JSON"),
        ({"documentParameters": "[1]"}, "are no JSON object"),
        ({"documentParameters": {"Wrong": "1"}}, "Parameter Wrong is not defined"),
    ],
)
def test_what_cannot_be_run_is_said(desk: Any, inputs: dict[str, Any], word: str) -> None:
    wanted = {"documentType": "SSMDocument", "documentPath": "ops-collect-facts", **inputs}
    (inner,) = run(desk, step("aws:runDocument", "inner", wanted)).plugins
    assert (inner.detail, inner.code) == ("Failed", 1)
    assert word in inner.stderr.text


def test_a_step_that_no_agent_knows_fails(desk: Any) -> None:
    add(desk, "x-odd", step("aws:flyToTheMoon", "fly"), script("echo on", name="on"))
    (inner,) = run(desk, within("x-odd")).plugins
    assert inner.detail is Detail.FAILED
    assert "aws:flyToTheMoon is not supported by this version" in inner.stderr.text
    assert inner.stdout.text == "on\n"


def document_of(desk: Any, node: Node, name: str) -> Document:
    found = desk.world.part(Library).find(node.account, node.region, name)
    assert found is not None
    document: Document = found
    return document


def test_a_fetched_document_is_read_from_its_content(desk: Any) -> None:
    (node,) = desk.nodes()
    bucket = desk.world.part(Buckets).usual(node.account, node.region)
    deploy = document_of(desk, node, "shop-deploy-app").version("1")
    bucket.put("documents/deploy.yaml", deploy.text("YAML").encode(), desk.world.now)
    address = f"https://s3.{node.region}.amazonaws.com/{bucket.name}/documents/deploy.yaml"
    invocation = desk.run(
        node,
        "AWS-RunDocument",
        sourceType=["S3"],
        sourceInfo=[json.dumps({"path": address})],
        documentParameters=['{"Version": "4.5.6"}'],
    )
    assert "running 4.5.6" in invocation.plugins[1].stdout.text
    assert invocation.detail is Detail.SUCCESS


@pytest.mark.parametrize("platform", ["Linux", "Windows"])
def test_a_document_of_amazons_runs_as_it_does_by_itself(desk: Any, platform: str) -> None:
    (node,) = desk.nodes(platform=platform)
    source = [json.dumps({"name": "AWS-RunPatchBaseline"})]
    invocation = desk.run(
        node, "AWS-RunDocument", sourceInfo=source, documentParameters=['{"Operation": "Scan"}']
    )
    assert "Missing patches" in invocation.plugins[1].stdout.text


def test_the_hooks_of_patching_are_run(desk: Any) -> None:
    (node,) = desk.nodes()
    invocation = desk.run(
        node,
        "AWS-RunPatchBaselineWithHooks",
        Operation=["Scan"],
        PreInstallHookDocName=["x-none"],
        OnExitHookDocName=["ops-collect-facts"],
    )
    by_name = {result.name: result for result in invocation.plugins}
    assert by_name["PreInstallHook"].detail is Detail.FAILED
    assert "skipped due to prior step" in by_name["PatchLinux"].stdout.text
    assert "Filesystem" in by_name["OnExitHook"].stdout.text
    assert invocation.detail is Detail.FAILED
