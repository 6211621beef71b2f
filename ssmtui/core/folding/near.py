"""The key of near-identical outputs: a text with everything out of it that is the node's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterable, Sequence
from itertools import compress, count, pairwise, repeat
from operator import is_
from typing import Any

from ssmtui.core.folding.rules import BLIND, MARK, NAME, Cut, Template, cuts, template

_SUFFIXES = (b"---Output truncated---", b"---Error truncated----")  # the agent's own
_LEAST_NAME = 3  # shorter names are found in every word
# Lines remembered, of at most so many bytes each.
_LINES, _LONG = 16_384, 1024
_SLICE = 16 * 1024  # bytes of new lines looked at before a pause: a millisecond or two
_NEW: Any = object()
_PART_OF_WORD = re.compile(rb"\x01n(?:[0-9A-Za-z\x80-\xff]|(?<=[0-9A-Za-z\x80-\xff]\x01n))")
_ADDRESS_LIKE = frozenset("0123456789abcdefABCDEF.:")


def own_words(name: str, own: Iterable[str] = ()) -> tuple[bytes, ...]:
    """What stands for a node's name in its output, the longest first: its name and host names, and
    those up to the first dot. Addresses are found by what they look like."""
    words: set[str] = set()
    for word in (name, *own):
        if not _ADDRESS_LIKE.issuperset(word) and "\n" not in word and "\x01" not in word:
            words |= {word, word.partition(".")[0]}
    long = [word.encode("utf-8", "surrogatepass") for word in words if len(word) >= _LEAST_NAME]
    return tuple(sorted(long, key=lambda word: (-len(word), word)))


def said(words: Iterable[bytes], texts: Sequence[bytes]) -> tuple[bytes, ...]:
    """Those of the words that are in one of the texts."""
    return tuple(word for word in words if any(word in data for data in texts))


def marked(data: bytes, words: Sequence[bytes]) -> bytes:
    """The text with a mark where one of the words stands as a word."""
    if MARK in data:
        data = data.replace(MARK, MARK + MARK)
    for word in words:
        if word in data:
            data = _replaced(data, word)
    return data


def _replaced(data: bytes, word: bytes) -> bytes:
    simple = data.replace(word, NAME)
    if not _PART_OF_WORD.search(simple):
        return simple
    pieces = data.split(word)
    joined = [pieces[0]]
    for before, after in pairwise(pieces):
        inside = _goes_on(before[-1:]) or _goes_on(after[:1])
        joined += (word if inside else NAME, after)
    return b"".join(joined)


def _goes_on(letter: bytes) -> bool:
    return letter.isalnum() or letter >= b"\x80"


def compared(data: bytes, cut: bool) -> bytes:
    """What of a text is compared. The last line of one that was cut ends anywhere, so it is not."""
    if not cut:
        return data
    for suffix in _SUFFIXES:
        if data.endswith((suffix, suffix + b"\n")):
            data = data.removesuffix(b"\n").removesuffix(suffix).removesuffix(b"\n")
    return data[: data.rfind(b"\n") + 1] or data


class Templates:
    """Makes templates of texts line by line, and remembers lines, most of which come again."""

    def __init__(self) -> None:
        # By shape; bytes where nothing of the template depends on the line, None if all does.
        self._shapes: dict[bytes, Any] = {}
        self._cuts: dict[bytes, tuple[Cut, ...]] = {}

    def digest(self, data: bytes, words: Sequence[bytes]) -> Generator[None, None, bytes]:
        """16 bytes that near-identical texts have in common; pauses where there is much to do."""
        data = marked(data, words)
        lines = data.split(b"\n")
        shapes = data.translate(BLIND).split(b"\n")
        seen = list(map(self._shapes.get, shapes, repeat(_NEW)))
        if _NEW in seen:
            new: dict[bytes, Any] = {}
            done = 0
            for place in compress(count(), map(is_, seen, repeat(_NEW))):
                shape = shapes[place]
                if shape not in new:
                    done += len(shape) + 64
                    if done > _SLICE:
                        done = 0
                        yield
                    new[shape] = self._look(shape)
                seen[place] = new[shape]
        templates = [
            line if known is None else known if known.__class__ is bytes else known.of(line)
            for line, known in zip(lines, seen, strict=True)
        ]
        return hashlib.sha256(b"\n".join(templates)).digest()[:16]

    def line(self, line: bytes) -> bytes:
        """The template of one line of a marked text."""
        shape = line.translate(BLIND)
        known = self._shapes.get(shape, _NEW)
        if known is _NEW:
            known = self._look(shape)
        if known is None:
            return line
        return known if isinstance(known, bytes) else known.of(line)

    def cuts(self, line: bytes) -> tuple[Cut, ...]:
        """What may differ in a line of a marked text."""
        shape = line.translate(BLIND)
        found = self._cuts.get(shape)
        if found is None:
            found = cuts(shape)
            if len(shape) <= _LONG:
                if len(self._cuts) >= _LINES:
                    self._cuts.clear()
                self._cuts[shape] = found
        return found

    def _look(self, shape: bytes) -> bytes | Template | None:
        known: bytes | Template | None = None
        if found := cuts(shape):
            known = template(shape, found)
            if not known.kept:
                known = known.of(shape)
        elif b"0" not in shape:
            known = shape
        if len(shape) <= _LONG:
            if len(self._shapes) >= _LINES:
                self._shapes.clear()
            self._shapes[shape] = known
        return known
