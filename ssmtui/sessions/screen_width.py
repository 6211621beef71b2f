"""How many cells a character takes, and which characters a terminal's grid takes at all."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import get_character_cell_size

from ssmtui.core.text import plain

# Characters of one cell that need no second look: ASCII, Latin, Greek, Cyrillic, punctuation,
# arrows, mathematics, boxes and blocks, less those that are wide, take no ink or stack up.
NARROW = re.compile(
    "[ -~\xa1-\xac\xae-\u02ff\u0370-\u0373\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u052f"
    "\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u25fc]+"
)

# They choose between drawings of what is before or join it to what comes next. The cell keeps
# them, so that a copy is whole, and they are not drawn: terminals disagree about the width of what
# they make, while remote programs count the cells of each character (as wcwidth does).
_JOINERS = re.compile("[\u200d\ufe00-\ufe0f]")
# More characters than a letter and four marks would paint over the lines above and below.
_MOST_IN_CELL = 5

DROPPED = -1


@lru_cache(maxsize=8192)
def width(character: str) -> int:
    """2, 1, 0 (it joins the cell before), or DROPPED: nothing that hides or reorders text."""
    if _JOINERS.match(character):
        return 0
    size = get_character_cell_size(character)
    if size == 0:
        return 0 if plain("a" + character) == "a" + character else DROPPED
    return size if plain(character) == character else DROPPED


def joined(cell: str, mark: str) -> str:
    """The cell with one more character of no width, as long as it is not a pile."""
    return cell + mark if cell and len(cell) < _MOST_IN_CELL else cell


def drawn(text: str) -> str:
    """The text of some cells as it is drawn: exactly as wide as the cells."""
    return text if text.isascii() else _JOINERS.sub("", text)


def cells_of(text: str) -> list[str]:
    """The cells that a kept text filled: a wide character is followed by an empty one."""
    if text.isascii():
        return list(text)
    cells: list[str] = []
    base = 0
    for character in text:
        size = width(character)
        if size > 0:
            base = len(cells)
            cells.append(character)
            if size == 2:
                cells.append("")
        elif cells:
            cells[base] += character
    return cells
