"""The program's own input and output as a connection to a node's port: OpenSSH's ProxyCommand."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from ssmtui.aws.clock import Clock, SystemClock
from ssmtui.aws.scope import Scope
from ssmtui.core.keys import RowKey
from ssmtui.core.tasks import spawn
from ssmtui.core.text import plain
from ssmtui.core.wire.events import HandshakeDone, Output
from ssmtui.core.wire.payloads import SessionType
from ssmtui.sessions.command import Told
from ssmtui.sessions.forwards.carriers import SingleCarrier
from ssmtui.sessions.forwards.exchange import BrokenOffError
from ssmtui.sessions.forwards.figures import Figures
from ssmtui.sessions.forwards.local import PIECE, Local
from ssmtui.sessions.forwards.words import refusal, refused, words
from ssmtui.sessions.link import Link, Over, Status
from ssmtui.sessions.outlet import ready, write_out
from ssmtui.sessions.specs import SessionSpec
from ssmtui.sessions.start import Upgrade, start
from ssmtui.sessions.websocket import Websocket, open_websocket

SSH_DOCUMENT: Final = "AWS-StartSSHSession"


def proxy_spec(target: RowKey, port: int, reason: str = "") -> SessionSpec:
    """The session that carries one connection to a port of the node."""
    return SessionSpec(target, SSH_DOCUMENT, {"portNumber": [str(port)]}, reason)


class Pipes:
    """A Local made of two descriptors, standard input and output say. POSIX only."""

    def __init__(self, fileno_in: int = 0, fileno_out: int = 1) -> None:
        self._in = fileno_in
        self._out = fileno_out
        self._finished = asyncio.Event()

    async def read(self) -> bytes:
        """As of every Local; nothing more comes after `finish`, since then nobody answers."""
        finished = spawn(self._finished.wait(), "proxy, finished")
        typed = spawn(ready(self._in, writing=False), "proxy, input")
        try:
            await asyncio.wait([finished, typed], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (finished, typed):
                task.cancel()
            await asyncio.gather(finished, typed, return_exceptions=True)
        if self._finished.is_set():
            return b""
        return os.read(self._in, PIECE)

    async def write(self, data: bytes) -> None:
        await write_out(self._out, data)

    def finish(self) -> None:
        self._finished.set()


async def proxy(
    scope: Scope,
    spec: SessionSpec,
    local: Local,
    *,
    name: str,
    told: Told = lambda _: None,
    clock: Clock | None = None,
    connect: Callable[[str, Upgrade], Awaitable[Websocket]] = open_websocket,
) -> str:
    """Carry one connection between `local` and the port of a `proxy_spec`, until either ends.

    Returns why it failed, as a sentence without a full stop; "" if it ended as connections do.
    `name` is the node's, for that sentence; `told` hears how the connection is. ProblemError if the
    session cannot be started. Nothing is left open, also when cancelled.
    """
    clock = clock or SystemClock()
    session = await start(scope, spec)
    link = Link(session, clock=clock, connect=connect)
    carrier = SingleCarrier(link, Figures(), clock)
    carrying: asyncio.Task[None] | None = None
    try:
        link.start()
        async for event in link:
            match event:
                case HandshakeDone(session_type=SessionType.PORT):
                    carrier.claim()
                    carrying = spawn(carrier.carry(local), "proxied connection")
                case HandshakeDone():
                    return f"The document {plain(spec.document)} opens no port"
                case Status(text=text):
                    told(text)
                case Output(data=data):
                    await carrier.take(data)
                case Over():
                    carrier.over(event)
                    if carrying is not None:
                        with suppress(BrokenOffError):  # what broke it off is what is said
                            await carrying
                    if refused(event):
                        port = int(spec.parameters["portNumber"][0])
                        return f"{refusal(name, port)} ({words(event)})"
                    return words(event)
        raise AssertionError("a link ends with Over")
    finally:
        if carrying is not None:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
        await link.close()
