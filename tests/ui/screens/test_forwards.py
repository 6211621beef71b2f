"""The list of forwards, over forwards that are played by a script."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.sessions.forwards.figures import Figures
from ssmtui.sessions.forwards.forward import State
from ssmtui.sessions.forwards.spec import ForwardSpec
from ssmtui.ui.screens.dialogs import Confirm
from ssmtui.ui.screens.forwards import ForwardsPage


class PlayedForward:
    """What the screen reads of a Forward, settable."""

    def __init__(self, scope: Any, spec: ForwardSpec, *, name: str, changed: Any, **_: Any) -> None:
        self.scope, self.spec, self.name, self.changed = scope, spec, name, changed
        self.figures = Figures()
        self.state = State.STARTING
        self.sentence = ""
        self.uptime: float | None = None
        self.closed = 0
        self.left_open: Problem | None = None

    @property
    def address(self) -> str:
        return self.spec.address(self.spec.local_port)

    @property
    def title(self) -> str:
        return f"{self.address} -> {self.name}:{self.spec.destination}"

    @property
    def over(self) -> bool:
        return self.state in (State.FAILED, State.CLOSED)

    def start(self) -> None:
        self.turn(State.OPEN)
        self.uptime = 65.0

    def turn(self, state: State, sentence: str = "") -> None:
        self.state, self.sentence = state, sentence
        self.changed()

    async def close(self) -> Problem | None:
        self.closed += 1
        self.state = State.CLOSED
        return self.left_open


@pytest.fixture(autouse=True)
def played(monkeypatch: pytest.MonkeyPatch) -> list[PlayedForward]:
    """The forwards that were begun."""
    begun: list[PlayedForward] = []

    def begin(*given: Any, **named: Any) -> PlayedForward:
        begun.append(PlayedForward(*given, **named))
        return begun[-1]

    monkeypatch.setattr("ssmtui.sessions.forwards.manager.Forward", begin)
    return begun


async def test_a_forward_is_asked_for_on_a_node_and_listed_with_its_figures(
    explorer, played
) -> None:
    async with explorer.open() as s:
        await s.type("F")
        await s.wait_for(lambda: "Forward to" in s.text)
        await s.type("8080:80", "<enter>")
        (forward,) = played
        assert forward.spec.local_port == 8080
        assert forward.scope.key == forward.spec.target.scope
        assert "is open" in s.text
        forward.figures = Figures(
            connections=12, open=2, sent=2048, received=5 * 1024 * 1024, reconnects=3
        )
        await s.type("f")
        assert isinstance(s.app.screen, ForwardsPage)
        _, way, figures, *_ = s.text.split("\n")
        assert way.split() == ["open", "127.0.0.1:8080", "->", f"{forward.name}:80", "1m"]
        assert figures.strip() == ("2 open of 12 connections  ↑ 2.0 KiB  ↓ 5.0 MiB  reconnected 3×")
        await s.type("<escape>")
        assert s.app.screen is s.app.main


async def test_what_cannot_be_a_forward_is_said_and_can_be_put_right(explorer, played) -> None:
    async with explorer.open() as s:
        await s.type("F")
        await s.wait_for(lambda: "Forward to" in s.text)
        await s.type("8080", "<enter>")
        await s.wait_for(lambda: "8080 is not a forward" in s.text)
        await s.type(":80", "<enter>")
        assert [forward.spec.remote_port for forward in played] == [80]


async def test_esc_forwards_nothing(explorer, played) -> None:
    async with explorer.open() as s:
        await s.type("F")
        await s.wait_for(lambda: "Forward to" in s.text)
        await s.type("<escape>")
        assert played == []


async def test_the_command_takes_the_ports_at_once(explorer, played) -> None:
    async with explorer.open() as s:
        await s.type(":forward 5432:db.internal:5432", "<enter>")
        assert played[0].spec.remote_host == "db.internal"
        await s.type(":forwards", "<enter>")
        assert "db.internal:5432" in s.text


async def test_enter_copies_the_address(explorer, played) -> None:
    async with explorer.open() as s:
        await s.type(":forward 8080:80", "<enter>", "f", "<enter>")
        assert "Copied the address 127.0.0.1:8080" in s.text


async def test_stopping_asks_first(explorer, played) -> None:
    async with explorer.open() as s:
        await s.type(":forward 8080:80", "<enter>", ":forward 8081:80", "<enter>", "f")
        await s.type("<ctrl+d>")
        await s.wait_for(lambda: isinstance(s.app.screen, Confirm))
        await s.type("<enter>")
        assert [forward.closed for forward in played] == [0, 0]
        await s.type("<ctrl+d>")
        await s.wait_for(lambda: isinstance(s.app.screen, Confirm))
        await s.type("<tab>", "<enter>")
        assert [forward.closed for forward in played] == [1, 0]
        assert "8080 ->" not in s.text.split("\n", 2)[1]
        assert "8081 ->" in s.text


async def test_a_failed_one_says_why_and_leaves_without_a_question(explorer, played) -> None:
    async with explorer.open() as s:
        await s.type(":forward 8080:80", "<enter>", "f")
        played[0].turn(State.FAILED, "The node a[/]b is not connected")
        await s.wait_for(lambda: "is failed" in s.text)
        s.app.screen._show()
        await s.type("<down>")
        assert "  The node a[/]b is not connected" in s.text
        await s.type("<ctrl+d>")
        assert "none yet" in s.text


async def test_what_keeps_a_session_open_is_said(explorer, played) -> None:
    async with explorer.open() as s:
        await s.type(":forward 8080:80", "<enter>", "f")
        played[0].state = State.FAILED
        played[0].left_open = Problem(ProblemKind.DENIED, "ssm:TerminateSession is denied")
        await s.type("<ctrl+d>")
        assert "ssm:TerminateSession is denied" in s.text


async def test_without_forwards_it_says_how_to_get_one(explorer) -> None:
    async with explorer.open() as s:
        await s.type("f")
        assert "none yet: F on a node opens one" in s.text
        await s.type("<ctrl+d>", "<enter>", "f")
        assert s.app.screen is s.app.main


async def test_they_go_on_behind_other_views_and_end_with_the_program(explorer, played) -> None:
    async with explorer.open() as s:
        await s.type(":forward 8080:80", "<enter>", "f", "<escape>")
        assert played[0].closed == 0
    assert played[0].closed
