"""What the folder keeps of nodes that answered alike; private to it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from operator import attrgetter

import msgspec

from ssmtui.core.folding.blocks import Block, Stream, Variation
from ssmtui.core.folding.outputs import Outcome, Output
from ssmtui.core.folding.texts import Texts
from ssmtui.core.folding.varying import Varying
from ssmtui.core.keys import RowKey

_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}

Place = tuple[int, int, bytes]
"""Where a block stands among the others."""


class Alike(msgspec.Struct, eq=False, gc=False):
    """Nodes whose outputs are identical.

    10,000 nodes may have as many outputs, so it holds nothing that Python's garbage collector would
    have to go through: of its group it knows the key alone.
    """

    key: bytes
    outcome: Outcome
    status: str
    exit_code: int | None
    stdout: int
    stderr: int
    stdout_cut: bool
    stderr_cut: bool
    nodes: dict[RowKey, None] = {}
    """In the order in which they came."""
    words: tuple[bytes, ...] = ()
    """What is each of these nodes' own name: nothing, if their names differ."""
    group: bytes | None = None
    place: Place | None = None
    block: Block | None = None
    last: Block | None = None
    """The block as it was handed out before the last changes."""

    @classmethod
    def of(
        cls, key: bytes, output: Output, texts: tuple[int, int], cut: tuple[bool, bool]
    ) -> Alike:
        """The first of them."""
        return cls(key, output.outcome, output.status, output.exit_code, *texts, *cut)

    @property
    def kept_apart(self) -> tuple[object, ...]:
        """What near-identical outputs must have in common besides their texts."""
        cut = (self.stdout_cut, self.stderr_cut)
        return self.outcome.value, self.status, self.exit_code, cut

    def changed(self) -> None:
        """Nodes came or went."""
        self.last = self.block or self.last
        self.place = self.block = None

    def placed(self) -> Place:
        """What blocks are ordered by."""
        if self.place is None:
            self.place = (_RANK[self.outcome], -len(self.nodes), self.key)
        return self.place

    def as_block(self, texts: Texts, name: str = "") -> Block:
        """The value that is handed out."""
        return Block(
            id=name or self.key.hex(),
            outcome=self.outcome,
            status=self.status,
            exit_code=self.exit_code,
            stdout=Stream(self.stdout, texts.chars(self.stdout), self.stdout_cut),
            stderr=Stream(self.stderr, texts.chars(self.stderr), self.stderr_cut),
            nodes=tuple(self.nodes),
        )


class Group:
    """Identical outputs that are near-identical to each other."""

    __slots__ = (
        "_shown", "block", "key", "last", "members", "named", "place", "reference", "varying",
    )  # fmt: skip

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.members: dict[bytes, Alike] = {}
        self.varying = Varying()
        self.reference: Alike | None = None
        """The member that the others were compared with. Which lines vary does not depend on it."""
        self.named: frozenset[int] = frozenset()
        """The lines of its stdout in which its node's name is."""
        self.place: Place | None = None
        self.block: Block | None = None
        self.last: Block | None = None
        """The block as it was handed out before the last changes."""
        self._shown: Alike | None = None

    def changed(self) -> None:
        """Members or their nodes came or went."""
        self.last = self.block or self.last
        self.place = self.block = self._shown = None

    def placed(self) -> Place:
        """What blocks are ordered by."""
        if self.place is None:
            size = sum(map(len, self._nodes()))
            self.place = (_RANK[self.shown.outcome], -size, self.key)
        return self.place

    @property
    def shown(self) -> Alike:
        """The output that most nodes gave; of several, always the same one."""
        if self._shown is None:
            most = max(map(len, self._nodes()))
            largest = (member for member in self.members.values() if len(member.nodes) == most)
            self._shown = min(largest, key=attrgetter("key"))
        return self._shown

    def _nodes(self) -> Iterator[dict[RowKey, None]]:
        # There may be 10,000 members: what goes through them goes without a call for each.
        return map(attrgetter("nodes"), self.members.values())

    def as_block(self, texts: Texts, shown: Alike, variations: tuple[Variation, ...]) -> Block:
        """The value that is handed out."""
        block = shown.as_block(texts, f"near-{self.key.hex()}")
        if len(self.members) == 1:
            return block
        return Block(
            id=block.id,
            outcome=block.outcome,
            status=block.status,
            exit_code=block.exit_code,
            stdout=block.stdout,
            stderr=block.stderr,
            nodes=tuple(chain.from_iterable(self._nodes())),
            texts=len(self.members),
            variations=variations,
        )
