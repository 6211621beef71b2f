"""The simulated world: accounts, Regions, the fleet in them, and what may happen to a node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple, TypeVar, cast

from ssmtui.simulator.clock import Clock
from ssmtui.simulator.world import generate
from ssmtui.simulator.world.associations import NONE, WAITING
from ssmtui.simulator.world.catalogue import LATEST_AGENT
from ssmtui.simulator.world.factory import Factory, healthy
from ssmtui.simulator.world.generate import EC2_KEEPS_TERMINATED, SSM_KEEPS_TERMINATED
from ssmtui.simulator.world.node import Node, Ping, Unmanaged
from ssmtui.simulator.world.scope import Account, Scope

P = TypeVar("P")

# 2026-11-02T08:00:00Z, a Monday morning: where time begins if nobody says otherwise.
START = 1_793_606_400.0


class Event(NamedTuple):
    """Something that happened to a node.

    `kind` is lost, returned, launched, stopped, started, terminated, agent, registered or
    deregistered.
    """

    at: float
    account: str
    region: str
    id: str
    kind: str
    detail: str = ""


class World:
    """Everything that the simulated AWS knows. `generate` makes one; the same for one seed.

    `events` is the log of what has happened since it `began` (seconds since the epoch). The methods
    that change a node are for tests and for `Life`; they take effect at the clock's present
    instant, and raise KeyError for an id that is not there and ValueError for what such a node
    cannot do.
    """

    def __init__(
        self, accounts: list[Account], regions: list[str], seed: int, clock: Clock
    ) -> None:
        self.accounts = accounts
        self.regions = regions
        self.seed = seed
        self.clock = clock
        self.began = clock.now
        self.events: list[Event] = []
        self.nodes: dict[str, Node] = {}
        self._accounts = {account.id: account for account in accounts}
        self._scopes: dict[tuple[str, str], Scope] = {}
        self._parts: dict[Any, Any] = {}
        self._factories: dict[tuple[str, str], Factory] = {}
        for account in accounts:
            for region in regions:
                self._add_scope(account, region)

    @classmethod
    def generate(
        cls,
        nodes: int = 2000,
        accounts: int = 3,
        regions: int = 3,
        seed: int = 1,
        *,
        start: float = START,
        clock: Clock | None = None,
    ) -> World:
        """A world of so many nodes in all, in so many accounts and Regions each.

        Its time begins at `start` (seconds since the epoch), or is that of `clock`. The world
        stands still until `Life` is breathed into it: only hearts beat. ValueError for numbers
        that make no world.
        """
        if nodes < 0 or accounts < 1 or regions < 1:
            raise ValueError("A world needs one account, one Region and 0 nodes at the least")
        clock = clock or Clock(start)
        now = clock.now
        world = cls(generate.accounts(accounts), generate.regions(regions), seed, clock)
        counts = generate.sizes(nodes, world.accounts, world.regions)
        for key, count in zip(list(world._scopes), counts, strict=True):
            scope, factory = world._scopes[key], world._factories[key]
            population = generate.populate(factory, count, now, world.stream(scope))
            world.nodes.update((node.id, node) for node in population)
            scope.fill(population)
        generate.ensure_hostile_names(list(world.nodes.values()))
        for node in [node for node in world.nodes.values() if node.state == "terminated"]:
            world._forget_in_time(node)
        return world

    @property
    def now(self) -> float:
        return self.clock.now

    @property
    def scopes(self) -> list[Scope]:
        """Those that the world was made with."""
        return [
            self._scopes[account.id, region] for account in self.accounts for region in self.regions
        ]

    def account(self, account: str) -> Account:
        """KeyError for an unknown id."""
        return self._accounts[account]

    def scope(self, account: str, region: str) -> Scope:
        """An account in a Region; a Region without a fleet is there, and empty."""
        scope = self._scopes.get((account, region))
        return scope or self._add_scope(self._accounts[account], region)

    def scope_of(self, node: Node) -> Scope:
        return self.scope(node.account, node.region)

    def node(self, node_id: str) -> Node:
        """KeyError if there is none of that id in any scope."""
        return self.nodes[node_id]

    def part(self, kind: Callable[[World], P]) -> P:
        """What a service keeps of this world: made by `kind(world)` when it is first asked for."""
        if kind not in self._parts:
            self._parts[kind] = kind(self)
        return cast("P", self._parts[kind])

    def stream(self, scope: Scope) -> str:
        """The seed of a scope's own streams of random numbers."""
        return f"{self.seed} {scope.account.name} {scope.region}"

    # What may happen to a node.

    def launch(
        self, account: str, region: str, role: str = "web", like: Node | None = None
    ) -> Node:
        """A new running, managed node of a workload, or of the Auto Scaling group of `like`."""
        node = self._make(account, region, role, like)
        node.registered = node.pulse = self.now
        scope = self.scope(account, region)
        if not node.hybrid:
            scope.add_instance(node)
            self._log(node, "launched")
        scope.add_managed(node)
        self._log(node, "registered")
        return node

    def boot(self, account: str, region: str, role: str = "web", like: Node | None = None) -> Node:
        """A new EC2 instance, pending and not registered yet: `run` and `register` go on."""
        node = self._make(account, region, role, like)
        if node.hybrid:
            raise ValueError("a hybrid node is not launched by EC2")
        node.unmanaged, node.registered = Unmanaged.BOOTING, 0.0
        node.state, node.state_since = "pending", self.now
        self.scope_of(node).add_instance(node)
        self._log(node, "launched")
        return node

    def run(self, node_id: str) -> None:
        """A pending instance is running now."""
        node = self._alive(node_id)
        node.state, node.state_since, node.state_reason = "running", self.now, ""

    def register(self, node_id: str) -> None:
        """An instance's agent registers with Systems Manager."""
        node = self._alive(node_id)
        if node.managed:
            raise ValueError(f"{node_id} is registered already")
        node.unmanaged = None
        node.registered = self.now
        node.agent_version = node.agent_version or LATEST_AGENT
        node.outcome = WAITING
        self._heartbeat(node)
        self.scope_of(node).add_managed(node)
        self._log(node, "registered")

    def deregister(self, node_id: str) -> None:
        """Take a node out of Systems Manager: a hybrid one is gone, an instance is unmanaged."""
        node = self.node(node_id)
        if not node.managed:
            raise ValueError(f"{node_id} is not registered")
        self.scope_of(node).remove_managed(node)
        if node.hybrid:
            del self.nodes[node_id]
        node.unmanaged = Unmanaged.DEREGISTERED
        self._log(node, "deregistered")

    def silence(self, node_id: str) -> None:
        """Its agent falls silent; the service has not noticed yet."""
        node = self._alive(node_id)
        node.silent_since = node.silent_since or self.now

    def lose(self, node_id: str, *, impaired: bool = False) -> None:
        """The service has missed its heartbeats: ConnectionLost, at once."""
        node = self._alive(node_id)
        self.silence(node_id)
        if impaired:
            node.impaired_since = self.now
        if node.ping is Ping.ONLINE:
            node.ping = Ping.LOST
            self._log(node, "lost")

    def restore(self, node_id: str) -> None:
        """A lost node returns."""
        node = self._alive(node_id)
        if node.state == "stopped":
            raise ValueError(f"{node_id} is stopped")
        node.impaired_since = 0.0
        was = node.ping
        self._heartbeat(node)
        if was is not Ping.ONLINE:
            self._log(node, "returned")

    def begin_stop(self, node_id: str) -> None:
        """Its state is stopping, until `stop`."""
        node = self._instance(node_id)
        node.state, node.state_since = "stopping", self.now
        self.silence(node_id)

    def stop(self, node_id: str) -> None:
        """Stop an EC2 instance."""
        node = self._instance(node_id)
        self._down(node, "stopped")
        self._log(node, "stopped")

    def start(self, node_id: str) -> None:
        """Start a stopped EC2 instance."""
        node = self._instance(node_id)
        if node.state != "stopped":
            raise ValueError(f"{node_id} is {node.state}, not stopped")
        node.state, node.state_since, node.state_reason = "running", self.now, ""
        node.launched = float(int(self.now))  # EC2's LaunchTime is that of the latest start
        self._heartbeat(node)
        self.scope_of(node).changed()
        self._log(node, "started")

    def begin_terminate(self, node_id: str) -> None:
        """Its state is shutting-down, until `terminate`."""
        node = self._instance(node_id)
        node.state, node.state_since = "shutting-down", self.now
        self.silence(node_id)

    def terminate(self, node_id: str) -> None:
        """Terminate an EC2 instance; the services forget it after a while."""
        node = self._instance(node_id)
        self._down(node, "terminated")
        self._log(node, "terminated")
        self._forget_in_time(node)

    def update_agent(self, node_id: str, version: str = LATEST_AGENT) -> None:
        node = self._alive(node_id)
        before, node.agent_version = node.agent_version, version
        self._log(node, "agent", f"{before} -> {version}")

    def tag(self, node_id: str, tags: Mapping[str, str]) -> None:
        self.node(node_id).tags.update(tags)

    def untag(self, node_id: str, keys: list[str]) -> None:
        """Keys that are not there are no error."""
        node = self.node(node_id)
        for key in keys:
            node.tags.pop(key, None)

    def set_role(self, node_id: str, role: str) -> None:
        """Another IAM role for a hybrid node."""
        node = self.node(node_id)
        if not node.hybrid:
            raise ValueError(f"{node_id} has its role from EC2")
        node.role_name = role

    def heal_associations(self, node_id: str) -> None:
        """All of its associations have just run well."""
        healthy(self.node(node_id))

    # Within.

    def _add_scope(self, account: Account, region: str) -> Scope:
        index = len(self._scopes)
        stream = f"{self.seed} {account.name} {region}"
        scope = Scope(account, region, index, Random(f"{stream} scope"))
        stride = max(1, len(self.accounts) * len(self.regions))
        factory = Factory(scope, Random(f"{stream} nodes"), stride)
        self._scopes[account.id, region] = scope
        self._factories[account.id, region] = factory
        return scope

    def _make(self, account: str, region: str, role: str, like: Node | None) -> Node:
        self.scope(account, region)
        factory = self._factories[account, region]
        if like is not None and (like.account, like.region) != (account, region):
            raise ValueError(f"{like.id} is of another account or Region")
        if like is not None and like.asg:
            node = factory.replace(like, float(int(self.now)))
        else:
            node = factory.make(factory.workload(role), float(int(self.now)))
        node.agent_version = LATEST_AGENT
        node.outcome = node.outcome if node.outcome is NONE else WAITING
        self.nodes[node.id] = node
        return node

    def _alive(self, node_id: str) -> Node:
        node = self.node(node_id)
        if node.state == "terminated":
            raise ValueError(f"{node_id} is terminated")
        return node

    def _instance(self, node_id: str) -> Node:
        node = self._alive(node_id)
        if node.hybrid:
            raise ValueError(f"{node_id} is not an EC2 instance")
        return node

    def _heartbeat(self, node: Node) -> None:
        node.silent_since, node.ping = 0.0, Ping.ONLINE
        node.pulse = self.now

    def _down(self, node: Node, state: str) -> None:
        node.state, node.state_since = state, self.now
        node.state_reason = generate.user_initiated(self.now)
        node.public_address = ""
        node.impaired_since = 0.0
        if node.managed:
            node.silent_since = node.silent_since or self.now
            node.ping = Ping.LOST
        self.scope_of(node).changed()

    def _forget_in_time(self, node: Node) -> None:
        scope = self.scope_of(node)

        def forget() -> None:
            scope.remove_managed(node)
            self.nodes.pop(node.id, None)

        self.clock.at(node.state_since + EC2_KEEPS_TERMINATED, lambda: scope.remove_instance(node))
        self.clock.at(node.state_since + SSM_KEEPS_TERMINATED, forget)

    def _log(self, node: Node, kind: str, detail: str = "") -> None:
        self.events.append(Event(self.now, node.account, node.region, node.id, kind, detail))
