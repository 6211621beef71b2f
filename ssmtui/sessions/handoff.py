"""The terminal handed over to the plugin, and taken back whatever that one does with it.

The plugin's exit status is 0 in every ordinary case, also after failures, and what it prints goes
to the user. So how it ended is told by the service, which knows whether the session is over.
"""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import Process
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from time import monotonic
from types import FrameType
from typing import Any, Final

import msgspec

from ssmtui.core.problem import ProblemError
from ssmtui.core.tasks import spawn
from ssmtui.sessions.plugin import NAME, Invocation
from ssmtui.sessions.start import Session
from ssmtui.sessions.tty import settings_restored, without_delayed_suspend

# The terminal's own signals are meant for the child, which shares our process group. A handler
# in Python is not inherited by the child, as being ignored would be; with the default action,
# Ctrl-Z in the session would stop the whole program.
_TERMINAL_SIGNALS: Final = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)
_PATIENCE: Final = 2.0  # seconds for a child that is told to end
_FAREWELL: Final = 6.0  # an agent takes up to 2 s to say that a session is over
_ASK_SECONDS: Final = 5.0
_AT_ONCE: Final = 2.0  # a plugin that lived no longer has not been used

_OVER: Final = "Terminated"
_NEVER_OPENED: Final = "Connecting"
_UNKNOWN: Final = ""


class Ending(msgspec.Struct, frozen=True):
    """How the plugin ended: `sentence` is "" where the session ended as sessions do."""

    sentence: str = ""


class _Child(msgspec.Struct, frozen=True):
    """What is known of the child after its end. Code -9 is killed by signal 9."""

    code: int
    seconds: float


async def hand_over(
    session: Session,
    invocation: Invocation,
    *,
    suspended: Callable[[], AbstractContextManager[Any]] = nullcontext,
    clock: Callable[[], float] = monotonic,
) -> Ending:
    """Run the plugin on the real terminal until it ends; then the session is over in any case.

    `suspended` makes the screen's owner let go of the terminal and take it back; nothing is raised
    inside of it. Cancelling ends the child. A child that is stuck before its session is connected
    is ended by Ctrl-C.
    """
    outcome: _Child | BaseException
    status = _UNKNOWN
    try:
        with suspended(), settings_restored():
            try:
                without_delayed_suspend()
                outcome = await _run(session, invocation, clock)
            except BaseException as error:  # noqa: BLE001 - raised again outside of `suspended`
                outcome = error
        if isinstance(outcome, _Child):
            status = await _status(session)
    finally:
        if status != _OVER:
            await session.terminate()
    if isinstance(outcome, OSError):
        return Ending(f"{NAME} could not be started ({outcome.strerror}).")
    if isinstance(outcome, BaseException):
        raise outcome
    return Ending(_judged(outcome, status))


async def _run(session: Session, invocation: Invocation, clock: Callable[[], float]) -> _Child:
    """The child's whole life. OSError if it cannot be started."""
    pressed = asyncio.Event()
    with _terminal_signals(pressed):
        began = clock()
        child = await asyncio.create_subprocess_exec(
            *invocation.arguments, env=invocation.environment
        )
        watcher = spawn(_end_if_stuck(session, child, pressed), "plugin's watcher")
        try:
            code = await child.wait()
        finally:
            watcher.cancel()
            await asyncio.gather(watcher, return_exceptions=True)
            await put_down(child)
        return _Child(code, clock() - began)


@contextmanager
def _terminal_signals(pressed: asyncio.Event) -> Iterator[None]:
    """Survive the terminal's signals for the time of the block; `pressed` is set by Ctrl-C."""
    loop = asyncio.get_running_loop()

    def survive(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            loop.call_soon_threadsafe(pressed.set)

    before = {number: signal.signal(number, survive) for number in _TERMINAL_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _end_if_stuck(session: Session, child: Process, pressed: asyncio.Event) -> None:
    """Ctrl-C belongs to the node's shell; where there is none to take it, it ends the child."""
    while True:
        await pressed.wait()
        pressed.clear()
        status = await _status(session)
        if status == _OVER:
            with suppress(TimeoutError):  # it may be about to end by itself
                async with asyncio.timeout(_FAREWELL):
                    await child.wait()
        if status in (_OVER, _NEVER_OPENED):
            await put_down(child)
            return


async def put_down(child: Process) -> None:
    """End the child if it has not ended, at last by force."""
    for insist in (child.terminate, child.kill):
        if child.returncode is not None:
            return
        with suppress(ProcessLookupError):
            insist()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await child.wait()


async def _status(session: Session) -> str:
    """The service's word for the session's state, _UNKNOWN where it cannot be had."""
    params = {"State": "Active", "Filters": [{"key": "SessionId", "value": session.id}]}
    try:
        async with asyncio.timeout(_ASK_SECONDS):
            async for page in session.scope.pages("ssm", "DescribeSessions", params):
                for found in page.get("Sessions") or ():
                    return str(found.get("Status", _UNKNOWN))
    except (ProblemError, TimeoutError):
        return _UNKNOWN
    return _OVER


def _judged(child: _Child, status: str) -> str:
    """What to say of a child that has ended. Its exit code 0 means nothing."""
    if child.code < 0:
        return f"{NAME} was killed by {_signal_name(-child.code)}; its session has been ended."
    if status == _OVER:
        return ""
    if status == _NEVER_OPENED or (status == _UNKNOWN and child.seconds < _AT_ONCE):
        return f"{NAME} did not open the session: see what it printed above."
    if status == _UNKNOWN:
        return ""
    return f"{NAME} left its session open; it has been ended."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
