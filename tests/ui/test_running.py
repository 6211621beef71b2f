"""Which commands go on: what it costs, what the header says, and what a node is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from ssmtui.resources.base import Finished, Gone, Rows
from ssmtui.resources.commands import commands
from ssmtui.resources.commands.row import Command
from ssmtui.ui.launch import NoMemory
from ssmtui.ui.running import BUSY_SECONDS, IDLE_SECONDS, WATCHED_SECONDS, in_words, story

NOW = 1_760_000_000.0


def command(scope: Any, number: int, **given: Any) -> Command:
    values: dict[str, Any] = {
        "account": scope.key.account,
        "region": scope.key.region,
        "id": f"c-{number}",
        "status": "running",
        "requested": NOW - 60 * number,
        "name": f"deploy {number}",
        "node": (),
        "targets": 1,
    }
    return Command(**{**values, **given})


class Service:
    """What goes on at the service, and how often it was asked."""

    def __init__(self, fleet: Any) -> None:
        self.fleet = fleet
        self.running: list[Command] = []
        self.history: list[Command] = []
        self.asked = 0
        self.listings = 0

    def narrowed(self, scopes: Any, only: Any) -> Any:
        assert only == {"status": "running"}
        told: set[Any] = set()

        async def refresh(*, full: bool = False) -> Any:
            for scope in scopes:
                self.asked += 1
                rows = [row for row in self.running if row.key.scope == scope.key]
                keys = {row.key for row in rows}
                yield Rows(scope.key, rows)
                yield Gone(
                    scope.key, [key for key in told if key.scope == scope.key and key not in keys]
                )
                told.difference_update([key for key in told if key.scope == scope.key])
                told.update(keys)
                yield Finished(scope.key, "commands")

        return SimpleNamespace(refresh=refresh)

    def listing(self, scopes: Any) -> Any:
        async def refresh(*, full: bool = False) -> Any:
            self.listings += 1
            for scope in scopes:
                rows = [*self.running, *self.history]
                yield Rows(scope.key, [row for row in rows if row.key.scope == scope.key])
                yield Finished(scope.key, "commands")

        return SimpleNamespace(refresh=refresh)

    def world(self) -> dict[str, Any]:
        resource = msgspec.structs.replace(commands(), listing=self.listing, narrowed=self.narrowed)
        return {"resources": (self.fleet.resource(), resource), "memory": NoMemory()}


@pytest.fixture
def service(explorer) -> Service:
    return Service(explorer.fleet)


async def test_an_idle_hour_is_twelve_questions_a_scope(explorer, service) -> None:
    async with explorer.open(**service.world()) as session:
        running = session.app.main.running
        for _ in range(3600 // 5):
            await running.look()
            explorer.clock.now += 5
        assert service.asked == 12 * len(explorer.fleet.scopes)
        assert IDLE_SECONDS == 300


async def test_while_something_goes_on_it_is_asked_every_minute(explorer, service) -> None:
    service.running = [command(explorer.fleet.scopes[0], 1)]
    async with explorer.open(size=(140, 30), **service.world()) as session:
        running, scopes = session.app.main.running, len(explorer.fleet.scopes)
        await running.look()
        await session.settle()
        assert "running 1 (1 not yours)" in session.text
        await running.look()
        assert service.asked == scopes
        explorer.clock.now += BUSY_SECONDS
        service.running = []
        await running.look()
        await session.settle()
        assert service.asked == 2 * scopes
        assert "running" not in session.text.splitlines()[2]


async def test_where_the_pane_has_the_list_nothing_is_asked(explorer, service) -> None:
    scope = explorer.fleet.scopes[0]
    service.running = [command(scope, 1, mine=True), command(scope, 2)]
    service.history = [command(scope, 3, status="success")]
    async with explorer.open(size=(140, 30), **service.world()) as session:
        await session.type("5")
        await session.app.main.running.look()
        await session.type("1")
        assert "running 2 (1 not yours)" in session.text
        assert service.asked == 0


async def test_a_list_in_which_something_goes_on_is_read_again_while_it_is_looked_at(
    explorer, service
) -> None:
    scope = explorer.fleet.scopes[0]
    service.running = [command(scope, 1)]
    async with explorer.open(size=(140, 30), **service.world()) as session:
        running = session.app.main.running
        await session.type("5")
        await running.look()
        await session.settle()
        assert service.listings == 1
        explorer.clock.now += WATCHED_SECONDS
        service.running = [command(scope, 1, status="success")]
        await running.look()
        await session.wait_for(lambda: service.listings == 2)
        await session.settle()
        assert session.app.main.pane.row.status == "success"
        # Nothing goes on any more.
        explorer.clock.now += WATCHED_SECONDS
        await running.look()
        await session.settle()
        assert service.listings == 2


async def test_a_list_that_nobody_looks_at_is_left_alone(explorer, service) -> None:
    service.running = [command(explorer.fleet.scopes[0], 1)]
    async with explorer.open(**service.world()) as session:
        await session.type("5", "1")
        explorer.clock.now += WATCHED_SECONDS
        await session.app.main.running.look()
        await session.settle()
        assert service.listings == 1


async def test_what_oneself_has_sent_is_read_soon(explorer, service) -> None:
    async with explorer.open(size=(140, 30), **service.world()) as session:
        running, scopes = session.app.main.running, len(explorer.fleet.scopes)
        await running.look()
        assert service.asked == scopes
        service.running = [command(explorer.fleet.scopes[0], 1, mine=True)]
        running.again()
        await running.look()
        assert service.asked == scopes  # not more often than every ten seconds
        explorer.clock.now += WATCHED_SECONDS
        await running.look()
        await session.settle()
        assert service.asked == 2 * scopes
        assert "running 1" in session.text
        explorer.clock.now += WATCHED_SECONDS
        await running.look()
        assert service.asked == 2 * scopes


async def test_what_oneself_has_sent_is_read_into_the_panes_list(explorer, service) -> None:
    async with explorer.open(size=(140, 30), **service.world()) as session:
        await session.type("5", "1")
        running = session.app.main.running
        service.running = [command(explorer.fleet.scopes[0], 1, mine=True)]
        explorer.clock.now += WATCHED_SECONDS
        running.again()
        await running.look()
        await session.wait_for(lambda: service.listings == 2)
        await session.settle()
        await running.look()
        await session.settle()
        assert service.listings == 2
        assert "running 1" in session.text


async def test_a_node_is_told_what_goes_on_on_it_and_what_ran_last(explorer, service) -> None:
    scope = explorer.fleet.scopes[0]
    node = explorer.fleet.rows[scope.key][0]
    service.running = [command(scope, 1, node=(node.id,))]
    service.history = [
        command(scope, 30, status="success", node=(node.id,)),
        command(scope, 90, status="failed", node=(node.id, "i-2"), targets=2, failed=1),
        command(scope, 95, status="success", node=("i-2",)),
        command(explorer.fleet.scopes[1], 99, status="success", node=(node.id,)),
    ]
    async with explorer.open(size=(140, 30), **service.world()) as session:
        running = session.app.main.running
        await session.type("5")
        await running.look()
        assert running.news(node.key) == [("deploy 1", "running")]
        assert await running.ran_on(node.key, 3) == [
            (NOW - 1800, "deploy 30 ok"),
            (NOW - 5400, "deploy 90 failed on 1 of 2"),
        ]
        await session.type("1", "/", f"id={node.id}", "<enter>")
        assert "deploy 1 running" in session.text
        session.app.main.pane.story.again()
        await session.wait_for(lambda: session.app.main.pane.story.lines)
        await session.settle()
        assert "deploy 30 ok 30m ago" in session.text


async def test_without_commands_there_is_nothing_to_look_at(explorer) -> None:
    async with explorer.open() as session:
        running = session.app.main.running
        await running.look()
        assert running.words == ""
        assert (
            await running.ran_on(explorer.fleet.rows[explorer.fleet.scopes[0].key][0].key, 3) == []
        )


def test_in_words(explorer) -> None:
    scope = explorer.fleet.scopes[0]
    mine = command(scope, 1, mine=True)
    assert in_words([]) == ""
    assert in_words([mine]) == "running 1"
    assert in_words([mine, command(scope, 2), command(scope, 3, mine=False)]) == (
        "running 3 (2 not yours)"
    )


def test_what_became_of_one(explorer) -> None:
    scope = explorer.fleet.scopes[0]
    assert story(command(scope, 1, status="success")) == "deploy 1 ok"
    assert story(command(scope, 1, status="failed")) == "deploy 1 failed"
    assert story(command(scope, 1, status="incomplete", targets=9, failed=2, undelivered=1)) == (
        "deploy 1 incomplete on 3 of 9"
    )
