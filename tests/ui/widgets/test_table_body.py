"""How a table follows its view: states, time, news, and what it says of itself."""

from __future__ import annotations

import msgspec
import pytest

from ssmtui.core.query import parse
from ssmtui.ui.widgets.fleet_table import FleetTable
from ssmtui.ui.widgets.table_state import StateKind, TableState


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (TableState(StateKind.LOADING, "nodes 0 of 12"), "nodes 0 of 12"),
        (TableState(StateKind.DATA), "there are no nodes"),
        (TableState(StateKind.PARTIAL, "dev is denied"), "dev is denied"),
        (TableState(StateKind.FAILED, "Expired", "Log in again"), "Log in again"),
    ],
)
async def test_a_body_without_rows_says_why(show, state: TableState, sentence: str) -> None:
    async with show([], state=state) as screen:
        assert sentence in "\n".join(screen.read())


async def test_a_new_state_is_drawn(show) -> None:
    async with show([]) as screen:
        screen.table.state = TableState(StateKind.FAILED, "The endpoint does not answer")
        await screen.settle()
        assert "The endpoint does not answer" in "\n".join(screen.read())


async def test_rows_are_drawn_whatever_the_state(show, fleet) -> None:
    async with show(fleet(1), state=TableState(StateKind.FAILED, "Expired")) as screen:
        assert screen.names() == ["web-00"]


async def test_ages_grow_as_time_passes(show, fleet, now: float) -> None:
    clock = [now]
    async with show(fleet(1), clock=clock) as screen:
        assert " 1m " in screen.read()[1]
        clock[0] += 120
        screen.table.tick()
        await screen.settle()
        assert " 3m " in screen.read()[1]


async def test_a_filter_about_an_age_is_asked_again_as_time_passes(
    show, machine, columns, now: float
) -> None:
    clock = [now]
    async with show([machine("i-1", seen=now - 50)], clock=clock) as screen:
        screen.table.set_query(parse("seen>1m", columns))
        await screen.settle()
        assert screen.names() == [""] or len(screen.view) == 0
        clock[0] += 20
        screen.table.tick()
        await screen.settle()
        assert screen.names() == ["web"]


async def test_changed_cells_are_highlighted_for_a_while(show, fleet) -> None:
    rows = fleet(3)
    async with show(rows, flash=600) as screen:
        agent, ping = _style(screen, 2, "3.3.0"), _style(screen, 2, "online")
        await screen.apply([msgspec.structs.replace(rows[1], agent="3.4.0", seen=1.0)])
        assert _style(screen, 2, "3.4.0") != agent
        assert _style(screen, 2, "online") == ping
        screen.table.end_flash()
        await screen.settle()
        assert _style(screen, 2, "3.4.0") == agent


async def test_that_time_passes_is_no_news(show, fleet) -> None:
    rows = fleet(3)
    async with show(rows, flash=600) as screen:
        before = [segment.style for segment in _line(screen, 2)]
        await screen.apply([msgspec.structs.replace(rows[1], seen=rows[1].seen + 1)])
        assert [segment.style for segment in _line(screen, 2)] == before


async def test_without_a_terminal_nothing_is_highlighted(show, fleet) -> None:
    rows = fleet(3)
    async with show(rows) as screen:
        before = [segment.style for segment in _line(screen, 2)]
        await screen.apply([msgspec.structs.replace(rows[1], agent="3.4.0")])
        assert [segment.style for segment in _line(screen, 2)] == before


async def test_stale_rows_look_different(show, fleet) -> None:
    rows = fleet(3)
    async with show(rows) as screen:
        before = [segment.style for segment in _line(screen, 2)]
        screen.table.stale = {rows[1].key}
        screen.table.refresh()
        await screen.settle()
        assert [segment.style for segment in _line(screen, 2)] != before


async def test_it_says_when_the_cursors_row_is_another_or_has_changed(show, fleet) -> None:
    rows = fleet(3)
    async with show(rows) as screen:
        said = len(screen.said(FleetTable.Moved))
        await screen.press("j")
        assert len(screen.said(FleetTable.Moved)) == said + 1
        assert screen.table.row == rows[1]
        changed = msgspec.structs.replace(rows[1], agent="3.4.0")
        await screen.apply([changed])
        assert len(screen.said(FleetTable.Moved)) == said + 2
        assert screen.table.row == changed


async def test_counts_follow_filter_and_batches(show, fleet, columns) -> None:
    async with show(fleet(12)) as screen:
        screen.table.set_query(parse("web-0", columns))
        await screen.settle()
        assert screen.view.counts == (10, 12, 0, True)
        await screen.apply(gone=[row.key for row in fleet(2)])
        assert screen.view.counts == (8, 10, 0, True)
        assert len(screen.said(FleetTable.CountsChanged)) >= 2


async def test_names_that_do_not_fit_get_the_spare_room(show, machine) -> None:
    long = "a-name-that-is-longer-than-its-column"
    async with show([machine("i-1", long)], size=(100, 8)) as screen:
        assert long in screen.read()[1]
    async with show([machine("i-1", long)], size=(50, 8)) as screen:
        assert long not in screen.read()[1]


async def test_resizing_lays_out_anew_and_keeps_the_cursor_in_sight(show, fleet) -> None:
    async with show(fleet(40), size=(60, 30)) as screen:
        await screen.press(*["j"] * 25)
        await screen.pilot.resize_terminal(30, 8)
        await screen.settle()
        assert screen.cursor() == "web-25"
        assert screen.read()[0].split() == ["NAME↑", "PING"]


async def test_a_table_that_is_gone_hears_of_nothing(show, fleet) -> None:
    async with show(fleet(3)) as screen:
        await screen.table.remove()
        screen.store.apply(fleet(9))
        assert len(screen.view) == 9


async def test_everything_can_be_done_at_once_for_a_picture(show, fleet) -> None:
    async with show(fleet(30)) as screen:
        screen.table.set_sort("id", descending=True)
        screen.table.drain()
        await screen.pilot.pause()
        assert screen.names()[0] == "web-29"


def _line(screen, number: int):
    return screen.app.screen._compositor.render_strips()[number]


def _style(screen, number: int, text: str):
    """The style of the piece of a line that a text is in."""
    (style,) = [segment.style for segment in _line(screen, number) if text in segment.text]
    return style


async def test_a_long_list_that_grows_is_not_laid_out_anew(
    show, fleet, machine, monkeypatch
) -> None:
    async with show(fleet(50)) as screen:
        layouts: list[object] = []
        monkeypatch.setattr(screen.app.screen, "_refresh_layout", lambda *a, **k: layouts.append(a))
        await screen.apply([machine("j-1", "zzz")])
        bar = screen.table.vertical_scrollbar
        assert bar.window_virtual_size == screen.table.virtual_size.height == 52
        assert layouts == []
        await screen.press("end")
        assert screen.cursor() == "zzz"
