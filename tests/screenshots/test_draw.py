from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

DRAW = Path(__file__).parents[2] / "screenshots" / "draw.py"


@pytest.fixture
def own_environ(monkeypatch):
    """The demo takes AWS's settings out of the environment and puts the fleet's in."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.usefixtures("own_environ")
async def test_a_picture_shows_the_fleet(tmp_path):
    spec = importlib.util.spec_from_file_location("draw", DRAW)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    await module.draw("why", tmp_path, tmp_path)
    picture = (tmp_path / "why.svg").read_text()
    assert "Excluded" in picture
    assert "ssmtui&#160;--demo" in picture or "ssmtui --demo" in picture
