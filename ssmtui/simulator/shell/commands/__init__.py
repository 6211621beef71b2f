"""The programs of the toy machines, by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from ssmtui.simulator.shell.bash.builtins import BUILTINS
from ssmtui.simulator.shell.bash.programs import Programs
from ssmtui.simulator.shell.commands import (
    agent,
    archives,
    awk,
    changing,
    coding,
    deb,
    finding,
    grep,
    hostile,
    identity,
    journals,
    listing,
    load,
    making,
    network,
    pager,
    reading,
    rpm,
    sed,
    shells,
    signals,
    text,
    units,
)
from ssmtui.simulator.shell.invocation import Program
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.system import Distribution

PROGRAMS: dict[str, Program] = {
    name: program
    for family in (
        agent, archives, awk, changing, coding, deb, finding, grep, hostile, identity, journals,
        listing, load, making, network, pager, reading, rpm, sed, shells, signals, text, units,
    )
    for name, program in family.PROGRAMS.items()
}  # fmt: skip

# What these programs change, if anything, the machine's tree of files knows.
_LOOKING = frozenset(
    name
    for family in (
        agent, awk, coding, finding, grep, hostile, identity, journals, listing, load, making,
        network, pager, reading, sed, shells, text,
    )
    for name in family.PROGRAMS
) | {"rpm", "dpkg-query"}  # fmt: skip

_RPM = frozenset(("rpm", "dnf", "yum", "zypper"))
_DEB = frozenset(("dpkg", "dpkg-query", "apt", "apt-get", "apt-cache", "lsb_release"))
_LINUX = frozenset(
    ("systemctl", "journalctl", "service", "hostnamectl", "free", "ip", "ss", "vmstat", "lsblk",
     "lscpu", "dmesg", "getent", "nproc", "md5sum", "sha256sum", "sha512sum", "zypper")
)  # fmt: skip
_MACOS = frozenset(("sw_vers", "launchctl"))


@lru_cache(maxsize=64)
def programs_on(system: Distribution) -> Mapping[str, None]:
    """The names of the programs that a system comes with, in their order."""
    missing: set[str] = set()
    if system.packager != "rpm":
        missing |= _RPM
    else:
        missing |= {"dnf", "yum", "zypper"} - {system.manager}
        if system.manager == "dnf":
            missing.discard("yum")  # which is dnf by its old name
    if system.packager != "deb":
        missing |= _DEB
    missing |= _LINUX if system.id == "macos" else _MACOS
    return MappingProxyType(dict.fromkeys(sorted(set(PROGRAMS) - missing)))


def programs_of(machine: Machine) -> Programs:
    """What bash can run on a machine: whatever of these lies in its /usr/bin."""
    return Programs(BUILTINS, PROGRAMS, _LOOKING)
