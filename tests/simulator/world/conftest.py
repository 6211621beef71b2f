from __future__ import annotations

import pytest

from ssmtui.simulator.world import World


@pytest.fixture
def world() -> World:
    """400 nodes, at a standstill."""
    return World.generate(nodes=400)
