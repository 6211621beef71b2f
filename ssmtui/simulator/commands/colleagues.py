"""What colleagues run while one works: a command now and then, in every account and Region."""

from __future__ import annotations

from random import Random

from ssmtui.simulator.commands import requesting
from ssmtui.simulator.commands.commands import Commands
from ssmtui.simulator.commands.history import HABITS, owner
from ssmtui.simulator.commands.request import RequestError
from ssmtui.simulator.commands.running import answers
from ssmtui.simulator.world import Scope, World

MINUTE = 60.0
_BETWEEN = 12 * MINUTE  # on average
_MOST_NODES = 20


class Colleagues:
    """Lets the people of a world send commands: the same ones for the same seed."""

    def __init__(self, world: World) -> None:
        for scope in world.scopes:
            if scope.managed:
                _Crew(world, scope)


class _Crew:
    def __init__(self, world: World, scope: Scope) -> None:
        self._world = world
        self._scope = scope
        self._random = Random(f"{world.stream(scope)} colleagues")
        world.clock.after(self._random.uniform(1.0, 2 * MINUTE), self._send)

    def _send(self) -> None:
        habit = HABITS.draw(self._random)
        wanted = self._random.randint(1, _MOST_NODES)
        nodes = [
            node.id
            for node in self._scope.reachable
            if node.platform.type == habit.platform
            and habit.role in ("", node.role)
            and answers(node)
        ]
        account, region = self._scope.account.id, self._scope.region
        if nodes:
            params = {
                "DocumentName": habit.document,
                "InstanceIds": self._random.sample(nodes, min(wanted, len(nodes))),
                "Parameters": {name: list(values) for name, values in habit.parameters.items()},
                "Comment": habit.comment,
                "MaxConcurrency": "5",
                "MaxErrors": "50%",
            }
            sender = owner(self._random, account, habit)
            try:
                request = requesting.read(self._world, account, region, params)
            except RequestError:
                pass  # a node has gone meanwhile: they try again another time
            else:
                self._world.part(Commands).send(account, region, request, sender)
        self._world.clock.after(self._random.expovariate(1 / _BETWEEN), self._send)
