"""A session's data channel, kept alive: connected, driven, and connected again when it is cut.

What stands on it (the client behind a terminal, a command, a forward) sees the wire's events in
their order, `Status` about the connection between them, and one `Over` as the last.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

from ssmtui.aws.clock import Clock, SystemClock
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import settled, spawn, work_until
from ssmtui.core.turns import turns
from ssmtui.core.wire.client import ClientChannel
from ssmtui.core.wire.events import (
    Closed,
    Event,
    Exit,
    Failed,
    Flagged,
    HandshakeDone,
    Ignored,
    NeedsKey,
    Output,
    Stderr,
)
from ssmtui.sessions.backlog import Backlog
from ssmtui.sessions.events import (
    BUG,
    NO_ANSWER,
    LinkEvent,
    Over,
    Status,
    as_sentence,
    failure_sentence,
    problem_sentence,
)
from ssmtui.sessions.start import Session, Started, Upgrade
from ssmtui.sessions.terminal import CONNECTING, OPEN, RECONNECTING, WAITING
from ssmtui.sessions.websocket import (
    REFUSED_CODES,
    LostError,
    UpgradeError,
    Websocket,
    open_websocket,
)

__all__ = ["WAITS", "Link", "LinkEvent", "Over", "Status"]

_log = logging.getLogger(__name__)

# Waits in seconds before each attempt to connect again: half a minute in all.
WAITS: Final = (0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0)
# A connection that lasts so long, or brings anything, ends the chain of attempts.
_STEADY_SECONDS: Final = 5.0
# Nodes answer within a second or two; who waits longer is told what for.
_PATIENCE_SECONDS: Final = 5.0
# The service's own interval; it also keeps proxies from dropping a quiet connection.
_PING_SECONDS: Final = 300.0
# Something of ours is not acknowledged and nothing comes: the connection is dead without telling.
_SILENCE_SECONDS: Final = 20.0
# So many connections in turn on which the node kept silent: it is gone, not the way to it.
_SILENCES: Final = 3
_INPUT_HIGH_WATER: Final = 256 * 1024
# How long the service may take to close a channel whose session was ended.
_GOODBYE_SECONDS: Final = 2.0

# Trouble with ResumeSession that may pass.
_PASSING: Final = frozenset(
    {ProblemKind.ENDPOINT, ProblemKind.SERVICE, ProblemKind.THROTTLED, ProblemKind.UNKNOWN}
)


class Link:
    """Drives one session. `start` it, iterate over its events, and `close` it whatever happens.

    Bad frames are ignored, and trouble comes as `Over`: nothing is raised for what the other end
    does. Unless the service has closed the channel itself, the session is terminated at the end.
    """

    def __init__(
        self,
        session: Session,
        *,
        channel: ClientChannel | None = None,
        clock: Clock | None = None,
        connect: Callable[[str, Upgrade], Awaitable[Websocket]] = open_websocket,
    ) -> None:
        self.session = session
        self._clock = clock or SystemClock()
        self._channel = channel or ClientChannel(epoch_offset=time.time() - self._clock.now())
        self._open = connect
        self._task: asyncio.Task[None] | None = None
        self._key_tasks: list[asyncio.Task[None]] = []
        self._backlog = Backlog()
        self._wake = asyncio.Event()
        self._input = bytearray()
        self._drained = asyncio.Event()
        self._drained.set()
        self._attempts = 0
        self._silences = 0
        self._heard_at = 0.0
        self._unheard_since: float | None = None
        self._over: Over | None = None
        self._ended = asyncio.Event()
        self._left_open: Problem | None = None
        self._status = ""
        self._was_open = False
        self._is_late = False

    # For whoever stands on it

    def start(self) -> None:
        """Begin to connect."""
        if self._task is None:
            self._task = spawn(self._live(), f"session {self.session.id}")

    @property
    def over(self) -> bool:
        """Whether it has come to its end, though events may still be waiting."""
        return self._over is not None

    def send(self, data: bytes) -> None:
        """Send keystrokes or a port's bytes, as soon as the session takes them."""
        if self._over is None:
            self._input += data
            if len(self._input) > _INPUT_HIGH_WATER:
                self._drained.clear()
            self._wake.set()

    async def drain(self) -> None:
        """Wait until there is room for more to send."""
        await self._drained.wait()

    def resize(self, cols: int, rows: int) -> None:
        """Tell the node the terminal's size, as soon as it takes it."""
        self._channel.resize(cols, rows, self._clock.now())
        self._wake.set()

    def __aiter__(self) -> Link:
        return self

    async def __anext__(self) -> LinkEvent:
        """The next event; pieces of output that have piled up come as one."""
        return await self._backlog.take()

    async def end(self) -> None:
        """End the session on the service, and give that a moment to close the channel."""
        if self._over is None:
            await self.session.terminate()
            self._clock.call_later(_GOODBYE_SECONDS, lambda: self._finish(Over(False, "")))

    def abandon(self) -> None:
        """Leave at once, whatever state it is in; the session is ended behind the scenes."""
        self._finish(Over(False, ""))

    async def close(self) -> Problem | None:
        """Leave nothing open, here and on the service; returns what kept it from ending there.

        Also when cancelled.
        """
        self._finish(Over(False, ""))
        if self._task is None:
            return await self.session.terminate()
        await settled(self._task)
        return self._left_open

    # Its life

    async def _live(self) -> None:
        """Work until the session is over; then leave nothing open."""
        work = spawn(self._work(), f"connection of {self.session.id}")
        stop_timer = self._clock.call_later(_PATIENCE_SECONDS, self._be_late)
        try:
            await work_until(self._ended, work, lambda: self._key_tasks)
        finally:
            stop_timer()
            failed = not work.cancelled() and work.exception() is not None
            self._finish(Over(False, BUG if failed else ""))
            if self._over is None or not self._over.closed:
                self._left_open = await self.session.terminate()
        if failed:
            work.result()

    async def _work(self) -> None:
        started: Started | None = self.session.started
        self._tell(CONNECTING)
        try:
            while started is not None:
                lost = await self._connection(started)
                started = await self._again(lost)
        except ProblemError as error:
            self._finish(Over(False, problem_sentence(error)))

    async def _connection(self, started: Started) -> str:
        """Connect and carry what there is, until the connection is lost; returns what is wrong."""
        try:
            upgrade = await self.session.upgrade(started.stream_url)
            socket = await self._open(started.stream_url, upgrade)
        except UpgradeError as error:
            if error.refused:
                self._finish(Over(False, str(error)))
            return str(error)
        try:
            return await self._carry(socket, started)
        finally:
            self._channel.disconnect()
            await socket.close()

    async def _carry(self, socket: Websocket, started: Started) -> str:
        now = self._clock.now()
        heard_before = self._heard_at = now
        self._unheard_since = None
        try:
            await socket.send(self._channel.connect(started.token, now))
            await socket.ping()
        except LostError:
            return "the connection was lost"
        if self._was_open:
            self._tell(OPEN)
        elif self._is_late:
            self._tell(WAITING)
        reader = spawn(self._read(socket), "session reader")
        writer = spawn(self._write(socket, now), "session writer")
        try:
            await asyncio.wait([reader, writer], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (reader, writer):
                task.cancel()
            results = await asyncio.gather(reader, writer, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, LostError):
                raise result
        if socket.close_code in REFUSED_CODES and self._heard_at == heard_before:
            if not self._attempts:
                self._finish(Over(False, "The service refused the session's token"))
            return "the service refused the token"
        return "the connection was lost"

    async def _read(self, socket: Websocket) -> None:
        shared = turns()
        while (frame := await socket.receive()) is not None:
            if shared.is_over:
                await shared.next()
            self._heard_at = self._clock.now()
            self._attempts = self._silences = 0
            for event in self._channel.feed(frame, self._heard_at):
                self._act(event)
            self._wake.set()
            if self._channel.over:
                return
            if not self._backlog.room.is_set():
                await self._backlog.room.wait()
                self._heard_at = self._clock.now()

    async def _write(self, socket: Websocket, opened_at: float) -> None:
        ping_at = opened_at + _PING_SECONDS
        shared = turns()
        while True:
            self._wake.clear()
            now = self._clock.now()
            self._push_input(now)
            for event in self._channel.tick(now):
                self._act(event)
            for frame in self._channel.take(now):
                if shared.is_over:
                    await shared.next()
                await socket.send(frame)
            if self._channel.over or self._over is not None:
                return
            if self._is_silent(now):
                self._silences += 1
                if self._silences >= _SILENCES:
                    self._finish(Over(False, NO_ANSWER))
                return
            if now - opened_at >= _STEADY_SECONDS:
                self._attempts = 0
            if now >= ping_at:
                ping_at = now + _PING_SECONDS
                await socket.ping()
            await self._sleep_until(now, ping_at)

    async def _sleep_until(self, now: float, latest: float) -> None:
        """Until there is something to do: news, a timer of the channel's, or the next ping."""
        deadline = min(latest, self._channel.next_deadline() or latest)
        if self._unheard_since is not None:
            silent_at = max(self._unheard_since, self._heard_at) + _SILENCE_SECONDS
            deadline = min(deadline, silent_at)
        if deadline <= now:
            await asyncio.sleep(0)
            return
        cancel = self._clock.call_later(deadline - now, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            cancel()

    def _is_silent(self, now: float) -> bool:
        if not self._channel.unacknowledged or not self._backlog.room.is_set():
            self._unheard_since = None
            return False
        if self._unheard_since is None:
            self._unheard_since = now
        return now - max(self._unheard_since, self._heard_at) >= _SILENCE_SECONDS

    def _push_input(self, now: float) -> None:
        if self._input:
            taken = self._channel.send_input(bytes(self._input[: self._channel.room]), now)
            del self._input[:taken]
        if len(self._input) <= _INPUT_HIGH_WATER:
            self._drained.set()

    async def _again(self, lost: str) -> Started | None:
        """After a lost connection: the way into another one, None if that was the end."""
        while self._over is None:
            if self._attempts >= len(WAITS):
                self._finish(Over(False, f"The connection could not be restored: {lost}"))
                return None
            wait = WAITS[self._attempts]
            self._attempts += 1
            self._tell(RECONNECTING)
            await self._clock.sleep(wait)
            try:
                started = await self.session.resume()
            except ProblemError as error:
                if error.problem.kind not in _PASSING:
                    raise
                lost = error.problem.what
                continue
            if started is None:
                # There is neither a token nor a channel any more.
                self._finish(Over(True, "The session ended while the connection was lost"))
            return started
        return None

    # Events

    def _act(self, event: Event) -> None:
        match event:
            case HandshakeDone():
                self._was_open = True
                self._tell(OPEN)
                self._backlog.put(event)
            case Output() | Stderr() | Exit() | Flagged():
                self._backlog.put(event)
            case NeedsKey(key_id=key_id):
                self._key_tasks.append(spawn(self._give_key(key_id), "session's data key"))
            case Closed(output=output):
                self._finish(Over(True, as_sentence(output)))
            case Failed(fault=fault, detail=detail):
                self._finish(Over(False, failure_sentence(fault, detail)))
            case Ignored(fault=fault):
                _log.info("%s: a message was dropped (%s)", self.session.id, fault)
            case _:
                raise AssertionError(f"the agent's own event {event!r}")

    async def _give_key(self, key_id: str) -> None:
        try:
            plain_key, sealed_key = await self.session.data_key(key_id)
            self._channel.give_key(plain_key, sealed_key, self._clock.now())
        except ProblemError as error:
            self._channel.refuse_key(error.problem.what, self._clock.now())
            sentence = f"The session is encrypted with a KMS key. {problem_sentence(error)}"
            self._finish(Over(False, sentence))
        self._wake.set()

    def _be_late(self) -> None:
        if not self._was_open and self._over is None:
            self._is_late = True
            self._tell(WAITING)

    def _tell(self, status: str) -> None:
        if status != self._status:
            self._status = status
            self._backlog.put(Status(status))

    def _finish(self, over: Over) -> None:
        """Say that it is over, once; what led there first counts."""
        if self._over is None:
            self._backlog.put(over)
            self._over = over
            self._backlog.close()
            self._drained.set()
            self._ended.set()
