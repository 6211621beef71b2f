"""What the fleet is made of: accounts, Regions, platforms, agent versions and workloads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """A choice among weighted values; one random number a draw."""

    def __init__(self, *pairs: tuple[T, float]) -> None:
        self.values = [value for value, _ in pairs]
        self._bounds = list(accumulate(weight for _, weight in pairs))

    def draw(self, rng: Random) -> T:
        point = rng.random() * self._bounds[-1]
        for value, bound in zip(self.values, self._bounds, strict=True):
            if point < bound:
                return value
        return self.values[-1]


# The order in which a world takes them up, and how its nodes are spread: unevenly.
ACCOUNT_NAMES = (
    "dev", "staging", "prod", "data", "sandbox", "security", "network", "shared", "audit",
    "payments",
)  # fmt: skip
ACCOUNT_WEIGHTS = {"dev": 2.0, "staging": 1.5, "prod": 6.0}
OTHER_ACCOUNT_WEIGHT = 0.8

REGIONS = (
    "eu-west-1", "us-east-1", "ap-southeast-2", "us-west-2", "eu-central-1", "ap-northeast-1",
    "sa-east-1", "ca-central-1", "eu-north-1", "ap-south-1", "us-east-2", "eu-west-2", "eu-west-3",
    "ap-southeast-1", "ap-northeast-2", "us-west-1", "ap-northeast-3",
)  # fmt: skip
REGION_WEIGHTS = (6.0, 3.0, 1.0)
OTHER_REGION_WEIGHT = 0.6

# Regions that DescribeRegions knows besides, not opted in to.
NOT_OPTED_IN = ("af-south-1", "me-south-1")

ENVIRONMENTS = {"dev": "dev", "staging": "staging", "sandbox": "dev"}  # the others: prod


@dataclass(frozen=True, slots=True)
class Platform:
    """An operating system: the words with which SSM Agent reports it, and EC2's own."""

    type: str  # Linux, Windows, MacOS
    name: str
    version: str
    details: str  # EC2's PlatformDetails
    usage: str  # EC2's UsageOperation
    patch_group: str
    root_device: str = "/dev/xvda"

    @property
    def windows(self) -> bool:
        return self.type == "Windows"


def _linux(name: str, version: str, group: str, root_device: str = "/dev/sda1") -> Platform:
    return Platform("Linux", name, version, "Linux/UNIX", "RunInstances", group, root_device)


AMAZON_LINUX_2 = _linux("Amazon Linux", "2", "al2", "/dev/xvda")
AMAZON_LINUX_2023 = _linux("Amazon Linux", "2023", "al2023", "/dev/xvda")
UBUNTU_20 = _linux("Ubuntu", "20.04", "ubuntu")
UBUNTU_22 = _linux("Ubuntu", "22.04", "ubuntu")
UBUNTU_24 = _linux("Ubuntu", "24.04", "ubuntu")
DEBIAN_12 = _linux("Debian GNU/Linux", "12", "debian", "/dev/xvda")
RASPBIAN = _linux("Raspbian GNU/Linux", "12", "edge")
RHEL_8 = Platform(
    "Linux", "Red Hat Enterprise Linux", "8.10", "Red Hat Enterprise Linux",
    "RunInstances:0010", "rhel", "/dev/sda1",
)  # fmt: skip
RHEL_9 = Platform(
    "Linux", "Red Hat Enterprise Linux", "9.6", "Red Hat Enterprise Linux",
    "RunInstances:0010", "rhel", "/dev/sda1",
)  # fmt: skip
SLES_15 = Platform(
    "Linux", "SLES", "15.6", "SUSE Linux", "RunInstances:000g", "sles", "/dev/sda1",
)  # fmt: skip
MACOS_14 = Platform("MacOS", "macOS", "14.7.1", "Linux/UNIX", "RunInstances", "macos", "/dev/sda1")


def _windows(year: int, version: str) -> Platform:
    name = f"Microsoft Windows Server {year} Datacenter"
    return Platform(
        "Windows", name, version, "Windows", "RunInstances:0002", "windows", "/dev/sda1"
    )


WINDOWS_2016 = _windows(2016, "10.0.14393")
WINDOWS_2019 = _windows(2019, "10.0.17763")
WINDOWS_2022 = _windows(2022, "10.0.20348")

LATEST_AGENT = "3.3.3050.0"
AGENT_VERSIONS = Weighted(
    (LATEST_AGENT, 58.0),
    ("3.3.2746.0", 14.0),
    ("3.3.1611.0", 9.0),
    ("3.3.987.0", 6.0),
    ("3.2.2303.0", 5.0),
    ("3.1.1927.0", 3.5),
    ("3.1.715.0", 2.0),
    ("3.0.1124.0", 1.5),
    ("2.3.1644.0", 0.7),
    ("2.3.50.0", 0.3),
)


