from __future__ import annotations

import pytest

from ssmtui.ui.panes import counting


async def test_many_rows_are_counted_in_slices_to_the_same_numbers(explorer, monkeypatch) -> None:
    monkeypatch.setattr(counting, "AT_ONCE", 50)
    async with explorer.open() as s:
        await s.wait_for(lambda: "lost 24  stopped 31" in s.text)


@pytest.mark.parametrize("at_once", [50, 2500])
async def test_only_what_the_filter_shows_is_counted(explorer, monkeypatch, at_once) -> None:
    monkeypatch.setattr(counting, "AT_ONCE", at_once)
    monkeypatch.setattr(counting, "PAUSE", 0.01)
    shown = [row for rows in explorer.fleet.rows.values() for row in rows if row.name[:2] == "db"]
    lost = sum(row.ping == "lost" for row in shown)
    stopped = sum(row.ping == "stopped" for row in shown)
    assert 0 < stopped < 31  # or the numbers were those of all nodes
    words = [f"lost {lost}"] * bool(lost) + [f"stopped {stopped}"]
    async with explorer.open() as s:
        await s.type("/name~^db", "<enter>")
        await s.wait_for(lambda: s.text.split("\n")[2].endswith("  ".join(words)))
        await s.type("/", "<ctrl+u>", "ping=online", "<enter>")
        await s.wait_for(lambda: s.text.split("\n")[2].endswith("ping=online"))
        await s.type("<escape>")
        await s.wait_for(lambda: "lost 24  stopped 31" in s.text)


async def test_problems_only_narrows_the_states_as_well(explorer) -> None:
    async with explorer.open() as s:
        await s.type("<ctrl+z>")
        await s.wait_for(lambda: s.text.split("\n")[2].endswith("lost 24"))
