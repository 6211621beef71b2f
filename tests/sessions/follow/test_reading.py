from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.sessions.follow import reading as module
from ssmtui.sessions.follow.book import Voice
from ssmtui.sessions.follow.merging import Line, News, State
from ssmtui.sessions.follow.node import Node
from ssmtui.sessions.follow.reading import JOINING_SECONDS, Reading


class Script:
    """A Follow that brings what the test gives it."""

    def __init__(self, count: int) -> None:
        self.nodes = [
            Node(None, RowKey("1" * 12, "eu-west-1", f"i-{n}"), f"web-{n}", "linux")  # type: ignore[arg-type]
            for n in range(count)
        ]
        self.batches: asyncio.Queue[list[Any] | None] = asyncio.Queue()
        self.started = self.closed = False

    def start(self) -> None:
        self.started = True

    def __aiter__(self) -> Script:
        return self

    async def __anext__(self) -> list[Any]:
        if (batch := await self.batches.get()) is None:
            raise StopAsyncIteration
        return batch

    async def close(self) -> list[Problem]:
        self.closed = True
        return [Problem(ProblemKind.SERVICE, "It stays open")]


class Hand:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time


class Scene:
    def __init__(self, count: int = 2) -> None:
        self.script = Script(count)
        self.clock = Hand()
        self.changes = 0
        self.reading = Reading(self.script, self._changed, self.clock)  # type: ignore[arg-type]
        self.task = asyncio.ensure_future(self.reading.run())

    def _changed(self) -> None:
        self.changes += 1

    async def brings(self, *items: Any) -> None:
        self.script.batches.put_nowait(list(items))
        await self.until(self.script.batches.empty)
        for _ in range(20):
            await asyncio.sleep(0)

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not true():
                await asyncio.sleep(0)

    @property
    def texts(self) -> list[str]:
        return [entry.text for entry in self.reading.book.shown.entries]


@pytest.fixture
async def scene() -> Any:
    made = Scene()
    yield made
    made.task.cancel()
    await asyncio.gather(made.task, return_exceptions=True)


async def test_lines_and_news_come_into_the_book(scene: Scene) -> None:
    await scene.brings(
        News(0, 1.0, State.FOLLOWING),
        Line(0, 1.0, "a"),
        Line(1, 1.0, "oh", aside=True),
        Line(1, 1.0, " ", aside=True),
        News(1, 1.0, State.LOST, "It is off"),
    )
    assert scene.script.started
    entries = scene.reading.book.shown.entries
    assert [(entry.node, entry.text, entry.voice) for entry in entries] == [
        (0, "a", Voice.LOG),
        (1, "oh", Voice.ASIDE),
        (1, "lost: It is off", Voice.NEWS),
    ]
    assert scene.reading.states == {State.FOLLOWING: 1, State.LOST: 1}
    assert scene.changes


async def test_while_it_is_paused_lines_wait_and_states_do_not(scene: Scene) -> None:
    await scene.brings(Line(0, 1.0, "a"))
    scene.reading.pause()
    await scene.brings(Line(0, 2.0, "b"), News(1, 2.0, State.LOST, "It is off"))
    assert scene.texts == ["a"]
    assert scene.reading.waiting == 2
    assert scene.reading.states[State.LOST] == 1
    await scene.reading.resume()
    assert scene.texts == ["a", "b", "lost: It is off"]
    assert scene.reading.waiting == 0


async def test_beyond_a_bound_the_sources_wait(scene: Scene, monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 10)
    scene.reading.pause()
    await scene.brings(*(Line(0, 1.0, str(number)) for number in range(10)))
    assert scene.reading.full
    scene.script.batches.put_nowait([Line(0, 2.0, "later")])
    for _ in range(50):
        await asyncio.sleep(0)
    assert not scene.script.batches.empty()
    await scene.reading.resume()
    await scene.until(lambda: "later" in scene.texts)
    assert len(scene.texts) == 11


async def test_the_last_lines_of_a_node_that_joins_late_are_put_among_the_others(
    scene: Scene,
) -> None:
    await scene.brings(News(0, 0.0, State.FOLLOWING), Line(0, 100.0, "a"), Line(0, 200.0, "c"))
    await scene.brings(News(1, 0.0, State.FOLLOWING), Line(1, 150.0, "b"))
    assert scene.texts == ["a", "b", "c"]
    scene.clock.time += JOINING_SECONDS
    await scene.brings(Line(1, 150.0, "of a clock behind"))
    assert scene.texts[-1] == "of a clock behind"


async def test_many_lines_hold_nobody(scene: Scene) -> None:
    scene.script.batches.put_nowait([Line(0, 1.0, str(number)) for number in range(2000)])
    seen = []
    while len(scene.texts) < 2000:
        seen.append(len(scene.texts))
        await asyncio.sleep(0)
    assert len(set(seen)) > 2


async def test_it_is_over_when_no_node_is_left(scene: Scene) -> None:
    scene.script.batches.put_nowait(None)
    await scene.task
    assert scene.reading.over


async def test_closing_ends_the_sessions_also_when_it_is_paused(scene: Scene) -> None:
    scene.reading.pause()
    (problem,) = await scene.reading.close()
    assert problem.what == "It stays open"
    assert scene.script.closed
