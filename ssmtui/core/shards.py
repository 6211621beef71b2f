"""A mapping for as many entries as a fleet has, which grows a little at a time."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# A power of two. With 100,000 entries each part has 1,600, which is moved in 0.1 ms.
_SHARDS = 64


class Shards(Generic[K, V]):
    """A mapping whose entries are in many small dicts, by hash, in no order that means anything.

    A dict that outgrows its room moves all that it has at once. With 87,382 entries that was seen
    to hold the loop for 16 ms, and mappings of one fleet outgrow their room together.

    Keys and values should be such as Python's garbage collector leaves alone: texts, numbers and
    Structs with `gc=False`. Then it leaves the dicts alone as well, and has nothing to go through.
    """

    def __init__(self) -> None:
        self._shards: list[dict[K, V]] = [{} for _ in range(_SHARDS)]

    def __len__(self) -> int:
        return sum(map(len, self._shards))

    def __contains__(self, key: object) -> bool:
        return key in self._shards[hash(key) % _SHARDS]

    def __getitem__(self, key: K) -> V:
        return self._shards[hash(key) % _SHARDS][key]

    def __setitem__(self, key: K, value: V) -> None:
        self._shards[hash(key) % _SHARDS][key] = value

    def __delitem__(self, key: K) -> None:
        del self._shards[hash(key) % _SHARDS][key]

    def get(self, key: K) -> V | None:
        """The value of that key, or None."""
        return self._shards[hash(key) % _SHARDS].get(key)

    def parts(self) -> Iterator[dict[K, V]]:
        """All entries, some at a time, as they are when their turn comes: for work that lets other
        things happen. Only to list 100,000 keys takes 10 ms, and to forget the list as long."""
        return (shard.copy() for shard in self._shards)

    def update(self, pairs: Iterable[tuple[K, V]]) -> None:
        """Set these values, one after the other."""
        shards = self._shards
        for key, value in pairs:
            shards[hash(key) % _SHARDS][key] = value
