"""What is behind one terminal tab: a session, its screen, and what goes between the two."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.sessions.screen import TerminalScreen
from ssmtui.sessions.terminal import (
    CONNECTING,
    OPEN,
    Ended,
    Output,
    State,
    TerminalSession,
)
from ssmtui.ui.widgets.terminal_view import TerminalView

# Typed bytes that may wait for a session that takes none, before more are refused.
MOST_WAITING = 1 << 20
# A program that asks endlessly gets no answers beyond these, until the first ones have been sent.
MOST_ANSWERS = 1 << 16
# After a session's end the keys that were meant for it are not taken as ours.
DEAF_SECONDS = 0.3


class Work(Protocol):
    """Runs a job in the background and reports a bug in it."""

    def __call__(
        self, job: Callable[[], Awaitable[Any]], description: str, *, group: str = "work"
    ) -> Any: ...


class Tab:
    """Lives from the opening of a session until the tab is closed, shown or not.

    `changed` is called when there is something to draw: output, or another state. `turn` is shared
    by all tabs: one slice of output is read at a time, so that ten floods are not ten pauses.
    """

    def __init__(
        self,
        session: TerminalSession,
        title: str,
        *,
        work: Work,
        changed: Callable[[Tab], None],
        turn: asyncio.Lock,
        now: Callable[[], float],
    ) -> None:
        self.session = session
        self.title = plain(title)
        self.screen = TerminalScreen(answers=self._answer)
        self.view = TerminalView(self.screen)
        self.state = ""  # before it is begun
        self.ended: Ended | None = None
        self.unseen = False
        """Whether there was output while the tab was not shown; whoever shows it clears this."""
        self._ended_at = 0.0
        self._work = work
        self._changed = changed
        self._turn = turn
        self._now = now
        self._waiting = bytearray()
        self._something_to_send = asyncio.Event()
        self._size = (0, 0)
        self._started = False

    def begin(self, columns: int, rows: int) -> None:
        """Start the session in a terminal of that size; later calls tell it another size."""
        if (columns, rows) == self._size:
            return
        begun = self._size != (0, 0)
        self._size = (columns, rows)
        self.screen.resize(columns, rows)
        if not begun:
            self.state = CONNECTING
            self._work(self._run, f"the session {self.title}", group="sessions")
        elif self._started and self.ended is None:
            self._work(self._resize, f"the size of {self.title}", group="sessions")

    def send(self, data: bytes) -> bool:
        """Send what was typed, in its order; False if too much waits already."""
        if self.ended is not None:
            return True
        if len(self._waiting) + len(data) > MOST_WAITING:
            return False
        self._waiting += data
        self._something_to_send.set()
        return True

    @property
    def is_deaf(self) -> bool:
        """Whether the session ended a moment ago: keys on their way were meant for it."""
        return self.ended is not None and self._now() - self._ended_at < DEAF_SECONDS

    @property
    def facts(self) -> str:
        """The state in words: "open", "reconnecting", "ended: exit code 1"."""
        if self.ended is None:
            return plain(self.state)
        code = "" if self.ended.code is None else f"exit code {self.ended.code}"
        words = [word for word in (code, plain(self.ended.sentence)) if word]
        return f"ended: {', '.join(words)}" if words else "ended"

    async def end(self) -> None:
        """End the session properly; its last event comes as any other."""
        if self.ended is None:
            self._become("ending")
            await self.session.end()

    def abandon(self) -> None:
        """Let go of a frozen session."""
        if self.ended is None:
            self.session.abandon()
            self._over(Ended(None, "abandoned"))

    # In the background

    async def _run(self) -> None:
        try:
            started_with = self._size
            await self.session.start(*started_with)
            self._started = True
            if self._size != started_with:
                await self._resize()
            sending = self._work(self._send_all, f"the keys of {self.title}", group="sessions")
            try:
                async for event in self.session:
                    await self._take(event)
            finally:
                sending.cancel()
        except ProblemError as error:
            self._over(Ended(None, error.problem.sentence.removesuffix(".")))
        except Exception:
            self._over(Ended(None, "by a mistake of ssmtui's own"))
            raise
        self._over(Ended(None, "the session was cut off"))

    async def _take(self, event: Output | State | Ended) -> None:
        if isinstance(event, Ended):
            self._over(event)
        elif isinstance(event, State):
            self._become(event.text)
        else:
            self.screen.write(event.data)
            await self._read()

    async def _read(self) -> None:
        more = True
        while more:
            async with self._turn:
                more = self.screen.advance()
                self._changed(self)
                await asyncio.sleep(0)

    def _become(self, state: str) -> None:
        if self.ended is None:
            self.state = state
            self._changed(self)

    def _over(self, ended: Ended) -> None:
        if self.ended is None:
            self.ended = ended
            self._ended_at = self._now()
            self._waiting.clear()
            self._changed(self)

    async def _send_all(self) -> None:
        while True:
            await self._something_to_send.wait()
            self._something_to_send.clear()
            data = bytes(self._waiting)
            self._waiting.clear()
            if data and self.ended is None:
                await self.session.send(data)

    async def _resize(self) -> None:
        await self.session.resize(*self._size)

    def _answer(self, answer: bytes) -> None:
        if len(self._waiting) + len(answer) <= MOST_ANSWERS:
            self.send(answer)

    @property
    def is_open(self) -> bool:
        return self.ended is None and self.state == OPEN
