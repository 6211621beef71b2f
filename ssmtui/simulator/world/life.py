"""What happens to a fleet on an ordinary day."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ssmtui.simulator.world.catalogue import LATEST_AGENT, Weighted
from ssmtui.simulator.world.generate import LOST_AFTER, MINUTE
from ssmtui.simulator.world.node import Node, Ping
from ssmtui.simulator.world.scope import Scope
from ssmtui.simulator.world.world import World

HOUR = 3600.0

# Happenings a node and hour at rate 1: about one every two minutes among 2,000 nodes.
PER_NODE_HOUR = 0.015

_ATTEMPTS = 20  # to find a node that the happening can befall


class Life:
    """Lets a world live: nodes get lost and return, stop and start, and groups replace members.

    Each scope has one timer and its own stream of random numbers, so that a scope's history depends
    neither on the others nor on the steps in which time is advanced. `rate` makes days busier.
    """

    def __init__(self, world: World, rate: float = 1.0) -> None:
        for scope in world.scopes:
            if scope.managed and rate > 0:
                _ScopeLife(world, scope, rate)


class _ScopeLife:
    def __init__(self, world: World, scope: Scope, rate: float) -> None:
        self._world = world
        self._scope = scope
        self._rate = rate
        self._rng = Random(f"{world.stream(scope)} life")
        self._happenings: Weighted[Callable[[], None]] = Weighted(
            (self._lose, 4.0), (self._replace, 3.0), (self._update_agent, 2.0), (self._stop, 1.0)
        )
        self._plan()

    def _plan(self) -> None:
        """An empty scope is looked at again as if it had one node."""
        per_second = self._rate * PER_NODE_HOUR * max(1, len(self._scope.managed)) / HOUR
        self._world.clock.after(self._rng.expovariate(per_second), self._happen)

    def _happen(self) -> None:
        self._happenings.draw(self._rng)()
        self._plan()

    def _lose(self) -> None:
        """Fall silent, be missed after a while, and return later."""
        node = self._find(_up)
        if node is None:
            return
        impaired = not node.hybrid and self._rng.random() < 0.2
        back = LOST_AFTER + self._rng.expovariate(1.0 / (30 * MINUTE))
        self._world.silence(node.id)
        self._then(node, LOST_AFTER, lambda: self._miss(node, impaired))
        self._then(node, back + MINUTE, lambda: self._return(node))

    def _miss(self, node: Node, impaired: bool) -> None:
        if node.silent_since and node.state in ("", "running"):
            self._world.lose(node.id, impaired=impaired)

    def _return(self, node: Node) -> None:
        if node.silent_since and node.state in ("", "running"):
            self._world.restore(node.id)

    def _replace(self) -> None:
        """An Auto Scaling group replaces a member."""
        node = self._find(lambda node: bool(node.asg) and node.state == "running")
        if node is None:
            return
        world = self._world
        world.begin_terminate(node.id)
        self._then(node, self._rng.uniform(20, 60), lambda: self._terminate(node))
        fresh = world.boot(node.account, node.region, node.role, like=node)
        running = self._rng.uniform(10, 30)
        self._then(fresh, running, lambda: self._run(fresh))
        self._then(fresh, running + self._rng.uniform(40, 120), lambda: self._register(fresh))

    def _terminate(self, node: Node) -> None:
        if node.state == "shutting-down":
            self._world.terminate(node.id)

    def _run(self, node: Node) -> None:
        if node.state == "pending":
            self._world.run(node.id)

    def _register(self, node: Node) -> None:
        if node.state == "running" and not node.managed:
            self._world.register(node.id)

    def _update_agent(self) -> None:
        node = self._find(lambda node: _up(node) and node.agent_version != LATEST_AGENT)
        if node is not None:
            self._world.update_agent(node.id)

    def _stop(self) -> None:
        """Stopped for the night, so to speak, and started again."""
        node = self._find(lambda node: not node.hybrid and not node.asg and node.state == "running")
        if node is None:
            return
        self._world.begin_stop(node.id)
        self._then(node, self._rng.uniform(20, 60), lambda: self._stopped(node))
        self._then(node, self._rng.uniform(HOUR / 2, 8 * HOUR), lambda: self._start(node))

    def _stopped(self, node: Node) -> None:
        if node.state == "stopping":
            self._world.stop(node.id)

    def _start(self, node: Node) -> None:
        if node.state == "stopped":
            self._world.start(node.id)

    def _find(self, suits: Callable[[Node], bool]) -> Node | None:
        """A random managed node that suits, if a few attempts find one."""
        managed = self._scope.managed
        for _ in range(_ATTEMPTS if managed else 0):
            node = managed[self._rng.randrange(len(managed))]
            if suits(node):
                return node
        return None

    def _then(self, node: Node, seconds: float, action: Callable[[], None]) -> None:
        """Go on with a node later, unless it is gone by then."""

        def act() -> None:
            if self._world.nodes.get(node.id) is node and node.state != "terminated":
                action()

        self._world.clock.after(seconds, act)


def _up(node: Node) -> bool:
    """Running, and its heart beats."""
    return node.ping is Ping.ONLINE and not node.silent_since and node.state in ("", "running")
