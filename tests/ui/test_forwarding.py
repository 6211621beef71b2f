"""What forwards do around the screens: when they are offered, and what is said of them."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.aws.mode import Mode
from ssmtui.sessions.forwards.forward import State
from ssmtui.ui.actions import NODE_ACTIONS

FORWARD = next(action for action in NODE_ACTIONS if action.id == "forward")


class Begun:
    """A Forward that does nothing by itself."""

    def __init__(self, scope: Any, spec: Any, *, changed: Any, **_: Any) -> None:
        self.scope, self.spec, self._changed = scope, spec, changed
        self.title = "127.0.0.1:1 -> web:80"
        self.sentence = ""
        self.state = State.STARTING
        self.over = False

    def start(self) -> None:
        pass

    def turn(self, state: State, sentence: str = "") -> None:
        self.state, self.sentence = state, sentence
        self._changed()

    async def close(self) -> None:
        self.turn(State.CLOSED)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Begun]:
    made: list[Begun] = []

    def begin(*given: Any, **named: Any) -> Begun:
        made.append(Begun(*given, **named))
        return made[-1]

    monkeypatch.setattr("ssmtui.sessions.forwards.manager.Forward", begin)
    return made


async def test_every_change_is_a_notice_as_grave_as_it_is(explorer, begun) -> None:
    async with explorer.open() as s:
        await s.type(":forward 0:80", "<enter>")
        begun[0].turn(State.OPEN)
        begun[0].turn(State.RECONNECTING, "The connection was lost")
        begun[0].turn(State.OPEN)
        begun[0].turn(State.FAILED, "a[/]b is gone")
        begun[0].turn(State.CLOSED)
        said = [(notice.text, notice.level.value, notice.count) for notice in s.app.notices]
        assert said == [  # the newest first
            ("127.0.0.1:1 -> web:80 is failed: a[/]b is gone", "error", 1),
            ("127.0.0.1:1 -> web:80 is open", "information", 2),
            ("127.0.0.1:1 -> web:80 is reconnecting: The connection was lost", "warning", 1),
        ]


async def test_in_look_mode_it_is_neither_offered_nor_done(explorer, begun) -> None:
    for scope in explorer.fleet.scopes:
        scope.base = Mode.LOOK
    async with explorer.open() as s:
        assert "F forward" not in s.text
        await s.type("F")
        assert s.app.screen is s.app.main
        await s.type(":forward 0:80", "<enter>")
        assert ":forward needs connect mode" in s.text
        assert begun == []


async def test_in_connect_mode_it_is(explorer, begun) -> None:
    for scope in explorer.fleet.scopes:
        scope.base = Mode.CONNECT
    async with explorer.open() as s:
        assert "F forward" in s.text
        await s.type(":forward 0:80", "<enter>")
        assert len(begun) == 1


async def test_without_a_way_to_the_node_that_is_said(explorer, begun) -> None:
    async with explorer.open() as s:
        s.app.forwarding.ask(_no_way, s.app.main.pane.row.key, "web", "0:80")
        await s.settle()
        assert "There is no way" in s.text
        assert begun == []


async def test_wrong_ports_of_a_command_can_be_put_right(explorer, begun) -> None:
    async with explorer.open() as s:
        await s.type(":forward 80", "<enter>")
        await s.wait_for(lambda: "Forward to" in s.text)
        await s.type("80:8080", "<enter>")
        assert [(begun[0].spec.local_port, begun[0].spec.remote_port)] == [(8080, 8080)]


async def test_no_sessions_are_imported_before_the_first_one(explorer) -> None:
    async with explorer.open() as s:
        assert s.app.forwarding.all == ()
        await s.app.forwarding.close()


def _no_way() -> Any:
    from ssmtui.core.problem import input_problem

    raise input_problem("There is no way")
