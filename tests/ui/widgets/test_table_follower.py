"""How a table follows: loading, news, and its place when many things happen at once."""

from __future__ import annotations

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
    from ssmtui.core.query import parse

    async with show([], state=loading) as screen:
        screen.table.set_query(parse("web-1", columns))
        for row in fleet(20):
            await screen.apply([row])
        assert screen.names() == [f"web-1{number}" for number in range(10)]


async def test_a_newer_wish_replaces_one_under_way(show, fleet, columns) -> None:
    from ssmtui.core.query import parse

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
