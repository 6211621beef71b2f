"""The packages of a toy machine: what is installed, and what its repository has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from ssmtui.simulator.shell.machine.hashing import number
from ssmtui.simulator.shell.machine.system import Distribution

# name in rpm, name in deb, upstream version in each generation of distributions, size in KiB.
# Those marked * get security fixes: their releases grow with the patch level.
_BASE = """
bash                bash              4.4.20   5.1.8    5.2.21   7_400  *
coreutils           coreutils         8.30     8.32     9.4      6_100
glibc               libc6             2.28     2.34     2.39     13_000 *
openssl-libs        libssl3           1.1.1k   3.0.8    3.0.13   7_200  *
openssl             openssl           1.1.1k   3.0.8    3.0.13   2_000  *
curl                curl              7.61.1   8.3.0    8.5.0    790    *
libcurl             libcurl4          7.61.1   8.3.0    8.5.0    820    *
sudo                sudo              1.9.5    1.9.13   1.9.15   4_900  *
openssh             openssh-client    8.0p1    8.7p1    9.6p1    2_100  *
openssh-server      openssh-server    8.0p1    8.7p1    9.6p1    1_100  *
systemd             systemd           239      252      255      18_000 *
python3             python3           3.6.8    3.9.16   3.12.3   33     *
libxml2             libxml2           2.9.7    2.10.4   2.9.14   1_800  *
zlib                zlib1g            1.2.11   1.2.13   1.3      210    *
expat               libexpat1         2.2.5    2.5.0    2.6.1    330    *
sqlite-libs         libsqlite3-0      3.26.0   3.40.0   3.45.1   1_300  *
gnutls              libgnutls30       3.6.16   3.8.0    3.8.3    3_000  *
krb5-libs           libkrb5-3         1.18.2   1.21     1.20.1   2_200  *
vim-minimal         vim-tiny          8.0.1763 9.0.2153 9.1.0016 1_600  *
tar                 tar               1.30     1.34     1.35     3_000
gzip                gzip              1.9      1.12     1.12     370
grep                grep              3.1      3.8      3.11     1_000
sed                 sed               4.5      4.8      4.9      800
gawk                gawk              4.2.1    5.1.0    5.2.1    1_700
ca-certificates     ca-certificates   2023.2   2023.2   2024.2   700    *
chrony              chrony            4.2      4.3      4.5      670
cronie              cron              1.5.2    1.5.7    3.0      260
less                less              530      590      590      350    *
tzdata              tzdata            2024a    2024b    2025b    1_900
util-linux          util-linux        2.32.1   2.37.4   2.39.3   4_300
"""
_BY_ROLE = {
    "web": "nginx nginx 1.20.1 1.26.2 1.24.0 1_700 *",
    "api": "java-17-amazon-corretto-headless openjdk-17-jre-headless 17.0.9 17.0.12 17.0.14 "
    "190_000 *",
    "batch": "docker docker.io 20.10 25.0.6 26.1.3 160_000 *",
    "db": "postgresql-server postgresql 13.11 15.8 16.4 25_000 *",
    "cache": "redis redis-server 6.0.16 6.2.14 7.0.15 5_300 *",
    "bastion": "fail2ban fail2ban 0.11.2 1.0.2 1.0.2 2_100",
}
_AVAILABLE = """
git                 git               2.31.1   2.40.1   2.43.0   220    *
jq                  jq                1.5      1.7.1    1.7.1    430
htop                htop              3.0.5    3.2.1    3.3.0    340
tmux                tmux              2.7      3.2a     3.4      1_100
tree                tree              1.7.0    1.8.0    2.1.1    120
docker              docker.io         20.10    25.0.6   26.1.3   160_000 *
wget                wget              1.19.5   1.21.3   1.21.4   3_200  *
httpd               apache2           2.4.57   2.4.62   2.4.58   1_500  *
nginx               nginx             1.20.1   1.26.2   1.24.0   1_700  *
strace              strace            5.18     6.8      6.8      2_400
tcpdump             tcpdump           4.9.3    4.99.1   4.99.4   1_400  *
telnet              telnet            0.17     0.17     0.17     64
unzip               unzip             6.0      6.0      6.0      390
nmap-ncat           ncat              7.70     7.93     7.94     470
python3-pip         python3-pip       9.0.3    21.3.1   24.0     11_000
bind-utils          bind9-dnsutils    9.11.36  9.16.48  9.18.28  1_200  *
amazon-cloudwatch-agent amazon-cloudwatch-agent 1.300049 1.300049 1.300049 370_000
"""


@dataclass(frozen=True, slots=True)
class Package:
    """A package at one version. `size` is in bytes; `fixed` says that it gets security fixes.
    `installed` is 0 for one that came with the machine's image.
    """

    name: str
    version: str
    release: str
    arch: str
    size: int
    fixed: bool = False
    installed: float = 0.0

    @property
    def full_version(self) -> str:
        return f"{self.version}-{self.release}"

    @property
    def label(self) -> str:
        """As rpm names it."""
        return f"{self.name}-{self.full_version}.{self.arch}"


class Packages:
    """What a machine has and could have. All times are epoch seconds.

    Machines of a kind share what they came with: one keeps only what has been changed on it.
    """

    def __init__(
        self, system: Distribution, *, role: str, arch: str, level: int, agent: Callable[[], str]
    ) -> None:
        self._system = system
        self._arch = arch if system.packager == "rpm" else _DEB_ARCH.get(arch, arch)
        self._agent = agent
        self._kernel = system.kernels[level]
        self._image = _image(system, role, self._arch, level)
        self._repository = _repository(system, role, self._arch)
        self._changed: dict[str, Package | None] = {}  # None: removed

    @property
    def installed(self) -> dict[str, Package]:
        """By name; the agent's is the one that the node runs now."""
        agent = Package("amazon-ssm-agent", self._agent() or "3.3.0.0", "1", self._arch, 110 << 20)
        everything = {**self._image, **self._changed, agent.name: agent}
        return {name: package for name, package in sorted(everything.items()) if package}

    @property
    def available(self) -> Mapping[str, Package]:
        """What the repository has, by name, whether it is installed or not."""
        return self._repository

    @property
    def kernel(self) -> str:
        """The version of the newest kernel that is installed, as `uname -r` will say it."""
        return self._kernel

    def updates(self) -> list[Package]:
        """The newer versions of what is installed."""
        installed = self.installed
        return [
            newer
            for name, newer in self._repository.items()
            if name in installed and installed[name].full_version != newer.full_version
        ]

    def install(self, name: str, now: float) -> Package | None:
        """Install or update to the repository's version; None if it has none of that name."""
        found = self._repository.get(name)
        if found is None:
            return None
        package = replace(found, installed=now)
        self.put(package)
        if name == _kernel_name(self._system):
            self._kernel = self._system.kernels[2]
        return package

    def put(self, package: Package) -> None:
        """Have that very package, whatever the repository has."""
        self._changed[package.name] = package

    def remove(self, name: str) -> Package | None:
        """What was removed; None if it was not installed."""
        package = self.installed.get(name)
        if package is not None:
            self._changed[name] = None
        return package


