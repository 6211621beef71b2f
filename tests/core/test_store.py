from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import Any

import msgspec

from ssmtui.core.columns import UNKNOWN, Column, Kind
from ssmtui.core.garbage import made_to_stay
from ssmtui.core.keys import RowKey
from ssmtui.core.store import Delta, Store


class Thing(msgspec.Struct, frozen=True):
    id: str
    name: Any = "web"
    seen: Any = 0.0

    @property
    def key(self) -> RowKey:
        return RowKey("111122223333", "eu-west-1", self.id)


COLUMNS = (
    Column("name", "NAME", Kind.TEXT, 10, "the name"),
    Column("seen", "SEEN", Kind.TIME, 5, "when it was seen"),
)


def store_of(*rows: Thing) -> Store[Thing]:
    store: Store[Thing] = Store(COLUMNS)
    store.apply(rows)
    return store


def test_a_batch_becomes_added_updated_and_removed() -> None:
    store = store_of(Thing("1"), Thing("2"), Thing("3"))
    delta = store.apply(
        [Thing("1"), Thing("2", UNKNOWN, 5.0), Thing("4")], gone=[Thing("3").key, Thing("9").key]
    )
    assert delta.added == [Thing("4").key]
    assert delta.updated == {Thing("2").key: ("name", "seen")}
    assert delta.removed == [Thing("3").key]
    assert {row.id for row in store.values()} == {"1", "2", "4"}
    assert [store.get(key) for key in store.keys] == store.rows
    assert len(store) == 3


def test_equal_rows_change_nothing() -> None:
    store = store_of(Thing("1"))
    assert not store.apply([Thing("1")])


def test_of_two_rows_with_one_key_the_last_counts() -> None:
    store = store_of()
    store.apply([Thing("1", "old"), Thing("1", "new")])
    assert store.values() == [Thing("1", "new")]


def test_a_row_that_comes_and_goes_in_one_batch_stays() -> None:
    store = store_of(Thing("1"))
    delta = store.apply([Thing("1", "new")], gone=[Thing("1").key])
    assert not delta.removed
    assert store.get(Thing("1").key) == Thing("1", "new")


def test_a_row_keeps_its_slot_and_a_free_one_is_used_again() -> None:
    store = store_of(Thing("1"), Thing("2"))
    slot = store.slot(Thing("1").key)
    store.apply([Thing("1", "new")])
    assert store.slot(Thing("1").key) == slot
    store.apply(gone=[Thing("1").key])
    store.apply([Thing("3")])
    assert store.slot(Thing("3").key) == slot
    assert len(store.rows) == 2
    assert store.get(Thing("1").key) is None
    assert Thing("1").key not in store


class Watcher:
    def __init__(self, store: Store[Thing]) -> None:
        self.store = store
        self.heard: list[tuple[list[str], list[str], list[str]]] = []

    def changed(self, added: Sequence[int], updated: Sequence[int], removed: Sequence[int]) -> None:
        ids = [[self.store.keys[slot].id for slot in slots] for slots in (added, updated, removed)]
        self.heard.append((ids[0], ids[1], ids[2]))


def test_watchers_know_the_removed_by_slot_even_when_others_come() -> None:
    store = store_of(Thing("1"), Thing("2"))
    watcher = Watcher(store)
    store.watch(watcher)
    store.apply([Thing("2", "new"), Thing("3")], gone=[Thing("1").key])
    assert watcher.heard == [(["3"], ["2"], ["1"])]
    store.unwatch(watcher)
    store.apply([Thing("4")])
    assert len(watcher.heard) == 1


def test_listeners_hear_of_changes_only() -> None:
    store = store_of(Thing("1"))
    heard: list[Delta] = []
    store.listen(heard.append)
    store.apply([Thing("1")])
    assert heard == []
    delta = store.apply([Thing("2")])
    assert heard == [delta]
    store.unlisten(heard.append)
    store.apply([Thing("3")])
    assert heard == [delta]


def test_a_store_that_is_made_to_stay_is_not_gone_through_for_garbage_however_it_grows() -> None:
    with made_to_stay():
        store: Store[Thing] = Store(COLUMNS)
    try:
        store.apply([Thing("1"), Thing("2")])
        found = [each for each in gc.get_objects() if type(each) is dict and Thing("1").key in each]
        assert found == []
    finally:
        gc.unfreeze()
