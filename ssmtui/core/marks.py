"""What the user has marked: a set of keys that outlives filters, sorts and refreshes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ssmtui.core.keys import RowKey


class Marks:
    """Marked keys. `version` grows with every change, so that counts can be kept."""

    def __init__(self) -> None:
        self._keys: set[RowKey] = set()
        self.version = 0

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[RowKey]:
        return iter(self._keys)

    def add(self, keys: Iterable[RowKey]) -> set[RowKey]:
        """Mark all of these; the ones that were not marked before are returned."""
        return self._changed(set(keys) - self._keys)

    def discard(self, keys: Iterable[RowKey]) -> set[RowKey]:
        """Unmark all of these; the ones that were marked before are returned."""
        return self._changed(self._keys & set(keys))

    def toggle(self, keys: Iterable[RowKey]) -> set[RowKey]:
        """Mark those that are not and unmark those that are; all of them are returned."""
        return self._changed(set(keys))

    def clear(self) -> set[RowKey]:
        """Unmark everything; what was marked is returned."""
        return self._changed(set(self._keys))

    def _changed(self, keys: set[RowKey]) -> set[RowKey]:
        if keys:
            self._keys ^= keys
            self.version += 1
        return keys
