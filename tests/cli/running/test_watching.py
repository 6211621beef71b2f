"""Watching a rollout: Ctrl-C, holds, the time to wait and credentials that are gone."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import pytest

from ssmtui.cli.running import watching
from ssmtui.cli.running.watching import LOGIN_SECONDS, Watch, interrupts
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.rollouts.state import Bars, Bucket, BudgetState, Phase, Result, RolloutState

EXPIRED = Problem(ProblemKind.EXPIRED, "The credentials have expired", "Log in again")
HELD = "The gate behind wave 1 stays shut"


class Rollout:
    """A rollout that does what the test says, and remembers what it was told."""

    id = "0a1b2c3d"

    def __init__(self) -> None:
        self.results: dict[RowKey, Result] = {}
        self.told: list[str] = []
        self._listeners: list[Any] = []
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.state = RolloutState(
            id=self.id,
            title="uptime",
            phase=Phase.RUNNING,
            bars=Bars(running=2),
            waves=(),
            scopes=(),
            calls=(),
            budget=BudgetState(0, 0, 0),
        )

    def listen(self, listener: Any) -> Any:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def start(self) -> None:
        self.told.append("start")

    async def over(self) -> RolloutState:
        await asyncio.shield(self._over)
        return self.state

    def become(self, phase: Phase, *results: Result, **fields: Any) -> None:
        self.state = msgspec.structs.replace(self.state, phase=phase, **fields)
        self.results.update((each.key, each) for each in results)
        for listener in tuple(self._listeners):
            listener(self.state, results)
        if self.state.over and not self._over.done():
            self._over.set_result(None)

    async def go_on(self) -> None:
        self.told.append("go on")
        self.become(Phase.RUNNING, sentence="")

    async def cancel(self) -> None:
        self.told.append("cancel")
        self.become(Phase.CANCELLED, bars=Bars(cancelled=2))

    async def leave(self, sentence: str) -> None:
        self.told.append(sentence)
        self.become(Phase.LEFT, sentence=sentence)


class Clock:
    """Moves when it is told."""

    def __init__(self) -> None:
        self._now = 0.0
        self._due: list[tuple[float, Any]] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"nobody sleeps here, not {seconds} s")

    def call_later(self, seconds: float, action: Any) -> Any:
        item = (self._now + seconds, action)
        self._due.append(item)
        return lambda: self._due.remove(item) if item in self._due else None

    def advance(self, seconds: float) -> None:
        self._now += seconds
        for item in [item for item in self._due if item[0] <= self._now]:
            self._due.remove(item)
            item[1]()


class Show:
    """What was shown so far."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def ended(self, results: Iterable[Result]) -> Iterator[str]:
        self.names += [result.name for result in results]
        yield from ()

    def rest(self, results: Sequence[Result]) -> Iterator[str]:
        yield from ()


