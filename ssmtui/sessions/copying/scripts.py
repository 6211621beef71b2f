"""What the scripts of a copy have in common, whatever shell runs them.

Every script ends with an exit code of `Code`, or with another one and a complaint on stderr.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

# Where a transfer can be taken up again: `dd` skips whole blocks fast.
BLOCK: Final = 64 * 1024

# What a script that is typed to says when it listens, and when it is done with an exit code. Base64
# has no colons, so that an echo of what is typed can never look like this.
READY: Final = b":ready:"
DONE: Final = ":done:"


class Code(IntEnum):
    """What a script found, as its exit code."""

    MISSING = 64
    DIRECTORY = 65
    UNREADABLE = 66
    NO_FOLDER = 67
    DIFFERS = 68
    EXISTS = 69
    NO_TAR = 70
    NO_FETCHER = 71


class Piece(NamedTuple):
    """A part of a file: it begins at byte `at` (whole blocks), and has `size` bytes (whole blocks,
    or all that is left). `token` names the file of the node that it is put into meanwhile.
    """

    at: int
    size: int
    token: str
