from __future__ import annotations

from typing import Any

from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.world import Node


def behind(desk: Any, platform: str = "Linux", level: int = 0) -> Node:
    """A node that long has not been patched."""
    nodes: list[Node] = desk.nodes(1, platform)
    while desk.machine(nodes[-1]).level > level or (
        platform == "Linux" and desk.machine(nodes[-1]).system.packager != "rpm"
    ):
        nodes = desk.nodes(len(nodes) + 1, platform)
    return nodes[-1]


def linux(invocation: Any) -> Any:
    return next(result for result in invocation.plugins if result.name == "PatchLinux")


def test_a_scan_changes_nothing(desk: Any) -> None:
    node = behind(desk)
    before = len(desk.machine(node).packages.updates())
    invocation = desk.run(node, "AWS-RunPatchBaseline", Operation=["Scan"])
    assert invocation.detail is Detail.SUCCESS
    assert "NON_COMPLIANT" in linux(invocation).stdout.text
    assert len(desk.machine(node).packages.updates()) == before


def test_an_installation_reboots_and_leaves_nothing_missing(desk: Any) -> None:
    node = behind(desk)
    machine = desk.machine(node)
    old = machine.kernel
    invocation = desk.run(node, "AWS-RunPatchBaseline", Operation=["Install"])
    assert invocation.detail is Detail.SUCCESS
    assert machine.reboots == 1
    assert machine.kernel != old
    assert [package for package in machine.packages.updates() if package.fixed] == []
    assert linux(invocation).stdout.text.rstrip().endswith("Compliance: COMPLIANT")


def test_without_a_reboot_one_is_pending(desk: Any) -> None:
    node = behind(desk)
    invocation = desk.run(
        node, "AWS-RunPatchBaseline", Operation=["Install"], RebootOption=["NoReboot"]
    )
    assert desk.machine(node).reboots == 0
    assert "A reboot is pending" in linux(invocation).stdout.text


def test_windows_gets_its_hot_fixes(desk: Any) -> None:
    node = behind(desk, "Windows", level=1)
    machine = desk.machine(node)
    before = len(machine.hot_fixes)
    invocation = desk.run(node, "AWS-InstallWindowsUpdates")
    assert invocation.detail is Detail.SUCCESS
    assert len(machine.hot_fixes) > before
    assert machine.reboots == 1
