from __future__ import annotations

import asyncio
from types import SimpleNamespace

import msgspec
import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import spawn
from ssmtui.resources.base import Finished, Rows
from ssmtui.ui.contexts import State
from ssmtui.ui.feed import SHORTEST_INTERVAL, Feed

DENIED = Problem(ProblemKind.DENIED, "dev may not list nodes")


class Said(list[Problem]):
    pass


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def feed(fleet, clock, said: Said) -> Feed:
    return Feed(fleet.resource(), memory=fleet, now=clock, changed=lambda: None, said=said.append)


async def test_a_listing_fills_the_store_and_is_remembered(feed: Feed, fleet) -> None:
    await feed.cover(fleet.scopes)
    assert await feed.refresh()
    assert len(feed.store) == 240
    assert {standing.state for standing in feed.standings.values()} == {State.COMPLETE}
    assert set(fleet.saved) == {scope.key for scope in fleet.scopes}
    assert feed.counts()[fleet.scopes[0].key] == 80


async def test_a_tick_is_dropped_while_one_is_running(feed: Feed, fleet) -> None:
    fleet.gate.clear()
    await feed.cover(fleet.scopes)
    first = spawn(feed.refresh(), "first")
    await asyncio.sleep(0)
    assert feed.refreshing
    assert feed.loading == "loading 0 of 3"
    assert not await feed.refresh()
    fleet.gate.set()
    assert await first
    assert fleet.listings == 1
    assert feed.loading == ""


async def test_the_snapshot_comes_first_as_stale_rows(feed: Feed, fleet, clock) -> None:
    key = fleet.scopes[0].key
    kept, gone = fleet.rows[key][0], fleet.rows[key].pop()
    fleet.remembered[key] = (clock.now - 120, [kept, gone])
    await feed.restore([key])
    assert kept.key in feed.ages
    assert gone.key in feed.ages
    assert feed.oldest == clock.now - 120
    await feed.cover(fleet.scopes)
    await feed.refresh()
    # What the complete listing no longer holds has left, and nothing is stale any more.
    assert not feed.stale
    assert gone.key not in feed.store
    assert feed.oldest == clock.now


async def test_a_failed_scope_keeps_its_stale_rows(feed: Feed, fleet, clock, said: Said) -> None:
    key = fleet.scopes[0].key
    fleet.remembered[key] = (clock.now - 60, list(fleet.rows[key]))
    fleet.problems[key] = DENIED
    await feed.cover(fleet.scopes)
    await feed.refresh()
    assert len(feed.store) == 240
    assert sum(key in feed.ages for key in feed.store.keys) == 80
    assert feed.standings[key].state is State.FAILED
    assert feed.problems == [DENIED]
    assert key not in fleet.saved
    await feed.refresh()
    assert said == [DENIED]


async def test_what_a_list_lacks_is_said_once_and_the_list_is_kept(
    feed: Feed, fleet, said: Said
) -> None:
    key = fleet.scopes[0].key
    fleet.lacking[key] = DENIED
    await feed.cover(fleet.scopes)
    for _ in range(2):
        await feed.refresh()
        assert feed.standings[key].state is State.COMPLETE
        assert feed.problems == said == [DENIED]
    assert key in fleet.saved


async def test_leaving_a_scope_parks_its_rows(feed: Feed, fleet) -> None:
    await feed.cover(fleet.scopes)
    await feed.refresh()
    await feed.cover(fleet.scopes[:1])
    assert len(feed.store) == 80
    fleet.gate.clear()
    await feed.cover(fleet.scopes)
    # They are back before anything was listed again.
    assert len(feed.store) == 240


async def test_rows_of_scopes_that_are_not_asked_for_any_more_leave(
    feed: Feed, fleet, clock
) -> None:
    key = fleet.scopes[0].key
    fleet.remembered[key] = (clock.now - 60, list(fleet.rows[key]))
    await feed.restore([key])
    await feed.cover(fleet.scopes[1:])
    assert len(feed.store) == 0
    assert not feed.stale
    assert feed.oldest is None


async def test_a_change_of_scopes_ends_the_listing_under_way(feed: Feed, fleet) -> None:
    fleet.gate.clear()
    await feed.cover(fleet.scopes)
    running = spawn(feed.refresh(), "first")
    await asyncio.sleep(0)
    await feed.cover(fleet.scopes[:1])
    fleet.gate.set()
    await running
    assert {row.key.scope for row in feed.store.values()} <= {fleet.scopes[0].key}
    await feed.refresh()
    assert len(feed.store) == 80


