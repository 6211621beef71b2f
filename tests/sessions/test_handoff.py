from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.sessions.handoff import Ending, hand_over
from ssmtui.sessions.plugin import Invocation


class Session:
    """A session whose status on the service is given: a word, None for over, or an error."""

    def __init__(self, status):
        self.id = "jane-0abc"
        self.status = status
        self.terminated = 0
        self.asked = asyncio.Event()
        self.scope = SimpleNamespace(pages=self._pages)

    async def _pages(self, service, operation, params):
        self.asked.set()
        assert (service, operation) == ("ssm", "DescribeSessions")
        assert params["Filters"] == [{"key": "SessionId", "value": self.id}]
        if isinstance(self.status, Exception):
            raise self.status
        yield {"Sessions": []}  # an empty page is not the end
        if self.status is not None:
            yield {"Sessions": [{"SessionId": self.id, "Status": self.status}]}

    async def terminate(self):
        self.terminated += 1


def _python(code):
    return Invocation((sys.executable, "-c", code), dict(os.environ))


DENIED = ProblemError(Problem(ProblemKind.DENIED, "no"))


@pytest.mark.parametrize(
    ("status", "code", "seconds", "sentence", "terminated"),
    [
        (None, "", 60, "", 0),
        (None, "raise SystemExit(1)", 60, "", 0),
        ("Connected", "", 60, "left its session open", 1),
        ("Connecting", "", 60, "did not open the session", 1),
        (DENIED, "", 60, "", 1),
        (DENIED, "", 1, "did not open the session", 1),
        (None, "import os; os.kill(os.getpid(), 9)", 60, "was killed by SIGKILL", 0),
        ("Connected", "import os; os.kill(os.getpid(), 15)", 60, "was killed by SIGTERM", 1),
    ],
)
async def test_the_end_is_judged_by_the_service_and_not_by_the_exit_code(
    status, code, seconds, sentence, terminated
):
    session = Session(status)
    times = iter((0.0, float(seconds)))
    ending = await hand_over(session, _python(code), clock=lambda: next(times))
    assert sentence in ending.sentence
    assert bool(ending.sentence) is bool(sentence)
    assert session.terminated == terminated


async def test_a_plugin_that_cannot_be_started_ends_the_session():
    session = Session("Connecting")
    ending = await hand_over(session, Invocation(("/no/such/plugin",), {}))
    assert "could not be started" in ending.sentence
    assert session.terminated == 1


async def test_nothing_is_raised_where_the_screen_is_suspended():
    """Textual does not come back from a suspension that an exception has left."""
    seen = []

    @contextmanager
    def suspended():
        seen.append("out")
        yield
        seen.append("back")

    ending = await hand_over(
        Session(None), Invocation(("/no/such/plugin",), {}), suspended=suspended
    )
    assert isinstance(ending, Ending)
    task = asyncio.ensure_future(
        hand_over(
            Session("Connected"), _python("import time; time.sleep(1000)"), suspended=suspended
        )
    )
    while len(seen) < 3:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["out", "back", "out", "back"]


async def test_cancelling_ends_the_child_and_the_session(tmp_path):
    session = Session("Connected")
    pid = tmp_path / "pid"
    os.mkfifo(pid)
    code = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(1000)"
    task = asyncio.ensure_future(hand_over(session, _python(code)))
    child = int(await asyncio.to_thread(pid.read_text))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert session.terminated == 1


async def test_signals_of_the_terminal_are_survived_and_their_handlers_put_back(tmp_path):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTSTP)]
    session = Session("Connected")
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    code = f"open({str(begun)!r}, 'w').write('x'); import time; time.sleep(1000)"
    task = asyncio.ensure_future(hand_over(session, _python(code)))
    await asyncio.to_thread(begun.read_text)
    os.kill(os.getpid(), signal.SIGTSTP)
    os.kill(os.getpid(), signal.SIGQUIT)
    os.kill(os.getpid(), signal.SIGINT)
    await session.asked.wait()  # whether Ctrl-C is for a plugin that is stuck
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTSTP)] == before


async def test_ctrl_c_ends_a_plugin_whose_session_never_opened(tmp_path):
    session = Session("Connecting")
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    code = f"open({str(begun)!r}, 'w').write('x'); import time; time.sleep(1000)"
    task = asyncio.ensure_future(hand_over(session, _python(code)))
    await asyncio.to_thread(begun.read_text)
    os.kill(os.getpid(), signal.SIGINT)
    async with asyncio.timeout(20):
        ending = await task
    assert "was killed by SIGTERM" in ending.sentence
    assert session.terminated == 1
