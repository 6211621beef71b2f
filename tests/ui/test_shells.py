"""Shells from the explorer: tabs on the marked nodes, the plugin, and nothing left open."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.sessions import client as client_module
from ssmtui.sessions import plugin as plugin_module
from ssmtui.sessions.terminal import OPEN, Ended, Output, State
from ssmtui.ui import shells


class ScriptedClient:
    """Says where it is, and ends when it is told to."""

    made: ClassVar[list[ScriptedClient]] = []

    def __init__(self, scope, spec) -> None:
        self.scope, self.spec = scope, spec
        self.closed = False
        self.events: asyncio.Queue = asyncio.Queue()
        ScriptedClient.made.append(self)

    async def start(self, columns: int, rows: int) -> None:
        self.events.put_nowait(State(OPEN))
        self.events.put_nowait(Output(f"welcome to {self.spec.target.id}".encode()))

    async def send(self, data: bytes) -> None:
        self.events.put_nowait(Output(data))

    async def resize(self, columns: int, rows: int) -> None:
        pass

    async def __aiter__(self):
        while not isinstance(event := await self.events.get(), Ended):
            yield event
        yield event

    async def end(self) -> None:
        self.events.put_nowait(Ended(0))

    def abandon(self) -> None:
        self.events.put_nowait(Ended(None, "abandoned"))

    async def close(self) -> Problem | None:
        self.closed = True
        return None


@pytest.fixture(autouse=True)
def clients(monkeypatch):
    ScriptedClient.made = []
    monkeypatch.setattr(client_module, "Client", ScriptedClient)
    return ScriptedClient.made


async def test_a_shell_on_the_row_and_back_to_the_same_row(explorer, clients) -> None:
    async with explorer.open() as s:
        await s.type("j", "j")
        row = s.app.main.pane.row
        await s.type("s")
        await s.wait_for(lambda: f"welcome to {row.id}" in s.text)
        assert clients[0].spec.target == row.key
        await s.pilot.press("ctrl+right_square_bracket")
        await s.wait_for(lambda: "Back to the fleet" in s.text)
        await s.pilot.press("l")
        await s.wait_for(lambda: "Nodes" in s.text)
        assert s.app.main.pane.row == row
        await s.type("T")
        await s.wait_for(lambda: f"welcome to {row.id}" in s.text)
    assert clients[0].closed


async def test_one_tab_for_each_marked_node(explorer, clients) -> None:
    async with explorer.open() as s:
        await s.type("<space>", "j", "<space>", "j", "s")
        await s.wait_for(lambda: len(clients) == 2)
        assert len(s.app.shells.terminals.tabs) == 2


async def test_many_shells_are_asked_about_first(explorer, clients) -> None:
    async with explorer.open() as s:
        await s.type("*", "s")
        await s.wait_for(lambda: "Open 240 shells" in s.text)
        await s.pilot.press("escape")
        await s.settle()
        assert clients == []


async def test_a_reason_may_be_required(explorer, clients) -> None:
    async with explorer.open(config={"session_reason": True}) as s:
        await s.type("s")
        await s.wait_for(lambda: "Reason for the session" in s.text)
        await s.pilot.press(*"INC-7", "enter")
        await s.wait_for(lambda: clients)
        assert clients[0].spec.reason == "INC-7"


async def test_no_reason_is_no_session(explorer, clients) -> None:
    async with explorer.open(config={"session_reason": True}) as s:
        await s.type("s")
        await s.wait_for(lambda: "Reason for the session" in s.text)
        await s.pilot.press("escape")
        await s.settle()
        assert clients == []


async def test_look_mode_offers_no_shell(explorer, clients) -> None:
    from ssmtui.aws.mode import Mode

    for scope in explorer.fleet.scopes:
        scope.base = Mode.LOOK
    async with explorer.open() as s:
        await s.type("s")
        assert clients == []
        assert "s shell" not in s.text


async def test_a_missing_plugin_is_one_sentence_that_offers_the_tab(explorer, monkeypatch) -> None:
    async def missing():
        raise ProblemError(
            Problem(ProblemKind.INPUT, "session-manager-plugin is not on PATH", "Install it")
        )

    monkeypatch.setattr(plugin_module, "find_plugin", missing)
    async with explorer.open(size=(140, 30)) as s:
        await s.type("S")
        await s.wait_for(lambda: "not on PATH" in s.text)
        assert "press s for a tab" in " ".join(s.text.split())


async def test_without_tabs_there_is_nothing_to_show(explorer) -> None:
    async with explorer.open() as s:
        await s.type("T")
        await s.wait_for(lambda: "No session is open" in s.text)


async def test_keys_are_dropped_for_a_moment(explorer, monkeypatch) -> None:
    async with explorer.open() as s:
        before = s.app.main.pane.row
        s.app.ignore_keys(3600)
        await s.type("j")
        assert s.app.main.pane.row == before
        s.app.ignore_keys(0)
        await s.type("j")
        assert s.app.main.pane.row != before


def test_keys_are_dropped_for_as_long_as_the_rules_say() -> None:
    assert shells.SETTLE_SECONDS == 0.3
