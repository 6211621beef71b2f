from __future__ import annotations

import asyncio

import pytest

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.sessions.forwards import starting as module
from ssmtui.sessions.forwards.starting import start_for_certain
from ssmtui.sessions.specs import SessionSpec

SPEC = SessionSpec(RowKey("1", "eu-west-1", "i-1"))


class Started:
    def __init__(self) -> None:
        self.terminated = 0

    async def terminate(self) -> None:
        self.terminated += 1


@pytest.fixture
async def answer(monkeypatch) -> asyncio.Future[Started]:
    """What StartSession will be answered."""
    future: asyncio.Future[Started] = asyncio.Future()

    async def start(scope: object, spec: object) -> Started:
        assert (scope, spec) == ("scope", SPEC)
        return await future

    monkeypatch.setattr(module, "start", start)
    return future


async def cancelled(task: asyncio.Task[Started]) -> None:
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)


async def test_a_session_that_is_started_is_given(answer) -> None:
    answer.set_result(started := Started())
    assert await start_for_certain("scope", SPEC) is started
    assert started.terminated == 0


async def test_a_refusal_comes_through(answer) -> None:
    answer.set_exception(input_problem("No"))
    with pytest.raises(ProblemError, match="No"):
        await start_for_certain("scope", SPEC)


async def test_when_cancelled_a_session_on_its_way_is_ended(answer) -> None:
    task = asyncio.ensure_future(start_for_certain("scope", SPEC))
    await cancelled(task)
    assert not task.done()
    answer.set_result(started := Started())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert started.terminated == 1


async def test_when_cancelled_a_refusal_is_no_matter(answer) -> None:
    task = asyncio.ensure_future(start_for_certain("scope", SPEC))
    await cancelled(task)
    answer.set_exception(input_problem("No"))
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_answer_that_does_not_come_is_not_waited_for(answer, monkeypatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0)
    task = asyncio.ensure_future(start_for_certain("scope", SPEC))
    await cancelled(task)
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert answer.cancelled()
