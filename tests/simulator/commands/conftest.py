"""A world at a standstill, and somebody who sends commands in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from ssmtui.simulator.commands import Command, Commands, Invocation, requesting
from ssmtui.simulator.commands.running import answers
from ssmtui.simulator.shell import Machine, Machines
from ssmtui.simulator.shell.stage import Stage
from ssmtui.simulator.world import Node, Scope, World

JANE = "arn:aws:iam::111122223333:user/jane"


class Desk:
    """Sends commands to the first account in the first Region, and lets time pass."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.scope: Scope = world.scopes[0]
        self.commands = world.part(Commands)

    def nodes(self, count: int = 1, platform: str = "Linux", **wanted: Any) -> list[Node]:
        """So many nodes that answer and whose attributes are those, in the order of their ids."""
        found = [
            node
            for node in self.scope.managed
            if answers(node)
            and node.platform.type == platform
            and all(getattr(node, name) == value for name, value in wanted.items())
        ]
        assert len(found) >= count
        return found[:count]

    def machine(self, node: Node) -> Machine:
        return self.world.part(Machines).of(node.id)

    def send(
        self,
        nodes: Sequence[Node] = (),
        *lines: str,
        document: str = "AWS-RunShellScript",
        parameters: dict[str, list[str]] | None = None,
        **params: Any,
    ) -> Command:
        """Send `lines` as a script (or `parameters` to a `document`) to nodes, or to Targets."""
        scope = self.scope
        wanted = {
            "DocumentName": document,
            "Parameters": {"commands": list(lines)} if parameters is None else parameters,
            **({"InstanceIds": [node.id for node in nodes]} if nodes else {}),
            **params,
        }
        request = requesting.read(self.world, scope.account.id, scope.region, wanted)
        return self.commands.send(scope.account.id, scope.region, request, JANE)

    def after(self, command: Command, seconds: float = 60.0) -> Command:
        """The command some seconds later."""
        self.world.clock.advance(seconds)
        return command

    def on(self, node: Node, *lines: str, seconds: float = 60.0, **params: Any) -> Invocation:
        """What has become of a script on one node after so many seconds."""
        return self.after(self.send([node], *lines, **params), seconds).invocations[node.id]

    def run(
        self, node: Node, document: str, seconds: float = 600.0, **parameters: list[str]
    ) -> Invocation:
        """What has become of a document on one node."""
        command = self.send([node], document=document, parameters=parameters)
        return self.after(command, seconds).invocations[node.id]


@pytest.fixture
def world() -> World:
    return World.generate(nodes=300, accounts=1, regions=1)


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    yield Desk(world)
    world.part(Stage).close()
