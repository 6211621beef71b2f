"""One command on a node: its output as it comes, stderr apart, and its exit code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from ssmtui.aws.clock import Clock
from ssmtui.aws.scope import Scope
from ssmtui.core.wire.events import Exit, HandshakeDone, Output, Stderr
from ssmtui.core.wire.payloads import SessionType
from ssmtui.sessions.link import Link, Over, Status
from ssmtui.sessions.specs import SessionSpec
from ssmtui.sessions.start import Upgrade, start
from ssmtui.sessions.websocket import Websocket, open_websocket

Sink = Callable[[bytes], Awaitable[None]]
# Told the words of `terminal` for how the connection is.
Told = Callable[[str], None]

NO_CODE: Final = "the node did not say how the command ended"


class Result(msgspec.Struct, frozen=True):
    """How a command ended: its exit code, or None and why there is none (no full stop)."""

    code: int | None
    sentence: str = ""


async def run_command(
    scope: Scope,
    spec: SessionSpec,
    *,
    stdout: Sink,
    stderr: Sink,
    told: Told = lambda _: None,
    clock: Clock | None = None,
    connect: Callable[[str, Upgrade], Awaitable[Websocket]] = open_websocket,
) -> Result:
    """Run the command of a `specs.command_spec`, passing its output on as it comes.

    Nothing is left open when it ends, fails, is cancelled or a sink raises; those come through.
    ProblemError if the session cannot be started.
    """
    session = await start(scope, spec)
    link = Link(session, clock=clock, connect=connect)
    code: int | None = None
    sentence = ""
    try:
        link.start()
        async for event in link:
            match event:
                case Output(data=data):
                    await stdout(data)
                case Stderr(data=data):
                    await stderr(data)
                case Status(text=text):
                    told(text)
                case Exit(code=number):
                    code = number
                case HandshakeDone(session_type=kind) if kind == SessionType.PORT:
                    return Result(None, "the document opens a port, and runs no command")
                case Over():
                    sentence = event.sentence
    finally:
        await link.close()
    return Result(code) if code is not None else Result(None, sentence or NO_CODE)
