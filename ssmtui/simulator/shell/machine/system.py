"""What kind of system a node is: its distribution, kernel, size, and the load on it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sin

from ssmtui.simulator.shell.machine.hashing import fraction, number, pick
from ssmtui.simulator.world import Node

GIB = 1 << 30
DAY = 86400.0


@dataclass(frozen=True)
class Distribution:
    """An operating system. `id` and `like` are os-release's; `packager` is rpm, deb or none.

    `kernels` are its kernels from the oldest patch level to the newest.
    """

    id: str
    like: str
    pretty: str
    version: str
    codename: str
    packager: str
    suffix: str  # what its packages' releases end with
    generation: int  # 0 to 2: how new its packages are
    kernels: tuple[str, str, str]
    admin: str  # the user that an image comes with

    @property
    def manager(self) -> str:
        """The tool that installs packages: dnf, yum, zypper, apt or nothing."""
        if self.packager == "deb":
            return "apt"
        special = {"amzn2": "yum", "sles": "zypper", "windows": "", "macos": ""}
        return special.get(self.id + (self.version if self.version == "2" else ""), "dnf")


DISTRIBUTIONS = {
    ("Amazon Linux", "2"): Distribution(
        "amzn", "centos rhel fedora", "Amazon Linux 2", "2", "Karoo", "rpm", "amzn2", 0,
        ("5.10.205-195.807.amzn2", "5.10.226-214.880.amzn2", "5.10.238-234.956.amzn2"), "ec2-user",
    ),
    ("Amazon Linux", "2023"): Distribution(
        "amzn", "fedora", "Amazon Linux 2023", "2023", "", "rpm", "amzn2023", 1,
        ("6.1.79-99.167.amzn2023", "6.1.112-124.190.amzn2023", "6.1.141-155.222.amzn2023"),
        "ec2-user",
    ),
    ("Red Hat Enterprise Linux", "8.10"): Distribution(
        "rhel", "fedora", "Red Hat Enterprise Linux 8.10 (Ootpa)", "8.10", "Ootpa", "rpm", "el8", 0,
        ("4.18.0-553.el8_10", "4.18.0-553.22.1.el8_10", "4.18.0-553.53.1.el8_10"), "ec2-user",
    ),
    ("Red Hat Enterprise Linux", "9.6"): Distribution(
        "rhel", "fedora", "Red Hat Enterprise Linux 9.6 (Plow)", "9.6", "Plow", "rpm", "el9", 1,
        ("5.14.0-570.12.1.el9_6", "5.14.0-570.22.1.el9_6", "5.14.0-570.32.1.el9_6"), "ec2-user",
    ),
    ("SLES", "15.6"): Distribution(
        "sles", "suse", "SUSE Linux Enterprise Server 15 SP6", "15.6", "", "rpm", "150600", 1,
        ("6.4.0-150600.23.7-default", "6.4.0-150600.23.33-default", "6.4.0-150600.23.60-default"),
        "ec2-user",
    ),
    ("Ubuntu", "20.04"): Distribution(
        "ubuntu", "debian", "Ubuntu 20.04.6 LTS", "20.04", "focal", "deb", "ubuntu0.20.04", 0,
        ("5.15.0-1055-aws", "5.15.0-1072-aws", "5.15.0-1084-aws"), "ubuntu",
    ),
    ("Ubuntu", "22.04"): Distribution(
        "ubuntu", "debian", "Ubuntu 22.04.5 LTS", "22.04", "jammy", "deb", "ubuntu0.22.04", 1,
        ("6.5.0-1024-aws", "6.8.0-1021-aws", "6.8.0-1031-aws"), "ubuntu",
    ),
    ("Ubuntu", "24.04"): Distribution(
        "ubuntu", "debian", "Ubuntu 24.04.2 LTS", "24.04", "noble", "deb", "ubuntu0.24.04", 2,
        ("6.8.0-1012-aws", "6.8.0-1024-aws", "6.11.0-1014-aws"), "ubuntu",
    ),
    ("Debian GNU/Linux", "12"): Distribution(
        "debian", "", "Debian GNU/Linux 12 (bookworm)", "12", "bookworm", "deb", "deb12", 1,
        ("6.1.0-18-cloud-amd64", "6.1.0-28-cloud-amd64", "6.1.0-37-cloud-amd64"), "admin",
    ),
    ("Raspbian GNU/Linux", "12"): Distribution(
        "raspbian", "debian", "Raspbian GNU/Linux 12 (bookworm)", "12", "bookworm", "deb",
        "rpi1", 1, ("6.1.0-rpi7-rpi-v8", "6.6.31-rpi-v8", "6.12.25-rpi-v8"), "pi",
    ),
    ("macOS", "14.7.1"): Distribution(
        "macos", "", "macOS 14.7.1", "14.7.1", "Sonoma", "", "", 2,
        ("23.6.0", "23.6.0", "23.6.0"), "ec2-user",
    ),
}  # fmt: skip


def distribution(node: Node) -> Distribution:
    """Of any platform: one that is not in the table is taken for the first of its kind."""
    platform = node.platform
    if platform.windows:
        return Distribution(
            "windows", "", platform.name, platform.version, "", "", "", 1,
            (platform.version,) * 3, "Administrator",
        )  # fmt: skip
    known = DISTRIBUTIONS.get((platform.name, platform.version))
    return known or DISTRIBUTIONS["Amazon Linux", "2023"]


_CPUS = {
    "nano": 2, "micro": 2, "small": 2, "medium": 2, "large": 2, "xlarge": 4, "metal": 8,
}  # fmt: skip
_SMALL_MEMORY = {"nano": 0.5, "micro": 1.0, "small": 2.0, "medium": 4.0}
_GIB_A_CPU = {"c": 2, "m": 4, "t": 4, "r": 8, "i": 8}


@dataclass(frozen=True)
class Hardware:
    """A node's size in processors, bytes of memory and bytes of disk (root, data)."""

    cpus: int
    memory: int
    disk: int
    data: int
    arch: str  # as `uname -m` says it


