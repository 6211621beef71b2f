"""How a new node comes to be, at the birth of the world as well as later."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from ssmtui.simulator.world.associations import ALL_WELL, OUTCOMES, Outcome
from ssmtui.simulator.world.catalogue import (
    AGENT_VERSIONS,
    HYBRID_WORKLOADS,
    OWNERS,
    SOURCE_TYPES,
    WORKLOADS,
    Platform,
    Weighted,
    Workload,
)
from ssmtui.simulator.world.node import Node
from ssmtui.simulator.world.scope import Scope

# With Default Host Management Configuration an instance needs no profile: SSM gives it this role.
DEFAULT_HOST_MANAGEMENT = "service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole"

_COLOURS = ("blue", "green", "amber", "violet", "indigo", "silver", "coral", "olive")
_MEMBERS_PER_GROUP = 40
_SPREAD = 0.6180339887498949  # the golden ratio's fraction: spreads few things evenly among many
HYBRID_SHARE = 0.08

_EC2 = Weighted(*((workload, workload.weight) for workload in WORKLOADS))
_HYBRID = Weighted(*((workload, workload.weight) for workload in HYBRID_WORKLOADS))
_BY_ROLE = {workload.role: workload for workload in (*WORKLOADS, *HYBRID_WORKLOADS)}
_HYBRID_ROLES = {workload.role for workload in HYBRID_WORKLOADS}


@dataclass(frozen=True, slots=True)
class _Group:
    """An Auto Scaling group: its members are all of a kind."""

    name: str
    platform: Platform
    instance_type: str
    image: str


class Factory:
    """Makes the nodes of one scope, healthy and online; what befalls them comes after.

    Its stream of random numbers is its own, so that the first nodes of a scope are the same however
    many follow. Names are numbered in steps of `stride`, the number of scopes, which makes
    "web-0141" one node of the whole world.
    """

    def __init__(self, scope: Scope, rng: Random, stride: int) -> None:
        self._scope = scope
        self._rng = rng
        self._stride = stride
        self._made = 0
        self._offset = rng.random()
        self._numbers: Counter[str] = Counter()
        self._groups: dict[str, list[_Group]] = {}
        self._images: dict[str, str] = {}
        self._activations: dict[str, str] = {}
        self._launches: dict[str, tuple[str, float]] = {}

    def next_workload(self) -> Workload:
        """What the next node of a growing fleet is for."""
        self._made += 1
        spread = (self._made * _SPREAD + self._offset) % 1.0
        return (_HYBRID if spread < HYBRID_SHARE else _EC2).draw(self._rng)

    def workload(self, role: str) -> Workload:
        """The workload of that role ("web"); KeyError if there is none."""
        return _BY_ROLE[role]

    def make(self, workload: Workload, launched: float) -> Node:
        """A running, registered node, started or activated at `launched` or, if its group launched
        it together with the previous one, at that one's time.
        """
        if workload.role in _HYBRID_ROLES:
            return self._hybrid(workload, launched)
        return self._instance(workload, launched)

    def replace(self, node: Node, launched: float) -> Node:
        """A new member of the Auto Scaling group of `node`."""
        workload = _BY_ROLE[node.role]
        group = next(group for group in self._groups[node.role] if group.name == node.asg)
        self._launches.pop(group.name, None)
        return self._instance(workload, launched, group)

    def _instance(self, workload: Workload, launched: float, group: _Group | None = None) -> Node:
        rng = self._rng
        number = self._number(workload.role)
        if group is None and workload.scaling:
            group = self._group(workload)
        platform = group.platform if group else workload.platforms.draw(rng)
        instance_type = group.instance_type if group else workload.types.draw(rng)
        reservation, launched = self._launch(group.name if group else "", launched)
        registered = launched + rng.uniform(45.0, 150.0)
        zone, address = self._address()
        name = f"{workload.role}-{number:04d}"
        default_management = rng.random() < 0.03
        node = Node(
            id=f"i-0{rng.getrandbits(64):016x}",
            account=self._scope.account.id,
            region=self._scope.region,
            role=workload.role,
            platform=platform,
            tags=self._tags(workload, name, platform, group.name if group else ""),
            address=address,
            launched=launched,
            state="running",
            state_since=launched,
            instance_type=instance_type,
            public_address=self._public_address(workload),
            profile="" if default_management else f"{workload.role}-node",
            role_name=DEFAULT_HOST_MANAGEMENT if default_management else "",
            key_name="" if workload.scaling else f"{self._scope.account.name}-ops",
            zone=zone,
            subnet=self._scope.subnets[zone],
            asg=group.name if group else "",
            spot=workload.spot,
            reservation=reservation,
            image=group.image if group else self._image(platform, instance_type),
            registered=registered,
            agent_version=AGENT_VERSIONS.draw(rng),
            pulse=registered,
            outcome=self._outcome(),
        )
        node.computer_name = (
            f"EC2AMAZ-{rng.getrandbits(35):07X}" if platform.windows else node.private_dns
        )
        return node

    def _hybrid(self, workload: Workload, launched: float) -> Node:
        rng = self._rng
        number = self._number(workload.role)
        platform = workload.platforms.draw(rng)
        name = f"{workload.role}-{number:04d}"
        source_type = SOURCE_TYPES.get(workload.role, "AWS::SSM::ManagedInstance")
        node_id = f"mi-0{rng.getrandbits(64):016x}"
        return Node(
            id=node_id,
            account=self._scope.account.id,
            region=self._scope.region,
            role=workload.role,
            platform=platform,
            tags=self._tags(workload, "", platform, ""),
            address=f"192.168.{rng.randrange(256)}.{rng.randrange(1, 255)}",
            launched=launched,
            name=name,
            registered=launched,
            computer_name=f"{name}.{workload.team}.corp.example",
            agent_version=AGENT_VERSIONS.draw(rng),
            pulse=launched,
            role_name=f"hybrid-{workload.team}",
            activation=self._activation(workload.role),
            source_type=source_type,
            source=node_id if source_type == "AWS::SSM::ManagedInstance" else name,
            source_location="westeurope" if workload.role == "azure" else "",
            outcome=self._outcome(),
        )

    def _number(self, role: str) -> int:
        number = self._numbers[role] * self._stride + self._scope.index + 1
        self._numbers[role] += 1
        return number

    def _group(self, workload: Workload) -> _Group:
        """The group of the next member; a workload gets another group as it grows."""
        groups = self._groups.setdefault(workload.role, [])
        wanted = 2 + self._numbers[workload.role] // _MEMBERS_PER_GROUP
        while len(groups) < wanted:
            groups.append(self._new_group(workload, len(groups)))
        return groups[self._rng.randrange(len(groups))]

    def _new_group(self, workload: Workload, index: int) -> _Group:
        colour = _COLOURS[index % len(_COLOURS)]
        generation = index // len(_COLOURS)
        platform = workload.platforms.draw(self._rng)
        instance_type = workload.types.draw(self._rng)
        return _Group(
            name=f"{workload.role}-{colour}" + (f"-{generation + 1}" if generation else ""),
            platform=platform,
            instance_type=instance_type,
            image=self._image(platform, instance_type),
        )

    def _address(self) -> tuple[str, str]:
        """The zone and private address of the next instance: a subnet of 10/8 for each zone."""
        index = sum(self._numbers.values()) - 1
        zone, host = index % 3, index // 3
        block, host = divmod(host, 64 * 250)
        second = (self._scope.index * 16 + block) % 256
        address = f"10.{second}.{64 * zone + host // 250}.{4 + host % 250}"
        return self._scope.zones[zone], address

    def _public_address(self, workload: Workload) -> str:
        # 198.18.0.0/15 is set aside for measurements and belongs to nobody (RFC 2544).
        if self._rng.random() >= workload.public:
            return ""
        rng = self._rng
        return f"198.{rng.randrange(18, 20)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"

    def _image(self, platform: Platform, instance_type: str) -> str:
        key = f"{platform.name} {platform.version} {instance_type.partition('.')[0]}"
        if key not in self._images:
            self._images[key] = f"ami-0{self._rng.getrandbits(64):016x}"
        return self._images[key]

    def _activation(self, role: str) -> str:
        if role not in self._activations:
            digits = f"{self._rng.getrandbits(128):032x}"
            self._activations[role] = "-".join(
                (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
            )
        return self._activations[role]

    def _launch(self, group: str, launched: float) -> tuple[str, float]:
        """The reservation and time of a launch: a group launches several members at once."""
        if group in self._launches and self._rng.random() < 0.6:
            return self._launches[group]
        launch = f"r-0{self._rng.getrandbits(64):016x}", launched
        if group:
            self._launches[group] = launch
        return launch

    def _outcome(self) -> Outcome:
        return OUTCOMES.draw(self._rng)

    def _tags(
        self, workload: Workload, name: str, platform: Platform, group: str
    ) -> dict[str, str]:
        rng = self._rng
        env = self._scope.account.env
        tags = {"Name": name} if name else {}
        if rng.random() < 0.03:  # somebody forgot
            return tags
        tags["Env"] = env
        tags["Team"] = workload.team
        tags["Role"] = workload.role
        if rng.random() < 0.9:
            tags["Patch Group"] = f"{env}-{platform.patch_group}"
        if rng.random() < 0.4:
            tags["Owner"] = OWNERS[rng.randrange(len(OWNERS))]
        if group:
            tags["aws:autoscaling:groupName"] = group
        return tags


def healthy(node: Node) -> None:
    """Put a node's associations into the state of one that has just run them all."""
    node.outcome = ALL_WELL
    node.failing_since = 0.0
    node.never_succeeded = False
