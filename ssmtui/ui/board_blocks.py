"""The blocks on a rollout's board: each a line that tells it from the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import TYPE_CHECKING, Final

from ssmtui.core.text import plain
from ssmtui.ui.board_lines import beginning, block_parts, head_words, names_width

if TYPE_CHECKING:
    from ssmtui.core.folding import Block, Outcome
    from ssmtui.ui.board_search import OutputSearch
    from ssmtui.ui.watching import Watched
    from ssmtui.ui.widgets.header import Part

_KEPT: Final = 2000
# So many blocks of an outcome are told from each other; further ones from the largest alone.
_TOLD_APART: Final = 20


class BlockLines:
    """Draws blocks. Of those that ended alike the largest is shown by its first line, and each
    other one by the first line that no larger one has."""

    def __init__(self, watched: Watched, search: OutputSearch) -> None:
        self._watched = watched
        self._search = search
        self._largest: dict[Outcome, list[Block]] = {}
        self._beginnings: dict[str, frozenset[str]] = {}
        self._heads: dict[str, str] = {}

    def know(self, blocks: Sequence[Block]) -> None:
        """These are all blocks."""
        ended: dict[Outcome, list[Block]] = {}
        for block in blocks:
            ended.setdefault(block.outcome, []).append(block)
        largest = {
            outcome: nlargest(_TOLD_APART, alike, key=lambda block: len(block.nodes))
            for outcome, alike in ended.items()
        }
        if _ids(largest) != _ids(self._largest):
            self._heads.clear()
        self._largest = largest

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
            texts = self._watched.text(block)
            head = self._heads[block.id] = head_words(block, *texts, self._known(block))
        return head

    def _known(self, block: Block) -> set[str]:
        """The lines that tell larger blocks."""
        largest = self._largest.get(block.outcome, [])
        rank = next((at for at, each in enumerate(largest) if each.id == block.id), None)
        larger = largest[:1] if rank is None else largest[:rank]
        known = set[str]().union(*map(self._beginning, larger))
        own = self._beginning(block)
        # Its lines may all be others', in another order or another company.
        return known if not own <= known else set[str]().union(*map(self._beginning, larger[:1]))

    def _beginning(self, block: Block) -> frozenset[str]:
        lines = self._beginnings.get(block.id)
        if lines is None:
            texts = self._watched.text(block)
            lines = frozenset(line for text in texts for line in beginning(text) if line.strip())
            if len(self._beginnings) > _KEPT:
                self._beginnings.clear()
            self._beginnings[block.id] = lines
        return lines


def _ids(largest: Mapping[Outcome, Sequence[Block]]) -> dict[Outcome, list[str]]:
    return {outcome: [block.id for block in blocks] for outcome, blocks in largest.items()}
