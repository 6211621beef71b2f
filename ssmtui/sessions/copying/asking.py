"""Scripts on a node, for copies: one that is run, and one that is typed to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Final

from ssmtui.aws.scope import Scope
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import settled, spawn
from ssmtui.core.text import plain
from ssmtui.sessions.client import Client
from ssmtui.sessions.command import Result, Sink, Told, run_command
from ssmtui.sessions.copying.dialects import dialect_of
from ssmtui.sessions.copying.scripts import READY
from ssmtui.sessions.specs import SessionSpec, command_spec
from ssmtui.sessions.terminal import Ended, Output, State

INTERACTIVE_DOCUMENT: Final = "AWS-StartInteractiveCommand"

_LONGEST_COMPLAINT: Final = 2_000
_DONE: Final = re.compile(rb":done:(\d+):")
# What a console has echoed of base64 says nothing.
_ECHO: Final = re.compile(rb"[A-Za-z0-9+/=]{40,}\s*|^\.\s*$", re.MULTILINE)


class Node:
    """A node that files are copied from or to, and the reason that its sessions are given.

    `platform` is linux, macos or windows; `told` hears how the connections of its sessions are.
    """

    def __init__(
        self,
        scope: Scope,
        key: RowKey,
        platform: str,
        reason: str = "",
        *,
        told: Told = lambda _: None,
    ) -> None:
        self.scope = scope
        self.told = told
        self.key = key
        self.reason = reason
        self.dialect = dialect_of(platform)

    async def run(self, script: str, hear: Sink) -> tuple[Result, str]:
        """Run a script; its end, and what it complained of. ProblemError if it cannot be run."""
        complaint = bytearray()

        async def stderr(data: bytes) -> None:
            complaint.extend(data[: _LONGEST_COMPLAINT - len(complaint)])

        spec = command_spec(self.key, script, self.reason)
        result = await run_command(self.scope, spec, stdout=hear, stderr=stderr, told=self.told)
        return result, _words(complaint)

    async def answer(self, script: str) -> tuple[Result, str, str]:
        """Run a script that prints little; its end, what it printed and what it complained of."""
        told = bytearray()

        async def hear(data: bytes) -> None:
            told.extend(data[: _LONGEST_COMPLAINT - len(told)])

        result, complaint = await self.run(script, hear)
        return result, told.decode(errors="replace"), complaint

    async def tell(self, script: str, typed: AsyncIterator[bytes]) -> tuple[int | None, str]:
        """Type to a script once it is ready; its exit code (None: it did not come to its end) and
        what it said besides.

        Nothing is left open, also when cancelled; what `typed` raises comes through.
        """
        parameters = {"command": [script]}
        spec = SessionSpec(self.key, INTERACTIVE_DOCUMENT, parameters, self.reason)
        client = Client(self.scope, spec)
        await client.start(80, 24)
        typing: asyncio.Task[None] | None = None
        heard, sentence = b"", ""
        try:
            async for event in client:
                match event:
                    case Output(data=data):
                        heard = (heard + data)[-2 * _LONGEST_COMPLAINT :]
                        if done := _DONE.search(heard):
                            return int(done[1]), _words(heard[: done.start()])
                        if typing is None and READY in heard:
                            heard = heard.partition(READY)[2]
                            typing = spawn(_type(client, typed), f"typing to {self.key.id}")
                    case State(text=text):
                        self.told(text)
                    case Ended():
                        sentence = event.sentence
        finally:
            if typing is not None and not typing.done():
                typing.cancel()
                await asyncio.wait([typing])
            await settled(spawn(client.close(), f"closing a copy with {self.key.id}"))
        if typing is not None and not typing.cancelled() and (error := typing.exception()):
            raise error
        return None, _words(heard) or plain(sentence)


async def _type(client: Client, typed: AsyncIterator[bytes]) -> None:
    try:
        async for data in typed:
            await client.send(data)
    except Exception:
        client.abandon()
        raise


def _words(data: bytes | bytearray) -> str:
    """A complaint in one line, safe to show."""
    text = _ECHO.sub(b"", data.replace(b"\r", b"")).decode(errors="replace")
    return plain(" ".join(text.split()))[:_LONGEST_COMPLAINT]


def failed(what: str, why: str, remedy: str = "") -> ProblemError:
    """A copy that did not come about, and what the node said about it."""
    text = f"{what} ({why})" if why else what
    return ProblemError(Problem(ProblemKind.SERVICE, text, remedy))


def reason_of(result: Result, complaint: str) -> str:
    """Why a script failed, as far as it is known."""
    return complaint or result.sentence or f"exit code {result.code}"
