"""The terminal is left as it was found, however the program ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# What Textual switches on, switched off: bracketed paste, the mouse, focus reports, the kitty
# keyboard and in-band resizing; then line wrap, the first screen and the cursor switched on again.
# The same sequences as its Linux driver writes when it ends well.
RESTORE = (
    "\x1b[?2004l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l\x1b[?2048l"
    "\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
)
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def preserved() -> Iterator[None]:
    """Put the terminal's settings back after the block, also when it ends in an exception.

    Textual does that itself when it ends well; this is the second lock on the same door, for the
    errors that its driver does not survive.
    """
    try:
        import termios

        stdin = sys.__stdin__
        if stdin is None:
            raise ValueError("no standard input")
        fileno = stdin.fileno()
        before = termios.tcgetattr(fileno)
    except (ImportError, ValueError, OSError, termios.error):
        # Not a terminal (a pipe, a test): there is nothing to put back.
        yield
        return
    try:
        yield
    except BaseException:
        write_restore()
        raise
    finally:
        # The terminal may be gone for good (SIGHUP); then there is nothing to put back either.
        with suppress(termios.error):
            termios.tcsetattr(fileno, termios.TCSANOW, before)


def write_restore() -> None:
    """Write the restoring sequences straight to the terminal."""
    stream = sys.__stderr__
    if stream is None or not stream.isatty():
        return
    try:
        stream.write(RESTORE)
        stream.flush()
    except OSError:
        # Nobody is reading any more; the process is about to end anyway.
        return


def end_on_signals(end: Callable[[int], None]) -> Callable[[], None]:
    """Call `end(128 + n)` when the process is told to end; returns what undoes it.

    `end` runs on the event loop, so the program closes its connections and its screen in order.
    A second signal does not wait for that: it restores the screen and ends at once.
    """
    loop = asyncio.get_running_loop()
    told: list[int] = []

    def on_signal(number: int) -> None:
        if told:
            write_restore()
            os._exit(128 + number)
        told.append(number)
        end(128 + number)

    handled = []
    for number in ENDING_SIGNALS:
        try:
            loop.add_signal_handler(number, on_signal, number)
        except (NotImplementedError, RuntimeError, ValueError):
            # Not the main thread, or a platform without signals: the defaults stay.
            continue
        handled.append(number)

    def undo() -> None:
        for number in handled:
            loop.remove_signal_handler(number)

    return undo
