"""The rows of one resource, by key. A poll becomes added, updated and removed rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec

from ssmtui.core.columns import Column
from ssmtui.core.keys import RowKey
from ssmtui.core.shards import Shards


class Keyed(Protocol):
    """A row: a frozen value with an identity."""

    @property
    def key(self) -> RowKey: ...


R = TypeVar("R", bound=Keyed)


class Delta(msgspec.Struct, frozen=True):
    """What one batch changed. `updated` gives the ids of the columns whose values differ."""

    added: Sequence[RowKey] = ()
    updated: Mapping[RowKey, tuple[str, ...]] = {}
    removed: Sequence[RowKey] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.updated or self.removed)


class Watcher(Protocol):
    """What stands over a store and hears of every batch, by slot."""

    def changed(self, added: Sequence[int], updated: Sequence[int], removed: Sequence[int]) -> None:
        """Rows came, were replaced and went. A removed row's slot still has its key."""
        ...


class Store(Generic[R]):
    """Rows by key, each in a slot: a small number that stays the row's own while it is there.

    Whoever keeps something for each row (a sort key, a haystack, a verdict) keeps it in a list by
    slot, which takes a fraction of the memory and time of a mapping by key.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = tuple(column.id for column in columns)
        self._slots: Shards[RowKey, int] = Shards()
        self.free: list[int] = []
        """Slots that hold no row."""
        self._watchers: list[Watcher] = []
        self._listeners: list[Callable[[Delta], None]] = []
        self.rows: list[R | None] = []
        """By slot; None in a slot that is free."""
        self.keys: list[RowKey] = []
        """By slot; in a free slot that of the last row that was there."""

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, key: object) -> bool:
        return key in self._slots

    def get(self, key: RowKey) -> R | None:
        """The row of that key, or None."""
        slot = self._slots.get(key)
        return None if slot is None else self.rows[slot]

    def slot(self, key: RowKey) -> int | None:
        """The slot of that key, or None."""
        return self._slots.get(key)

    def slots(self) -> list[int]:
        """All slots that hold a row, in order."""
        if len(self) == len(self.rows):
            return list(range(len(self.rows)))
        return [slot for slot, row in enumerate(self.rows) if row is not None]

    def values(self) -> list[R]:
        """All rows, in no order that means anything."""
        return [row for row in self.rows if row is not None]

    def slices(self, size: int) -> Iterator[list[R]]:
        """All rows, as they are when their turn comes, for work that lets other things happen.

        A list of 100,000 rows that is kept for a while is gone through by every garbage collection.
        """
        for start in range(0, len(self.rows), size):
            yield [row for row in self.rows[start : start + size] if row is not None]

    def watch(self, watcher: Watcher) -> None:
        """Let `watcher` hear of every batch from now on."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Watcher) -> None:
        """Let it hear of no more."""
        self._watchers.remove(watcher)

    def listen(self, listener: Callable[[Delta], None]) -> None:
        """Call `listener` after every batch that changed something, when all views have it."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[Delta], None]) -> None:
        """Call it no more."""
        self._listeners.remove(listener)

    def apply(self, rows: Iterable[R] = (), gone: Iterable[RowKey] = ()) -> Delta:
        """Take one batch: drop what is gone, then add or replace rows. A row that equals the one
        that is there changes nothing. Of two rows with one key the last counts."""
        batch = {row.key: row for row in rows}
        slots = self._slots
        removed = {key: slots[key] for key in gone if key in slots and key not in batch}
        new = [key for key in batch if key not in slots]
        replaced: dict[RowKey, int] = {}
        if len(new) < len(batch):
            for key, row in batch.items():
                slot = slots.get(key)
                if slot is not None and self.rows[slot] != row:
                    replaced[key] = slot
        if not (removed or replaced or new):
            return Delta()
        for key, slot in removed.items():
            del slots[key]
            self.rows[slot] = None
        updated = {key: self._replace(slot, batch[key]) for key, slot in replaced.items()}
        added = self._add(new, [batch[key] for key in new])
        for watcher in self._watchers:
            watcher.changed(added, list(replaced.values()), list(removed.values()))
        # Only now may a slot be given away: until here the watchers still knew the old row by it.
        self.free.extend(removed.values())
        delta = Delta(new, updated, list(removed))
        for listener in self._listeners:
            listener(delta)
        return delta

    def _replace(self, slot: int, row: R) -> tuple[str, ...]:
        old = self.rows[slot]
        self.rows[slot] = row
        return tuple(name for name in self._columns if getattr(old, name) != getattr(row, name))

    def _add(self, keys: list[RowKey], rows: list[R]) -> list[int]:
        reused = self.free[: len(keys)]
        del self.free[: len(keys)]
        for slot, key, row in zip(reused, keys, rows, strict=False):
            self.rows[slot] = row
            self.keys[slot] = key
        added = [*reused, *range(len(self.rows), len(self.rows) + len(keys) - len(reused))]
        self.rows += rows[len(reused) :]
        self.keys += keys[len(reused) :]
        self._slots.update(zip(keys, added, strict=True))
        return added
