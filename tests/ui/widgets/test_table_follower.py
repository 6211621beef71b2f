"""How a table follows: loading, news, and its place when many things happen at once."""

from __future__ import annotations

import asyncio

from ssmtui.core.query import parse
from ssmtui.ui.widgets import table_follower
from ssmtui.ui.widgets.table_state import StateKind, TableState


async def test_the_end_of_loading_pins_the_first_row(show, fleet, machine, loading) -> None:
    async with show(fleet(3), state=loading) as screen:
        screen.table.state = TableState(StateKind.DATA)
        await screen.apply([machine("j-1", "aaa")])
        assert screen.cursor() == "web-00"


async def test_moving_starts_from_the_row_that_is_meant(show, fleet, machine) -> None:
    async with show(fleet(3)) as screen:
        await screen.press("j")
        # A batch that no frame has shown yet is no reason to land elsewhere.
        screen.store.apply([machine("j-1", "aaa")])
        screen.table.action_down()
        await screen.settle()
        assert screen.cursor() == "web-02"


async def test_a_filter_in_the_middle_of_a_load_shows_what_comes_later(
    show, fleet, columns, loading
) -> None:
    async with show([], state=loading) as screen:
        screen.table.set_query(parse("web-1", columns))
        for row in fleet(20):
            await screen.apply([row])
        assert screen.names() == [f"web-1{number}" for number in range(10)]


async def test_a_newer_wish_replaces_one_under_way(show, fleet, columns) -> None:
    async with show(fleet(3000)) as screen:
        screen.table.set_sort("id", descending=True)
        screen.table.set_query(parse("web-1", columns))
        screen.table.set_query(parse("web-29", columns))
        screen.table.set_sort("name")
        assert not screen.table.up_to_date
        await screen.settle()
        assert screen.table.up_to_date
        assert [row.name for row in screen.view.rows(0, 3)] == ["web-29", "web-290", "web-2900"]
        assert len(screen.view) == 111


async def test_a_long_list_is_not_drawn_anew_at_every_batch(
    show, fleet, machine, columns, loading, monkeypatch
) -> None:
    monkeypatch.setattr(table_follower, "_PAUSE", 3600.0)
    async with show(fleet(1100), state=loading) as screen:
        drawn = screen.table._seen_version
        for number in range(10):
            screen.store.apply([machine(f"j-{number}", f"aaa-{number}")])
            await asyncio.sleep(0.001)
        assert drawn < screen.table._seen_version < screen.view.version
        # A wish is not made to wait for what streams in.
        screen.table.set_query(parse("aaa", columns))
        while len(screen.names()) > 10 or not screen.table.up_to_date:
            await screen.pilot.pause()
        assert screen.names() == [f"aaa-{number}" for number in range(10)]


async def test_a_short_list_is_drawn_at_once(show, fleet, machine, loading, monkeypatch) -> None:
    monkeypatch.setattr(table_follower, "_PAUSE", 3600.0)
    async with show(fleet(3), state=loading) as screen:
        for number in range(3):
            await screen.apply([machine(f"j-{number}", f"aaa-{number}")])
        assert screen.names()[:3] == ["aaa-0", "aaa-1", "aaa-2"]
