"""The view against a naive one, under random batches, filters and sorts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ssmtui.core import order
from ssmtui.core.columns import UNKNOWN, Column, Kind, sort_key
from ssmtui.core.haystack import haystack_of
from ssmtui.core.keys import RowKey
from ssmtui.core.marks import Marks
from ssmtui.core.query import EMPTY, Query, parse
from ssmtui.core.store import Store
from ssmtui.core.view import View

NOW = 1_000_000.0


class Thing(msgspec.Struct, frozen=True, gc=False):
    id: str
    name: Any = "web"
    version: Any = "1.0"
    seen: Any = NOW
    state: Any = "online"

    @property
    def key(self) -> RowKey:
        return RowKey("111122223333", "eu-west-1", self.id)


COLUMNS = (
    Column("name", "NAME", Kind.TEXT, 10, "the name"),
    Column("version", "VERSION", Kind.VERSION, 10, "the version"),
    Column("seen", "SEEN", Kind.TIME, 5, "when it was seen"),
    Column("state", "STATE", Kind.STATUS, 8, "its state"),
    Column("id", "ID", Kind.TEXT, 8, "the id"),
)
BY_ID = {column.id: column for column in COLUMNS}
QUERIES = [
    parse(text, COLUMNS)
    for text in ("", "state=lost", "web", "Web", "name~^a", "!lost", "seen>30s", "version>=2 b")
]


@pytest.fixture(autouse=True, scope="module")
def _short_segments() -> Iterator[None]:
    """A few dozen rows are many segments then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "RUN", 8)
        patch.setattr(order, "PIECE", 3)
        yield


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, st.sampled_from([UNKNOWN, None, ""]))


names = st.sampled_from(["web-1", "Web-2", "api", "a", "b", "db", "é", "z\x1b[31m"])
things = st.builds(
    Thing,
    id=st.integers(0, 60).map("i-{:02}".format),
    name=maybe(names),
    version=maybe(st.sampled_from(["1.0", "1.10", "1.9", "2", "10"])),
    seen=st.one_of(st.floats(NOW - 90, NOW), st.sampled_from([UNKNOWN, None])),
    state=maybe(st.sampled_from(["online", "lost"])),
)


class Naive:
    """What the view ought to be, said as simply as possible."""

    def __init__(self) -> None:
        self.rows: dict[RowKey, Thing] = {}
        self.query = EMPTY
        self.sort, self.descending = "name", False
        self.problems = self.only_marked = False
        self.marks: set[RowKey] = set()

    def answer(self, row: Thing) -> bool | None:
        if self.problems and row.state != "lost":
            return False
        if self.only_marked and row.key not in self.marks:
            return False
        return self.query.match(row, haystack_of(COLUMNS)(row), now=NOW)

    def shown(self) -> list[Thing]:
        kept = [row for row in self.rows.values() if self.answer(row)]
        column = BY_ID[self.sort]

        def tie(row: Thing) -> tuple[str, RowKey]:
            name = sort_key(BY_ID["name"].kind, row.name) if self.sort != "name" else ""
            return ("\U0010ffff" if name is None else name), row.key

        def key(row: Thing) -> tuple[Any, ...]:
            return sort_key(column.kind, column.value(row)), *tie(row)

        known = sorted((row for row in kept if key(row)[0] is not None), key=key)
        if self.descending:
            known.reverse()
        missing = sorted((row for row in kept if key(row)[0] is None), key=tie)
        return known + missing

    def unknown(self) -> int:
        return sum(self.answer(row) is None for row in self.rows.values())


