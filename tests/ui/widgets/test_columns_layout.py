from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.columns import Column, Kind
from ssmtui.ui.widgets.columns_layout import GAP, Layout, lay_out, widest


def column(name: str, width: int, priority: int = 0, **more: object) -> Column:
    return Column(name, name.upper(), Kind.TEXT, width, name, priority=priority, **more)  # type: ignore[arg-type]


COLUMNS = (
    column("name", 10),
    column("account", 8, 4, merged="account"),
    column("ping", 6),
    column("seen", 5, 2),
    column("agent", 8, 5),
    column("note", 20, 9, wide=True),
    column("lost", 5, hidden=True),
    column("id", 12, 1),
)


def names(layout: Layout) -> list[str]:
    return [slot.column.id for slot in layout.slots]


def test_columns_leave_by_priority_and_those_of_priority_0_stay() -> None:
    seen = [names(lay_out(COLUMNS, width)) for width in (60, 43, 34, 25, 3)]
    assert seen == [
        ["name", "ping", "seen", "agent", "id"],
        ["name", "ping", "seen", "id"],
        ["name", "ping", "id"],
        ["name", "ping"],
        ["name", "ping"],
    ]


def test_wide_keeps_everything_but_what_is_hidden() -> None:
    layout = lay_out(COLUMNS, 20, wide=True)
    assert names(layout) == ["name", "ping", "seen", "agent", "note", "id"]
    assert layout.width > 20


def test_merged_columns_need_their_property_to_differ() -> None:
    assert "account" in names(lay_out(COLUMNS, 80, merged={"account"}))
    assert "account" not in names(lay_out(COLUMNS, 80, merged={"region"}))


def test_spare_room_goes_to_the_name_first_and_only_as_far_as_needed() -> None:
    layout = lay_out(COLUMNS, 50, needs={"name": 14, "id": 30})
    widths = {slot.column.id: slot.width for slot in layout.slots}
    assert widths == {"name": 14, "ping": 6, "seen": 5, "agent": 8, "id": 13}
    assert layout.spare == 0


def test_no_column_grows_without_bound() -> None:
    layout = lay_out(COLUMNS, 500, needs={"name": 400, "id": 400})
    widths = {slot.column.id: slot.width for slot in layout.slots}
    assert widths["name"] == widest(COLUMNS[0], True) == 40
    assert widths["id"] == 24


def test_a_title_is_never_cut() -> None:
    (slot,) = lay_out([column("identifier", 3)], 80).slots
    assert slot.width == len("IDENTIFIER")


def test_a_cell_knows_its_column() -> None:
    layout = lay_out(COLUMNS, 43)
    found = [layout.at(x) for x in (0, 9, 10, 11, 16, 43)]
    assert [column.id if column else None for column in found] == [
        "name",
        "name",
        "name",
        "ping",
        "ping",
        None,
    ]


@given(
    st.lists(
        st.builds(
            lambda number, width, priority, wide: column(f"c{number}", width, priority, wide=wide),
            st.integers(0, 99),
            st.integers(3, 30),
            st.integers(0, 9),
            st.booleans(),
        ),
        unique_by=lambda column: column.id,
    ),
    st.integers(0, 200),
    st.booleans(),
    st.dictionaries(st.integers(0, 99).map("c{}".format), st.integers(0, 300)),
)
def test_columns_never_overlap_and_fit_if_they_can(
    columns: list[Column], available: int, wide: bool, needs: dict[str, int]
) -> None:
    layout = lay_out(columns, available, wide=wide, needs=needs)
    x = 0
    for slot in layout.slots:
        assert slot.x == x
        x += slot.width + GAP
    assert layout.width == max(x - GAP, 0)
    optional = [slot for slot in layout.slots if slot.column.priority]
    assert layout.width <= available or wide or not optional
    assert layout.spare == max(available - layout.width, 0)
