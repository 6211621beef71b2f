"""A node: a machine that Systems Manager manages, or could manage."""

from __future__ import annotations

from enum import StrEnum
from math import floor

import msgspec

from ssmtui.simulator.world.associations import Outcome
from ssmtui.simulator.world.catalogue import Platform, architecture

# SSM Agent's UpdateInstanceInformation: every 5 minutes.
HEARTBEAT = 300.0


class Ping(StrEnum):
    """The service's view of the agent, in its own words."""

    ONLINE = "Online"
    LOST = "ConnectionLost"
    INACTIVE = "Inactive"


class Unmanaged(StrEnum):
    """Why an EC2 instance is not in Systems Manager."""

    NO_PROFILE = "no instance profile"
    NO_PERMISSION = "its role does not let it register"
    NO_AGENT = "no agent"
    UNREACHABLE = "no route to the service"
    BOOTING = "its agent has not registered yet"
    DEREGISTERED = "deregistered"


class Node(msgspec.Struct, kw_only=True, eq=False, gc=False):
    """An EC2 instance or a hybrid machine (`mi-`). All times are seconds since the epoch.

    EC2's own members are empty for a hybrid machine, and SSM's for an unmanaged instance. Only
    `World` changes a node, so that its lists and its log of events stay true. (`gc=False` and
    shared values keep 100,000 of them small; a node refers to nothing that refers back to it.)
    """

    id: str
    account: str
    region: str
    role: str  # the workload: web, api, db ...
    platform: Platform
    tags: dict[str, str]
    address: str  # the private one
    launched: float  # of a hybrid machine: when it was activated
    name: str = ""  # of a hybrid machine: the name it was activated with

    # EC2
    state: str = ""  # pending, running, stopping, stopped, shutting-down, terminated
    state_since: float = 0.0
    state_reason: str = ""
    instance_type: str = ""
    public_address: str = ""
    profile: str = ""  # the instance profile's name
    key_name: str = ""
    zone: str = ""
    subnet: str = ""
    asg: str = ""
    spot: bool = False
    reservation: str = ""
    image: str = ""
    impaired_since: float = 0.0  # 0: its status checks pass

    # Systems Manager
    unmanaged: Unmanaged | None = None
    registered: float = 0.0
    computer_name: str = ""
    agent_version: str = ""
    ping: Ping = Ping.ONLINE
    pulse: float = (
        0.0  # when it beat first since its agent came up: at full HEARTBEATs from then on
    )
    silent_since: float = 0.0  # 0: its heart beats
    role_name: str = ""  # of a hybrid machine: the IAM role of its activation
    activation: str = ""
    source_type: str = ""
    source: str = ""
    source_location: str = ""
    outcome: Outcome
    failing_since: float = 0.0  # when an association last succeeded as a whole; 0: it still does
    never_succeeded: bool = False

    @property
    def hybrid(self) -> bool:
        return self.id.startswith("mi-")

    @property
    def managed(self) -> bool:
        return self.unmanaged is None

    @property
    def resource_type(self) -> str:
        return "ManagedInstance" if self.hybrid else "EC2Instance"

    @property
    def architecture(self) -> str:
        return architecture(self.instance_type) if self.instance_type else ""

    @property
    def shown_name(self) -> str:
        """What DescribeInstanceProperties calls its name: the Name tag, else the activation's."""
        return self.tags.get("Name", self.name)

    @property
    def arn(self) -> str:
        if self.hybrid:
            return f"arn:aws:ssm:{self.region}:{self.account}:managed-instance/{self.id}"
        return f"arn:aws:ec2:{self.region}:{self.account}:instance/{self.id}"

    @property
    def reachable(self) -> bool:
        """Whether DescribeInstanceInformation lists it: managed, not stopped, not terminated."""
        return self.managed and self.state not in ("stopped", "terminated")

    @property
    def private_dns(self) -> str:
        """An instance's name within its VPC, by its address."""
        domain = "ec2.internal" if self.region == "us-east-1" else f"{self.region}.compute.internal"
        return f"ip-{self.address.replace('.', '-')}.{domain}"

    def last_ping(self, now: float) -> float:
        """Its latest heartbeat: every node has its own five minutes."""
        seen = self.silent_since or now
        return self.pulse + floor((seen - self.pulse) / HEARTBEAT) * HEARTBEAT

    def __repr__(self) -> str:
        return f"Node({self.id} {self.state or self.ping})"
