"""What the board opens in a text of its own: a block, and how it differs from the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssmtui.core.text import plain
from ssmtui.ui import glyphs
from ssmtui.ui.board_lines import called
from ssmtui.ui.board_texts import block_document, difference_document
from ssmtui.ui.documents import Document
from ssmtui.ui.notices import Level

if TYPE_CHECKING:
    from ssmtui.core.folding import Block
    from ssmtui.ui.app import SsmtuiApp
    from ssmtui.ui.watching import Watched


def who(watched: Watched, block: Block) -> str:
    """A block's nodes, for a title."""
    return plain(watched.who(block, 50))


def open_block(app: SsmtuiApp, watched: Watched, block: Block, pattern: str = "") -> None:
    """A block's whole text; the title says how alike its nodes are."""
    texts = watched.text(block)
    crumbs = (called(watched.state).split()[-1], who(watched, block), block.compared)

    async def load() -> Document:
        return block_document(block, *texts)

    app.show_text(f" {glyphs.CRUMB} ".join(crumbs), load, "output", pattern)


def open_difference(app: SsmtuiApp, watched: Watched, block: Block) -> None:
    """A block against what most nodes gave."""
    majority = watched.folder.majority()
    if majority is None:
        return
    if block.id == majority.id:
        app.say("This is what most nodes gave: D on another block compares it", Level.WARNING)
        return
    names = (who(watched, majority), who(watched, block))
    texts = (watched.text(majority), watched.text(block))

    async def load() -> Document:
        return await difference_document(names, texts)

    app.show_text(f"{names[1]} against {names[0]}", load, "difference")
