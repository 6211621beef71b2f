"""Where a row lives: the identity of scopes and rows."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class ScopeKey(NamedTuple):
    """One account in one Region: the unit that is listed, limited and refused as a whole.

    A profile is only a way in and no part of the key, so two profiles that lead to the same account
    show it once.
    """

    account: str
    region: str

    def __str__(self) -> str:
        return f"{self.account}/{self.region}"


class RowKey(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """A row's identity everywhere: marks, focus, diffs, snapshots and journals go by it.

    Not a NamedTuple: Python's garbage collector visits every one of those for good, and there are
    several of each row, 100,000 of which make each full collection hold the loop 30 ms longer.
    """

    account: str
    region: str
    id: str

    @property
    def scope(self) -> ScopeKey:
        return ScopeKey(self.account, self.region)
