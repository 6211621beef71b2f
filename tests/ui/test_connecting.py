"""The way to AWS, when it was there from the start and when it was not."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import msgspec

from ssmtui.core.problem import Problem, ProblemKind

LOST = Problem(ProblemKind.ENDPOINT, "The endpoint cannot be reached", "Check the network")
EXPIRED = Problem(ProblemKind.EXPIRED, "The credentials have expired", "Run: aws sso login")


async def test_reload_reads_everything_again(explorer) -> None:
    async with explorer.open() as s:
        fleet = explorer.fleet
        before = fleet.listings
        await s.type("<ctrl+r>")
        assert (fleet.listings, fleet.full) == (before + 1, 1)
        assert fleet.connections == 1
        assert fleet.renewed == []


async def test_reload_tries_what_failed_at_the_start_and_leaves_the_rest_alone(
    explorer, monkeypatch
) -> None:
    fleet = explorer.fleet
    prod = fleet.scopes[2]
    fleet.unresolved = {prod.key: LOST}
    async with explorer.open() as s:
        ended: list[str] = []

        async def end() -> None:
            ended.append("sessions")

        monkeypatch.setattr(s.app, "end_sessions", end)
        assert "!1 unreachable" in s.text
        assert "160" in s.text.split("\n")[1]
        marked = s.app.main.pane.row.key
        await s.type(" ")
        await s.type("<ctrl+r>")
        assert "!1 unreachable" in s.text
        fleet.unresolved = {}
        await s.type("<ctrl+r>")
        await s.wait_for(lambda: len(s.app.contexts.scopes) == 3)
        await s.settle()
        assert "unreachable" not in s.text.split("\n")[0]
        assert "240" in s.text.split("\n")[1]
        assert list(s.app.main.pane.view.marks) == [marked]
        assert fleet.connections == 1
        assert ended == []


async def test_reload_tries_again_where_no_context_is_open(explorer) -> None:
    fleet = explorer.fleet
    fleet.unresolved = {scope.key: LOST for scope in fleet.scopes}
    async with explorer.open() as s:
        assert "no context" in s.text
        assert LOST.what in s.text
        assert "Check the network. Then Ctrl-R tries again" in s.text
        fleet.unresolved = {}
        await s.type("<ctrl+r>")
        await s.wait_for(lambda: s.app.contexts.scopes)
        await s.settle()
        assert "api-0001" in s.text
        assert fleet.connections == 1


async def test_reload_reads_credentials_anew_that_have_expired(explorer) -> None:
    fleet = explorer.fleet
    async with explorer.open() as s:
        dev = fleet.scopes[0]
        fleet.problems[dev.key] = msgspec.structs.replace(EXPIRED, scope=dev.key)
        await s.type("<ctrl+r>")
        assert fleet.renewed == []  # nobody knew of it yet
        assert "!1 expired" in s.text
        await s.type("<ctrl+r>")
        assert fleet.renewed == [dev.profile]
        fleet.problems.clear()
        await s.type("<ctrl+r>")
        assert "expired" not in s.text.split("\n")[0]


async def test_leaving_waits_until_the_way_is_closed(explorer, monkeypatch) -> None:
    way, closed = explorer.fleet.connect, []

    @asynccontextmanager
    async def slow_to_close():
        async with way() as connection:
            try:
                yield connection
            finally:
                for _ in range(5000):  # as a demo's fleet has to end
                    await asyncio.sleep(0)
                closed.append(True)

    monkeypatch.setattr(explorer.fleet, "connect", slow_to_close)
    async with explorer.open():
        assert not closed
    assert closed


async def test_leaving_closes_a_way_that_was_opened_late(explorer, monkeypatch) -> None:
    # As if it had been opened after Textual had cancelled its workers.
    monkeypatch.setattr("textual.worker_manager.WorkerManager.cancel_all", lambda manager: None)
    async with asyncio.timeout(20), explorer.open() as s:
        assert not s.app.connecting.words
