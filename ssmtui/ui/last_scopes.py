"""Which scopes were in force last time: what lets the snapshot be shown before AWS is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ssmtui.core.keys import ScopeKey
from ssmtui.local.files import write_private

KEPT = 20


class LastScopes:
    """The scopes of the last runs, by what was asked for ("default in eu-west-1").

    What cannot be read is forgotten: it only costs the snapshot of the first seconds.
    """

    def __init__(self, path: Path, selection: str) -> None:
        self._path = path
        self._selection = selection

    async def load(self) -> list[ScopeKey]:
        kept = (await asyncio.to_thread(self._read)).get(self._selection, [])
        return [ScopeKey(account, region) for account, region in kept]

    async def save(self, scopes: Sequence[ScopeKey]) -> None:
        """Raises OSError if the disk refuses."""
        await asyncio.to_thread(self._write, [list(scope) for scope in scopes])

    def _read(self) -> dict[str, list[list[str]]]:
        try:
            content = msgspec.json.decode(self._path.read_bytes())
        except (OSError, msgspec.DecodeError):
            return {}
        return content if isinstance(content, dict) else {}

    def _write(self, scopes: list[list[str]]) -> None:
        kept = self._read()
        if kept.get(self._selection) == scopes:
            return
        kept.pop(self._selection, None)
        recent = dict([*kept.items(), (self._selection, scopes)][-KEPT:])
        write_private(self._path, msgspec.json.encode(recent))
