"""The marker that every command of a rollout begins its comment with: by it it is found again."""

from __future__ import annotations

import re
from typing import Final

import msgspec

MARKER: Final = "ssmtui"

_MARKED: Final = rf"(?s){MARKER} ([0-9a-f]{{8}})-([0-9]{{4,}})(?: (.*))?"


class Marked(msgspec.Struct, frozen=True):
    """A comment of a rollout's: the rollout's id, the number of the call, and the user's words."""

    rollout: str
    call: int
    words: str


def read_marker(comment: str) -> Marked | None:
    """What a comment says of the rollout that it is of; None where it is no rollout's."""
    match = re.fullmatch(_MARKED, comment)
    if match is None:
        return None
    return Marked(match[1], int(match[2]), match[3] or "")