class ViewMachine(RuleBasedStateMachine):
    """Anything may be asked for at any moment, with any part of the work done."""

    def __init__(self) -> None:
        super().__init__()
        self.naive = Naive()
        self.store: Store[Thing] = Store(COLUMNS)
        self.marks = Marks()
        self.view = View(
            self.store,
            COLUMNS,
            sort="name",
            problem=lambda row: row.state == "lost",
            marks=self.marks,
            now=lambda: NOW,
        )

    @rule(batch=st.lists(things, max_size=40), gone=st.lists(things, max_size=10))
    def apply(self, batch: list[Thing], gone: list[Thing]) -> None:
        delta = self.store.apply(batch, [row.key for row in gone])
        before = dict(self.naive.rows)
        for row in gone:
            self.naive.rows.pop(row.key, None)
        self.naive.rows.update((row.key, row) for row in batch)
        after = self.naive.rows
        assert set(delta.added) == after.keys() - before.keys()
        assert set(delta.removed) == before.keys() - after.keys()
        assert delta.updated.keys() == {
            key for key in before.keys() & after.keys() if before[key] != after[key]
        }

    @rule(query=st.sampled_from(QUERIES))
    def filter(self, query: Query) -> None:
        self.naive.query = query
        self.view.set_query(query)

    @rule(column=st.sampled_from(COLUMNS), descending=st.booleans())
    def sort(self, column: Column, descending: bool) -> None:
        self.naive.sort, self.naive.descending = column.id, descending
        self.view.set_sort(column.id, descending)

    @rule(on=st.booleans())
    def problems(self, on: bool) -> None:
        self.naive.problems = on
        self.view.set_problems_only(on)

    @rule(on=st.booleans())
    def marked(self, on: bool) -> None:
        self.naive.only_marked = on
        self.view.set_marked_only(on)

    @rule(rows=st.lists(things, max_size=20))
    def mark(self, rows: list[Thing]) -> None:
        changed = self.marks.toggle([row.key for row in rows])
        self.naive.marks ^= {row.key for row in rows}
        self.view.marks_changed(changed)

    @rule(thing=things, count=st.integers(0, 30))
    def work(self, thing: Thing, count: int) -> None:
        self.view.focus(thing.key)
        for _ in range(count):
            self.view.step()

    @rule(start=st.integers(0, 60), count=st.integers(0, 10))
    def look(self, start: int, count: int) -> None:
        """Whatever is looked at in the middle of the work is in order already."""
        rows = self.view.rows(start, start + count)
        column = self.view.columns[self.view.sort]
        keys = [sort_key(column.kind, column.value(row)) for row in rows]
        known = [key for key in keys if key is not None]
        assert known == sorted(known, reverse=self.view.descending)
        assert keys == known + [None] * (len(keys) - len(known))

    @rule()
    def finish(self) -> None:
        self.view.drain()
        shown = self.naive.shown()
        assert self.view.rows(0, len(self.view)) == shown
        assert self.view.ready
        counts = self.view.counts
        assert counts == (len(shown), len(self.naive.rows), self.naive.unknown(), True)
        keys = {row.key for row in shown}
        assert self.view.hidden_marks == len(self.naive.marks - keys)
        for line, row in enumerate(shown):
            assert self.view.line(row.key) == line
            assert self.view.rows(line, line + 1) == [self.store.get(row.key)]
        for key in self.naive.rows.keys() - keys:
            assert self.view.line(key) is None
        assert sorted(self.view.shown_keys()) == sorted(keys)

    @invariant()
    def nothing_is_shown_twice(self) -> None:
        keys = [row.key for row in self.view.rows(0, len(self.view))]
        assert len(keys) == len(set(keys)) == len(self.view)


TestViewMachine = ViewMachine.TestCase
TestViewMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def view_of(*rows: Thing, sort: str = "name", **more: Any) -> View[Thing]:
    store: Store[Thing] = Store(COLUMNS)
    store.apply(rows)
    return View(store, COLUMNS, sort=sort, **{"now": lambda: NOW, **more})


def ids(view: View[Thing]) -> list[str]:
    return [row.id for row in view.rows(0, len(view))]


def test_unknown_and_missing_come_last_in_both_directions() -> None:
    view = view_of(
        Thing("1", UNKNOWN), Thing("2", "b"), Thing("3", None), Thing("4", "a"), Thing("5", "")
    )
    assert ids(view) == ["4", "2", "1", "3", "5"]
    view.set_sort("name", descending=True)
    assert ids(view) == ["2", "4", "1", "3", "5"]


def test_ties_are_ordered_by_row_key() -> None:
    rows = [Thing(f"{number:03}", "same") for number in range(50)]
    random.Random(7).shuffle(rows)
    assert ids(view_of(*rows)) == [f"{number:03}" for number in range(50)]


def test_ties_of_another_column_are_ordered_by_the_name() -> None:
    names = [f"{number:03}" for number in range(50)]
    rows = [Thing(f"{49 - number:03}", names[number], state="lost") for number in range(50)]
    random.Random(7).shuffle(rows)
    view = view_of(*rows, Thing("a", "000", state="lost"), Thing("b", None, state="lost"))
    view.set_sort("state")
    wanted = ["049", "a", *(f"{49 - number:03}" for number in range(1, 50)), "b"]
    assert ids(view) == wanted
    # A name that changes takes its row along, and one that comes finds its place.
    view.store.apply([Thing("b", "000b", state="lost"), Thing("c", "zz", state="lost")])
    assert ids(view) == [*wanted[:2], "b", *wanted[2:-1], "c"]
    view.set_sort("name", descending=True)
    assert ids(view)[:2] == ["c", wanted[-2]]


