"""The search in a rollout's outputs: what is looked for, what was found, and the words for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.core.folding import Block
    from ssmtui.core.folding.search import Search
    from ssmtui.ui.watching import Watched
    from ssmtui.ui.widgets.header import Part


class OutputSearch:
    """Looks for one pattern at a time in everything that is folded; blocks are shown as they are
    found. Where more is folded afterwards it is looked for once more, and shown when that is done.
    """

    def __init__(self, watched: Watched) -> None:
        self.pattern = ""
        self._watched = watched
        self._search: Search | None = None
        self._version = -1  # of the folder, when the search began
        self._lines: dict[str, str] = {}  # what was found first in a block, by its id

    @property
    def on(self) -> bool:
        """Whether what is shown is what was found."""
        return self._search is not None

    @property
    def stale(self) -> bool:
        """Whether outputs have been folded since that were not looked at."""
        search, watched = self._search, self._watched
        if search is None or search.problem is not None:
            return False
        return search.done and watched.folded and watched.folder.version != self._version

    def begin(self, pattern: str) -> None:
        """Look for another pattern from now on. ProblemError: it is none, and all stays."""
        search = self._new(pattern)
        self.pattern, self._search = pattern, search

    def end(self) -> None:
        """Look for nothing."""
        self.pattern, self._search = "", None

    async def run(self, show: Callable[[Sequence[Block]], None]) -> None:
        """Look, in slices; `show` is given the blocks in which it was found."""
        search = self._search
        again = self.stale
        if again:
            search = self._new(self.pattern)
        shown = -1
        while search is not None:
            going = search.step()
            if not going or (len(search.found) != shown and not again):
                shown = len(search.found)
                self._search = search
                self._lines = {f.block.id: f.hits[0].text for f in search.found if f.hits}
                show([found.block for found in search.found])
            if not going:
                return
            await asyncio.sleep(0)

    def _new(self, pattern: str) -> Search:
        from ssmtui.core.folding.search import Search

        self._version = self._watched.folder.version
        return Search(self._watched.folder, pattern)

    def line(self, block: Block) -> str:
        """The first line of a block in which it was found; raw, "" if it was not."""
        return self._lines.get(block.id, "") if self.on else ""

    @property
    def parts(self) -> list[Part]:
        """The pattern, and in how much it was found."""
        search = self._search
        if search is None:
            return []
        found = (
            f"{_count(search.lines, 'line')} in {_count(len(search.found), 'output')} of "
            f"{_count(search.nodes, 'node')}"
        )
        parts = [(f"/{plain(self.pattern)}", "$accent"), (found, "$foreground")]
        if search.problem is not None:
            parts.append((search.problem.sentence, "$status-warn"))
        return parts

    @property
    def message(self) -> str:
        """What is said where no block is shown."""
        done = self._search is not None and self._search.done
        return "Nothing found" if done else "Searching"


def _count(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"
