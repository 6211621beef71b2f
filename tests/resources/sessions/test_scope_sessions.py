"""When which list is read, and that a board is whole or says that it is not."""

from __future__ import annotations

import pytest

from ssmtui.core.problem import ProblemKind
from ssmtui.resources.sessions import ACTIVE, HISTORY
from ssmtui.resources.sessions.listing import SessionListing
from ssmtui.resources.sessions.scope_sessions import HISTORY_SECONDS, ONE_BY_ONE


def calls(fleet, before):
    return (fleet.endpoint.calls - before)["ssm:DescribeSessions"]


async def test_the_history_is_read_less_often(open_fleet, board, clock):
    async with open_fleet(nodes=120) as fleet:
        listing = SessionListing(fleet.scopes, clock=clock)
        await board.read(listing)
        for at, full, expected in (
            (60, False, 1),
            (HISTORY_SECONDS + 61, False, 2),
            (HISTORY_SECONDS + 62, False, 1),
            (HISTORY_SECONDS + 63, True, 2),
        ):
            before = fleet.endpoint.calls.copy()
            clock.now = at
            await board.read(listing, full=full)
            assert calls(fleet, before) == expected, at


async def test_a_session_that_ends_is_looked_up(open_fleet, board, clock, service):
    async with open_fleet(nodes=120) as fleet:
        listing = SessionListing(fleet.scopes, clock=clock)
        await board.read(listing)
        ended = min(board.active)
        service(fleet).end(ended)
        before = fleet.endpoint.calls.copy()
        await board.read(listing)
        assert board.rows[ended].status == "Terminated"
        assert board.rows[ended].duration > 0
        assert calls(fleet, before) == 2
        # And it stays on the board as a part of the history.
        await board.read(listing)
        assert board.rows[ended].status == "Terminated"


async def test_many_that_end_at_once_are_one_reading_of_the_history(
    open_fleet, board, clock, service
):
    async with open_fleet(nodes=600) as fleet:
        listing = SessionListing(fleet.scopes, clock=clock)
        await board.read(listing)
        ended = sorted(board.active)[: ONE_BY_ONE + 1]
        assert len(ended) > ONE_BY_ONE
        for session_id in ended:
            service(fleet).end(session_id)
        before = fleet.endpoint.calls.copy()
        await board.read(listing)
        assert {board.rows[session_id].status for session_id in ended} == {"Terminated"}
        history = len(service(fleet).records(active=False))
        assert calls(fleet, before) == 1 + -(-history // 200)


async def test_what_is_in_neither_list_is_gone(open_fleet, board, clock, service):
    async with open_fleet(nodes=120) as fleet:
        listing = SessionListing(fleet.scopes, clock=clock)
        await board.read(listing)
        oldest = min(board.rows.values(), key=lambda row: row.ended or float("inf"))
        fleet.world.clock.advance(29.9 * 86_400)
        clock.now = HISTORY_SECONDS
        await board.read(listing)
        assert set(board.rows) == set(service(fleet).records())
        assert oldest.id not in board.rows


async def test_the_history_is_read_through_all_its_pages(open_fleet, board, service):
    async with open_fleet(nodes=400) as fleet:
        history = service(fleet).records(active=False)
        assert len(history) > 200
        await board.read(SessionListing(fleet.scopes))
        assert set(history) <= set(board.rows)


async def test_denied_is_said_once_and_asked_once(open_fleet, board):
    async with open_fleet(faults=["denied ssm:DescribeSessions"]) as fleet:
        await board.read(SessionListing(fleet.scopes))
        (problem,) = board.problems
        assert problem.kind is ProblemKind.DENIED
        assert board.rows == {}
        assert fleet.endpoint.calls["ssm:DescribeSessions"] == 1


async def test_throttled_half_way_keeps_what_is_known(open_fleet, board, clock, service):
    async with open_fleet(nodes=120) as fleet:
        listing = SessionListing(fleet.scopes, clock=clock)
        await board.read(listing)
        before = dict(board.rows)
        ended = min(board.active)
        service(fleet).end(ended)
        fleet.endpoint.faults.add("throttle ssm:DescribeSessions")
        clock.now = HISTORY_SECONDS
        await board.read(listing)
        assert {problem.kind for problem in board.problems} == {ProblemKind.THROTTLED}
        assert {stage for _, stage in board.ended} == {ACTIVE, HISTORY}
        assert board.rows == before
        # The next one that is answered brings everything up to date.
        fleet.endpoint.faults.clear()
        await board.read(listing)
        assert board.problems == []
        assert board.rows[ended].status == "Terminated"


async def test_a_lookup_that_fails_is_made_up_for(open_fleet, board, clock, service):
    async with open_fleet(nodes=120) as fleet:
        listing = SessionListing(fleet.scopes, clock=clock)
        await board.read(listing)
        ended = min(board.active)
        service(fleet).end(ended)
        # What goes on is answered, and then nothing is.
        read = fleet.scopes[0].pages

        def pages(service, operation, params, **options):
            if params["State"] == "History":
                fleet.endpoint.faults.add("error ssm:DescribeSessions")
            return read(service, operation, params, **options)

        fleet.scopes[0].pages = pages
        await board.read(listing)
        assert [stage for (_, stage), problem in board.ended.items() if problem] == [HISTORY]
        assert board.rows[ended].status == "Connected"
        fleet.endpoint.faults.clear()
        fleet.scopes[0].pages = read
        await board.read(listing)
        assert board.rows[ended].status == "Terminated"


# After any fault the board is whole, or a stage says why it is not.
@pytest.mark.parametrize("bound", ["count=1", "count=1000"])
@pytest.mark.parametrize(
    "kind", ["throttle", "error", "abort", "reply-lost", "truncate", "denied", "expired", "latency"]
)
async def test_never_silently_short(open_fleet, board, service, kind, bound):
    extra = " ms=1" if kind == "latency" else ""
    async with open_fleet(nodes=40, faults=[f"{kind} ssm:DescribeSessions {bound}{extra}"]) as f:
        await board.read(SessionListing(f.scopes))
        if not board.problems:
            assert set(board.rows) == set(service(f).records())
        else:
            assert all(problem.sentence for problem in board.problems)
        if kind == "latency" or (bound == "count=1" and kind not in ("denied", "expired")):
            assert board.problems == [], "a passing fault is survived"
