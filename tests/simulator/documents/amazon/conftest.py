"""Amazon's documents, run on nodes of a small world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ssmtui.simulator.commands import Commands, Invocation, PluginResult, requesting
from ssmtui.simulator.commands.running import answers
from ssmtui.simulator.shell import Machine, Machines
from ssmtui.simulator.shell.stage import Stage
from ssmtui.simulator.world import Node, World

JANE = "arn:aws:iam::111122223333:user/jane"


class Bench:
    """Runs documents in a world at a standstill."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.scope = world.scopes[0]

    def node(self, platform: str = "Linux") -> Node:
        """The first node of a platform that answers."""
        return next(
            node for node in self.scope.managed if answers(node) and node.platform.type == platform
        )

    def machine(self, node: Node) -> Machine:
        return self.world.part(Machines).of(node.id)

    def run(self, node: Node, document: str, /, **parameters: str | list[str]) -> Invocation:
        """What has become of a document on a node ten minutes later."""
        where = self.scope.account.id, self.scope.region
        params: dict[str, Any] = {
            "DocumentName": document,
            "InstanceIds": [node.id],
            "Parameters": {
                name: [value] if isinstance(value, str) else value
                for name, value in parameters.items()
            },
        }
        request = requesting.read(self.world, *where, params)
        command = self.world.part(Commands).send(*where, request, JANE)
        self.world.clock.advance(600)
        return command.invocations[node.id]

    def steps(self, node: Node, document: str, /, **parameters: Any) -> dict[str, PluginResult]:
        """The steps of that invocation by name."""
        return {each.name: each for each in self.run(node, document, **parameters).plugins}


@pytest.fixture
def bench() -> Iterator[Bench]:
    world = World.generate(nodes=150, accounts=1, regions=1)
    yield Bench(world)
    world.part(Stage).close()
