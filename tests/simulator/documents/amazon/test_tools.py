"""What the documents that look for trouble do on a toy machine."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.documents.amazon import tools


def test_names_and_platforms() -> None:
    platforms = {document.name: document.platforms for document in tools.documents()}
    assert set(platforms) == {
        "AWS-Noop",
        "AWS-RunInspecChecks",
        "AWS-RunSaltState",
        "AWSSupport-CheckDiskSpace",
        "AWSSupport-CollectSystemInformation",
        "AWSSupport-RunEC2RescueForWindowsTool",
        "AWSSupport-SetupIPMonitoringFromVPC",
    }
    assert platforms["AWSSupport-RunEC2RescueForWindowsTool"] == ("Windows",)


def test_full_file_systems_are_named(bench: Any) -> None:
    node = bench.node()
    (room,) = bench.run(node, "AWSSupport-CheckDiskSpace", Threshold="99").plugins
    assert (room.code, room.stdout.text) == (0, "All file systems are below 99%\n")
    (full,) = bench.run(node, "AWSSupport-CheckDiskSpace", Threshold="1").plugins
    assert full.code == 1
    used = dict(line.split() for line in full.stdout.text.splitlines())
    assert int(used["/"].removesuffix("%")) >= 1


def test_what_support_asks_for(bench: Any) -> None:
    node = bench.node()
    invocation = bench.run(node, "AWSSupport-CollectSystemInformation", LogLines="5")
    system, load, journal = invocation.plugins
    assert invocation.detail is Detail.SUCCESS
    assert f'PRETTY_NAME="{bench.machine(node).system.pretty}"' in system.stdout.text
    assert "load average" in load.stdout.text
    assert len(journal.stdout.text.splitlines()) <= 6


def test_addresses_are_pinged_one_after_the_other(bench: Any) -> None:
    invocation = bench.run(
        bench.node(), "AWSSupport-SetupIPMonitoringFromVPC", TargetIPs="127.0.0.1,10.9.9.9"
    )
    said = invocation.plugins[0].stdout.text
    assert "PING 127.0.0.1" in said
    assert said.index("127.0.0.1") < said.index("10.9.9.9")


def test_tools_that_nobody_has_installed_are_not_found(bench: Any) -> None:
    salt = bench.run(bench.node(), "AWS-RunSaltState", stateurl="https://example.com/s")
    assert (salt.plugins[0].code, "salt-call" in salt.plugins[0].stderr.text) == (127, True)
    for platform in ("Linux", "Windows"):
        invocation = bench.run(bench.node(platform), "AWS-RunInspecChecks")
        told = [result.stderr.text for result in invocation.plugins if result.stderr.text]
        assert len(told) == 1
        assert "inspec" in told[0]


def test_windows_is_checked(bench: Any) -> None:
    rescue = bench.run(bench.node("Windows"), "AWSSupport-RunEC2RescueForWindowsTool")
    assert "EC2Rescue CheckAll" in rescue.plugins[0].stdout.text


@pytest.mark.parametrize("platform", ["Linux", "Windows"])
def test_doing_nothing_succeeds(bench: Any, platform: str) -> None:
    assert bench.run(bench.node(platform), "AWS-Noop").detail is Detail.SUCCESS
