"""The blocks on a rollout's board: each a line that tells it from the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ssmtui.core.text import plain
from ssmtui.ui.board_lines import beginning, block_parts, head_words, names_width

if TYPE_CHECKING:
    from ssmtui.core.folding import Block, Outcome
    from ssmtui.ui.board_search import OutputSearch
    from ssmtui.ui.watching import Watched
    from ssmtui.ui.widgets.header import Part

_KEPT: Final = 2000


class BlockLines:
    """Draws blocks. Of those that ended alike the largest is the usual one: it is shown by its
    first line, and the others by the first line that it does not have."""

    def __init__(self, watched: Watched, search: OutputSearch) -> None:
        self._watched = watched
        self._search = search
        self._usual: dict[Outcome, Block] = {}
        self._usual_lines: dict[str, frozenset[str]] = {}
        self._heads: dict[str, str] = {}

    def know(self, blocks: Sequence[Block]) -> None:
        """These are all blocks."""
        usual: dict[Outcome, Block] = {}
        for block in blocks:
            largest = usual.get(block.outcome)
            if largest is None or len(block.nodes) > len(largest.nodes):
                usual[block.outcome] = block
        if {each.id for each in usual.values()} != {each.id for each in self._usual.values()}:
            self._heads.clear()
            self._usual_lines.clear()
        self._usual = usual

    def parts(self, block: Block, width: int) -> Sequence[Part]:
        """A block as a line of so many cells."""
        watched = self._watched
        who = watched.who(block, names_width(width))
        head = plain(self._search.line(block)).strip() or self._head(block)
        marks = watched.marks
        marked = sum(node in marks for node in block.nodes) if len(marks) else 0
        return block_parts(block, who, head, marked, width)

    def _head(self, block: Block) -> str:
        head = self._heads.get(block.id)
        if head is None:
            if len(self._heads) > _KEPT:
                self._heads.clear()
            usual = self._lines_of_usual(block)
            head = self._heads[block.id] = head_words(block, *self._watched.text(block), usual)
        return head

    def _lines_of_usual(self, block: Block) -> frozenset[str]:
        usual = self._usual.get(block.outcome)
        if usual is None or usual.id == block.id:
            return frozenset()
        lines = self._usual_lines.get(usual.id)
        if lines is None:
            texts = self._watched.text(usual)
            lines = frozenset(line for text in texts for line in beginning(text))
            self._usual_lines[usual.id] = lines
        return lines
