from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain
from ssmtui.sessions.terminal import OPEN, RECONNECTING, WAITING, Ended, Event, Output, State
from ssmtui.ui.screens.terminals import Terminals, TerminalsPage
from ssmtui.ui.widgets.terminal import TerminalWidget
from ssmtui.ui.widgets.terminal_view import Place


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
        for widget in self.s.app.screen.query(TerminalWidget):
            widget.refresh()
        await self.s.pilot.pause()

    async def until(self, true: Any) -> None:
        await self.s.wait_for(true)

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
        before = p.text
        session = await p.open()
        await p.type(key)
        assert "Back to the fleet" in p.text
        await p.type("l")
        assert p.s.app.screen is p.s.app.main
        assert p.text == before
        assert session.ends == 0
        await p.plays(session, b"news")
        assert p.terminals.tabs[0].unseen
        p.terminals.show()
        await p.s.settle()
        assert "news" in p.text
        assert not p.terminals.tabs[0].unseen


async def test_ctrl_bracket_twice_sends_one(playing) -> None:
    async with playing() as p:
        session = await p.open()
        await p.type("<ctrl+right_square_bracket>", "<ctrl+right_square_bracket>", "x")
        assert session.sent == b"\x1dx"
        await p.type("<ctrl+5>", "<escape>", "y")
        assert session.sent == b"\x1dxy"


async def test_ending_a_session_says_so_and_closes_on_a_deliberate_key(playing) -> None:
    async with playing() as p:
        session = await p.open()
        await p.plays(session, State(OPEN), b"last words")
        await p.type("<ctrl+5>", "e")
        await p.until(lambda: p.terminals.tabs[0].ended)
        await p.s.settle()
        assert session.ends == 1
        assert "ended: the session was ended" in p.text
        assert "last words" in p.text
        # The keys that were on their way to the shell are nobody's.
        await p.type("<enter>", "q")
        assert isinstance(p.s.app.screen, TerminalsPage)
        p.s.app.launch.now.now += 0.31
        await p.type("x")
        assert isinstance(p.s.app.screen, TerminalsPage)
        await p.type("<enter>")
        assert p.s.app.screen is p.s.app.main
        assert p.terminals.tabs == []
        assert not p.terminals.show()


async def test_a_frozen_session_is_abandoned(playing) -> None:
    async with playing() as p:
        session = await p.open()
        await p.plays(session, State(RECONNECTING))
        assert "reconnecting" in p.text
        await p.type("<ctrl+5>", "a")
        assert session.abandoned == 1
        assert "ended: abandoned" in p.text
        await p.type("<ctrl+5>", "c")
        assert p.s.app.screen is p.s.app.main


async def test_a_session_that_cannot_be_opened_says_why(playing) -> None:
    async with playing() as p:
        problem = Problem(ProblemKind.DENIED, "web-0141 is offline", "Start it")
        await p.open(problem=problem)
        await p.s.settle()
        assert "ended: web-0141 is offline. Start it" in p.text


@pytest.mark.parametrize("key", ["<escape>", "<ctrl+c>"])
async def test_a_node_that_does_not_answer_is_said_and_left_by_a_key(playing, key) -> None:
    async with playing() as p:
        session = await p.open("web-1")
        await p.type(key)
        assert session.sent  # until then it may be meant for the node
        session.sent = b""
        await p.plays(session, State(WAITING))
        assert "the node has not answered yet" in p.text
        assert "leave it" in p.text
        await p.type("x", key)
        assert (session.sent, session.abandoned) == (b"x", 1)
        await p.until(lambda: not isinstance(p.s.app.screen, TerminalsPage))
        assert p.terminals.tabs == []


async def test_tabs_on_one_node_have_numbers(playing) -> None:
    async with playing() as p:
        sessions = [await p.open("web-1") for _ in range(3)]
        assert [tab.title for tab in p.terminals.tabs] == ["web-1", "web-1 (2)", "web-1 (3)"]
        assert "web-1 (2)" in p.text
        await p.plays(sessions[1], Ended())
        p.terminals.close(p.terminals.tabs[1])
        await p.open("web-1")
        assert [tab.title for tab in p.terminals.tabs] == ["web-1", "web-1 (3)", "web-1 (2)"]


async def test_several_tabs(playing) -> None:
    async with playing() as p:
        first = await p.open("web-1")
        second = await p.open("web[/]2")
        await p.plays(second, b"I am the second")
        assert "❶web-1" in p.text
        assert "❷web[/]2" in p.text
        assert "I am the second" in p.text
        await p.plays(first, b"I am the first")
        assert "I am the first" not in p.text
        assert "❶web-1 ●" in p.text
        await p.type("<ctrl+5>", "1")
        assert "I am the first" in p.text
        assert "●" not in p.text
        await p.type("x")
        assert (first.sent, second.sent) == (b"x", b"")
        await p.plays(second, Ended(3))
        assert "❷web[/]2 ● ended" in p.text
        assert "web[/]2 ended: exit code 3" in p.text
        await p.type("<ctrl+5>", "2")
        await p.type("<ctrl+5>", "c")
        assert "❷" not in p.text
        assert "I am the first" in p.text


