"""What the documents about agents, packages, inventory and associations do on a toy machine."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.world.catalogue import LATEST_AGENT


def test_the_agent_is_updated(bench: Any) -> None:
    node = bench.node()
    invocation = bench.run(node, "AWS-UpdateSSMAgent")
    assert invocation.detail is Detail.SUCCESS
    assert node.agent_version == LATEST_AGENT


@pytest.mark.parametrize(
    ("document", "parameters"),
    [
        ("AWS-ConfigureAWSPackage", {"name": "AmazonCloudWatchAgent"}),
        ("AWS-ConfigureDocker", {}),
    ],
)
def test_packages_are_installed_and_removed(
    bench: Any, document: str, parameters: dict[str, str]
) -> None:
    node = bench.node()
    before = set(bench.machine(node).packages.installed)
    (there,) = bench.run(node, document, action="Install", **parameters).plugins
    assert (there.code, "installed" in there.stdout.text) == (0, True)
    assert len(set(bench.machine(node).packages.installed) - before) == 1
    (gone,) = bench.run(node, document, action="Uninstall", **parameters).plugins
    assert gone.code == 0
    assert set(bench.machine(node).packages.installed) == before


def test_containers_need_docker(bench: Any) -> None:
    for platform in ("Linux", "Windows"):
        steps = bench.steps(bench.node(platform), "AWS-RunDockerAction", action="Ps")
        assert "docker" in steps.pop(f"runDockerAction{platform}").stderr.text
        (other,) = steps.values()
        assert "Step execution skipped" in other.stdout.text


def test_the_cloudwatch_agent_is_asked(bench: Any) -> None:
    node = bench.node()
    steps = bench.steps(node, "AmazonCloudWatch-ManageAgent", action="status")
    assert "not installed" in steps["ControlCloudWatchAgentLinux"].stderr.text
    windows = bench.steps(bench.node("Windows"), "AmazonCloudWatch-ManageAgent", action="status")
    assert "running" in windows["ControlCloudWatchAgentWindows"].stdout.text


def test_inventory_collects_what_is_enabled(bench: Any) -> None:
    (result,) = bench.run(
        bench.node(), "AWS-GatherSoftwareInventory", services="Disabled", billingInfo="Disabled"
    ).plugins
    assert "7 types" in result.stdout.text


def test_associations_run(bench: Any) -> None:
    (every,) = bench.run(bench.node(), "AWS-RefreshAssociation").plugins
    assert every.stdout.text == "Associations have been refreshed: all\n"
    (one,) = bench.run(bench.node(), "AWS-RefreshAssociation", associationIds=["a-1"]).plugins
    assert one.stdout.text == "Associations have been refreshed: a-1\n"


@pytest.mark.parametrize(
    ("document", "linux", "windows"),
    [
        ("AWSFleetManager-GetUsers", "root:x:0:0", "Administrator"),
        ("AWSFleetManager-GetProcessDetails", "amazon-ssm-agent", "amazon-ssm-agent"),
    ],
)
def test_nodes_are_looked_into(bench: Any, document: str, linux: str, windows: str) -> None:
    name = document.removeprefix("AWSFleetManager-")
    assert linux in bench.steps(bench.node(), document)[f"{name}Linux"].stdout.text
    there = bench.steps(bench.node("Windows"), document)
    assert windows in there[f"{name}Windows"].stdout.text


def test_folders_and_groups_are_listed(bench: Any) -> None:
    steps = bench.steps(bench.node(), "AWSFleetManager-GetFileSystemContent", Path="/etc")
    assert "hostname" in steps["GetFileSystemContentLinux"].stdout.text
    (groups,) = bench.run(bench.node(), "AWSFleetManager-GetGroups").plugins
    assert groups.stdout.text.startswith("root:x:0:")


def test_a_user_is_made(bench: Any) -> None:
    node = bench.node()
    assert bench.run(node, "AWSFleetManager-CreateUser", UserName="pat").detail is Detail.SUCCESS
    assert "\npat:x:" in bench.machine(node).tree.text("/etc/passwd")


def test_windows_has_old_services_of_its_own(bench: Any) -> None:
    node = bench.node("Windows")
    (config,) = bench.run(node, "AWS-UpdateEC2Config").plugins
    assert "EC2Config is not installed" in config.stdout.text
    (watch,) = bench.run(node, "AWS-ConfigureCloudWatch", status="Disabled").plugins
    assert watch.stdout.text.strip() == "CloudWatch configuration: Disabled"
