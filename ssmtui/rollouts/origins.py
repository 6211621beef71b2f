"""Which rollouts are our own, and what they are called: for the list of commands.

Only what is asked of each record is read, and a record's plan never changes: it is read once.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from ssmtui.local.paths import Paths
from ssmtui.resources.commands.row import Origin


class _Command(msgspec.Struct):
    document: str
    comment: str = ""


class _Spec(msgspec.Struct):
    command: _Command


class _Plan(msgspec.Struct):
    spec: _Spec


class _Header(msgspec.Struct):
    """Of what stands in ID.json (`rollouts.record`) the part that says whose it is."""

    plan: _Plan
    identity: str = ""


class OwnRollouts:
    """Reads the folder of records; called from a thread."""

    def __init__(self, paths: Paths) -> None:
        self._folder = paths.rollouts
        self._seen: dict[str, Origin] = {}

    def __call__(self) -> dict[str, Origin]:
        """The rollouts on record by id. What cannot be read is left out."""
        found: dict[str, Origin] = {}
        for path in self._folder.glob("*.json"):
            origin = self._seen.get(path.stem) or _read(path)
            if origin is not None:
                found[path.stem] = origin
        self._seen = found
        return found


def _read(path: Path) -> Origin | None:
    try:
        header = msgspec.json.decode(path.read_bytes(), type=_Header)
    except (OSError, msgspec.MsgspecError):
        return None
    command = header.plan.spec.command
    return Origin(command.comment or command.document, header.identity)
