"""What the documents for Windows do on a toy machine."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.commands import RequestError
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.documents.amazon import windows


def test_all_are_for_windows_only() -> None:
    assert {document.platforms for document in windows.documents()} == {("Windows",)}


@pytest.mark.parametrize(
    ("document", "parameters"),
    [
        ("AWS-InstallWindowsUpdates", {"Action": "Scan"}),
        ("AWS-FindWindowsUpdates", {}),
    ],
)
def test_updates_are_looked_for(bench: Any, document: str, parameters: dict[str, str]) -> None:
    (result,) = bench.run(bench.node("Windows"), document, **parameters).plugins
    assert "Operation: Scan" in result.stdout.text


def test_updates_are_installed_with_a_reboot(bench: Any) -> None:
    node = next(
        node
        for node in bench.scope.managed
        if node.platform.type == "Windows" and node.ping == "Online" and _missing(bench, node)
    )
    invocation = bench.run(node, "AWS-InstallMissingWindowsUpdates")
    assert invocation.detail in (Detail.SUCCESS, Detail.IN_PROGRESS)
    bench.world.clock.advance(600)
    assert invocation.detail is Detail.SUCCESS
    assert bench.machine(node).reboots == 1
    assert not _missing(bench, node)


def _missing(bench: Any, node: Any) -> bool:
    (result,) = bench.run(node, "AWS-FindWindowsUpdates").plugins
    return "Missing patches: 0" not in result.stdout.text


def test_what_is_installed_is_listed(bench: Any) -> None:
    (result,) = bench.run(bench.node("Windows"), "AWS-ListWindowsInventory").plugins
    assert "AmazonSSMAgent" in result.stdout.text


@pytest.mark.parametrize(
    ("document", "parameters", "said"),
    [
        ("AWS-ConfigureWindowsUpdate", {"scheduledInstallTime": "04:30"},
         "Windows Update: InstallUpdatesAutomatically, Daily 04:30"),
        ("AWS-InstallApplication", {"source": "https://example.com/a.msi"},
         "Install of https://example.com/a.msi has ended with code 0."),
        ("AWS-InstallPowerShellModule", {"commands": ["Write-Output 'after'"]}, "after"),
        ("AWS-JoinDirectoryServiceDomain",
         {"directoryId": "d-0123456789", "directoryName": "corp.example.com"},
         "The computer has joined corp.example.com."),
        ("AWSEC2-CreateVssSnapshot", {}, "Snapshots have been requested."),
    ],
)  # fmt: skip
def test_what_they_say(bench: Any, document: str, parameters: dict[str, Any], said: str) -> None:
    invocation = bench.run(bench.node("Windows"), document, **parameters)
    assert invocation.plugins[0].stdout.text.strip() == said
    assert invocation.detail is Detail.SUCCESS


def test_sysprep_is_refused_in_service(bench: Any) -> None:
    invocation = bench.run(bench.node("Windows"), "AWSEC2-RunSysprep")
    assert (invocation.detail, invocation.plugins[0].code) == (Detail.FAILED, 1)


@pytest.mark.parametrize(
    ("document", "parameters"),
    [
        ("AWS-InstallWindowsUpdates", {"KbArticleIds": "everything"}),
        ("AWS-ConfigureWindowsUpdate", {"scheduledInstallTime": "24:00"}),
        ("AWS-InstallApplication", {"source": "a.exe"}),
        ("AWS-JoinDirectoryServiceDomain", {"directoryId": "corp", "directoryName": "x"}),
    ],
)
def test_what_they_do_not_take(bench: Any, document: str, parameters: dict[str, str]) -> None:
    with pytest.raises(RequestError) as refused:
        bench.run(bench.node("Windows"), document, **parameters)
    assert refused.value.code == "InvalidParameters"
