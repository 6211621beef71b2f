"""One node's log, followed: joined again whenever it drops, without telling a line twice."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from ssmtui.aws.clock import Clock
from ssmtui.aws.scope import Scope
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import spawn
from ssmtui.core.text import plain
from ssmtui.core.turns import turns
from ssmtui.core.wire.events import Exit, HandshakeDone, Output, Stderr
from ssmtui.sessions.command import NO_CODE
from ssmtui.sessions.events import Over, Status, problem_sentence
from ssmtui.sessions.follow.lines import Splitter, Times, unseen
from ssmtui.sessions.follow.merging import Item, Line, News, State
from ssmtui.sessions.follow.source import Source
from ssmtui.sessions.link import Link
from ssmtui.sessions.specs import SessionSpec, command_spec
from ssmtui.sessions.start import Session, Upgrade, start
from ssmtui.sessions.terminal import OPEN, RECONNECTING, WAITING
from ssmtui.sessions.websocket import Websocket, open_websocket

# Waits in seconds before a node is joined again; the last one repeats.
WAITS: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
# Lines that are asked for again when a node is joined again, to find where it was left.
OVERLAP: Final = 200
# How long such lines are waited for.
CATCH_UP_SECONDS: Final = 1.0
# Shells tell with codes from here on that a signal has ended a program: 128 and its number.
_SIGNALLED: Final = 128

# Trouble that is the same when it is tried again.
_FINAL: Final = frozenset(
    {
        ProblemKind.INPUT,
        ProblemKind.CREDENTIALS,
        ProblemKind.EXPIRED,
        ProblemKind.DENIED,
        ProblemKind.MODE,
    }
)
_FINAL_CODES: Final = frozenset({"InvalidDocument", "InvalidDocumentException"})


class Node(msgspec.Struct, frozen=True):
    """A node to follow: the way to it, what it is called, and linux, windows or macos."""

    scope: Scope
    key: RowKey
    label: str
    platform: str


class Ways(msgspec.Struct, frozen=True):
    """How sessions are opened and time passes; `epoch` is what the clock's 0 is, in seconds."""

    clock: Clock
    epoch: float
    opening: Callable[[Scope, SessionSpec], Awaitable[Session]] = start
    connect: Callable[[str, Upgrade], Awaitable[Websocket]] = open_websocket


class Ended(msgspec.Struct, frozen=True):
    """How a session has ended: the program's own code, or None and why (no full stop)."""

    code: int | None
    sentence: str

    @property
    def final(self) -> bool:
        """Whether the program itself has ended, as it would again: nothing else has stopped it."""
        return self.code is not None and 0 <= self.code < _SIGNALLED


class NodeFollower:
    """Follows `source` on one node until it is cancelled or given up.

    `put` takes each line and each piece of news, and may make it wait. Problems with ending
    sessions gather in `left_open`.
    """

    def __init__(
        self,
        place: int,
        node: Node,
        source: Source,
        ways: Ways,
        put: Callable[[Item], Awaitable[None]],
        *,
        lines: int,
        reason: str = "",
    ) -> None:
        self._place = place
        self._node = node
        self._source = source
        self._ways = ways
        self._put = put
        self._lines = lines
        self._reason = reason
        self._times = Times()
        self._shown: deque[str] = deque(maxlen=OVERLAP)
        self._joined = False  # ever
        self._opened = False  # this session
        self._again: list[str] | None = None  # what came of the last lines, while they do
        self._turn = asyncio.Lock()
        self.left_open: list[Problem] = []

    async def run(self) -> None:
        attempt = 0
        told = ""
        await self._tell(State.CONNECTING)
        while True:
            self._opened = False
            try:
                ended = await self._session()
            except ProblemError as error:
                problem = error.problem
                if problem.kind in _FINAL or problem.code in _FINAL_CODES:
                    await self._tell(State.GIVEN_UP, problem_sentence(error))
                    return
                ended = Ended(None, problem.what)
            if ended.final:
                await self._tell(State.GIVEN_UP, f"it ended with exit code {ended.code}")
                return
            attempt = 0 if self._opened else attempt
            wait = WAITS[min(attempt, len(WAITS) - 1)]
            attempt += 1
            if self._opened or ended.sentence != told:
                told = ended.sentence
                await self._tell(State.LOST, told)
            await self._ways.clock.sleep(wait)

    async def _session(self) -> Ended:
        node = self._node
        again = self._joined
        command = self._source.command(node.platform, OVERLAP if again else self._lines)
        spec = command_spec(node.key, command, self._reason)
        session = await self._ways.opening(node.scope, spec)
        link = Link(session, clock=self._ways.clock, connect=self._ways.connect)
        try:
            link.start()
            return await self._read(link, again=again)
        finally:
            if (problem := await link.close()) is not None:
                self.left_open.append(problem)

    async def _read(self, link: Link, *, again: bool) -> Ended:
        splitter, complaints = Splitter(), Splitter()
        code: int | None = None
        sentence = ""
        self._again = [] if again else None
        timer: asyncio.Task[None] | None = None
        try:
            async for event in link:
                match event:
                    case HandshakeDone():
                        self._opened = self._joined = True
                        await self._tell(State.FOLLOWING)
                        timer = spawn(self._catch_up(), f"catch up on {self._node.key.id}")
                    case Output(data=data):
                        await self._show(splitter.feed(data))
                    case Stderr(data=data):
                        await self._complain(complaints.feed(data))
                    case Status(text=text) if text == WAITING:
                        await self._tell(State.CONNECTING, text)
                    case Status(text=text) if text == RECONNECTING:
                        await self._tell(State.RECONNECTING)
                    case Status(text=text) if text == OPEN and self._opened:
                        await self._tell(State.FOLLOWING)
                    case Exit(code=number):
                        code = number
                    case Over():
                        sentence = event.sentence
        finally:
            if timer is not None:
                timer.cancel()
                await asyncio.gather(timer, return_exceptions=True)
        await self._show(splitter.end())
        await self._show_again()
        await self._complain(complaints.end())
        return Ended(code, sentence or NO_CODE)

    async def _show(self, lines: list[str]) -> None:
        async with self._turn:
            if self._again is None:
                await self._pass_on(lines)
                return
            self._again += lines
            full = len(self._again) >= OVERLAP
        if full:
            await self._show_again()

    async def _catch_up(self) -> None:
        """Do not wait for more of the last lines than a log may have."""
        due = asyncio.Event()
        cancel = self._ways.clock.call_later(CATCH_UP_SECONDS, due.set)
        try:
            await due.wait()
        finally:
            cancel()
        await self._show_again()

    async def _show_again(self) -> None:
        """Of the lines that came again, show those that are new."""
        async with self._turn:
            if self._again is None:
                return
            again, self._again = self._again, None
            new = unseen(list(self._shown), again)
            if new is None and again:
                await self._tell(State.FOLLOWING, "lines may be missing here")
            await self._pass_on(again if new is None else new)

    async def _pass_on(self, lines: list[str]) -> None:
        arrival, shared = self._now(), turns()
        for text in lines:
            if shared.is_over:
                await shared.next()
            self._shown.append(text)
            await self._put(Line(self._place, self._times.of(text, arrival), text))

    async def _complain(self, lines: list[str]) -> None:
        for text in lines:
            await self._put(Line(self._place, self._now(), text, aside=True))

    async def _tell(self, state: State, sentence: str = "") -> None:
        await self._put(News(self._place, self._now(), state, plain(sentence)))

    def _now(self) -> float:
        return self._ways.epoch + self._ways.clock.now()
