"""What a terminal tab asks of a session, be it our own client or a script in a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

import msgspec

# The words of a State that a tab treats as "alive and well"; any other word is shown as it is.
CONNECTING = "connecting"
WAITING = "the node has not answered yet"  # connecting takes longer than it should
OPEN = "open"
RECONNECTING = "reconnecting"


class Output(msgspec.Struct, frozen=True, gc=False):
    """Bytes that the remote terminal wrote, as they came; escape sequences may be cut anywhere."""

    data: bytes


class State(msgspec.Struct, frozen=True, gc=False):
    """The session's state has changed: CONNECTING, WAITING, OPEN, RECONNECTING, or other words."""

    text: str


class Ended(msgspec.Struct, frozen=True, gc=False):
    """The session is over, and nothing comes after it.

    `code` is the remote command's exit code, None where there is none (a shell that was left, a
    node that died). `sentence` says why in words, without a full stop; "" if `code` says it all.
    """

    code: int | None = None
    sentence: str = ""


Event = Output | State | Ended


class TerminalSession(Protocol):
    """One session behind a terminal tab.

    It is started once, with the size of the tab, and then iterated once: its events are taken one
    by one, and the next is asked for only when the last has been drawn, so that a session may hold
    back a remote that is faster than the screen. The iteration ends after `Ended`.
    """

    async def start(self, columns: int, rows: int) -> None:
        """Open the session; ProblemError if it cannot be opened."""

    async def send(self, data: bytes) -> None:
        """Send what was typed. Returns when it may be given more: while the session reconnects it
        may wait. What is sent after the end is dropped."""

    async def resize(self, columns: int, rows: int) -> None:
        """Tell the remote the size of its terminal."""

    def __aiter__(self) -> AsyncIterator[Event]:
        """The events, from the first to `Ended`."""

    async def end(self) -> None:
        """End the session properly: TerminateSession. Returns when that was answered."""

    def abandon(self) -> None:
        """Let go of the connection at once, without a word: for a session that is frozen.
        The iteration ends soon, with `Ended`."""
