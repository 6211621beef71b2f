from __future__ import annotations

from typing import Any

from ssmtui.simulator.shell.machine.packages import Packages
from ssmtui.simulator.shell.machine.system import DISTRIBUTIONS


def packages(
    level: int, name: str = "Amazon Linux", version: str = "2023", role: str = "web"
) -> Packages:
    return Packages(
        DISTRIBUTIONS[name, version],
        role=role,
        arch="x86_64",
        level=level,
        agent=lambda: "3.3.1.0",
    )


def test_the_lower_the_level_the_more_updates() -> None:
    counts = [len(packages(level).updates()) for level in range(3)]
    assert counts[0] >= counts[1] > counts[2] == 0


def test_updating_brings_the_newest() -> None:
    machine = packages(0)
    before = machine.installed["openssl"]
    newer = machine.install("openssl", 9.0)
    assert newer is not None
    assert newer.full_version != before.full_version
    assert newer.installed == 9.0
    assert "openssl" not in [one.name for one in machine.updates()]
    assert machine.install("nope", 9.0) is None


def test_a_new_kernel_is_the_next_one() -> None:
    machine = packages(0)
    before = machine.kernel
    machine.install("kernel", 9.0)
    assert machine.kernel != before


def test_distributions_differ() -> None:
    assert "libssl3" in packages(1, "Ubuntu", "22.04").installed
    assert packages(1, "Ubuntu", "22.04").installed["bash"].arch == "amd64"
    assert packages(1).installed["bash"].label.endswith(".amzn2023.x86_64")
    assert "kernel-default" in packages(1, "SLES", "15.6").installed
    assert "nginx" in packages(1).installed
    assert "nginx" not in packages(1, role="db").installed


def test_the_agent_is_the_node_s(bench: Any) -> None:
    machine = bench.machine()
    bench.world.update_agent(machine.node.id, "9.9.9.9")
    assert machine.packages.installed["amazon-ssm-agent"].version == "9.9.9.9"


def test_removing() -> None:
    machine = packages(1)
    assert machine.remove("tar") is not None
    assert machine.remove("tar") is None
    assert "tar" not in machine.installed
