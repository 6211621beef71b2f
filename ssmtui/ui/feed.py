"""The engine under a view: the last snapshot first, then the stream, then again and again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import suppress
from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.core.store import Store
from ssmtui.core.tasks import spawn
from ssmtui.core.turns import give_way
from ssmtui.resources.base import Event, Gone, Listing, Resource, Rows
from ssmtui.ui.ages import Ages
from ssmtui.ui.contexts import Standing, State
from ssmtui.ui.launch import Memory

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope

# Rows applied without letting anything else run: 10 ms if all of them are changed ones.
SLICE = 250
# No list is read more often than this, whatever a resource or the configuration says.
SHORTEST_INTERVAL = 60.0


class Feed:
    """The rows of one resource over the scopes in force.

    `changed` is called after every batch and every change of standing; `said` with each problem
    once. Neither may block. All of it runs on the event loop; only the memory runs in threads.
    """

    def __init__(
        self,
        resource: Resource[Any],
        *,
        memory: Memory,
        now: Callable[[], float],
        changed: Callable[[], None],
        said: Callable[[Problem], None],
        interval: float | None = None,
    ) -> None:
        self.resource = resource
        self.store: Store[Any] = Store(resource.columns)
        self.standings: dict[ScopeKey, Standing] = {}
        self.ages = Ages()  # and which rows are greyed
        self.interval = max(SHORTEST_INTERVAL, resource.refresh_seconds, interval or 0)
        self.refreshing = False
        self.ended = 0  # how many listings have come to their end
        self._memory = memory
        self._now = now
        self._changed = changed
        self._said = said
        self._scopes: tuple[Scope, ...] = ()
        self._cached: tuple[ScopeKey, ...] = ()  # shown as they were kept last: no way leads there
        self._only: Mapping[str, str] = {}  # what the listing is narrowed to
        self._listing: Listing | None = None
        self._reading: asyncio.Task[None] | None = None
        self._parked: dict[ScopeKey, list[Any]] = {}
        self._wake = asyncio.Event()
        self.seen = asyncio.Event()
        """Cleared while nobody sees the screen: no listing begins then."""
        self.seen.set()
        self._full = False  # whether the next listing also reads what is not due yet
        self._told: set[Problem] = set()  # what the user knows of
        self._heard: set[Problem] = set()  # what the listing under way has met with

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes in force."""
        return self._scopes

    @property
    def cached(self) -> tuple[ScopeKey, ...]:
        """The scopes of which only what was kept last is shown."""
        return self._cached

    @property
    def only(self) -> Mapping[str, str]:
        """What the listing is narrowed to; empty where it is the whole one."""
        return self._only

    @property
    def problems(self) -> list[Problem]:
        """The trouble of the scopes in force, as the last listing left it."""
        keys = [scope.key for scope in self._scopes]
        standings = (self.standings[key] for key in keys if key in self.standings)
        return [problem for standing in standings for problem in standing.troubles]

    @property
    def loading(self) -> str:
        """What is under way, in a few words; "" when nothing is."""
        if not self.refreshing:
            return ""
        open_scopes = [
            s for s in self.standings.values() if s.loading and len(s.ended) < self._stages
        ]
        if len(self._scopes) > 1:
            done = len(self._scopes) - len(open_scopes)
            return f"loading {done} of {len(self._scopes)}"
        return "loading"

    @property
    def _stages(self) -> int:
        return len(self.resource.stages)

    @property
    def oldest(self) -> float | None:
        """When the oldest part of what is shown was read; None while nothing is known."""
        times = (self.ages.read_at(key) for key in self._shown)
        return min((at for at in times if at is not None), default=None)

    @property
    def stale(self) -> bool:
        """Whether something of what is shown is older than the last attempt to read it."""
        return self.ages.any_stale(self._shown)

    @property
    def _shown(self) -> list[ScopeKey]:
        return [*(scope.key for scope in self._scopes), *self._cached]

    async def restore(self, scopes: Sequence[ScopeKey]) -> None:
        """Show the last snapshot, as stale rows; what is there already is newer and stays."""
        try:
            remembered = await asyncio.to_thread(self._memory.recall, self.resource, scopes)
        except ProblemError as error:
            self.say(error.problem)
            return
        self._say_mended()
        for scope, at, kept in remembered:
            rows = [row for row in kept if row.key not in self.store]
            if not rows:
                continue
            self.ages.restored(scope, at, [row.key for row in rows])
            if self._listing is None and scope not in self._cached:
                self._cached = (*self._cached, scope)
            await self._apply(rows)

    async def cover(
        self,
        scopes: Sequence[Scope],
        cached: Sequence[ScopeKey] = (),
        only: Mapping[str, str] | None = None,
    ) -> None:
        """Change the scopes in force: rows of others leave, rows seen earlier come back at once.

        Of the `cached` ones what was kept last is shown as it is, because no way leads there.
        `only` narrows the listing (`Resource.narrowed`); what is kept on disk stays the whole one.
        """
        only = self.resource.only(only or {})
        keys = {scope.key for scope in scopes}
        before = {scope.key for scope in self._scopes}
        same = keys == before and set(cached) == set(self._cached)
        if self._listing and same and only == self._only:
            return
        if only != self._only:
            await self._renarrow(only)
        known = self.standings.keys() | self._parked.keys() | set(self._cached)
        unseen = [key for key in (*keys, *cached) if key not in known]
        for key in keys:
            self.standings.setdefault(key, Standing())
        self._scopes = covered = tuple(scopes)
        self._cached = tuple(cached)
        # A listing may ask the journal first, which is a file.
        listing = await asyncio.to_thread(self.resource.open, covered, only)
        if self._scopes is not covered:
            return
        self._listing = listing
        if self._reading is not None:
            self._reading.cancel()  # it may hang in a scope that nobody looks at any more
        keys.update(cached)
        leaving = [key for key in self.store.keys if key.scope not in keys and key in self.store]
        await self._park(leaving)
        for key in keys & self._parked.keys() if not only else ():
            await self._apply(self._parked.pop(key))
        self._relist([scope.key for scope in covered])
        if unseen and not only:
            await self.restore(unseen)
        self.reload()

    async def _renarrow(self, only: Mapping[str, str]) -> None:
        """Take away the rows of what was asked for before; those of the whole list are kept."""
        self._listing = None  # what it still brings is not asked for any more
        if self._reading is not None:
            self._reading.cancel()
        await self._park([key for key in self.store.keys if key in self.store])
        self._only = only
        self.standings = {scope: Standing() for scope in self.standings}

    async def _park(self, keys: Sequence[RowKey]) -> None:
        """Take rows away; those of the whole list are kept for when they are asked for again."""
        for key in keys if not self._only else ():
            row = self.store.get(key)
            if row is not None:
                self._parked.setdefault(key.scope, []).append(row)
        for start in range(0, len(keys), SLICE):
            self.store.apply(gone=keys[start : start + SLICE])
            self._changed()
            await give_way()

    def _relist(self, scopes: Iterable[ScopeKey]) -> None:
        """A new listing knows nothing of the rows that are there: only it can confirm them."""
        there: dict[tuple[str, str], list[RowKey]] = {scope: [] for scope in scopes}
        for key, row in zip(self.store.keys, self.store.rows, strict=True):
            if row is not None and (keys := there.get((key.account, key.region))) is not None:
                keys.append(key)
        for scope, keys in there.items():
            read_at = self.ages.read_at(ScopeKey(*scope))
            old = read_at is not None and self._now() - read_at > self.interval
            self.ages.relisted(ScopeKey(*scope), keys, old=old)

    def reload(self, *, full: bool = False) -> None:
        """List anew as soon as the listing under way, if any, has ended or been dropped; `full`:
        what is not due yet as well."""
        self._full = self._full or full
        self._wake.set()

    async def run(self) -> None:
        """List when woken, and every `interval` seconds; ends by being cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self.interval)
            await self.seen.wait()
            self._wake.clear()
            if self._scopes:
                full, self._full = self._full, False
                await self.refresh(full=full)

    async def refresh(self, *, full: bool = False) -> bool:
        """List everything once. False if a listing is under way: this one is dropped."""
        if self.refreshing or self._listing is None:
            return False
        listing, scopes, began = self._listing, self._scopes, self._now()
        self.refreshing = True
        for scope in scopes:
            self.standings[scope.key].begin()
        self._changed()
        self._heard.clear()
        events = listing.refresh(full=full)
        self._reading = spawn(self._read(events), f"list {self.resource.name}")
        try:
            await self._reading
        except ProblemError as error:
            self.say(error.problem)
        except asyncio.CancelledError:
            if listing is self._listing:
                raise
            # The scopes have changed: a new listing is due.
        finally:
            await _close(events)
            self.refreshing = False
            at = self._now()
            for scope in scopes:
                self.standings[scope.key].end()
            self.ended += 1
            self._changed()
        if listing is self._listing:
            await self._settle(scopes, at, began)
            # What is over may be said again when it comes back.
            self._told &= self._heard
        return True

    async def _read(self, events: AsyncIterator[Event]) -> None:
        async for event in events:
            await self._take(event)

    async def _take(self, event: Event) -> None:
        standing = self.standings.get(event.scope)
        if isinstance(event, Rows):
            self.ages.brought(event.scope, [row.key for row in event.rows])
            await self._apply(event.rows)
        elif isinstance(event, Gone):
            self.store.apply(gone=event.keys)
        elif standing is not None:
            standing.note(event)
            problem = getattr(event, "problem", None)
            if problem is not None:
                self.say(problem)
        self._changed()

    async def _apply(self, rows: Sequence[Any]) -> None:
        for start in range(0, len(rows), SLICE):
            self.store.apply(rows[start : start + SLICE])
            self._changed()
            await give_way()

    async def _settle(self, scopes: Iterable[Scope], at: float, began: float) -> None:
        """After a listing: drop what complete scopes no longer hold, and remember them.

        What was read first is as old as the listing's beginning, and so is what is kept.
        """
        complete = {s.key for s in scopes if self.standings[s.key].state is State.COMPLETE}
        for key in [scope.key for scope in scopes]:
            whole = self.standings[key].has_ended_well(self.resource.stages[0])
            self.ages.ended(key, at, whole=whole)
        for key in complete:
            gone = list(self.ages.unlisted(key))
            self.ages.settled(key)
            for start in range(0, len(gone), SLICE):
                self.store.apply(gone=gone[start : start + SLICE])
                await give_way()
        self._changed()
        for scope, rows in (await self._by_scope(set() if self._only else complete)).items():
            try:
                await asyncio.to_thread(self._memory.remember, self.resource, scope, rows, began)
            except ProblemError as error:
                self.say(error.problem)
        self._say_mended()

    async def _by_scope(self, scopes: set[ScopeKey]) -> dict[ScopeKey, tuple[Any, ...]]:
        # Tuples, because Python's garbage collector leaves those of plain rows alone.
        grouped: dict[ScopeKey, list[tuple[Any, ...]]] = {scope: [] for scope in scopes}
        for rows in self.store.slices(SLICE):
            for scope, part in groupby(rows, key=attrgetter("key.scope")):
                if (kept := grouped.get(scope)) is not None:
                    kept.append(tuple(part))
            await give_way()
        return {scope: tuple(chain.from_iterable(parts)) for scope, parts in grouped.items()}

    def counts(self) -> Counter[tuple[str, str]]:
        """How many rows each scope has."""
        held = zip(self.store.keys, self.store.rows, strict=True)
        return Counter((key.account, key.region) for key, row in held if row is not None)

    def _say_mended(self) -> None:
        for problem in self._memory.mended():
            self._said(problem)

    def say(self, problem: Problem) -> None:
        """Pass on trouble: the same one every minute is one notice, not an endless row of them."""
        self._heard.add(problem)
        if problem not in self._told:
            self._told.add(problem)
            self._said(problem)


async def _close(events: AsyncIterator[Event]) -> None:
    """End a listing that was left half-way, so that its reads end now and not some time."""
    if isinstance(events, AsyncGenerator):
        await events.aclose()