async def test_a_tab_is_opened_over_the_tabs_in_front(playing) -> None:
    async with playing() as p:
        await p.open("web-1")
        await p.type("<ctrl+5>", "l")
        await p.open("web-2")
        assert isinstance(p.s.app.screen, TerminalsPage)
        assert len(p.s.app.screen_stack) == 2
        assert p.terminals.active is p.terminals.tabs[1]


async def test_a_resize_is_told_to_every_session(playing) -> None:
    async with playing(size=(100, 30)) as p:
        first, second = await p.open("web-1"), await p.open("web-2")
        await p.s.pilot.resize_terminal(90, 20)
        p.s.app.screen.terminal._tell_size()
        await p.until(lambda: first.sizes and second.sizes)
        assert first.sizes[-1] == second.sizes[-1] == (90, 18)


async def test_search_in_the_scrollback(playing) -> None:
    async with playing() as p:
        session = await p.open()
        await p.plays(session, b"".join(b"line %d\r\n" % number for number in range(100)))
        await p.type("<ctrl+5>", "/", "line 7$", "<enter>")
        assert "line 7\n" in p.text
        assert "1 of 1" in p.text
        assert "lines up" in p.text
        await p.type("<escape>")
        assert "lines up" not in p.text
        await p.type("<ctrl+5>", "/", "(", "<enter>")
        assert "is no regular expression" in p.text
        await p.type("<escape>")
        assert session.sent == b""
        await p.type("x")
        assert session.sent == b"x"


async def test_copy_and_reset(playing) -> None:
    async with playing() as p:
        session = await p.open()
        await p.plays(session, b"copy me\x1b[?1049h\x1b[H\x1b[7mmess")
        await p.type("<ctrl+5>", "y")
        assert p.s.app.clipboard == "mess"
        await p.type("<ctrl+5>", "r")
        assert not p.terminals.tabs[0].screen.is_alternate
        await p.plays(session, b"some words")
        p.terminals.tabs[0].view.select(Place(0, 5), Place(0, 9))
        await p.type("<ctrl+5>", "y")
        assert p.s.app.clipboard == "words"


async def test_the_hints_can_be_clicked(playing) -> None:
    async with playing() as p:
        session = await p.open()
        await p.s.pilot.click("Footer", offset=(3, 0))
        await p.s.settle()
        assert "Back to the fleet" in p.text
        await p.type("<escape>")
        await p.plays(session, b"x\r\n" * 100)
        await p.s.pilot.click("Footer", offset=(18, 0))
        await p.s.settle()
        assert "lines up" in p.text


async def test_all_are_ended_with_the_program(playing) -> None:
    async with playing() as p:
        sessions = [await p.open("web-1"), await p.open("web-2")]
        await p.plays(sessions[0], Ended(0))
        await p.terminals.end_all()
        assert [session.ends for session in sessions] == [0, 1]


HOSTILE = (
    b"\x1b]0;owned\x07\x1b]2;owned\x1b\\\x1b]52;c;b3duZWQ=\x07\x1b]4;1;red\x07\x1b]11;red\x07"
    b"\x1b]8;;http://owned\x07x\x1b]8;;\x07\x1b]1337;SetProfile=owned\x07"
    b"\x1bPtmux;\x1b\x1b]0;owned\x07\x1b\\\x1b_Gowned\x1b\\\x1b^owned\x1b\\\x1b[?1049h"
    b"\x1b[?1000;1003;2004h\x1b[?25l\x1b[8;1;1t\x1b[21t\x1b[5i\x1b[!p\x1bc\x07\x1b[?1049l\x1b[r"
    b"\x0e\x1b(0\x1b[?5h\x1b[38;2;1;1;1m" + "\u202e\u009d0;owned\u009c".encode() + bytes(range(256))
)


async def test_a_hostile_program_reaches_nothing_of_ours(playing) -> None:
    async with playing() as p:
        app = p.s.app
        written: list[str] = []
        write = app._driver.write
        app._driver.write = lambda data: (written.append(data), write(data))[1]
        before = app.title, app.sub_title, app.theme, app.clipboard, app.ansi_color
        session = await p.open()
        await p.plays(session, HOSTILE * 20)
        for strip in app.screen._compositor.render_strips(app.size):
            for segment in strip:
                assert segment.control is None
                assert plain(segment.text) == segment.text
        await p.plays(session, b"\x1b\\\x18\x1bcstill here")
        assert (app.title, app.sub_title, app.theme, app.clipboard, app.ansi_color) == before
        assert "still here" in p.text
        # The shape of the mouse pointer is Textual's own to set.
        output = "".join(written).replace("\x1b]22;default\x07", "")
        for ours in ("\x1b]", "\x1bP", "\x1b_", "\x07", "owned", "[?1003", "\u202e"):
            assert ours not in output
        await p.type("<ctrl+5>", "l")
        assert p.s.app.screen is p.s.app.main
        assert "❶Nodes" in p.text
