from __future__ import annotations

from typing import Any

from ssmtui.simulator.shell.machine.system import (
    GIB,
    disk_used,
    distribution,
    hardware,
    load,
    memory_used,
    patch_level,
)


def test_sizes_follow_the_instance_type(bench: Any) -> None:
    node = bench.node()
    for kind, cpus, gib in (
        ("t4g.nano", 2, 0.5),
        ("m6i.large", 2, 8),
        ("c6i.4xlarge", 16, 32),
        ("r6i.8xlarge", 32, 256),
        ("mac2.metal", 8, 32),
        ("", 0, 0),
    ):
        node.instance_type = kind
        found = hardware(node)
        assert found.cpus == cpus or not kind
        assert found.memory == gib * GIB or not kind
    node.instance_type = "t4g.nano"
    assert hardware(node).arch == "aarch64"


def test_every_platform_is_known(bench: Any) -> None:
    for node in bench.world.nodes.values():
        found = distribution(node)
        assert found.version == node.platform.version
        tools = {"rpm": ("dnf", "yum", "zypper"), "deb": ("apt",), "": ("",)}
        assert found.manager in tools[found.packager]


def test_what_moves_stays_within_its_bounds(bench: Any) -> None:
    for node in list(bench.world.nodes.values())[:60]:
        for now in range(0, 100_000, 9_973):
            assert 0 < memory_used(node, 1000, now) < 900
            assert 0 < disk_used(node, "/", 1000, now) <= 1000
            assert all(one >= 0 for one in load(node, 4, now))


def test_some_disks_are_nearly_full(bench: Any) -> None:
    full = [node for node in bench.world.nodes.values() if disk_used(node, "/", 1000, 0.0) > 900]
    assert 0 < len(full) < 20


def test_patch_levels_differ(bench: Any) -> None:
    levels = {patch_level(node, bench.clock.now) for node in bench.world.nodes.values()}
    assert levels == {0, 1, 2}
