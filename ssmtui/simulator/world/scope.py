"""One account in one Region: its nodes in the order in which the services page through them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from random import Random

from ssmtui.simulator.world.associations import Association, associations
from ssmtui.simulator.world.node import Node, Ping

# ListNodes does not look at the fleet: it reads what was captured some time ago.
CAPTURE_INTERVAL = 1800.0

_by_id = attrgetter("id")

_SHORT = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "central": "c",
    "northeast": "ne",
    "southeast": "se",
}


@dataclass(frozen=True, slots=True)
class Account:
    """An account: `name` is also the name of its profile."""

    id: str
    name: str
    alias: str
    env: str


@dataclass(frozen=True, slots=True)
class Captured:
    """A node as ListNodes knows it; `status` is Active, ConnectionLost, Stopped or Terminated."""

    node: Node
    status: str
    managed: bool
    agent_version: str


@dataclass(frozen=True, slots=True)
class Capture:
    """What ListNodes answers from: the scope's nodes in the order of their ids, at one time."""

    time: float
    nodes: tuple[Captured, ...]


class Scope:
    """The nodes of one account in one Region.

    `managed` are those that Systems Manager knows and `instances` those that EC2 knows, both in
    the order of their ids, so that a token may say "after this id" while nodes come and go.
    """

    def __init__(self, account: Account, region: str, index: int, rng: Random) -> None:
        self.account = account
        self.region = region
        self.index = index
        self.vpc = f"vpc-0{rng.getrandbits(64):016x}"
        self.zones = tuple(region + letter for letter in "abc")
        self.subnets = {zone: f"subnet-0{rng.getrandbits(64):016x}" for zone in self.zones}
        self.associations: tuple[Association, ...] = associations(rng)
        self.managed: list[Node] = []
        self.instances: list[Node] = []
        self._reachable: list[Node] | None = None
        self._capture: Capture | None = None

    def fill(self, nodes: Iterable[Node]) -> None:
        """Take in a whole population at once."""
        population = sorted(nodes, key=_by_id)
        self.managed = [node for node in population if node.managed]
        self.instances = [node for node in population if not node.hybrid]
        self.changed()

    def zone_id(self, zone: str) -> str:
        """The id of an Availability Zone: that of eu-west-1b is euw1-az2."""
        continent, *direction, number = self.region.split("-")
        short = continent + "".join(_SHORT[word] for word in direction) + number
        return f"{short}-az{self.zones.index(zone) + 1}"

    @property
    def reachable(self) -> list[Node]:
        """What DescribeInstanceInformation lists: neither stopped nor terminated nodes."""
        if self._reachable is None:
            self._reachable = [node for node in self.managed if node.reachable]
        return self._reachable

    def capture(self, now: float) -> Capture:
        """The capture in force at `now`, taken anew when it is old."""
        if self._capture is None or now - self._capture.time >= CAPTURE_INTERVAL:
            self._capture = Capture(now, tuple(map(_captured, self.every_node())))
        return self._capture

    def every_node(self) -> list[Node]:
        """Managed or not, in the order of their ids."""
        known = {node.id: node for node in self.instances}
        known.update((node.id, node) for node in self.managed)
        return sorted(known.values(), key=_by_id)

    def changed(self) -> None:
        """Forget what was derived from the nodes' states."""
        self._reachable = None

    def add_instance(self, node: Node) -> None:
        _insert(self.instances, node)

    def add_managed(self, node: Node) -> None:
        _insert(self.managed, node)
        self.changed()

    def remove_instance(self, node: Node) -> None:
        _remove(self.instances, node)

    def remove_managed(self, node: Node) -> None:
        _remove(self.managed, node)
        self.changed()


def _captured(node: Node) -> Captured:
    if node.state == "terminated":
        status = "Terminated"
    elif node.state == "stopped":
        status = "Stopped"
    elif node.managed and node.ping is not Ping.ONLINE:
        status = "ConnectionLost"
    else:
        status = "Active"
    return Captured(node, status, node.managed, node.agent_version)


def _insert(nodes: list[Node], node: Node) -> None:
    place = bisect_left(nodes, node.id, key=_by_id)
    if place == len(nodes) or nodes[place] is not node:
        nodes.insert(place, node)


def _remove(nodes: list[Node], node: Node) -> None:
    place = bisect_left(nodes, node.id, key=_by_id)
    if place < len(nodes) and nodes[place] is node:
        del nodes[place]
