"""A session on the whole of a plain terminal, for `ssmtui connect`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from ssmtui.core.tasks import spawn
from ssmtui.core.text import plain
from ssmtui.sessions.client import Client
from ssmtui.sessions.keys import MENU, Choice, Keys
from ssmtui.sessions.leftovers import Leftovers
from ssmtui.sessions.outlet import ready
from ssmtui.sessions.terminal import OPEN, RECONNECTING, WAITING, Ended, Output, State

_PIECE: Final = 16 * 1024
_INTERRUPT: Final = b"\x03"  # Ctrl-C


@contextmanager
def settings_restored() -> Iterator[None]:
    """Put the terminal's settings back after the block, however it ends.

    Whoever had the terminal meanwhile may have left it in any state, or have lost it.
    """
    import termios

    fileno = _terminal()
    if fileno is None:
        yield
        return
    before = termios.tcgetattr(fileno)
    try:
        yield
    finally:
        with suppress(termios.error):  # it is gone for good, and so are its settings
            termios.tcsetattr(fileno, termios.TCSANOW, before)


def without_delayed_suspend() -> None:
    """On BSD and macOS, Ctrl-Y suspends a program that reads it, and so would end a session.

    Inside of `settings_restored`, for a child that leaves the terminal's editing on.
    """
    import termios

    fileno, place = _terminal(), getattr(termios, "VDSUSP", None)
    if fileno is None or place is None:
        return
    attributes = termios.tcgetattr(fileno)
    attributes[6][place] = bytes([os.fpathconf(fileno, "PC_VDISABLE")])
    termios.tcsetattr(fileno, termios.TCSANOW, attributes)


def _terminal() -> int | None:
    """Standard input, if that is a terminal."""
    stdin = sys.__stdin__
    try:
        fileno = stdin.fileno() if stdin is not None else -1
    except ValueError:
        return None
    return fileno if fileno >= 0 and os.isatty(fileno) else None


class RawTerminal:
    """The terminal, giving every key as it is typed and showing every byte as it comes.

    Only inside of `raw_terminal`.
    """

    def __init__(self, keyboard: int, screen: int) -> None:
        self._keyboard = keyboard
        self._screen = screen

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows; 80 by 24 where the terminal does not know."""
        try:
            size = os.get_terminal_size(self._screen)
        except OSError:
            return 80, 24
        return size.columns or 80, size.lines or 24

    async def read(self) -> bytes:
        """What was typed; b"" once the terminal is gone."""
        await ready(self._keyboard, writing=False)
        try:
            return os.read(self._keyboard, 4096)
        except OSError:
            return b""

    async def write(self, data: bytes) -> None:
        """Show bytes, waiting for a terminal that is slow. One that is gone sees nothing."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._screen, rest[:_PIECE]) :]
            except BlockingIOError:
                await ready(self._screen, writing=True)
            except OSError:
                return


@contextmanager
def raw_terminal() -> Iterator[RawTerminal]:
    """Take the terminal for the block, and give it back as it was. On its screen and keyboard.

    OSError if standard input or output is no terminal.
    """
    import tty

    keyboard, stdout = _terminal(), sys.__stdout__
    if keyboard is None or stdout is None:
        raise OSError("standard input is no terminal")
    # Opened anew, so that not waiting for it is our own affair: the descriptor that we were given
    # is shared with the shell that started us.
    screen = os.open(os.ttyname(stdout.fileno()), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        with settings_restored():
            tty.setraw(keyboard)
            yield RawTerminal(keyboard, screen)
    finally:
        os.close(screen)


async def attach(session: Client, terminal: RawTerminal) -> Ended:
    """Have a session on the terminal until it ends; nothing is left open, also when cancelled.

    ProblemError if it cannot be started.
    """
    leftovers = Leftovers()
    ended = Ended()
    reconnecting = False
    opened, resized = asyncio.Event(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGWINCH, resized.set)
    helpers: list[asyncio.Task[None]] = []
    try:
        helpers.append(spawn(_type(session, terminal, opened), "keyboard"))
        await session.start(*terminal.size)
        helpers.append(spawn(_follow_size(session, terminal, resized), "terminal size"))
        async for event in session:
            match event:
                case Output(data=data):
                    leftovers.watch(data)
                    await terminal.write(data)
                case State(text=text):
                    if text == OPEN:
                        opened.set()
                    if text == WAITING:
                        await terminal.write(_line(f"{WAITING}, Ctrl-C leaves"))
                    elif text == RECONNECTING and not reconnecting:
                        await terminal.write(_line("the connection was lost, reconnecting"))
                    elif text == OPEN and reconnecting:
                        await terminal.write(_line("connected again"))
                    reconnecting = text == RECONNECTING
                case Ended():
                    ended = event
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGWINCH)
        for helper in helpers:
            helper.cancel()
        try:
            await asyncio.gather(*helpers, return_exceptions=True)
            await terminal.write(leftovers.undo())
        finally:
            # A terminal that goes away ends the session and then sends SIGHUP: it may cancel us
            # here, too.
            left_open = await session.close()
    if left_open is not None and not ended.sentence:
        return Ended(ended.code, left_open.sentence.rstrip("."))
    return ended


async def _follow_size(session: Client, terminal: RawTerminal, resized: asyncio.Event) -> None:
    while True:
        await resized.wait()
        resized.clear()
        await session.resize(*terminal.size)


async def _type(session: Client, terminal: RawTerminal, opened: asyncio.Event) -> None:
    """Send what is typed, until the terminal is gone.

    Ctrl-C is the node's as soon as there is somebody to take it: until then it is the program's.
    """
    keys = Keys()
    while typed := await terminal.read():
        if _INTERRUPT in typed and not opened.is_set():
            signal.raise_signal(signal.SIGINT)
            return
        for what in keys.feed(typed):
            match what:
                case bytes():
                    await session.send(what)
                case Choice.ASK:
                    await terminal.write(_line(MENU))
                case Choice.END:
                    await session.end()
                case Choice.ABANDON:
                    session.abandon()
    session.abandon()


def _line(words: str) -> bytes:
    """A line of our own between what the node shows."""
    return f"\r\n[ssmtui: {plain(words)}]\r\n".encode()
