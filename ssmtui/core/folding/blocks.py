"""What comes out: blocks of nodes that answered alike."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from ssmtui.core.folding.outputs import Outcome, Which, ending, short_ending
from ssmtui.core.keys import RowKey


class Vary(StrEnum):
    """What may vary in a line of which near-identical outputs have each their own."""

    NAME = "the name"
    ID = "the id"
    ADDRESS = "the address"
    OTHER_ADDRESS = "an address"
    TIME = "a time"
    DURATION = "a duration"
    OTHER_ID = "an id"
    NUMBER = "a number"


class Variation(msgspec.Struct, frozen=True, gc=False):
    """A line that differs by node, and what in it. `line` counts from 0."""

    which: Which
    line: int
    kinds: tuple[Vary, ...]


class Stream(msgspec.Struct, frozen=True, gc=False):
    """A block's text on one stream, by number; `Folder.text` gives it. `chars` are characters."""

    text: int
    chars: int
    cut: bool


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """Nodes that answered alike: one outcome, status word and exit code, and the same texts.

    `id` stays the same however often is folded, as long as the texts do. `nodes` are in no order
    that means anything. A near-identical block has more than one of `texts` (how many different
    pairs of texts it holds), shows the pair that most nodes gave, and `variations` say which lines
    of it differ by node.
    """

    id: str
    outcome: Outcome
    status: str
    exit_code: int | None
    stdout: Stream
    stderr: Stream
    nodes: Sequence[RowKey]
    texts: int = 1
    variations: tuple[Variation, ...] = ()

    @property
    def ending(self) -> str:
        """How its nodes ended, in words."""
        return ending(self.outcome, self.status, self.exit_code)

    @property
    def short_ending(self) -> str:
        """The same in ten characters at most."""
        return short_ending(self.outcome, self.status, self.exit_code)

    @property
    def exact(self) -> bool:
        """Whether all its nodes gave the same texts, as far as they were read."""
        return self.texts == 1

    @property
    def cut(self) -> bool:
        """Whether only heads were compared: what follows them may differ."""
        return self.stdout.cut or self.stderr.cut

    @property
    def head_chars(self) -> int:
        """How many characters were compared of what was cut."""
        return sum(stream.chars for stream in (self.stdout, self.stderr) if stream.cut)

    @property
    def compared(self) -> str:
        """How alike the nodes are, in words: "exact", "same first 2,500 characters" or what varies
        ("2 lines differ by node: the address, a time")."""
        words = [self._varying] if not self.exact else []
        if self.cut:
            same = "same" if self.exact else "of the"
            words.append(f"{same} first {self.head_chars:,} characters")
        return ", ".join(words) or "exact"

    @property
    def _varying(self) -> str:
        kinds = {kind for variation in self.variations for kind in variation.kinds}
        count = len(self.variations)
        lines = f"{count:,} lines differ" if count != 1 else "1 line differs"
        listed = ", ".join(kind for kind in Vary if kind in kinds)
        return f"{lines} by node: {listed}" if listed else f"{lines} by node"
