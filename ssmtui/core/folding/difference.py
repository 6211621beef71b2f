"""How one text differs from another, as typed hunks, in bounded time whatever the texts are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

import msgspec

MOST_CHARS = 1 << 20
MOST_LINES = 12_500
"""Of a longer text only so many first characters and lines are compared."""
MOST_SHOWN = 2000
"""Only so many changed lines are handed out, the first ones."""
LONGEST = 4096
"""Only so many first characters of a line are handed out."""

_CONTEXT = 3
_DEPTH = 4  # how often what lies between lines that occur once is looked at again
_SMALL = 4096  # products of line counts that difflib may compare,
_BUDGET = 64 * 1024  # and the sum of them

Match = tuple[int, int, int]
"""So many equal lines, from these numbers on in the old and the new text."""


class Sign(StrEnum):
    """What a line of a hunk is."""

    SAME = " "
    OLD = "-"
    NEW = "+"


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line of a hunk: raw text, to pass `core.text.plain`, without its end.

    `old` and `new` are its numbers from 0 in the two texts. `span` is where in the text it differs
    from its counterpart, if it has one. `more` characters were left out at its end.
    """

    sign: Sign
    old: int | None
    new: int | None
    text: str
    span: tuple[int, int] | None = None
    more: int = 0


class Hunk(msgspec.Struct, frozen=True):
    """Lines that follow each other; `skipped` equal ones lie between the hunk before and this."""

    skipped: int
    lines: tuple[Line, ...]


class Difference(msgspec.Struct, frozen=True):
    """All hunks. `removed` and `added` are lines, of which `untold` are in no hunk.

    `unread_old` and `unread_new` are characters at the ends that were not compared; `coarse` says
    that the texts are so different that lines may be called different that are not.
    """

    hunks: tuple[Hunk, ...] = ()
    removed: int = 0
    added: int = 0
    untold: int = 0
    unread_old: int = 0
    unread_new: int = 0
    coarse: bool = False

    @property
    def same(self) -> bool:
        """Whether the texts are known to be equal."""
        return not (self.hunks or self.unread_old or self.unread_new)


def difference(old: str, new: str, *, context: int = _CONTEXT) -> Difference:
    """How `new` differs from `old`, line by line, with `context` equal lines around.

    Texts of 24 KB take a few milliseconds, the worst ones of any size some 30.
    """
    if old == new:
        return Difference()
    olds, unread_old = _lines(old)
    news, unread_new = _lines(new)
    matching = _Matching(olds, news)
    changes = matching.changes()
    told, shown = 0, 0
    for change in changes:
        if told and shown + change.lines > MOST_SHOWN:
            break
        told, shown = told + 1, shown + change.lines
    hunks: list[Hunk] = []
    place = 0
    for together in _together(changes[:told], 2 * context):
        hunk, place = _hunk(olds, news, together, place, context)
        hunks.append(hunk)
    given = sum(line.sign is not Sign.SAME for hunk in hunks for line in hunk.lines)
    removed = sum(change.old_end - change.old for change in changes)
    added = sum(change.new_end - change.new for change in changes)
    return Difference(
        tuple(hunks),
        removed,
        added,
        removed + added - given,
        unread_old,
        unread_new,
        matching.coarse,
    )


def _lines(text: str) -> tuple[list[str], int]:
    """The lines that are compared, and how many characters are not in them."""
    lines = text[:MOST_CHARS].split("\n", MOST_LINES)
    unread = max(len(text) - MOST_CHARS, 0)
    if len(lines) > MOST_LINES:
        unread += len(lines.pop())
    return lines, unread


class _Change(NamedTuple):
    """These lines of the old text were replaced by those of the new one; either may be none."""

    old: int
    old_end: int
    new: int
    new_end: int

    @property
    def lines(self) -> int:
        return self.old_end - self.old + self.new_end - self.new


