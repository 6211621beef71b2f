"""The table in two verbs: press keys, read the screen."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from ssmtui.core.columns import UNKNOWN, Column, Kind
from ssmtui.core.query import EMPTY, parse
from ssmtui.ui.widgets.fleet_table import FleetTable
from ssmtui.ui.widgets.table_actions import TABLE_ACTIONS

ANSWERS = {"web-03": "lost", "web-07": "lost"}


def some_lost(fleet: list[Any]) -> list[Any]:
    return [msgspec.structs.replace(row, ping=ANSWERS.get(row.name, "online")) for row in fleet]


def test_every_declared_action_is_there() -> None:
    for action in TABLE_ACTIONS:
        assert callable(getattr(FleetTable, f"action_{action.id.replace('-', '_')}"))


async def test_the_header_names_columns_and_the_sort_and_values_are_drawn(show, fleet) -> None:
    async with show(fleet(2)) as screen:
        assert screen.read()[:3] == [
            "   NAME↑        PING      SEEN AGENT    ID",
            "▸  web-00       online      1m 3.3.0    i-00",
            "   web-01       online      1m 3.3.0    i-01",
        ]


# Moving


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (["j"], "web-01"),
        (["down", "down", "up"], "web-01"),
        (["k"], "web-00"),
        (["G"], "web-29"),
        (["end", "home"], "web-00"),
        (["G", "g"], "web-00"),
        (["ctrl+f"], "web-10"),
        (["pagedown", "pagedown", "ctrl+b"], "web-10"),
        (["G", "pageup"], "web-19"),
        (["ctrl+f"] * 5, "web-29"),
    ],
)
async def test_keys_move_the_cursor(show, fleet, keys: list[str], cursor: str) -> None:
    async with show(fleet(30)) as screen:
        await screen.press(*keys)
        assert screen.cursor() == cursor


async def test_a_page_keeps_the_cursor_on_its_line_of_the_screen(show, fleet) -> None:
    async with show(fleet(30)) as screen:
        await screen.press("j", "j", "ctrl+f")
        assert screen.names()[0] == "web-10"
        assert screen.cursor() == "web-12"


async def test_moving_in_an_empty_table_is_harmless(show) -> None:
    async with show([]) as screen:
        await screen.press("j", "G", "ctrl+f", "space", "asterisk", "ctrl+@", "O", "enter")
        assert screen.table.row is None
        assert "there are no nodes" in "\n".join(screen.read())


async def test_narrow_tables_scroll_sideways_and_keep_the_name(show, fleet) -> None:
    async with show(fleet(3), size=(40, 11)) as screen:
        await screen.press("ctrl+w")
        assert "ID" not in screen.read()[0].split()
        await screen.press(*["right"] * 6)
        assert screen.read()[0].split() == ["NAME↑", "ID"]
        assert screen.read()[1].split() == ["▸", "web-00", "i-00"]
        await screen.press(*["left"] * 6)
        assert "PING" in screen.read()[0]


# A refresh


async def test_a_refresh_keeps_cursor_scroll_and_marks(show, fleet, machine) -> None:
    async with show(fleet(30)) as screen:
        await screen.press("G", *["k"] * 5, "space", "k")
        before = screen.read()
        lines = [line for line in before if line.startswith("▸")]
        await screen.apply([machine(f"j-{n}", f"aaa-{n}") for n in range(7)])
        assert [line for line in screen.read() if line.startswith("▸")] == lines
        assert screen.names() == [line[3:].split(" ")[0] for line in before[1:]]
        assert screen.marked() == ["web-24"]


async def test_a_row_that_leaves_gives_the_cursor_to_its_neighbour(show, fleet) -> None:
    rows = fleet(30)
    async with show(rows) as screen:
        await screen.press(*["j"] * 4)
        await screen.apply(gone=[rows[4].key, rows[5].key])
        assert screen.cursor() == "web-06"
        await screen.press("G")
        await screen.apply(gone=[rows[29].key])
        assert screen.cursor() == "web-28"
        await screen.apply(gone=[row.key for row in rows])
        assert screen.table.row is None


async def test_a_renamed_row_takes_the_cursor_with_it(show, fleet) -> None:
    rows = fleet(30)
    async with show(rows) as screen:
        await screen.press("j")
        await screen.apply([msgspec.structs.replace(rows[1], name="zz-top")])
        assert screen.cursor() == "zz-top"


async def test_while_loading_the_head_of_the_list_stays_until_the_user_moves(
    show, fleet, machine, loading
) -> None:
    async with show(fleet(5), state=loading) as screen:
        await screen.apply([machine("j-1", "aaa-1")])
        assert screen.cursor() == "aaa-1"
        await screen.press("j")
        await screen.apply([machine("j-0", "aaa-0")])
        assert screen.cursor() == "web-00"


async def test_marks_of_rows_that_have_gone_are_dropped(show, fleet) -> None:
    rows = fleet(5)
    async with show(rows) as screen:
        await screen.press("space", "space")
        await screen.apply(gone=[rows[0].key])
        assert len(screen.view.marks) == 1
        assert screen.marked() == ["web-01"]


async def test_random_refreshes_never_move_the_cursors_row(show, fleet, machine) -> None:
    chance = random.Random(5)
    rows = fleet(40)
    async with show(rows) as screen:
        await screen.press("G", *["k"] * 15)
        for turn in range(8):
            gone = chance.sample([row.key for row in rows if row.name != "web-24"], 3)
            new = [machine(f"n-{turn}-{n}", f"web-{chance.randrange(40):02}x") for n in range(4)]
            await screen.apply(new, gone)
            assert screen.cursor() == "web-24"
            assert 0 <= screen.table.cursor_line - screen.table.scroll_line < 10


# Marks


async def test_space_marks_and_goes_on(show, fleet) -> None:
    async with show(fleet(5)) as screen:
        await screen.press("space", "j", "space")
        assert screen.marked() == ["web-00", "web-02"]
        await screen.press("k", "space")
        assert screen.marked() == ["web-00"]


@pytest.mark.parametrize("key", ["ctrl+@", "ctrl+space"])
async def test_a_range_is_marked_from_the_last_mark_to_the_cursor(show, fleet, key: str) -> None:
    async with show(fleet(9)) as screen:
        await screen.press("j", "space", "j", "j", key)
        assert screen.marked() == ["web-01", "web-02", "web-03", "web-04"]


async def test_all_invert_and_clear_take_what_is_shown(show, fleet, columns) -> None:
    async with show(fleet(12)) as screen:
        screen.table.set_query(parse("web-0", columns))
        await screen.settle()
        await screen.press("asterisk")
        screen.table.set_query(EMPTY)
        await screen.settle()
        assert len(screen.view.marks) == 10
        await screen.press("tilde")
        assert screen.marked() == []
        await screen.press("G")
        assert screen.marked() == ["web-10", "web-11"]
        await screen.press("ctrl+backslash")
        assert len(screen.view.marks) == 0


async def test_marks_that_a_filter_hides_are_counted(show, fleet, columns) -> None:
    async with show(fleet(12)) as screen:
        await screen.press("space", "G", "space")
        screen.table.set_query(parse("web-0", columns))
        await screen.settle()
        assert (len(screen.view.marks), screen.view.hidden_marks) == (2, 1)
        assert screen.said(FleetTable.CountsChanged)


async def test_marked_only_and_back_on_the_same_row(show, fleet) -> None:
    async with show(fleet(30)) as screen:
        await screen.press("j", "space", "G", "k", "M")
        assert screen.names() == ["web-01"]
        await screen.press("M")
        assert screen.cursor() == "web-28"


async def test_unmarking_in_marked_only_takes_the_row_away(show, fleet) -> None:
    async with show(fleet(5)) as screen:
        await screen.press("space", "space", "space", "M", "g", "space")
        assert screen.names() == ["web-01", "web-02"]
        assert screen.cursor() == "web-01"


# Sorting and filtering


async def test_the_chosen_column_is_sorted_by_and_then_reversed(show, machine) -> None:
    rows = [
        machine("1", "a", agent="3.10"),
        machine("2", "b", agent="3.9"),
        machine("3", "c", agent=UNKNOWN),
    ]
    async with show(rows) as screen:
        await screen.press("shift+right", "shift+right", "shift+right", "O")
        assert screen.names() == ["b", "a", "c"]
        assert "AGENT↑" in screen.read()[0]
        await screen.press("O")
        assert screen.names() == ["a", "b", "c"]
        assert "AGENT↓" in screen.read()[0]
        await screen.press("shift+left", "shift+left", "shift+left", "O")
        assert screen.names() == ["a", "b", "c"]
        assert "NAME↑" in screen.read()[0]
        assert len(screen.said(FleetTable.SortChanged)) >= 1


async def test_a_sort_follows_the_row_that_the_user_went_to(show, fleet) -> None:
    async with show(fleet(30)) as screen:
        await screen.press("j", "j", "O")
        assert screen.cursor() == "web-02"
        assert screen.names()[-1] == "web-00"


async def test_at_the_head_a_sort_shows_the_new_head(show, fleet) -> None:
    async with show(fleet(30)) as screen:
        await screen.press("O")
        assert screen.cursor() == "web-29"


async def test_problems_only(show, fleet) -> None:
    async with show(some_lost(fleet(12))) as screen:
        await screen.press("ctrl+z")
        assert screen.names() == ["web-03", "web-07"]
        assert " LOST " in screen.read()[1]
        await screen.press("ctrl+z")
        assert len(screen.view) == 12


async def test_a_filter_sends_the_cursor_to_the_neighbour_and_back(show, fleet, columns) -> None:
    async with show(fleet(30)) as screen:
        await screen.press(*["j"] * 14)
        screen.table.set_query(parse("web-2", columns))
        await screen.settle()
        assert screen.cursor() == "web-20"
        screen.table.set_query(EMPTY)
        await screen.settle()
        assert screen.cursor() == "web-14"


async def test_what_no_row_matches_is_said(show, fleet, columns) -> None:
    async with show(fleet(3)) as screen:
        screen.table.set_query(parse("nix", columns))
        await screen.settle()
        assert "no nodes match; Esc clears the filter" in "\n".join(screen.read())


# Columns


async def test_wide_shows_the_other_columns(show, fleet) -> None:
    async with show(fleet(3), size=(80, 11)) as screen:
        assert "NOTE" not in screen.read()[0]
        await screen.press("ctrl+w")
        assert "NOTE" in screen.read()[0]
        await screen.press("ctrl+w")
        assert "NOTE" not in screen.read()[0]


async def test_columns_leave_by_priority_when_it_is_narrow(show, fleet) -> None:
    async with show(fleet(3), size=(40, 11)) as screen:
        assert screen.read()[0].split() == ["NAME↑", "PING", "SEEN", "ID"]


async def test_the_account_shows_when_more_than_one_is_in_force(show, fleet) -> None:
    async with show(fleet(3), size=(80, 11)) as screen:
        assert "ACCOUNT" not in screen.read()[0]
        screen.table.set_merged({"account"})
        await screen.settle()
        assert "ACCOUNT" in screen.read()[0]


# Hostile text


async def test_hostile_names_are_drawn_and_keep_the_columns_in_line(show, machine) -> None:
    names = [
        "a[/]b",
        "\x1b[31mred",
        "[@click=app.quit]x",
        "日本語のとても長い名前です",
        "e\u0301" * 9,
    ]
    rows = [machine(f"i-{n}", name) for n, name in enumerate(names)]
    async with show(rows, size=(60, 11)) as screen:
        text = "\n".join(screen.read())
        assert "a[/]b" in text
        assert "␛[31mred" in text
        assert "[@click=app.quit]x" in text
        assert "\x1b" not in text
        strips = screen.app.screen._compositor.render_strips()
        ends = {strip.text[: strip.text.index("online")] for strip in strips[1:6]}
        assert len({cell_len(start) for start in ends}) == 1


# Mouse


async def click(screen: Any, line: int, x: int = 6, **how: Any) -> None:
    pilot: Pilot[None] = screen.pilot
    await pilot.click(screen.table, offset=(x, line), **how)
    await screen.settle()


async def test_a_click_moves_a_double_click_selects_and_ctrl_marks(show, fleet) -> None:
    async with show(fleet(9)) as screen:
        await click(screen, 4)
        assert screen.cursor() == "web-03"
        await click(screen, 6, control=True)
        assert screen.marked() == ["web-05"]
        await click(screen, 3, times=2)
        (selected,) = screen.said(FleetTable.RowSelected)
        assert selected.row.name == "web-02"
        assert selected.control is screen.table


async def test_a_click_below_the_rows_does_nothing(show, fleet) -> None:
    async with show(fleet(3)) as screen:
        await click(screen, 8)
        assert screen.cursor() == "web-00"


async def test_a_click_on_a_title_sorts_and_then_reverses(show, fleet) -> None:
    async with show(some_lost(fleet(9))) as screen:
        x = screen.read()[0].index("PING")
        await click(screen, 0, x)
        assert screen.names()[:2] == ["web-03", "web-07"]
        await click(screen, 0, x)
        assert screen.names()[-2:] == ["web-07", "web-03"]


async def test_the_wheel_scrolls_and_leaves_the_cursor_alone(show, fleet) -> None:
    async with show(fleet(40)) as screen:
        screen.table.scroll_to_line(20)
        await screen.settle()
        assert screen.names()[0] == "web-20"
        assert screen.table.row.name == "web-00"
        await screen.apply([msgspec.structs.replace(fleet(1)[0], id="x", name="web-01x")])
        assert screen.names()[0] == "web-20"
        await screen.press("j")
        assert screen.cursor() == "web-01"


async def test_enter_selects_the_row(show, fleet) -> None:
    async with show(fleet(3)) as screen:
        await screen.press("j", "enter")
        assert [message.row.name for message in screen.said(FleetTable.RowSelected)] == ["web-01"]


async def test_a_table_of_one_narrow_column_fits_anywhere(show, fleet) -> None:
    only = (Column("name", "NAME", Kind.TEXT, 12, "the name"),)
    async with show(fleet(3), size=(8, 4), columns=only) as screen:
        assert all(len(line) <= 8 for line in screen.read())
