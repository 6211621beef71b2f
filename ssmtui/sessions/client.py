"""Our own client: a session behind a terminal, wherever that is drawn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from ssmtui.aws.clock import Clock
from ssmtui.aws.scope import Scope
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import spawn
from ssmtui.core.text import plain
from ssmtui.core.wire import events as wire
from ssmtui.sessions.link import Link, LinkEvent, Over, Status
from ssmtui.sessions.specs import SessionSpec
from ssmtui.sessions.start import Session, Upgrade, start
from ssmtui.sessions.terminal import Ended, Event, Output, State
from ssmtui.sessions.websocket import Websocket, open_websocket

_GIVEN_UP: Final = Problem(ProblemKind.INPUT, "The session was ended before it was open")


class Client:
    """A TerminalSession on one node, started by itself.

    It ends the session on the service whenever that has not closed it. Who cannot iterate to the
    end awaits `close`, so that nothing is left open; also after `abandon`, where the program is
    about to end.
    """

    def __init__(
        self,
        scope: Scope,
        spec: SessionSpec,
        *,
        clock: Clock | None = None,
        connect: Callable[[str, Upgrade], Awaitable[Websocket]] = open_websocket,
    ) -> None:
        self.scope = scope
        self.spec = spec
        self._clock = clock
        self._connect = connect
        self._starting: asyncio.Task[Session] | None = None
        self._given_up = False
        self._link: Link | None = None
        self._typed_ahead = bytearray()
        self._code: int | None = None

    @property
    def session_id(self) -> str | None:
        """The session's id on the service; None before there is one."""
        return None if self._link is None else self._link.session.id

    async def start(self, columns: int, rows: int) -> None:
        """Start the session, for a terminal of that size.

        ProblemError if it cannot be, or is ended meanwhile.
        """
        self._starting = spawn(start(self.scope, self.spec), "start of a terminal's session")
        try:
            session = await self._starting
        except asyncio.CancelledError:
            if self._given_up:
                raise ProblemError(_GIVEN_UP) from None
            raise
        self._link = Link(session, clock=self._clock, connect=self._connect)
        self._link.resize(columns, rows)
        self._link.send(bytes(self._typed_ahead))
        self._link.start()

    async def send(self, data: bytes) -> None:
        """Send what was typed, from before the start on; returns when there is room for more."""
        if self._link is None:
            self._typed_ahead += data
        else:
            self._link.send(data)
            await self._link.drain()

    async def resize(self, columns: int, rows: int) -> None:
        """Tell the node the size of its terminal."""
        if self._link is not None:
            self._link.resize(columns, rows)

    async def __aiter__(self) -> AsyncIterator[Event]:
        """The events, from the first to `Ended`."""
        if self._link is None:
            raise RuntimeError("the session is iterated before it was started")
        async for event in self._link:
            if (seen := self._seen(event)) is not None:
                yield seen

    async def end(self) -> None:
        """End the session on the service; returns when that was answered."""
        self._give_up()
        if self._link is not None:
            await self._link.end()

    def abandon(self) -> None:
        """Leave at once; the session is ended on the service behind the scenes."""
        self._give_up()
        if self._link is not None:
            self._link.abandon()

    async def close(self) -> Problem | None:
        """Leave nothing open, here and on the service; returns what kept it from ending there.

        Also when cancelled.
        """
        self._give_up()
        if self._starting is not None:
            await asyncio.wait([self._starting])
        return None if self._link is None else await self._link.close()

    def _give_up(self) -> None:
        """Stop to start, if that goes on: a session that comes of it all the same is ended."""
        if self._starting is not None and not self._starting.done():
            self._given_up = True
            if not self._starting.cancelling():
                self._starting.cancel()

    def _seen(self, event: LinkEvent) -> Event | None:
        """The event as a terminal takes it; None for what is none of its business."""
        match event:
            case wire.Output(data=data) | wire.Stderr(data=data):
                return Output(data)
            case wire.HandshakeDone(customer_message=message) if message:
                return Output(f"{plain(message)}\r\n".encode())
            case wire.Exit(code=code):
                self._code = code
            case Status(text=text):
                return State(text)
            case Over(sentence=sentence):
                return Ended(self._code, sentence)
        return None