def architecture(instance_type: str) -> str:
    """The CPU architecture of an EC2 instance type: Graviton families have a g after the digit."""
    family = instance_type.partition(".")[0]
    if family == "mac1":
        return "x86_64_mac"
    if family.startswith("mac"):
        return "arm64_mac"
    return "arm64" if "g" in family.lstrip("abcdefghijklmnopqrstuvwxyz") else "x86_64"


@dataclass(frozen=True, slots=True)
class Workload:
    """What a share of the nodes is for, and what such nodes look like.

    `days` is the mean age of a node. `scaling` ones are members of Auto Scaling groups, of one
    platform and type each.
    """

    role: str
    team: str
    weight: float
    days: float
    platforms: Weighted[Platform]
    types: Weighted[str]
    scaling: bool = False
    spot: bool = False
    public: float = 0.0  # the share with a public address


WORKLOADS = (
    Workload(
        "web", "storefront", 30, 9,
        Weighted((AMAZON_LINUX_2023, 7.0), (UBUNTU_24, 2.0), (AMAZON_LINUX_2, 1.0)),
        Weighted(("m6i.large", 5.0), ("m7g.large", 3.0), ("t3.medium", 2.0)),
        scaling=True, public=0.08,
    ),
    Workload(
        "api", "platform", 20, 14,
        Weighted((AMAZON_LINUX_2023, 6.0), (UBUNTU_22, 3.0), (RHEL_9, 1.0)),
        Weighted(("c6i.xlarge", 5.0), ("c7g.xlarge", 4.0), ("m6i.xlarge", 1.0)),
        scaling=True,
    ),
    Workload(
        "worker", "platform", 16, 6,
        Weighted((AMAZON_LINUX_2023, 5.0), (UBUNTU_22, 5.0)),
        Weighted(("c6i.2xlarge", 5.0), ("m7g.xlarge", 5.0)),
        scaling=True,
    ),
    Workload(
        "batch", "data", 11, 2,
        Weighted((AMAZON_LINUX_2, 6.0), (AMAZON_LINUX_2023, 4.0)),
        Weighted(("r6i.2xlarge", 5.0), ("c6i.4xlarge", 5.0)),
        scaling=True, spot=True,
    ),
    Workload(
        "db", "data", 7, 420,
        Weighted((RHEL_8, 4.0), (RHEL_9, 3.0), (SLES_15, 3.0)),
        Weighted(("r6i.4xlarge", 5.0), ("r6i.8xlarge", 2.0), ("i3en.2xlarge", 1.0)),
    ),
    Workload(
        "cache", "storefront", 5, 160,
        Weighted((DEBIAN_12, 5.0), (UBUNTU_22, 3.0), (UBUNTU_20, 2.0)),
        Weighted(("r6g.xlarge", 6.0), ("r6i.large", 4.0)),
    ),
    Workload(
        "app", "backoffice", 6, 240,
        Weighted((WINDOWS_2019, 5.0), (WINDOWS_2022, 4.0), (WINDOWS_2016, 1.0)),
        Weighted(("m6i.xlarge", 6.0), ("t3.xlarge", 4.0)),
    ),
    Workload(
        "bastion", "security", 1.5, 90,
        Weighted((AMAZON_LINUX_2023, 8.0), (DEBIAN_12, 2.0)),
        Weighted(("t4g.nano", 7.0), ("t3.micro", 3.0)),
        public=1.0,
    ),
    Workload(
        "build", "mobile", 0.8, 60,
        Weighted((MACOS_14, 1.0)),
        Weighted(("mac2.metal", 8.0), ("mac1.metal", 2.0)),
    ),
)  # fmt: skip

_HYBRID_TYPE = Weighted(("", 1.0))  # such nodes have no EC2 instance type
HYBRID_WORKLOADS = (
    Workload(
        "store", "retail", 5, 500,
        Weighted((WINDOWS_2019, 4.0), (WINDOWS_2016, 3.0), (UBUNTU_20, 3.0)), _HYBRID_TYPE,
    ),
    Workload(
        "plant", "logistics", 3, 600,
        Weighted((UBUNTU_22, 5.0), (RHEL_8, 3.0), (DEBIAN_12, 2.0)), _HYBRID_TYPE,
    ),
    Workload("gateway", "logistics", 1.2, 300, Weighted((RASPBIAN, 1.0)), _HYBRID_TYPE),
    Workload(
        "azure", "backoffice", 0.8, 120,
        Weighted((UBUNTU_24, 5.0), (WINDOWS_2022, 5.0)), _HYBRID_TYPE,
    ),
)  # fmt: skip

SOURCE_TYPES = {
    "gateway": "AWS::IoT::Thing",
    "azure": "Microsoft.Compute/virtualMachines",
}  # every other hybrid node: AWS::SSM::ManagedInstance

OWNERS = ("jane", "omar", "mei", "lars", "ana", "kofi", "priya", "tomas", "sofia", "yuki")
