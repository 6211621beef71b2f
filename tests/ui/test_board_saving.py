"""Everything saved: what was cut is read whole before."""

from __future__ import annotations

from pathlib import Path
from typing import Any


async def test_what_was_cut_is_saved_whole(live: Any, tmp_path: Path) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:2])
        await f.runs("for i in $(seq 1 900); do echo line $i; done", "R")
        await f.sees("DONE", "same first 2,500 characters 2")
        await f.type("<ctrl+s>")
        await f.sees("Save all outputs in")
        f.app.screen.query_one("Input").value = str(tmp_path / "out")
        await f.type("<enter>")
        await f.s.wait_for(lambda: "Saved 2 outputs" in " ".join(f.text.split()))
        texts = [path.read_text() for path in (tmp_path / "out").rglob("*.txt")]
        assert len(texts) == 2
        assert all("line 900" in text for text in texts)


async def test_esc_saves_nothing(live: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.runs("true")
        await f.sees("DONE")
        before = set(tmp_path.iterdir())
        await f.type("<ctrl+s>")
        await f.sees("Save all outputs in")
        await f.type("<escape>")
        await f.sees("outputs, failures first")
        assert set(tmp_path.iterdir()) == before