class Typist:
    """Stands in for the keyboard."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        monkeypatch.setattr(watching, "read_line", self._read)

    def type(self, line: str) -> None:
        self._lines.put_nowait(line)

    async def _read(self, _: int) -> str:
        return await self._lines.get()


class Desk:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rollout = Rollout()
        self.clock = Clock()
        self.show = Show()
        self.typist = Typist(monkeypatch)

    def watch(self, **how: Any) -> asyncio.Task[int]:
        how.setdefault("terminal", True)
        rollout: Any = self.rollout
        watch = Watch(rollout, self.show, clock=self.clock, **how)
        return asyncio.get_running_loop().create_task(watch.run())


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


async def settle() -> None:
    """Let everybody do what there is to do."""
    for _ in range(20):
        await asyncio.sleep(0)


async def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.sleep(0.01)  # the loop hears of it through a pipe
    await settle()


def result(number: int, bucket: Bucket = Bucket.OK) -> Result:
    key = RowKey("1", "r", f"i-{number}")
    return Result(key=key, name=f"web-{number}", call=0, wave=0, bucket=bucket)


async def test_to_the_end(desk: Desk) -> None:
    watch = desk.watch()
    await settle()
    desk.rollout.become(Phase.RUNNING, result(1), result(2, Bucket.RUNNING))
    desk.rollout.become(Phase.RUNNING, result(1))
    desk.rollout.become(Phase.DONE, result(2), bars=Bars(ok=2))
    assert await watch == 0
    assert desk.show.names == ["web-1", "web-2"]
    assert desk.rollout.told == ["start"]


async def test_problems_are_said_once(desk: Desk, capsys: Any) -> None:
    watch = desk.watch()
    await settle()
    for _ in range(3):
        desk.rollout.become(Phase.RUNNING, problems=(EXPIRED,))
    desk.rollout.become(Phase.DONE, bars=Bars(ok=1, failed=1))
    assert await watch == 1
    assert capsys.readouterr().err.count("have expired") == 1


@pytest.mark.parametrize(
    ("typed", "told", "code"),
    [("c", ["cancel"], 130), ("Cancel", ["cancel"], 130), ("l", ["Left by hand"], 130)],
)
async def test_ctrl_c_asks(desk: Desk, typed: str, told: list[str], code: int) -> None:
    watch = desk.watch()
    await settle()
    await interrupt()
    desk.typist.type(typed)
    assert await watch == code
    assert desk.rollout.told == ["start", *told]


async def test_ctrl_c_and_enter_goes_on(desk: Desk) -> None:
    watch = desk.watch()
    await settle()
    await interrupt()
    desk.typist.type("")
    await settle()
    desk.rollout.become(Phase.DONE, bars=Bars(ok=2))
    assert await watch == 0


async def test_ctrl_c_twice_leaves(desk: Desk) -> None:
    watch = desk.watch()
    await settle()
    await interrupt()
    await interrupt()
    assert await watch == 130
    assert desk.rollout.told == ["start", "Left by hand"]


async def test_the_question_is_moot_when_it_ends_meanwhile(desk: Desk) -> None:
    watch = desk.watch()
    await settle()
    await interrupt()
    desk.rollout.become(Phase.DONE, bars=Bars(ok=2))
    assert await watch == 0


async def test_off_a_terminal_ctrl_c_leaves(desk: Desk) -> None:
    watch = desk.watch(terminal=False)
    await settle()
    await interrupt()
    assert await watch == 130
    assert desk.rollout.told == ["start", "Left by hand"]


@pytest.mark.parametrize(
    ("typed", "told", "code"), [("g", "go on", 0), ("c", "cancel", 1), ("l", "Left by hand", 1)]
)
async def test_at_a_hold_somebody_decides(desk: Desk, typed: str, told: str, code: int) -> None:
    watch = desk.watch()
    await settle()
    desk.rollout.become(Phase.HELD, sentence=HELD)
    await settle()
    desk.typist.type("what?")
    await settle()
    assert desk.rollout.told == ["start"]
    desk.typist.type(typed)
    await settle()
    assert desk.rollout.told == ["start", told]
    if typed == "g":
        desk.rollout.become(Phase.DONE, bars=Bars(ok=2))
    assert await watch == code


async def test_a_hold_that_passes_by_itself_is_no_question_any_more(desk: Desk) -> None:
    watch = desk.watch()
    await settle()
    desk.rollout.become(Phase.HELD, sentence=HELD)
    await settle()
    desk.rollout.become(Phase.RUNNING, sentence="")
    await settle()
    desk.rollout.become(Phase.DONE, bars=Bars(ok=2))
    assert await watch == 0


async def test_off_a_terminal_a_hold_ends_it(desk: Desk, capsys: Any) -> None:
    watch = desk.watch(terminal=False)
    await settle()
    desk.rollout.become(Phase.HELD, sentence=HELD)
    assert await watch == 1
    assert HELD in capsys.readouterr().err


async def test_what_was_opened_again_goes_on_where_that_was_agreed_to(desk: Desk) -> None:
    watch = desk.watch(terminal=False, go_on=True)
    desk.rollout.become(Phase.HELD, sentence="Opened again: looking for what was sent")
    await settle()
    assert desk.rollout.told == ["start"]
    desk.rollout.become(Phase.HELD, sentence="Opened again: 4 nodes are left. Go on by hand")
    await settle()
    assert desk.rollout.told == ["start", "go on"]
    desk.rollout.become(Phase.HELD, sentence=HELD)  # for another reason: nobody has agreed to that
    assert await watch == 1


async def test_the_time_to_wait(desk: Desk) -> None:
    watch = desk.watch(wait=60.0)
    await settle()
    desk.clock.advance(59)
    await settle()
    assert not watch.done()
    desk.clock.advance(1)
    assert await watch == 124
    assert desk.rollout.told == ["start", "The time to wait (60 s) is over"]


async def test_the_time_to_wait_ends_a_question(desk: Desk) -> None:
    watch = desk.watch(wait=60.0)
    await settle()
    await interrupt()
    desk.clock.advance(60)
    assert await watch == 124


async def test_off_a_terminal_a_login_is_not_waited_for_for_ever(desk: Desk) -> None:
    watch = desk.watch(terminal=False)
    await settle()
    desk.rollout.become(Phase.RUNNING, problems=(EXPIRED,))
    await settle()
    desk.clock.advance(LOGIN_SECONDS - 1)
    desk.rollout.become(Phase.RUNNING, problems=())
    await settle()
    desk.rollout.become(Phase.RUNNING, problems=(EXPIRED,))
    await settle()
    desk.clock.advance(LOGIN_SECONDS - 1)
    desk.rollout.become(Phase.RUNNING)
    await settle()
    assert not watch.done()
    desk.clock.advance(1)
    desk.rollout.become(Phase.RUNNING)
    assert await watch == 2


async def test_at_a_terminal_it_is(desk: Desk) -> None:
    watch = desk.watch()
    await settle()
    desk.rollout.become(Phase.RUNNING, problems=(EXPIRED,))
    await settle()
    desk.clock.advance(10 * LOGIN_SECONDS)
    desk.rollout.become(Phase.RUNNING)
    await settle()
    assert not watch.done()
    desk.rollout.become(Phase.DONE, bars=Bars(ok=2), problems=())
    assert await watch == 0


async def test_who_reads_the_results_has_gone(desk: Desk, monkeypatch: Any) -> None:
    def gone(pieces: Any) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(watching, "put", gone)
    monkeypatch.setattr(desk.show, "ended", lambda results: iter(["text"] if results else []))
    watch = desk.watch()
    await settle()
    desk.rollout.become(Phase.RUNNING, result(1))
    with pytest.raises(BrokenPipeError):
        await watch


async def test_interrupts_are_heard_and_the_handler_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    heard: list[int] = []
    with interrupts(lambda: heard.append(1)):
        await interrupt()
    assert heard == [1]
    assert signal.getsignal(signal.SIGINT) is before