class _Matching:
    """Finds lines that are equal, in order: first those that occur once in each text, since they
    leave no doubt, then those between them."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.coarse = False
        self._budget = _BUDGET
        # Numbers are compared instead of texts, which may be long.
        numbers: dict[str, int] = {}
        self._old = [numbers.setdefault(line, len(numbers)) for line in old]
        self._new = [numbers.setdefault(line, len(numbers)) for line in new]

    def changes(self) -> list[_Change]:
        """What lies between equal lines, in order."""
        ends = (len(self._old), len(self._new))
        changes: list[_Change] = []
        old = new = 0
        for here, there, count in [*self._between(0, ends[0], 0, ends[1], 0), (*ends, 0)]:
            if here > old or there > new:
                changes.append(_Change(old, here, new, there))
            old, new = here + count, there + count
        return changes

    def _between(
        self, old: int, old_end: int, new: int, new_end: int, depth: int
    ) -> Iterator[Match]:
        head = _equal(self._old, self._new, range(old, old_end), range(new, new_end))
        if head:
            yield old, new, head
        old, new = old + head, new + head
        tail = _equal(
            self._old,
            self._new,
            range(old_end - 1, old - 1, -1),
            range(new_end - 1, new - 1, -1),
        )
        old_end, new_end = old_end - tail, new_end - tail
        if not set(self._old[old:old_end]).isdisjoint(self._new[new:new_end]):
            anchors = self._anchors(old, old_end, new, new_end) if depth < _DEPTH else []
            if not anchors:
                yield from self._small(old, old_end, new, new_end)
            else:
                for here, there in (*anchors, (old_end, new_end)):
                    if old < here and new < there:
                        yield from self._between(old, here, new, there, depth + 1)
                    if here < old_end:
                        yield here, there, 1
                    old, new = here + 1, there + 1
        if tail:
            yield old_end, new_end, tail

    def _anchors(self, old: int, old_end: int, new: int, new_end: int) -> list[tuple[int, int]]:
        """Lines that occur once in both parts: the most of them that are in the same order."""
        olds = _once(self._old, old, old_end)
        news = _once(self._new, new, new_end)
        pairs = sorted((place, news[line]) for line, place in olds.items() if line in news)
        ends: list[int] = []
        best: list[int] = []
        before: list[int] = []
        for index, (_, place) in enumerate(pairs):
            at = bisect_left(ends, place)
            before.append(best[at - 1] if at else -1)
            if at == len(ends):
                ends.append(place)
                best.append(index)
            else:
                ends[at], best[at] = place, index
        chain: list[tuple[int, int]] = []
        index = best[-1] if best else -1
        while index >= 0:
            chain.append(pairs[index])
            index = before[index]
        return chain[::-1]

    def _small(self, old: int, old_end: int, new: int, new_end: int) -> Iterator[Match]:
        size = (old_end - old) * (new_end - new)
        if size > min(_SMALL, self._budget):
            self.coarse = True
            return
        self._budget -= size
        parts = (self._old[old:old_end], self._new[new:new_end])
        matcher = SequenceMatcher(None, *parts, autojunk=False)
        for here, there, count in matcher.get_matching_blocks():
            if count:
                yield old + here, new + there, count


def _once(lines: Sequence[int], start: int, stop: int) -> dict[int, int]:
    """Where the lines are that occur once."""
    seen: dict[int, int] = {}
    for place in range(start, stop):
        line = lines[place]
        seen[line] = -1 if line in seen else place
    return {line: place for line, place in seen.items() if place >= 0}


def _equal(old: Sequence[int], new: Sequence[int], here: range, there: range) -> int:
    """How many lines are equal from the beginning of these ranges on."""
    count = 0
    for mine, theirs in zip(here, there, strict=False):
        if old[mine] != new[theirs]:
            break
        count += 1
    return count


def _together(changes: Sequence[_Change], gap: int) -> Iterator[list[_Change]]:
    """Changes with at most so many equal lines between them."""
    together: list[_Change] = []
    for change in changes:
        if together and change.old - together[-1].old_end > gap:
            yield together
            together = []
        together.append(change)
    if together:
        yield together


def _hunk(
    olds: Sequence[str], news: Sequence[str], changes: list[_Change], place: int, context: int
) -> tuple[Hunk, int]:
    """The hunk of these changes, and the line of the old text after it; `place` is that after the
    hunk before."""
    first, last = changes[0], changes[-1]
    lead = min(context, first.old - place)
    trail = min(context, len(olds) - last.old_end, len(news) - last.new_end)
    lines: list[Line] = []
    old, new = first.old - lead, first.new - lead
    for change in changes:
        lines += _same(olds, old, change.old, new)
        lines += _changed(olds, news, change)
        old, new = change.old_end, change.new_end
    lines += _same(olds, old, old + trail, new)
    return Hunk(first.old - lead - place, tuple(lines)), old + trail


def _same(olds: Sequence[str], start: int, stop: int, new: int) -> Iterator[Line]:
    for old in range(start, stop):
        yield _line(Sign.SAME, old, new + old - start, olds[old])


def _changed(olds: Sequence[str], news: Sequence[str], change: _Change) -> Iterator[Line]:
    old_lines = range(change.old, min(change.old_end, change.old + MOST_SHOWN))
    new_lines = range(change.new, min(change.new_end, change.new + MOST_SHOWN))
    spans: list[tuple[tuple[int, int] | None, tuple[int, int] | None]]
    if change.old_end - change.old == change.new_end - change.new:
        spans = [
            _spans(olds[old], news[new]) for old, new in zip(old_lines, new_lines, strict=True)
        ]
    else:
        spans = [(None, None)] * max(len(old_lines), len(new_lines))
    for old, (span, _) in zip(old_lines, spans, strict=False):
        yield _line(Sign.OLD, old, None, olds[old], span)
    for new, (_, span) in zip(new_lines, spans, strict=False):
        yield _line(Sign.NEW, None, new, news[new], span)


def _line(
    sign: Sign, old: int | None, new: int | None, text: str, span: tuple[int, int] | None = None
) -> Line:
    return Line(sign, old, new, text[:LONGEST], span, max(len(text) - LONGEST, 0))


def _spans(old: str, new: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where two lines differ: what lies between their common beginning and end."""
    old, new = old[:LONGEST], new[:LONGEST]
    shorter = min(len(old), len(new))
    head = _common(shorter, lambda size: old[:size] == new[:size])
    tail = _common(shorter - head, lambda size: old[len(old) - size :] == new[len(new) - size :])
    return (head, len(old) - tail), (head, len(new) - tail)


def _common(most: int, equal: Callable[[int], bool]) -> int:
    """The largest size, up to `most`, of which `equal` says so."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if equal(middle) else (least, middle - 1)
    return least