async def test_a_scope_that_hangs_does_not_hold_up_those_that_are_chosen_instead(
    feed: Feed, fleet
) -> None:
    fleet.gate.clear()
    running = spawn(feed.run(), "feed")
    await feed.cover(fleet.scopes)
    while not feed.refreshing:
        await asyncio.sleep(0)
    held, fleet.gate = fleet.gate, asyncio.Event()
    fleet.gate.set()
    await feed.cover(fleet.scopes[:1])
    while feed.ended < 2:
        await asyncio.sleep(0)
    assert len(feed.store) == 80
    assert feed.problems == []
    assert not held.is_set()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_run_lists_when_woken_and_reload_wakes_it(feed: Feed, fleet) -> None:
    running = spawn(feed.run(), "feed")
    await feed.cover(fleet.scopes)
    for expected in (1, 2):
        while feed.ended < expected:
            await asyncio.sleep(0)
        feed.reload()
    running.cancel()
    assert fleet.listings >= 2


async def test_reading_everything_is_asked_of_the_next_listing_only(feed: Feed, fleet) -> None:
    running = spawn(feed.run(), "feed")
    await feed.cover(fleet.scopes)
    for full, expected in ((False, 1), (True, 2), (False, 3)):
        feed.reload(full=full)
        while feed.ended < expected:
            await asyncio.sleep(0)
    running.cancel()
    assert (fleet.listings, fleet.full) == (3, 1)


async def test_trouble_of_the_memory_is_said_and_loses_nothing(
    feed: Feed, fleet, said: Said, monkeypatch
) -> None:
    def full(*_: object) -> None:
        raise ProblemError(Problem(ProblemKind.INPUT, "The disk is full"))

    monkeypatch.setattr(fleet, "remember", full)
    monkeypatch.setattr(fleet, "recall", full)
    await feed.cover(fleet.scopes)
    await feed.refresh()
    assert len(feed.store) == 240
    assert [problem.what for problem in said] == ["The disk is full"]


async def test_what_the_memory_has_put_right_is_said(feed: Feed, fleet, said: Said) -> None:
    damaged = Problem(ProblemKind.INPUT, "The snapshot was damaged and was replaced")
    newer = Problem(ProblemKind.INPUT, "The snapshot was written by a newer ssmtui")
    fleet.trouble = [damaged]
    await feed.restore([fleet.scopes[0].key])
    assert said == [damaged]
    await feed.cover(fleet.scopes)
    fleet.trouble = [newer]
    await feed.refresh()
    await feed.refresh()
    assert said == [damaged, newer]


def test_no_list_is_read_more_often_than_once_a_minute(fleet, clock) -> None:
    def interval(wanted: float | None) -> float:
        feed = Feed(
            fleet.resource(),
            memory=fleet,
            now=clock,
            changed=lambda: None,
            said=lambda problem: None,
            interval=wanted,
        )
        return feed.interval

    assert interval(1) == interval(None) == SHORTEST_INTERVAL
    assert interval(300) == 300


async def test_a_refresh_that_fails_greys_what_was_read_before(feed: Feed, fleet, clock) -> None:
    await feed.cover(fleet.scopes)
    await feed.refresh()
    key, first = fleet.scopes[0].key, clock.now
    fleet.problems[key] = DENIED
    clock.now += 60
    await feed.refresh()
    assert feed.stale
    assert {row.key.scope for row in feed.store.values() if row.key in feed.ages} == {key}
    assert feed.oldest == first
    del fleet.problems[key]
    await feed.refresh()
    assert not feed.stale
    assert feed.oldest == clock.now


async def test_trouble_that_was_over_is_said_again(feed: Feed, fleet, said: Said) -> None:
    await feed.cover(fleet.scopes)
    key = fleet.scopes[0].key
    for problem in (DENIED, DENIED, None, DENIED):
        fleet.problems.pop(key, None)
        if problem is not None:
            fleet.problems[key] = problem
        await feed.refresh()
    assert said == [DENIED, DENIED]


