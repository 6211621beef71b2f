"""The lines typed before: of the filter and of the command line, kept between runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from ssmtui.local.files import write_private

KEPT = 200


class LineHistory:
    """The lines of one prompt, oldest first, without repeats; `path` None keeps nothing on disk.

    Loading and saving block: call them in a thread. What cannot be read is an empty history: a
    file that was cut off is no reason to say anything to the user, and the next save mends it.
    Lines typed while it was being read stay.
    """

    def __init__(self, path: Path | None = None, lines: Iterable[str] = ()) -> None:
        self.path = path
        self._lines = list(lines)[-KEPT:]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self._lines)

    def add(self, line: str) -> None:
        line = line.strip()
        if not line:
            return
        if line in self._lines:
            self._lines.remove(line)
        self._lines = [*self._lines, line][-KEPT:]

    def load(self) -> None:
        if self.path is None:
            return
        try:
            read = msgspec.json.decode(self.path.read_bytes())
        except (OSError, msgspec.DecodeError):
            return
        if isinstance(read, list):
            older = [line for line in read if isinstance(line, str) and line not in self._lines]
            self._lines = [*older, *self._lines][-KEPT:]

    def save(self) -> None:
        """Raises OSError if the disk refuses."""
        if self.path is not None:
            write_private(self.path, msgspec.json.encode(self._lines))


class Recall:
    """Walking through a history with the arrows, from the line being typed and back to it."""

    def __init__(self, history: LineHistory) -> None:
        self._lines = history.lines
        self._at = len(self._lines)
        self._draft = ""

    def older(self, current: str) -> str:
        if self._at == len(self._lines):
            self._draft = current
        # Like a shell with a prefix typed: only lines that begin with it are offered.
        for index in range(self._at - 1, -1, -1):
            if self._lines[index].startswith(self._draft) and self._lines[index] != current:
                self._at = index
                return self._lines[index]
        return current

    def newer(self) -> str:
        for index in range(self._at + 1, len(self._lines)):
            if self._lines[index].startswith(self._draft):
                self._at = index
                return self._lines[index]
        self._at = len(self._lines)
        return self._draft
