"""A terminal that may be taken away at any moment, and a driver that survives that."""

from __future__ import annotations

from typing import Any, TextIO

from textual.driver import Driver


class LosableFile:
    """A file to write to; what can no longer be written is gone, without an error."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        try:
            return self._file.write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError:
            return

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def lasting(driver: type[Driver]) -> type[Driver]:
    """The driver, so that a closed window does not hold the program for ever.

    Textual's writer is a thread with a short queue. An error ends the thread, the queue fills up,
    and the event loop waits for room in it: nothing would end the sessions any more.
    """

    class LastingDriver(driver):  # type: ignore[misc,valid-type]
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            file = getattr(self, "_file", None)
            if file is not None:
                self._file = LosableFile(file)

    return LastingDriver