async def test_a_parked_row_that_has_gone_meanwhile_goes(feed: Feed, fleet, clock) -> None:
    await feed.cover(fleet.scopes)
    await feed.refresh()
    await feed.cover(fleet.scopes[:1])
    gone = fleet.rows[fleet.scopes[1].key].pop()
    clock.now += SHORTEST_INTERVAL + 1
    await feed.cover(fleet.scopes)
    assert gone.key in feed.ages
    await feed.refresh()
    assert gone.key not in feed.store
    assert not feed.stale


async def test_rows_without_a_way_to_them_stay_as_they_were_kept(feed: Feed, fleet, clock) -> None:
    key = fleet.scopes[0].key
    fleet.remembered[key] = (clock.now - 60, list(fleet.rows[key]))
    await feed.restore([key])
    await feed.cover(fleet.scopes[1:], [key])
    await feed.refresh()
    assert len(feed.store) == 240
    assert feed.stale
    assert feed.oldest == clock.now - 60
    await feed.cover(fleet.scopes[1:])
    assert len(feed.store) == 160
    assert not feed.stale
    await feed.cover(fleet.scopes[1:], [key])
    assert len(feed.store) == 240
    assert feed.stale


async def test_nothing_is_listed_while_nobody_sees_the_screen(feed: Feed, fleet) -> None:
    running = spawn(feed.run(), "feed")
    try:
        feed.seen.clear()
        await feed.cover(fleet.scopes)
        feed.reload()
        for _ in range(20):
            await asyncio.sleep(0)
        assert fleet.listings == 0
        feed.seen.set()
        while not feed.ended:
            await asyncio.sleep(0)
        assert fleet.listings == 1
    finally:
        running.cancel()


class Narrow:
    """The fleet's listing, of which one may ask for one node."""

    def __init__(self, fleet) -> None:
        self.fleet = fleet
        self.asked: list[dict[str, str]] = []

    def resource(self):
        return msgspec.structs.replace(
            self.fleet.resource(), narrowed=self._narrowed, narrowed_by={"id": "i-.+"}
        )

    def _narrowed(self, scopes, only):
        self.asked.append(dict(only))

        async def refresh(*, full: bool = False):
            for scope in scopes:
                rows = [row for row in self.fleet.rows[scope.key] if row.id == only["id"]]
                yield Rows(scope.key, rows)
                yield Finished(scope.key, "nodes")

        return SimpleNamespace(refresh=refresh)


async def test_a_narrowed_listing_shows_what_was_asked_for_and_the_whole_one_comes_back(
    fleet, clock, said: Said
) -> None:
    narrow = Narrow(fleet)
    feed = Feed(narrow.resource(), memory=fleet, now=clock, changed=lambda: None, said=said.append)
    await feed.cover(fleet.scopes)
    await feed.refresh()
    saved = len(fleet.saved)
    wanted = fleet.rows[fleet.scopes[1].key][3]

    await feed.cover(fleet.scopes, only={"id": wanted.id, "ping": "lost"})
    assert feed.only == {"id": wanted.id}
    assert len(feed.store) == 0
    assert {standing.state for standing in feed.standings.values()} == {State.WAITING}
    await feed.refresh()
    assert list(feed.store.values()) == [wanted]
    # What is kept on disk stays the whole list.
    assert len(fleet.saved) == saved

    listings = fleet.listings
    await feed.cover(fleet.scopes)
    assert feed.only == {}
    assert len(feed.store) == 240  # at once, before anything is listed
    assert fleet.listings == listings
    await feed.refresh()
    assert (len(feed.store), narrow.asked) == (240, [{"id": wanted.id}])
    assert len(fleet.saved) > saved


async def test_a_listing_under_way_is_dropped_when_another_one_is_asked_for(
    fleet, clock, said: Said
) -> None:
    narrow = Narrow(fleet)
    feed = Feed(narrow.resource(), memory=fleet, now=clock, changed=lambda: None, said=said.append)
    fleet.gate.clear()
    await feed.cover(fleet.scopes)
    under_way = spawn(feed.refresh(), "under way")
    await asyncio.sleep(0)
    wanted = fleet.rows[fleet.scopes[0].key][0]
    await feed.cover(fleet.scopes, only={"id": wanted.id})
    await under_way
    fleet.gate.set()
    await feed.refresh()
    assert list(feed.store.values()) == [wanted]
    assert said == []