def hardware(node: Node) -> Hardware:
    family, _, size = node.instance_type.partition(".")
    if not family:
        cpus = pick((2, 4, 8), node.id, "cpus")
        memory = cpus * 2 * GIB
    else:
        factor = int(size.removesuffix("xlarge")) if size[:1].isdigit() else 0
        cpus = 4 * factor if factor else _CPUS.get(size, 2)
        gib = _SMALL_MEMORY.get(size, float(cpus * _GIB_A_CPU.get(family[:1], 4)))
        memory = int(gib * GIB)
    arm = "arm64" in node.architecture or node.platform.name.startswith("Raspbian")
    darwin = node.platform.type == "MacOS"
    arch = ("arm64" if darwin else "aarch64") if arm else "x86_64"
    disk = pick((8, 20, 30, 50, 100), node.role, node.id[:6]) * GIB
    data = pick((200, 500, 1000), node.role, "data") * GIB if node.role == "db" else 0
    return Hardware(cpus, memory, disk, data, arch)


def patch_level(node: Node, now: float) -> int:
    """0 (long not patched) to 2 (as its repository has it): young nodes come from young images."""
    if now - node.launched < 14 * DAY:
        return 2 if fraction(node.id, "image") < 0.8 else 1
    return pick((0, 0, 1, 1, 1, 2), node.id, "patched")


def _wave(node: Node, now: float, what: str, period: float) -> float:
    """Something that goes up and down between 0 and 1, at its own time on every node."""
    phase = number(node.id, what) % 1000
    return 0.5 + 0.3 * sin(now / period + phase) + 0.2 * sin(now / (period * 7) + phase)


def load(node: Node, cpus: int, now: float) -> tuple[float, float, float]:
    """The load averages of 1, 5 and 15 minutes."""
    busy = cpus * fraction(node.id, "busy") * 1.2
    one, five, fifteen = (busy * _wave(node, now, "load", period) for period in (90, 400, 1200))
    return one, five, fifteen


def memory_used(node: Node, total: int, now: float) -> int:
    """Bytes that programs use."""
    share = 0.2 + 0.5 * fraction(node.id, "memory") + 0.08 * _wave(node, now, "memory", 900)
    return int(total * share)


def disk_used(node: Node, what: str, total: int, now: float) -> int:
    """Bytes of a disk: one in thirty is nearly full."""
    full = fraction(node.id, what, "full") < 1 / 30
    share = 0.955 if full else 0.15 + 0.6 * fraction(node.id, what)
    return int(total * (share + 0.03 * _wave(node, now, what, 40_000)))
