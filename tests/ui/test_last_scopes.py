from __future__ import annotations

from pathlib import Path

import pytest

from ssmtui.core.keys import ScopeKey
from ssmtui.ui.last_scopes import KEPT, LastScopes

SCOPES = [ScopeKey("1", "eu-west-1"), ScopeKey("2", "us-east-1")]


async def test_kept_by_selection(tmp_path: Path) -> None:
    path = tmp_path / "state" / "scopes.json"
    await LastScopes(path, "dev").save(SCOPES)
    await LastScopes(path, "prod").save(SCOPES[:1])
    assert await LastScopes(path, "dev").load() == SCOPES
    assert await LastScopes(path, "prod").load() == SCOPES[:1]
    assert await LastScopes(path, "other").load() == []


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00"])
async def test_a_broken_file_is_forgotten(tmp_path: Path, content: str) -> None:
    path = tmp_path / "scopes.json"
    path.write_text(content)
    kept = LastScopes(path, "dev")
    assert await kept.load() == []
    await kept.save(SCOPES)
    assert await kept.load() == SCOPES


async def test_only_the_last_selections_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "scopes.json"
    for number in range(KEPT + 2):
        await LastScopes(path, str(number)).save(SCOPES)
    assert await LastScopes(path, "0").load() == []
    assert await LastScopes(path, str(KEPT + 1)).load() == SCOPES
