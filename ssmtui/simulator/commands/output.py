"""Outputs as the service keeps and shows them: cut at its limits, in the agent's own words.

The limits are CommandPluginOutput's, StandardOutputContent's and StandardErrorContent's; how the
agent cuts is in `iohandler.go` (TruncateOutput, DefaultOutputConfig) of amazon-ssm-agent.
"""

from __future__ import annotations

import zlib

COMBINED_LIMIT = 2_500  # characters of both streams in ListCommandInvocations
STDOUT_LIMIT = 24_000  # ... of each in GetCommandInvocation
STDERR_LIMIT = 8_000

CUT = "--output truncated--"
STDOUT_CUT = "\n---Output truncated---"
STDERR_CUT = "\n---Error truncated----"
SEPARATOR = "\n----------ERROR-------\n"

_WORTH_PACKING = 600  # bytes


def shown(data: bytes) -> str:
    """Bytes of a program as text: what is no UTF-8 is replaced, as on the way through JSON."""
    return data.decode("utf-8", "replace")


def cut(text: str, limit: int) -> str:
    """A stream of its own, cut to so many characters."""
    return text if len(text) <= limit else text[: limit - len(CUT)] + CUT


def combined(stdout: str, stderr: str) -> str:
    """Both streams in one text of at most COMBINED_LIMIT characters.

    They share the room: one that needs less than half of it leaves the rest to the other.
    """
    title = SEPARATOR if stderr else ""
    room = COMBINED_LIMIT - len(title)
    if len(stdout) + len(stderr) <= room:
        return stdout + title + stderr
    half = room // 2
    if len(stdout) > half and len(stderr) > half:
        each = (room - len(STDOUT_CUT) - len(STDERR_CUT)) // 2
        return stdout[:each] + STDOUT_CUT + title + stderr[:each] + STDERR_CUT
    if len(stdout) <= half:
        left = room - len(STDERR_CUT) - len(stdout)
        return stdout + title + stderr[:left] + STDERR_CUT
    left = room - len(STDOUT_CUT) - len(stderr)
    return stdout[:left] + STDOUT_CUT + title + stderr


class Kept:
    """A text that is kept for 30 days, perhaps with ten thousand others: long ones are packed."""

    __slots__ = ("_data", "_packed")

    def __init__(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self._packed = len(data) > _WORTH_PACKING
        self._data = zlib.compress(data, 1) if self._packed else data

    @property
    def text(self) -> str:
        return (zlib.decompress(self._data) if self._packed else self._data).decode()


NOTHING = Kept("")
