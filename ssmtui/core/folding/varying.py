"""Which lines of near-identical outputs differ, and in what."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import compress, count
from operator import ne
from typing import NamedTuple

from ssmtui.core.folding.blocks import Variation, Vary
from ssmtui.core.folding.near import Templates, marked
from ssmtui.core.folding.outputs import Which

# One bit for what a rule finds. Whether an address or an id is the node's own is not known by it.
_NAME, _TIME, _DURATION, _ADDRESS, _ID, _NUMBER, _HEX = (1 << bit for bit in range(7))
_BITS = {
    "name": _NAME,
    "time": _TIME,
    "duration": _DURATION,
    "mac": _ADDRESS,
    "host": _ADDRESS,
    "ipv4": _ADDRESS,
    "ipv6": _ADDRESS,
    "uuid": _ID,
    "id": _ID,
    "number": _NUMBER,
    "hex": _HEX,
}
_KINDS = {_TIME: Vary.TIME, _DURATION: Vary.DURATION, _NUMBER: Vary.NUMBER, _HEX: Vary.OTHER_ID}
_SLICE = 200  # lines compared before a pause, at most


class Sample(NamedTuple):
    """One output to be compared: its lines by stream, and the words for its node's name."""

    lines: dict[Which, list[bytes]]
    words: Sequence[bytes]

    def named(self, which: Which) -> frozenset[int]:
        """The lines in which its node's name may be."""
        lines = enumerate(self.lines[which])
        return frozenset(n for n, line in lines if any(word in line for word in self.words))


class Varying:
    """The lines in which the members of a near-identical block differ. Takes one byte a line."""

    def __init__(self) -> None:
        self._found: dict[Which, bytearray] = {}
        self._possible: dict[Which, bytearray] = {}

    def compare(
        self, reference: Sample, other: Sample, templates: Templates
    ) -> Generator[None, None, None]:
        """Note what differs between two outputs of one template."""
        for which, lines in reference.lines.items():
            theirs = other.lines[which]
            if lines != theirs:
                changed = compress(count(), map(ne, lines, theirs))
                pairs = ((line, theirs[line]) for line in changed)
                yield from self.note(which, pairs, reference, other.words, templates)

    def note(
        self,
        which: Which,
        changed: Iterable[tuple[int, bytes]],
        reference: Sample,
        words: Sequence[bytes],
        templates: Templates,
    ) -> Generator[None, None, None]:
        """Note what differs in the lines that are known to: the other output's, by number."""
        lines = reference.lines[which]
        found = self._found.setdefault(which, bytearray(len(lines)))
        possible = self._possible.setdefault(which, bytearray(len(lines)))
        # Of a line in which everything differs that may there is nothing more to be learned.
        for done, (line, theirs) in enumerate(changed):
            if found[line] and found[line] == possible[line]:
                continue
            if done % _SLICE == _SLICE - 1:
                yield
            mine = marked(lines[line], reference.words)
            its = marked(theirs, words)
            here = templates.cuts(mine)
            for cut in here:
                possible[line] |= _BITS[cut.rule]
            bits = 0
            for cut, their_cut in zip(here, templates.cuts(its), strict=True):
                if cut.rule == "name":
                    bits |= _NAME if reference.words != words else 0
                elif mine[cut.start : cut.stop] != its[their_cut.start : their_cut.stop]:
                    bits |= _BITS[their_cut.rule] | _BITS[cut.rule]
            # Nothing but blanks differs then, which give way to what may.
            found[line] |= bits or possible[line]

    def told(
        self, shown: Sample, own: frozenset[bytes], templates: Templates
    ) -> tuple[Variation, ...]:
        """The variations of the output that is shown; `own` are its node's id and addresses."""
        return tuple(
            Variation(
                which, line, tuple(self._kinds(bits, shown.lines[which][line], own, templates))
            )
            for which, found in sorted(self._found.items(), reverse=True)
            for line, bits in enumerate(found)
            if bits
        )

    def _kinds(
        self, bits: int, line: bytes, own: frozenset[bytes], templates: Templates
    ) -> Iterator[Vary]:
        mine = False
        if bits & (_ADDRESS | _ID):
            mine = any(line[cut.start : cut.stop] in own for cut in templates.cuts(line))
        if bits & _NAME:
            yield Vary.NAME
        if bits & _ID:
            yield Vary.ID if mine else Vary.OTHER_ID
        if bits & _ADDRESS:
            yield Vary.ADDRESS if mine else Vary.OTHER_ADDRESS
        for bit, kind in _KINDS.items():
            if bits & bit:
                yield kind
