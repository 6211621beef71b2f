"""What the documents that look for trouble do on a toy machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ssmtui.simulator.commands import Commands, Invocation, requesting
from ssmtui.simulator.commands.running import answers
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.documents.amazon import tools
from ssmtui.simulator.shell import Machines
from ssmtui.simulator.shell.stage import Stage
from ssmtui.simulator.world import Node, World


@pytest.fixture
def world() -> Iterator[World]:
    world = World.generate(nodes=150, accounts=1, regions=1)
    yield world
    world.part(Stage).close()


def node_of(world: World, platform: str = "Linux") -> Node:
    return next(
        node for node in world.scopes[0].managed if answers(node) and node.platform.type == platform
    )


def run(world: World, node: Node, document: str, **parameters: str) -> Invocation:
    """What becomes of a document on a node."""
    scope = world.scopes[0].account.id, world.scopes[0].region
    params: dict[str, Any] = {
        "DocumentName": document,
        "InstanceIds": [node.id],
        "Parameters": {name: [value] for name, value in parameters.items()},
    }
    request = requesting.read(world, *scope, params)
    command = world.part(Commands).send(*scope, request, "arn:aws:iam::111122223333:user/jane")
    world.clock.advance(120)
    return command.invocations[node.id]


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


def test_full_file_systems_are_named(world: World) -> None:
    node = node_of(world)
    (room,) = run(world, node, "AWSSupport-CheckDiskSpace", Threshold="99").plugins
    assert (room.code, room.stdout.text) == (0, "All file systems are below 99%\n")
    (full,) = run(world, node, "AWSSupport-CheckDiskSpace", Threshold="1").plugins
    assert full.code == 1
    used = dict(line.split() for line in full.stdout.text.splitlines())
    assert int(used["/"].removesuffix("%")) >= 1


def test_what_support_asks_for(world: World) -> None:
    node = node_of(world)
    invocation = run(world, node, "AWSSupport-CollectSystemInformation", LogLines="5")
    system, load, journal = invocation.plugins
    assert invocation.detail is Detail.SUCCESS
    assert f'PRETTY_NAME="{world.part(Machines).of(node.id).system.pretty}"' in system.stdout.text
    assert "load average" in load.stdout.text
    assert len(journal.stdout.text.splitlines()) <= 6


def test_addresses_are_pinged_one_after_the_other(world: World) -> None:
    invocation = run(
        world, node_of(world), "AWSSupport-SetupIPMonitoringFromVPC", TargetIPs="127.0.0.1,10.9.9.9"
    )
    said = invocation.plugins[0].stdout.text
    assert "PING 127.0.0.1" in said
    assert said.index("127.0.0.1") < said.index("10.9.9.9")


def test_tools_that_nobody_has_installed_are_not_found(world: World) -> None:
    salt = run(world, node_of(world), "AWS-RunSaltState", stateurl="https://example.com/s")
    assert (salt.plugins[0].code, "salt-call" in salt.plugins[0].stderr.text) == (127, True)
    for platform in ("Linux", "Windows"):
        invocation = run(world, node_of(world, platform), "AWS-RunInspecChecks")
        told = [result.stderr.text for result in invocation.plugins if result.stderr.text]
        assert len(told) == 1
        assert "inspec" in told[0]


def test_windows_is_checked(world: World) -> None:
    rescue = run(world, node_of(world, "Windows"), "AWSSupport-RunEC2RescueForWindowsTool")
    assert "EC2Rescue CheckAll" in rescue.plugins[0].stdout.text


@pytest.mark.parametrize("platform", ["Linux", "Windows"])
def test_doing_nothing_succeeds(world: World, platform: str) -> None:
    assert run(world, node_of(world, platform), "AWS-Noop").detail is Detail.SUCCESS