_KERNELS = {"rpm": "kernel", "deb": "linux-image-aws", "sles": "kernel-default"}
_DEB_ARCH = {"x86_64": "amd64", "aarch64": "arm64"}


def _rows(role: str) -> list[str]:
    return _BASE.strip().splitlines() + ([_BY_ROLE[role]] if role in _BY_ROLE else [])


@lru_cache(maxsize=256)
def _image(system: Distribution, role: str, arch: str, level: int) -> Mapping[str, Package]:
    """What a machine of that role and patch level comes with."""
    return _packages(system, _rows(role), arch, level)


@lru_cache(maxsize=256)
def _repository(system: Distribution, role: str, arch: str) -> Mapping[str, Package]:
    return _packages(system, _AVAILABLE.strip().splitlines() + _rows(role), arch, 2)


def _packages(
    system: Distribution, rows: list[str], arch: str, level: int
) -> Mapping[str, Package]:
    found = [_package(system, row, arch, level) for row in rows]
    kernel = _kernel_name(system)
    if kernel:
        version, _, release = system.kernels[level].partition("-")
        found.append(Package(kernel, version, release or "1", arch, 62 << 20, fixed=True))
    return MappingProxyType({package.name: package for package in sorted(found, key=_name)})


def _name(package: Package) -> str:
    return package.name


def _kernel_name(system: Distribution) -> str:
    return _KERNELS.get(system.id, _KERNELS.get(system.packager, ""))


def _package(system: Distribution, row: str, arch: str, level: int) -> Package:
    rpm, deb, *rest = row.split()
    version, size = rest[system.generation], int(rest[3])
    fixed = rest[4:] == ["*"]
    first = 1 + number(rpm, system.id) % 12
    fixes = (0, 3 + number(rpm, "a") % 3, 7 + number(rpm, "b") % 4)[level] if fixed else 0
    if system.packager == "rpm":
        return Package(rpm, version, f"{first + fixes}.{system.suffix}", arch, size << 10, fixed)
    return Package(deb, version, f"{first}{system.suffix}.{fixes + 1}", arch, size << 10, fixed)
