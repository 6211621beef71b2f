"""Which commands go on: in the header, and on the node under the cursor.

It costs next to nothing. While the Commands pane has its own list, that is looked at, without any
call. Before that one call for each scope (ListCommands of what is executing, in the background)
asks every five minutes, and every minute while something goes on: 12 calls in an idle hour.

A list of commands or of invocations that is looked at is read more often while something in it goes
on, and once more when one's own rollouts have sent or ended something.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import ProblemError
from ssmtui.core.store import Store
from ssmtui.core.turns import give_way
from ssmtui.resources.base import Gone, Listing, Resource, Rows

if TYPE_CHECKING:
    from ssmtui.ui.feed import Feed
    from ssmtui.ui.screens.main import MainPage

# Seconds between two questions, while something goes on and while nothing does, and between two
# looks at a list that is there.
BUSY_SECONDS = 60.0
IDLE_SECONDS = 300.0
LOOK_SECONDS = 5.0
# How old a list gets in which something goes on, while it is looked at: so many seconds, or a share
# of the time for which the latest of it has been going on. What takes hours need not be hurried.
WATCHED_SECONDS = 10.0
WATCHED_SHARE = 0.05
# Rows gone through without letting anything else run.
AT_ONCE = 500

RESOURCE = "commands"
WATCHED = (RESOURCE, "invocations")


class Running:
    """`words` is what the header says of it: "running 2 (1 not yours)", or nothing."""

    def __init__(self, page: MainPage) -> None:
        self.words = ""
        self._page = page
        self._rows: dict[RowKey, Any] = {}
        self._listing: Listing | None = None
        self._scopes: tuple[ScopeKey, ...] = ()
        self._asked_at = float("-inf")
        self._busy = False
        self._news = False  # a command of our own has been sent, or has ended
        self._listed = 0  # how many times the pane's list had ended when it was looked at last
        self._kept: Store[Any] | None = None  # the commands of the last run, from disk

    def begin(self) -> None:
        """Begin to look, where there are commands to look at."""
        if self._resource is not None:
            self._page.set_interval(LOOK_SECONDS, self._soon)

    def again(self) -> None:
        """One's own rollouts have changed what goes on: read it anew with one of the next looks."""
        self._news = True

    def news(self, key: RowKey) -> list[tuple[str, str]]:
        """What goes on on a node: pairs of a label and a text."""
        return [
            (row.label, row.status)
            for row in self._rows.values()
            if row.key.scope == key.scope and isinstance(row.node, tuple) and key.id in row.node
        ]

    async def ran_on(self, key: RowKey, most: int) -> list[tuple[float, str]]:
        """What ran last on a node, as far as the commands are known that name it, the latest first:
        (seconds since the epoch, words). It asks for nothing."""
        store = await self._known()
        found: list[tuple[float, str]] = []
        if store is None:
            return found
        for rows in store.slices(AT_ONCE):
            found += [
                (row.requested, story(row))
                for row in rows
                if isinstance(row.node, tuple)
                and key.id in row.node
                and row.key.scope == key.scope
                and isinstance(row.requested, float)
                and not row.active
            ]
            await give_way()
        return sorted(found, reverse=True)[:most]

    def _soon(self) -> None:
        if not self._busy:
            self._busy = True
            self._page.shell.work(self.look, "the commands that go on", group="running")

    async def look(self) -> None:
        """Look once, at the list that is there or at the service if it is time."""
        try:
            await self._look()
            await self._watch()
        finally:
            self._busy = False
        words = in_words(list(self._rows.values()))
        if words != self.words:
            self.words = words
            self._page.touch()

    async def _look(self) -> None:
        feed, now = self._feed, self._page.shell.launch.now()
        if feed is not None and feed.ended and not feed.only:
            if self._news and not feed.refreshing and now - (feed.oldest or 0.0) >= WATCHED_SECONDS:
                self._news = False
                feed.reload()
            rows: dict[RowKey, Any] = {}
            for some in feed.store.slices(AT_ONCE):
                rows.update((row.key, row) for row in some if row.active)
                await give_way()
            self._rows = rows
            if feed.ended != self._listed:
                self._listed = feed.ended
                self._page.pane.story.again()
        else:
            await self._ask()

    async def _watch(self) -> None:
        """Have the list read again that is looked at, if something in it goes on."""
        pane, now = self._page.pane, self._page.shell.launch.now()
        feed = pane.feed
        if pane.resource.name not in WATCHED or feed.refreshing or feed.oldest is None:
            return
        if now - feed.oldest < WATCHED_SECONDS:
            return
        latest: float | None = None
        for rows in feed.store.slices(AT_ONCE):
            times = [row.requested or 0.0 for row in rows if row.active]
            latest = max([*times, latest or 0.0]) if times else latest
            await give_way()
        if latest is not None and now - feed.oldest >= (now - latest) * WATCHED_SHARE:
            feed.reload()

    async def _ask(self) -> None:
        resource, scopes, now = self._resource, self._page.scopes, self._page.shell.launch.now()
        keys = tuple(scope.key for scope in scopes)
        if resource is None or resource.narrowed is None or not scopes:
            return
        if keys != self._scopes or self._listing is None:
            self._listing = resource.narrowed(tuple(scopes), {"status": "running"})
            self._scopes, self._asked_at = keys, float("-inf")
            self._rows = {key: row for key, row in self._rows.items() if key.scope in keys}
        wait = BUSY_SECONDS if self._rows else IDLE_SECONDS
        if now - self._asked_at < (WATCHED_SECONDS if self._news else wait):
            return
        self._asked_at, self._news = now, False
        async for event in self._listing.refresh():
            # What cannot be asked is not known to run: the pane says why once it is opened.
            if isinstance(event, Rows):
                self._rows.update((row.key, row) for row in event.rows)
            elif isinstance(event, Gone):
                for key in event.keys:
                    self._rows.pop(key, None)

    async def _known(self) -> Store[Any] | None:
        """The commands of the pane, else those that were kept when it was last there."""
        resource, feed = self._resource, self._feed
        if resource is None:
            return None
        if feed is not None and len(feed.store) and not feed.only:
            return feed.store
        if self._kept is None:
            self._kept = Store(resource.columns)
            shell = self._page.shell
            keys = [scope.key for scope in shell.contexts.scopes]
            try:
                found = await asyncio.to_thread(shell.launch.memory.recall, resource, keys)
            except ProblemError:
                return None  # whoever lists commands says so
            for _, _, rows in found:
                for start in range(0, len(rows), AT_ONCE):
                    self._kept.apply(rows[start : start + AT_ONCE])
                    await give_way()
        return self._kept

    @property
    def _resource(self) -> Resource[Any] | None:
        return self._page.shell.launch.find(RESOURCE)

    @property
    def _feed(self) -> Feed | None:
        """The pane's feed, if it has been opened."""
        return self._page.feed_of(RESOURCE)


def in_words(rows: Sequence[Any]) -> str:
    """ "running 3 (1 not yours)"; a command of which nobody knows who has sent it is not yours."""
    if not rows:
        return ""
    others = sum(row.mine is not True for row in rows)
    whose = f" ({others:,} not yours)" if others else ""
    return f"running {len(rows):,}{whose}"


def story(row: Any) -> str:
    """What became of a command, in a few words: "deploy ok", "deploy failed on 3 of 50"."""
    if row.status == "success":
        return f"{row.label} ok"
    troubled = sum(count for count in (row.failed, row.undelivered) if isinstance(count, int))
    if isinstance(row.targets, int) and row.targets > 1:
        return f"{row.label} {row.status} on {troubled:,} of {row.targets:,}"
    return f"{row.label} {row.status}"