def test_a_reversal_needs_no_work() -> None:
    view = view_of(*(Thing(f"{number:02}", f"n{number:02}") for number in range(30)))
    view.drain()
    view.set_sort("name", descending=True)
    assert view.ready
    assert not view.step()


def test_an_unknown_value_is_counted_and_not_shown() -> None:
    view = view_of(Thing("1", state="lost"), Thing("2", state=UNKNOWN), Thing("3", state="online"))
    view.set_query(parse("state!=lost", COLUMNS))
    view.drain()
    assert ids(view) == ["3"]
    assert view.counts == (1, 3, 1, True)


def test_a_filter_works_around_the_focus_first() -> None:
    rows = [Thing(f"{number:03}", f"n{number:03}") for number in range(200)]
    view = view_of(*rows)
    view.drain()
    view.screenful = 5
    view.focus(rows[120].key)
    view.set_query(parse("n", COLUMNS))
    while not view.ready:
        view.step()
    assert not view.counts.settled
    line = view.line(rows[120].key)
    assert line is not None
    assert [row.id for row in view.rows(line - 5, line + 6)] == [
        f"{number:03}" for number in range(115, 126)
    ]


def test_a_new_sort_is_first_right_where_the_screen_is() -> None:
    rows = [Thing(f"{number:03}", f"n{number:03}", f"{999 - number}") for number in range(200)]
    view = view_of(*rows)
    view.screenful = 5
    view.focus(rows[120].key)
    view.set_sort("version")
    while not view.ready:
        view.step()
    assert view.step(), "the rest is still to be sorted"
    assert view.line(rows[120].key) == 79


def test_rows_that_come_while_a_sort_is_under_way_are_in_it() -> None:
    view = view_of(Thing("1", "a", "2"), Thing("2", "b", "1"))
    view.set_sort("version")
    assert view.step(), "keys are made, the old order stands"
    assert (view.sort, view.sort_wanted) == ("name", "version")
    view.store.apply([Thing("2", "b", "5"), Thing("3", "c", "3")])
    assert ids(view) == ["1", "2", "3"]
    view.drain()
    assert ids(view) == ["1", "3", "2"]


def test_time_that_passes_is_asked_about_again() -> None:
    clock = [NOW]
    view = view_of(Thing("1", seen=NOW - 20), Thing("2", seen=NOW), now=lambda: clock[0])
    view.set_query(parse("seen>30s", COLUMNS))
    view.drain()
    assert ids(view) == []
    clock[0] += 15
    view.time_passed()
    view.drain()
    assert ids(view) == ["1"]


def test_time_that_passes_costs_nothing_without_an_age_in_the_filter() -> None:
    view = view_of(Thing("1"))
    view.set_query(parse("web", COLUMNS))
    view.drain()
    view.time_passed()
    assert not view.step()


def test_the_place_of_a_row_that_has_gone_is_its_neighbours() -> None:
    rows = [Thing(f"{number:02}", f"n{number:02}") for number in range(20)]
    view = view_of(*rows)
    place = view.place(rows[7].key)
    assert place is not None
    view.store.apply(gone=[rows[7].key])
    assert view.line(rows[8].key) == view.nearest(place)
    view.set_sort("name", descending=True)
    assert view.line(rows[6].key) == view.nearest(place)
    view.store.apply(gone=[row.key for row in rows])
    assert view.nearest(place) == -1


def test_a_closed_view_hears_of_nothing() -> None:
    view = view_of(Thing("1"))
    view.close()
    view.store.apply([Thing("2")])
    assert ids(view) == ["1"]


def test_sorting_by_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        view_of().set_sort("colour")


@given(st.lists(things, unique_by=lambda row: row.id), st.sampled_from(COLUMNS))
def test_sort_keys_are_those_of_the_columns(rows: list[Thing], column: Column) -> None:
    view = view_of(*rows, sort=column.id)
    known = [sort_key(column.kind, column.value(row)) for row in view.rows(0, len(view))]
    assert known == sorted(known, key=lambda key: (key is None, key))
