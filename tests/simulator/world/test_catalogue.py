from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from ssmtui.simulator.world.catalogue import WORKLOADS, Weighted, architecture


@pytest.mark.parametrize(
    ("instance_type", "expected"),
    [
        ("m6i.large", "x86_64"),
        ("m7g.large", "arm64"),
        ("t4g.nano", "arm64"),
        ("r6g.xlarge", "arm64"),
        ("i3en.2xlarge", "x86_64"),
        ("g5.xlarge", "x86_64"),
        ("mac1.metal", "x86_64_mac"),
        ("mac2.metal", "arm64_mac"),
    ],
)
def test_the_architecture_follows_from_the_type(instance_type: str, expected: str) -> None:
    assert architecture(instance_type) == expected


def test_draws_follow_the_weights() -> None:
    rng = Random(1)
    choice = Weighted(("often", 9.0), ("rarely", 1.0), ("never", 0.0))
    drawn = Counter(choice.draw(rng) for _ in range(1000))
    assert 850 < drawn["often"] < 950
    assert "never" not in drawn


def test_every_platform_of_the_issue_has_a_workload() -> None:
    names = {platform.name for workload in WORKLOADS for platform in workload.platforms.values}
    for wanted in ("Amazon Linux", "Ubuntu", "Red Hat", "SLES", "Debian", "Windows", "macOS"):
        assert any(wanted in name for name in names), wanted
