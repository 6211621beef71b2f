from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.sessions.terminal import OPEN, RECONNECTING, Ended, Event, Output, State
from ssmtui.ui.screens.terminals import Terminals, TerminalsPage
from ssmtui.ui.widgets.terminal import TerminalWidget


class ScriptedSession:
    """Plays what the test puts in, and writes down what it is told."""

    def __init__(self, *, problem: Problem | None = None) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.problem = problem
        self.started: list[tuple[int, int]] = []
        self.sizes: list[tuple[int, int]] = []
        self.sent = b""
        self.ends = 0
        self.abandoned = 0

    async def start(self, columns: int, rows: int) -> None:
        self.started.append((columns, rows))
        if self.problem is not None:
            raise ProblemError(self.problem)

    async def send(self, data: bytes) -> None:
        self.sent += data

    async def resize(self, columns: int, rows: int) -> None:
        self.sizes.append((columns, rows))

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            event = await self.events.get()
            yield event
            if isinstance(event, Ended):
                return

    async def end(self) -> None:
        self.ends += 1
        self.events.put_nowait(Ended(None, "the session was ended"))

    def abandon(self) -> None:
        self.abandoned += 1
        self.events.put_nowait(Ended())

    def plays(self, *events: Event | bytes) -> None:
        for event in events:
            self.events.put_nowait(Output(event) if isinstance(event, bytes) else event)


class Player:
    """An explorer with terminal tabs."""

    def __init__(self, s: Any) -> None:
        self.s = s
        self.terminals = Terminals(s.app)

    async def open(self, title: str = "web-0141", **given: Any) -> ScriptedSession:
        session = ScriptedSession(**given)
        self.terminals.open(session, title)
        await self.until(lambda: session.started)
        return session

    async def plays(self, session: ScriptedSession, *events: Event | bytes) -> None:
        session.plays(*events)
        await self.until(session.events.empty)
        for _ in range(3):
            await self.s.pilot.pause()
        widgets = self.s.app.screen.query(TerminalWidget)
        if widgets:
            widgets.first()._update()
        await self.s.pilot.pause()

    async def until(self, true: Any) -> None:
        for _ in range(200):
            if true():
                return
            await self.s.pilot.pause()
        raise AssertionError(f"it did not come true:\n{self.s.text}")

    async def type(self, *keys: str) -> None:
        await self.s.type(*keys)
        await self.s.pilot.pause()

    @property
    def text(self) -> str:
        return self.s.text


@pytest.fixture
def playing(explorer):
    @asynccontextmanager
    async def play(**given: Any) -> AsyncIterator[Player]:
        async with explorer.open(**given) as s:
            yield Player(s)

    return play


async def test_a_session_starts_with_the_size_of_the_screen(playing) -> None:
    async with playing(size=(100, 30)) as p:
        session = await p.open()
        assert session.started == [(100, 28)]
        await p.plays(session, State(OPEN), b"sh-5.2$ ")
        assert "❶web-0141" in p.text
        assert "sh-5.2$" in p.text.split("\n")[1]
        assert p.text.split("\n")[0].rstrip().endswith("open")


async def test_every_key_goes_to_the_remote(playing) -> None:
    async with playing() as p:
        session = await p.open()
        await p.type("ls q", "<enter>", "<tab>", "<escape>", "<ctrl+c>", "<ctrl+p>", "<ctrl+q>")
        await p.type("<ctrl+c>", "<f1>", "<alt+x>", "<ctrl+@>", "<up>", "<colon>", "<shift+tab>")
        assert session.sent == b"ls q\r\t\x1b\x03\x10\x11\x03\x1bOP\x1bx\x00\x1b[A:\x1b[Z"
        assert isinstance(p.s.app.screen, TerminalsPage)


@pytest.mark.parametrize("key", ["<ctrl+right_square_bracket>", "<ctrl+5>"])
async def test_the_menu_leaves_and_the_row_is_the_same(playing, key) -> None:
    async with playing() as p:
        await p.type("<down>", "<down>", "<down>")
        row = (
            p.s.app.main.pane.table.cursor_row
            if hasattr(p.s.app.main.pane.table, "cursor_row")
            else None
        )
        before = p.text
        session = await p.open()
        await p.type(key)
        assert "Back to the fleet" in p.text
        await p.type("l")
        assert p.s.app.screen is p.s.app.main
        assert p.text == before, row
        assert session.ends == 0
        await p.plays(session, b"news")
        assert p.terminals.tabs[0].unseen
        p.terminals.show()
        await p.s.settle()
        assert "news" in p.text
        assert not p.terminals.tabs[0].unseen
