from __future__ import annotations

from ssmtui.ui.panes import counting


async def test_many_rows_are_counted_in_slices_to_the_same_numbers(explorer, monkeypatch) -> None:
    monkeypatch.setattr(counting, "AT_ONCE", 50)
    async with explorer.open() as s:
        await s.wait_for(lambda: "lost 24  stopped 31" in s.text)
