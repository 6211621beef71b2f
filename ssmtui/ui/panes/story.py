"""What happened to the row under the cursor, read when the cursor rests: from the journal, and from
the commands that are known."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.ui.timers import surely

if TYPE_CHECKING:
    from ssmtui.ui.panes.resource import ResourcePane

# The cursor may run through a thousand rows: the journal is asked once it has stood this long.
REST_SECONDS = 0.15
KEPT = 3


class RowStory:
    """`lines` are (seconds since the epoch, words), newest first, of the row last asked for."""

    def __init__(self, pane: ResourcePane) -> None:
        self.lines: Sequence[tuple[float, str]] = ()
        self._pane = pane
        self._key: RowKey | None = None

    def follow(self, key: RowKey | None) -> None:
        """The cursor is on this row now."""
        if key == self._key:
            return
        self._key, self.lines = key, ()
        if key is not None:
            surely(self._pane.set_timer(REST_SECONDS, lambda: self._read_soon(key)))

    def forget(self) -> None:
        """Something was journalled: read again."""
        key, self._key = self._key, None
        self.follow(key)

    def again(self) -> None:
        """There may be more to tell of the row that the cursor is on."""
        if self._key is not None:
            self._read_soon(self._key)

    def _read_soon(self, key: RowKey) -> None:
        if key == self._key:
            self._pane.shell.work(lambda: self._read(key), "reading the journal", group="story")

    async def _read(self, key: RowKey) -> None:
        memory = self._pane.launch.memory
        try:
            lines = list(await asyncio.to_thread(memory.events, key, KEPT))
        except ProblemError as error:
            self._pane.feed.say(error.problem)
            return
        lines += await self._pane.shell.main.running.ran_on(key, KEPT)
        lines = sorted(lines, reverse=True)[:KEPT]
        if key == self._key and lines:
            self.lines = lines
            self._pane.post_message(self._pane.Touched())
