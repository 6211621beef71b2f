"""A program on a terminal of its own: what it wrote when, what it looks like, what it used."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import NamedTuple, Self

import pyte

COLUMNS, LINES = 200, 50
_PATIENCE = 5.0  # seconds until a program that was asked to end is killed


class Piece(NamedTuple):
    """Bytes that came at one moment, in seconds since the program was started."""

    at: float
    data: bytes


class Terminal:
    """Runs a program on a pty of 200x50 for as long as the block lasts.

    It answers none of the program's questions, as the plainest of terminals. What it prints is kept
    and only interpreted when asked for, so that looking does not slow the program down.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._command = command
        self._environ = environ
        self._descriptor = -1
        self._begun = 0.0
        self.pid = 0
        self.pieces: list[Piece] = []
        self.most_memory = 0
        """The largest resident set in bytes, known when the block has ended."""

    def __enter__(self) -> Self:
        self._begun = time.perf_counter()
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            os.execvpe(self._command[0], list(self._command), dict(self._environ))
        size = struct.pack("HHHH", LINES, COLUMNS, 0, 0)
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, size)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + _PATIENCE
        while self.read(0.1) and time.monotonic() < deadline:
            pass
        ended, _, usage = os.wait4(self.pid, os.WNOHANG)
        if not ended:
            os.kill(self.pid, signal.SIGKILL)
            _, _, usage = os.wait4(self.pid, 0)
        os.close(self._descriptor)
        # Linux counts in KiB, macOS in bytes.
        self.most_memory = usage.ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024)

    def read(self, seconds: float) -> bool:
        """Take what comes within that time; False when the program has closed the terminal."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._descriptor], [], [], left)[0]:
                break
            try:
                data = os.read(self._descriptor, 65536)
            except OSError:  # Linux's way of saying that the other side is closed
                return False
            if not data:
                return False
            self.pieces.append(Piece(time.perf_counter() - self._begun, data))
        return True

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._descriptor, keys)

    def forget(self) -> None:
        """Drop what came so far, but for the last words."""
        del self.pieces[:-1]

    @property
    def last_words(self) -> str:
        """The end of what it wrote."""
        return b"".join(piece.data for piece in self.pieces)[-500:].decode(errors="replace")

    def shown_at(self, words: Sequence[str]) -> float | None:
        """When all of these words were on the screen for the first time; None if never."""
        screen = pyte.Screen(COLUMNS, LINES)
        stream = pyte.ByteStream(screen)
        for piece in self.pieces:
            stream.feed(piece.data)
            text = "\n".join(screen.display)
            if all(word in text for word in words):
                return piece.at
        return None
