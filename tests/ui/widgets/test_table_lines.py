from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from ssmtui.core.columns import UNKNOWN, Column, Kind, Severity
from ssmtui.core.keys import RowKey
from ssmtui.ui.widgets.columns_layout import lay_out
from ssmtui.ui.widgets.table_lines import Look, Sorting, TablePainter, Window

NOW = 1000.0
KEY = RowKey("111122223333", "eu-west-1", "i-1")


class Thing(msgspec.Struct, frozen=True):
    name: Any = "web"
    ping: Any = "lost"
    seen: Any = NOW - 5
    count: Any = 7


COLUMNS = (
    Column("name", "NAME", Kind.TEXT, 6, "the name"),
    Column("ping", "PING", Kind.STATUS, 6, "the state", severities={"lost": Severity.BAD}),
    Column("seen", "SEEN", Kind.TIME, 5, "last heard of"),
    Column("count", "COUNT", Kind.COUNT, 5, "how many"),
)
STYLES = {
    "bad": "red",
    "muted": "blue",
    "changed": "underline",
    "cursor": "reverse",
    "stale": "dim",
}


def painter(width: int = 40, scrolled: int = 0, frozen: int = 0) -> TablePainter:
    made = TablePainter(lambda name: Style.parse(STYLES.get(name, "")))
    made.layout = lay_out(COLUMNS, width)
    made.now = NOW
    made.look_through(Window(width, scrolled, frozen))
    return made


def styles(strip: Any) -> dict[str, str]:
    """Text -> style, for the pieces of a line that have one."""
    return {segment.text.strip(): str(segment.style) for segment in strip if segment.text.strip()}


def test_numbers_and_ages_are_at_the_right() -> None:
    assert painter().row(KEY, Thing(), Look()).text == "   web    lost      5s     7".ljust(40)


def test_unknown_and_missing_are_muted_and_a_status_has_its_severity() -> None:
    drawn = styles(painter().row(KEY, Thing(UNKNOWN, "lost", None), Look()))
    assert (drawn["?"], drawn["lost"], drawn["-"]) == ("blue", "red", "blue")


def test_cursor_and_mark_are_signs_and_not_only_colours() -> None:
    look = Look(cursor=True, marked=True)
    strip = painter().row(KEY, Thing(), look)
    assert strip.text.startswith("▸● web")
    assert all("reverse" in str(segment.style) for segment in strip)


def test_a_changed_cell_stands_out_alone() -> None:
    drawn = styles(painter().row(KEY, Thing(), Look(changed=("name",))))
    assert "underline" in drawn["web"]
    assert "underline" not in drawn["lost"]


def test_stale_rows_are_greyed_all_over() -> None:
    strip = painter().row(KEY, Thing(), Look(stale=True))
    assert all("dim" in str(segment.style) for segment in strip)


def test_a_line_is_kept_until_its_row_or_look_changes() -> None:
    made, row = painter(), Thing()
    first = made.row(KEY, row, Look())
    assert made.row(KEY, row, Look()) is first
    assert made.row(KEY, Thing("api"), Look()).text.startswith("   api")
    made.forget()
    assert made.row(KEY, row, Look()) is not first


def test_the_header_shows_the_sort_where_it_has_room_or_not() -> None:
    assert painter().header(Sorting("name", False, "name")).text.startswith("   NAME↑  PING")
    assert "COUN↓" in painter().header(Sorting("count", True, "name")).text


def test_scrolling_leaves_the_frozen_cells() -> None:
    strip = painter(width=16, scrolled=7, frozen=10).row(KEY, Thing(), Look())
    assert strip.text == "   web      5s  "[:10] + "   5s "[:6]


def test_what_a_column_needs_is_noticed() -> None:
    made = painter()
    made.row(KEY, Thing("日本語日本語"), Look())
    made.row(KEY, Thing("short"), Look())
    assert made.needs == {"name": 12}


def test_ages_are_those_of_the_present_moment() -> None:
    made = painter()
    before = made.ages(Thing())
    made.now += 60
    assert (before, made.ages(Thing())) == (("5s",), ("1m",))


@given(st.text(), st.integers(0, 60), st.integers(0, 30))
def test_any_line_has_the_width_of_the_window(name: str, width: int, scrolled: int) -> None:
    made = painter()
    made.look_through(Window(width, scrolled, min(10, width)))
    strip = made.row(KEY, Thing(name), Look())
    assert cell_len(strip.text) == strip.cell_length == width
