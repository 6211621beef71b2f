"""What the documents that run scripts and playbooks do on a toy machine."""

from __future__ import annotations

import json
from typing import Any

from ssmtui.simulator.commands.statuses import Detail

HELLO = json.dumps({"owner": "shop", "path": "ops/hello.sh"})


def test_a_script_runs_in_its_folder_for_its_time(bench: Any) -> None:
    (result,) = bench.run(
        bench.node(), "AWS-RunShellScript", commands=["pwd", "hostname"], workingDirectory="/etc"
    ).plugins
    assert result.stdout.text == f"/etc\n{bench.machine(bench.node()).hostname}\n"
    slow = bench.run(
        bench.node(), "AWS-RunShellScript", commands=["sleep 60"], executionTimeout="30"
    )
    assert slow.detail is Detail.EXECUTION_TIMED_OUT


def test_powershell_is_windows_only_unless_somebody_installs_it(bench: Any) -> None:
    lines = {"commands": ["Write-Output 'a'", "Write-Output 'b'"]}
    windows = bench.run(bench.node("Windows"), "AWS-RunPowerShellScript", **lines)
    assert windows.plugins[0].stdout.text.split() == ["a", "b"]
    linux = bench.run(bench.node(), "AWS-RunPowerShellScript", **lines)
    assert "pwsh" in linux.plugins[0].stderr.text


def test_a_script_is_fetched_and_run(bench: Any) -> None:
    steps = bench.steps(
        bench.node(),
        "AWS-RunRemoteScript",
        sourceType="GitHub",
        sourceInfo=HELLO,
        commandLine="bash hello.sh",
        workingDirectory="/opt/hello",
    )
    assert steps["downloadContent"].stdout.text == "Content downloaded to /opt/hello/hello.sh\n"
    assert steps["runShellScript"].stdout.text == "this is hello.sh\n"
    assert "skipped" in steps["runPowerShellScript"].stdout.text


def test_content_is_only_fetched(bench: Any) -> None:
    node = bench.node()
    info = json.dumps({"url": "https://example.com/a/tool.sh"})
    (result,) = bench.run(
        node, "AWS-DownloadContent", sourceType="HTTP", sourceInfo=info, destinationPath="/opt"
    ).plugins
    assert result.code == 0
    assert bench.machine(node).tree.text("/opt/tool.sh").startswith("#!/bin/bash")


def test_another_document_is_run(bench: Any) -> None:
    source = json.dumps({"name": "AWS-RunShellScript"})
    steps = bench.steps(
        bench.node(),
        "AWS-RunDocument",
        sourceInfo=source,
        documentParameters='{"commands": ["echo one", "echo two"]}',
    )
    assert steps["runDocument"].stdout.text == "one\ntwo\n"


def test_a_document_may_come_from_elsewhere(bench: Any) -> None:
    info = json.dumps({"owner": "shop", "path": "documents/say.yaml"})
    steps = bench.steps(bench.node(), "AWS-RunDocument", sourceType="GitHub", sourceInfo=info)
    assert steps["runDocument"].stdout.text == "this is say.yaml\n"


def test_playbooks(bench: Any) -> None:
    without = bench.run(bench.node(), "AWS-RunAnsiblePlaybook", playbook="- hosts: all")
    assert without.plugins[0].code == 127
    steps = bench.steps(
        bench.node(),
        "AWS-ApplyAnsiblePlaybooks",
        SourceType="GitHub",
        SourceInfo=HELLO,
        PlaybookFile="site.yml",
        Check="True",
    )
    assert "Running site.yml" in steps["runShellScript"].stdout.text
    assert "changed=0" in steps["runShellScript"].stdout.text
