"""The blocks on a rollout's board: each a line that tells it from the others."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from heapq import nlargest
from typing import TYPE_CHECKING, Any, Final

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


class _Larger:
    """The lines of the first so many of some blocks. `ranks`: each line's first block."""

    def __init__(self, ranks: Mapping[Any, int], count: int) -> None:
        self._ranks = ranks
        self._count = count

    def __contains__(self, line: object) -> bool:
        return self._ranks.get(line, self._count) < self._count


class BlockLines:
    """Draws blocks. Of those that ended alike the largest is shown by its first line, and each
    other one by the first line that no larger one has."""

    def __init__(self, watched: Watched, search: OutputSearch) -> None:
        self._watched = watched
        self._search = search
        self._largest: dict[Outcome, list[Block]] = {}
        # Of each line that one of the largest blocks begins with: the rank of the first of them.
        self._ranks: dict[Outcome, dict[str, int]] = {}
        self._beginnings: dict[str, tuple[str, ...]] = {}
        # By block: the line that tells it, and which larger blocks it was held against.
        self._heads: dict[str, tuple[frozenset[str], str]] = {}

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
            self._ranks.clear()
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
        larger = frozenset(each.id for each in self._larger(block))
        against, head = self._heads.get(block.id, (None, ""))
        if against != larger:
            if len(self._heads) > _KEPT:
                self._heads.clear()
            head = head_words(block, *self._watched.text(block), self._known(block))
            self._heads[block.id] = (larger, head)
        return head

    def _larger(self, block: Block) -> list[Block]:
        """The blocks that it is told from."""
        largest = self._largest.get(block.outcome, [])
        rank = next((at for at, each in enumerate(largest) if each.id == block.id), 1)
        return largest[:rank]

    def _known(self, block: Block) -> Container[str] | None:
        """The lines that tell larger blocks; None if there are none."""
        larger = self._larger(block)
        if not any(map(self._beginning, larger)):
            return None
        ranks = self._ranks_of(block.outcome)
        known = _Larger(ranks, len(larger))
        # Its lines may all be others', in another order or another company.
        return _Larger(ranks, 1) if all(line in known for line in self._beginning(block)) else known

    def _ranks_of(self, outcome: Outcome) -> dict[str, int]:
        ranks = self._ranks.get(outcome)
        if ranks is None:
            ranks = self._ranks[outcome] = {}
            for rank, block in enumerate(self._largest.get(outcome, [])):
                for line in self._beginning(block):
                    ranks.setdefault(line, rank)
        return ranks

    def _beginning(self, block: Block) -> tuple[str, ...]:
        """The different lines of a block, as they come: what tells it is mostly in front."""
        lines = self._beginnings.get(block.id)
        if lines is None:
            texts = self._watched.text(block)
            told = (line for text in texts for line in beginning(text) if line.strip())
            lines = tuple(dict.fromkeys(told))
            if len(self._beginnings) > _KEPT:
                self._beginnings.clear()
            self._beginnings[block.id] = lines
        return lines


def _ids(largest: Mapping[Outcome, Sequence[Block]]) -> dict[Outcome, list[str]]:
    return {outcome: [block.id for block in blocks] for outcome, blocks in largest.items()}
