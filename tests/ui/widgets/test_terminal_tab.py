from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import spawn
from ssmtui.sessions.terminal import OPEN, RECONNECTING, Ended, Event, Output, State
from ssmtui.ui.widgets.terminal_tab import MOST_ANSWERS, MOST_WAITING, Tab


class FakeSession:
    """Plays what the test puts in."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[Event | Exception | None] = asyncio.Queue()
        self.may_start = asyncio.Event()
        self.may_send = asyncio.Event()
        self.may_send.set()
        self.said: list[Any] = []
        self.sent = b""

    async def start(self, columns: int, rows: int) -> None:
        self.said.append(("start", columns, rows))
        await self.may_start.wait()

    async def send(self, data: bytes) -> None:
        await self.may_send.wait()
        self.sent += data

    async def resize(self, columns: int, rows: int) -> None:
        self.said.append(("resize", columns, rows))

    async def __aiter__(self) -> AsyncIterator[Event]:
        while (event := await self.events.get()) is not None:
            if isinstance(event, Exception):
                raise event
            yield event

    async def end(self) -> None:
        self.said.append("end")

    def abandon(self) -> None:
        self.said.append("abandon")


class Stage:
    def __init__(self) -> None:
        self.session = FakeSession()
        self.changes = 0
        self.now = 100.0
        self.jobs: list[asyncio.Task[Any]] = []
        self.tab = Tab(
            self.session,
            "web\x1b[31m",
            work=self.work,
            changed=self.changed,
            turn=asyncio.Lock(),
            now=lambda: self.now,
        )

    def work(
        self, job: Callable[[], Awaitable[Any]], description: str, *, group: str = "work"
    ) -> asyncio.Task[Any]:
        async def run() -> None:
            await job()

        self.jobs.append(spawn(run(), description))
        return self.jobs[-1]

    def changed(self, tab: Tab) -> None:
        self.changes += 1

    async def begin(self) -> None:
        self.tab.begin(80, 24)
        self.session.may_start.set()
        await settle()

    async def plays(self, *events: Event | Exception | None) -> None:
        for event in events:
            self.session.events.put_nowait(event)
        await settle()


async def settle() -> None:
    for _ in range(30):
        await asyncio.sleep(0)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    yield made
    for job in made.jobs:
        job.cancel()


async def test_output_and_states(stage: Stage) -> None:
    assert stage.tab.title == "web␛[31m"
    await stage.begin()
    assert (stage.session.said, stage.tab.facts) == ([("start", 80, 24)], "connecting")
    await stage.plays(State(OPEN), Output(b"hel"), Output(b"lo"))
    assert stage.tab.screen.text(0) == "hello"
    assert stage.tab.is_open
    assert stage.changes >= 3
    await stage.plays(State(RECONNECTING))
    assert not stage.tab.is_open
    assert stage.tab.facts == "reconnecting"
    await stage.plays(State("a\x1bb"))
    assert stage.tab.facts == "a␛b"


async def test_sizes_are_told_once_started(stage: Stage) -> None:
    stage.tab.begin(80, 24)
    await settle()
    stage.tab.begin(90, 30)
    stage.tab.begin(100, 30)
    assert stage.session.said == [("start", 80, 24)]
    stage.session.may_start.set()
    await settle()
    assert stage.session.said == [("start", 80, 24), ("resize", 100, 30)]
    stage.tab.begin(100, 30)
    stage.tab.begin(70, 20)
    await settle()
    assert stage.session.said[2:] == [("resize", 70, 20)]
    assert stage.tab.screen.size == (70, 20)


async def test_keys_wait_for_the_start_and_keep_their_order(stage: Stage) -> None:
    stage.tab.begin(80, 24)
    stage.tab.send(b"a")
    await settle()
    assert stage.session.sent == b""
    stage.session.may_start.set()
    stage.tab.send(b"b")
    await settle()
    stage.session.may_send.clear()
    stage.tab.send(b"c")
    await settle()
    stage.tab.send(b"d")
    stage.session.may_send.set()
    await settle()
    assert stage.session.sent == b"abcd"


async def test_what_cannot_be_sent_is_bounded(stage: Stage) -> None:
    stage.tab.begin(80, 24)
    assert stage.tab.send(b"x" * MOST_WAITING)
    assert not stage.tab.send(b"x")


async def test_endless_questions_get_bounded_answers(stage: Stage) -> None:
    await stage.begin()
    stage.session.may_send.clear()
    await stage.plays(Output(b"\x1b[6n" * 30_000))
    stage.session.may_send.set()
    await settle()
    assert stage.session.sent.startswith(b"\x1b[1;1R")
    assert len(stage.session.sent) <= 2 * MOST_ANSWERS


@pytest.mark.parametrize(
    ("ended", "facts"),
    [
        (Ended(0), "ended: exit code 0"),
        (Ended(3, "command failed"), "ended: exit code 3, command failed"),
        (Ended(None, "the node\x07 died"), "ended: the node␇ died"),
        (Ended(), "ended"),
    ],
)
async def test_the_end(stage: Stage, ended: Ended, facts: str) -> None:
    await stage.begin()
    await stage.plays(ended)
    assert stage.tab.facts == facts
    assert stage.tab.is_deaf
    stage.now += 0.31
    assert not stage.tab.is_deaf
    assert stage.tab.send(b"late")
    await settle()
    assert stage.session.sent == b""


async def test_events_that_stop_without_an_end(stage: Stage) -> None:
    await stage.begin()
    await stage.plays(None)
    assert stage.tab.facts == "ended: the session was cut off"


async def test_a_problem_is_the_end_in_words(stage: Stage) -> None:
    await stage.begin()
    await stage.plays(ProblemError(Problem(ProblemKind.DENIED, "It is denied", "Ask for it")))
    assert stage.tab.facts == "ended: It is denied. Ask for it"
    assert stage.jobs[0].exception() is None


async def test_a_bug_is_the_end_and_is_not_swallowed(stage: Stage) -> None:
    await stage.begin()
    await stage.plays(ZeroDivisionError())
    assert stage.tab.facts == "ended: by a mistake of ssmtui's own"
    assert isinstance(stage.jobs[0].exception(), ZeroDivisionError)


async def test_ending_and_abandoning(stage: Stage) -> None:
    await stage.begin()
    await stage.tab.end()
    assert stage.tab.facts == "ending"
    stage.tab.abandon()
    assert stage.session.said[1:] == ["end", "abandon"]
    assert stage.tab.facts == "ended: abandoned"
    await stage.plays(Ended(1))
    assert stage.tab.facts == "ended: abandoned"
    stage.tab.abandon()
    await stage.tab.end()
    assert stage.session.said[1:] == ["end", "abandon"]
