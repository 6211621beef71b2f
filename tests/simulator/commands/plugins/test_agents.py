from __future__ import annotations

from typing import Any

from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.world.catalogue import LATEST_AGENT


def test_an_agent_is_updated_in_the_world_too(desk: Any) -> None:
    node = next(each for each in desk.nodes(100) if each.agent_version != LATEST_AGENT)
    before = node.agent_version
    invocation = desk.run(node, "AWS-UpdateSSMAgent")
    assert invocation.detail is Detail.SUCCESS
    assert node.agent_version == LATEST_AGENT
    assert desk.world.events[-1].detail == f"{before} -> {LATEST_AGENT}"
    again = desk.run(node, "AWS-UpdateSSMAgent")
    assert "already been installed" in again.plugins[0].stdout.text


def test_an_older_agent_must_be_allowed(desk: Any) -> None:
    (node,) = desk.nodes(agent_version=LATEST_AGENT)
    refused = desk.run(node, "AWS-UpdateSSMAgent", version=["3.0.1124.0"])
    assert refused.detail is Detail.FAILED
    assert "allowDowngrade" in refused.plugins[0].stderr.text
    desk.run(node, "AWS-UpdateSSMAgent", version=["3.0.1124.0"], allowDowngrade=["true"])
    assert node.agent_version == "3.0.1124.0"


def test_a_version_that_is_none(desk: Any) -> None:
    (node,) = desk.nodes()
    invocation = desk.run(node, "AWS-UpdateSSMAgent", version=["9..9"])
    assert "has no version 9..9" in invocation.plugins[0].stderr.text


def test_packages_are_installed_and_removed(desk: Any) -> None:
    (node,) = desk.nodes(role="web")
    packages = desk.machine(node).packages
    name = "amazon-cloudwatch-agent"
    for action, there in (("Install", True), ("Uninstall", False)):
        invocation = desk.run(
            node, "AWS-ConfigureAWSPackage", action=[action], name=["AmazonCloudWatchAgent"]
        )
        assert invocation.detail is Detail.SUCCESS
        assert (name in packages.installed) is there
    missing = desk.run(node, "AWS-ConfigureAWSPackage", action=["Install"], name=["NoSuchThing"])
    assert "NoSuchThing" in missing.plugins[0].stderr.text
    assert missing.plugins[0].code == 1


def test_docker_is_called_otherwise_on_debian(desk: Any) -> None:
    for packager in ("deb", "rpm"):
        node = next(
            each
            for each in desk.nodes(100)
            if desk.machine(each).system.packager == packager and each.role != "batch"
        )
        invocation = desk.run(node, "AWS-ConfigureDocker", action=["Install"])
        assert invocation.detail is Detail.SUCCESS


def test_inventory_and_associations(desk: Any) -> None:
    node = next(each for each in desk.nodes(100) if each.failing_since)
    collected = desk.run(node, "AWS-GatherSoftwareInventory", billingInfo=["Disabled"])
    assert "8 types" in collected.plugins[0].stdout.text
    desk.run(node, "AWS-RefreshAssociation")
    assert not node.failing_since
