"""How old the rows of each scope are: one record for what is greyed, the age shown, and parking."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ssmtui.core.keys import RowKey, ScopeKey


class Age(msgspec.Struct):
    """Of one scope: when its rows were read, and which of them nobody has confirmed since."""

    read_at: float | None = None
    # Not brought by the listing in force.
    unlisted: set[RowKey] = msgspec.field(default_factory=set)
    greyed: bool = False  # whether those are drawn greyed
    listed: bool = False  # the listing in force has been whole once
    failed: bool = False  # and no longer is: every row is as old as `read_at`

    @property
    def stale(self) -> bool:
        return self.failed or (self.greyed and bool(self.unlisted))


class Ages:
    """The ages of all scopes. As a container it holds the keys of the rows to be greyed."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, ...], Age] = {}
        self.version = 0
        """Changes whenever a row may have become stale, or no longer is."""

    def __contains__(self, key: object) -> bool:
        age = self._of.get((key.account, key.region)) if isinstance(key, RowKey) else None
        return age is not None and (age.failed or (age.greyed and key in age.unlisted))

    def read_at(self, scope: ScopeKey) -> float | None:
        """When the rows of a scope were read; None if it never was."""
        age = self._of.get(scope)
        return age.read_at if age is not None else None

    def any_stale(self, scopes: Iterable[ScopeKey]) -> bool:
        """Whether rows of these scopes are drawn greyed."""
        return any(age.stale for scope in scopes if (age := self._of.get(scope)) is not None)

    def unlisted(self, scope: ScopeKey) -> set[RowKey]:
        """The rows of a scope that the listing in force has not brought."""
        age = self._of.get(scope)
        return age.unlisted if age is not None else set()

    def restored(self, scope: ScopeKey, at: float, rows: Iterable[RowKey]) -> None:
        """These rows are of the snapshot."""
        age = self._age(scope)
        age.read_at = at if age.read_at is None else min(at, age.read_at)
        age.unlisted.update(rows)
        age.greyed = True

    def relisted(self, scope: ScopeKey, rows: Iterable[RowKey], *, old: bool) -> None:
        """Another listing is in force, which knows nothing of these rows; `old` ones are greyed."""
        age = self._age(scope)
        age.greyed = age.stale or old
        age.unlisted = set(rows)
        age.listed = age.failed = False

    def brought(self, scope: ScopeKey, rows: Iterable[RowKey]) -> None:
        """The listing in force has brought these rows."""
        age = self._of.get(scope)
        if age is not None and age.unlisted:
            age.unlisted.difference_update(rows)
            self.version += 1

    def ended(self, scope: ScopeKey, at: float, *, whole: bool) -> None:
        """A listing has come to its end, with the main stage of the scope or without it."""
        age = self._age(scope)
        if whole:
            age.read_at, age.listed, age.failed = at, True, False
        else:
            age.failed = age.listed
            age.greyed = True

    def settled(self, scope: ScopeKey) -> None:
        """What the listing in force has not brought is gone."""
        self._age(scope).unlisted.clear()

    def _age(self, scope: ScopeKey) -> Age:
        self.version += 1
        return self._of.setdefault(scope, Age())
