"""How connections travel in a port session: side by side in a mux, or a single one.

A carrier stands on a session's `Link`. Whoever drives the session gives it the output in order
(`take`), which waits while the near ends do not read, so that the node has to wait, too; and tells
it of the end (`over`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from ssmtui.aws.clock import Clock
from ssmtui.core.wire import smux
from ssmtui.core.wire.events import HandshakeDone
from ssmtui.core.wire.payloads import SessionType
from ssmtui.core.wire.versions import PortMode, mux_keepalive, port_mode
from ssmtui.sessions.forwards.exchange import BrokenOffError, Inbox, exchange
from ssmtui.sessions.forwards.figures import Figures
from ssmtui.sessions.forwards.local import PIECE, Local
from ssmtui.sessions.link import Link, Over

# Bytes of the node's that are kept for a near end that reads slowly, or is not there yet.
_HIGH_WATER: Final = 256 * 1024

ENDED: Final = "The session was ended on the service"


class Carrier(Protocol):
    """Carries connections through one session."""

    fault: str
    """Why the session is of no use any more, though it may be open; "" while it is."""

    @property
    def spent(self) -> bool:
        """Whether it carries nothing more, because it has carried what it could."""

    def claim(self) -> bool:
        """Ask for a place; after True, `carry` must follow."""

    async def carry(self, local: Local) -> None:
        """Carry one connection to its end. BrokenOffError if the session ended before."""

    async def take(self, data: bytes) -> None:
        """Output of the session. Returns when there is room for more."""

    def over(self, over: Over) -> None:
        """The session has ended."""


def carrier_for(
    opened: HandshakeDone, link: Link, figures: Figures, clock: Clock
) -> Carrier | None:
    """What both ends agree on; None if the session is not one of a port."""
    if opened.session_type != SessionType.PORT:
        return None
    if port_mode(opened.properties, opened.agent_version) is PortMode.SMUX:
        keepalive = mux_keepalive(opened.agent_version)
        return MuxCarrier(link, figures, clock, keepalive=keepalive)
    return SingleCarrier(link, figures, clock)


class MuxCarrier:
    """Any number of connections, each a stream of the mux."""

    spent = False

    def __init__(self, link: Link, figures: Figures, clock: Clock, *, keepalive: bool) -> None:
        self.fault = ""
        self._link = link
        self._figures = figures
        self._clock = clock
        self._mux = smux.Mux(client=True, now=clock.now(), keepalive=keepalive)
        self._inboxes: dict[int, Inbox] = {}
        self._claims = 0
        self._room = asyncio.Event()
        self._stop_timer: Callable[[], None] = lambda: None
        self._set_timer()

    def claim(self) -> bool:
        if self.fault or len(self._mux.streams) + self._claims >= smux.MAX_STREAMS:
            return False
        self._claims += 1
        return True

    async def carry(self, local: Local) -> None:
        self._claims -= 1
        if self.fault:
            raise BrokenOffError
        stream = self._mux.open()
        inbox = self._inboxes[stream] = Inbox()
        moved = [0]
        try:
            self._flush()
            await exchange(
                self._carry_up(stream, local, moved),
                self._carry_down(stream, inbox, local, moved),
                moved=lambda: moved[0],
                clock=self._clock,
            )
        finally:
            del self._inboxes[stream]
            self._mux.abandon(stream)
            self._room.set()
            self._flush()

    async def take(self, data: bytes) -> None:
        for event in self._mux.feed(data, self._clock.now()):
            self._act(event)
        while self._mux.congested:
            self._room.clear()
            await self._room.wait()

    def over(self, over: Over) -> None:
        self._break_off(self.fault or over.sentence or ENDED)

    async def _carry_up(self, stream: int, local: Local, moved: list[int]) -> None:
        while data := await local.read():
            while data:
                # All that is pending goes to the link at once, whose room is the bound.
                taken = self._mux.write(stream, data)
                if taken == 0:
                    return  # the node has closed the stream, or the session is over
                data = data[taken:]
                moved[0] += taken
                self._figures.sent += taken
                self._flush()
                await self._link.drain()

    async def _carry_down(self, stream: int, inbox: Inbox, local: Local, moved: list[int]) -> None:
        while data := await inbox.get():
            await local.write(data)
            moved[0] += len(data)
            self._figures.received += len(data)
            self._mux.consumed(stream, len(data))
            self._room.set()
        local.finish()

    def _act(self, event: smux.MuxEvent) -> None:
        match event:
            case smux.Data(stream, data):
                self._inboxes[stream].put(data)
            case smux.Finished(stream):
                self._inboxes[stream].end()
            case smux.Broken(detail):
                self._break_off(f"The connections to the node broke off: {detail}")
                self._link.abandon()
            case smux.Opened():
                raise AssertionError("a client's mux lets nobody else open streams")

    def _flush(self) -> None:
        while data := self._mux.take(PIECE):
            self._link.send(data)

    def _break_off(self, fault: str) -> None:
        self.fault = fault
        self._stop_timer()
        for inbox in self._inboxes.values():
            inbox.break_off()

    def _set_timer(self) -> None:
        """Tick when the mux wants to, for old agents' sake."""
        now = self._clock.now()
        for event in self._mux.tick(now):
            self._act(event)
        self._flush()
        if (deadline := self._mux.next_deadline()) is not None:
            self._stop_timer = self._clock.call_later(max(deadline - now, 0.0), self._set_timer)


class SingleCarrier:
    """The session is the connection.

    An agent would also connect anew after a flag, but nothing in what it sends says where the old
    connection ends and the new one begins. So each session carries one connection, and no byte of
    one gets into another.
    """

    def __init__(self, link: Link, figures: Figures, clock: Clock) -> None:
        self.fault = ""
        self.spent = False
        self._link = link
        self._figures = figures
        self._clock = clock
        self._inbox = Inbox()
        self._room = asyncio.Event()
        self._moved = 0
        self._left = False

    def claim(self) -> bool:
        if self.spent:
            return False
        self.spent = True
        return True

    async def carry(self, local: Local) -> None:
        try:
            await exchange(
                self._carry_up(local),
                self._carry_down(local),
                moved=lambda: self._moved,
                clock=self._clock,
            )
        finally:
            self._left = True
            self._link.abandon()
            self._room.set()

    async def take(self, data: bytes) -> None:
        self._inbox.put(data)
        while self._inbox.size >= _HIGH_WATER and not self._left:
            self._room.clear()
            await self._room.wait()

    def over(self, over: Over) -> None:
        self.spent = True
        if over.closed and not over.sentence:
            self._inbox.end()  # the far end has closed the connection
        else:
            self.fault = over.sentence or ENDED
            self._inbox.break_off()

    async def _carry_up(self, local: Local) -> None:
        while data := await local.read():
            self._figures.sent += len(data)
            self._moved += len(data)
            self._link.send(data)
            await self._link.drain()

    async def _carry_down(self, local: Local) -> None:
        while data := await self._inbox.get():
            await local.write(data)
            self._moved += len(data)
            self._figures.received += len(data)
            self._room.set()
        local.finish()
