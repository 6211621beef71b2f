"""Names folded into sets: `web-[001-120,144]`, `rack[1-2]-node[01-10]`, `db-1`.

The notation is that of ClusterShell's node sets. What is unlike it: digits are ASCII, names that
several nodes bear are counted (`web×3`), and a name that would read as a set is quoted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

_DIGITS = re.compile(r"([0-9]+)")
_BLIND = bytes.maketrans(b"123456789", b"000000000")
# The ids of instances and managed nodes, and other hexadecimal words: their digits count nothing.
_ID_HEADS = ("i-", "mi-")
_HEX_WORD = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,}(?![0-9A-Za-z])")
# Longer runs of digits are no numbers that anybody counts by.
_MOST_DIGITS = 15
_MOST_NUMBERS = 6
# Names that would not come back as they are: they are written in quotes, and are not folded.
_QUOTED = re.compile(r"[\[\],\"×\s]|^$")

Range = tuple[str, str]
"""The first and the last number as they are written; equal for a single one."""


class Part(NamedTuple):
    """The product of texts and numbers: `texts[0] ranges[0] texts[1] ...`, one text more."""

    texts: tuple[str, ...]
    ranges: tuple[tuple[Range, ...], ...]
    names: int
    repeated: int = 1
    """How many nodes bear each of these names."""

    def __str__(self) -> str:
        return self._written([list(map(_range_text, ranges)) for ranges in self.ranges])

    def _written(self, ranges: Sequence[Sequence[str]]) -> str:
        times = f"×{self.repeated}" if self.repeated > 1 else ""
        if not ranges:
            name = self.texts[0]
            return (json.dumps(name) if _QUOTED.search(name) else name) + times
        brackets = map(_bracketed, ranges)
        pairs = zip(self.texts, (*brackets, times), strict=True)
        return "".join(text + bracket for text, bracket in pairs)

    def heads(self, width: int) -> Iterator[tuple[str, int]]:
        """The part with its last bracket cut after the first, second ... range, as long as that
        fits into `width`, and how many names each of them shows."""
        if not self.ranges:
            return
        before = [list(map(_range_text, ranges)) for ranges in self.ranges[:-1]]
        times = self.names // sum(map(_length, self.ranges[-1]))
        shown: list[str] = []
        count = 0
        for one in self.ranges[-1][:-1]:
            shown.append(_range_text(one))
            count += _length(one)
            text = self._written([*before, [*shown, "…"]])
            if len(text) > width:
                return
            yield text, count * times * self.repeated


class NodeSet:
    """Names, folded. `str()` gives all of it, `fitted` what fits into a width."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)

    def __len__(self) -> int:
        return sum(part.names * part.repeated for part in self.parts)

    def __iter__(self) -> Iterator[str]:
        """Every name, as often as nodes bear it."""
        for part in self.parts:
            numbers = [[text for one in ranges for text in _numbers(one)] for ranges in part.ranges]
            for chosen in product(*numbers):
                zipped = zip(part.texts, (*chosen, ""), strict=True)
                name = "".join(text + number for text, number in zipped)
                for _ in range(part.repeated):
                    yield name

    def __str__(self) -> str:
        return ",".join(map(str, self.parts))

    def fitted(self, width: int) -> str:
        """The set in at most `width` characters, with "… and n more" for what found no room.

        Where even the first part is too long its ranges are cut: "web-[001-016,…] and 104 more".
        The text is remote: `core.text.plain` is still to be applied, and keeps its length.
        """
        text, left = "", len(self)
        if not left:
            return ""
        best: str | None = None
        for part in self.parts:
            text = f"{text},{part}" if text else str(part)
            if len(text) > width:
                break
            left -= part.names * part.repeated
            more = text + _more(left, " … and")
            if len(more) <= width:
                best = more
        return self._cut(width) if best is None else best

    def _cut(self, width: int) -> str:
        """What can be shown where the first part alone is too long."""
        total = len(self)
        heads = list(self.parts[0].heads(width))
        for text, count in reversed(heads):
            more = f"{text}{_more(total - count, ' and')}"
            if len(more) <= width:
                return more
        if heads:
            return heads[-1][0]
        words = f"{total:,} nodes" if total > 1 else f"{self.parts[0].texts[0][: width - 1]}…"
        return words if len(words) <= width else "…"[:width]


def fold(names: Iterable[str]) -> NodeSet:
    """Fold names. Their order does not matter; unfolding gives the same names as often.

    Zero-padding is kept apart (`n[01,10],n9`), and several numbers in a name make a product only
    where it is exact. 10,000 names of one kind take a few milliseconds.
    """
    once, repeated = _counted(names)
    parts = list(_folded(once))
    by_count: dict[int, list[str]] = {}
    for name, count in repeated.items():
        by_count.setdefault(count, []).append(name)
    for count, some in by_count.items():
        # Ranges of repeated names would read as if each number were there once.
        parts += [Part((name,), (), 1, count) for name in some]
    parts.sort(key=_place)
    return NodeSet(parts)


def expand(text: str) -> list[str]:
    """The names of a folded set; ValueError where it is none."""
    names: list[str] = []
    for item in _items(text):
        names += _expanded(item)
    return names


# Folding


def _counted(names: Iterable[str]) -> tuple[Iterable[str], dict[str, int]]:
    listed = list(names)
    once = set(listed)
    if len(once) == len(listed):
        return once, {}
    repeated = {name: count for name, count in Counter(listed).items() if count > 1}
    return once - repeated.keys(), repeated


def _folded(names: Iterable[str]) -> Iterator[Part]:
    """Parts in no order."""
    shapes: dict[bytes, list[str]] = {}
    for name in names:
        if name.startswith(_ID_HEADS):
            yield Part((name,), (), 1)
        else:
            # Bytes are translated many times faster than text.
            shape = name.encode("utf-8", "surrogatepass").translate(_BLIND)
            shapes.setdefault(shape, []).append(name)
    patterns: dict[tuple[str, ...], list[list[str]]] = {}
    for shape, alike in shapes.items():
        # Whether and where a name counts does not depend on its digits: asked once a shape.
        texts, spans = _pattern(shape.decode("utf-8", "surrogatepass"))
        if not spans:
            yield from (Part((name,), (), 1) for name in alike)
            continue
        places = patterns.setdefault(texts, [[] for _ in spans])
        for place, (start, stop) in zip(places, spans, strict=True):
            place += [name[start:stop] for name in alike]
    for texts, places in patterns.items():
        yield from _products(texts, places)


def _pattern(shape: str) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """The texts around a name's numbers, and where those are; nowhere if none of them counts."""
    spans = [match.span() for match in _DIGITS.finditer(shape)]
    if (
        len(spans) > _MOST_NUMBERS
        or any(stop - start > _MOST_DIGITS for start, stop in spans)
        or _QUOTED.search(shape)
        or _HEX_WORD.search(shape)
    ):
        return (shape,), []
    return tuple(_DIGITS.split(shape)[::2]), spans


def _products(texts: tuple[str, ...], places: list[list[str]]) -> Iterator[Part]:
    """The names of one pattern as few exact products."""
    if len(places) == 1:
        for width, values in _by_width(places[0]).items():
            yield Part(texts, (_ranges(sorted(values), width),), len(values))
        return
    for widths, vectors in _by_padding(places).items():
        for axes in _folded_axes(vectors):
            ranges = tuple(_ranges(axis, width) for axis, width in zip(axes, widths, strict=True))
            yield Part(texts, ranges, prod(map(len, axes)))


def _by_width(numbers: list[str]) -> dict[int, list[int]]:
    """The numbers by the width that they are padded to."""
    widths = _widths(numbers)
    if len(set(widths.values())) == 1:
        return {widths[len(numbers[0])]: list(map(int, numbers))}
    groups: dict[int, list[int]] = {}
    for number in numbers:
        groups.setdefault(widths[len(number)], []).append(int(number))
    return groups


def _by_padding(places: list[list[str]]) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
    """The numbers by the widths that they are padded to, place by place."""
    vectors = list(zip(*(map(int, place) for place in places), strict=True))
    widths = [_widths(place) for place in places]
    if all(len(set(some.values())) == 1 for some in widths):
        return {tuple(next(iter(some.values())) for some in widths): vectors}
    padding = [
        [some[len(number)] for number in place] for some, place in zip(widths, places, strict=True)
    ]
    groups: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for key, vector in zip(zip(*padding, strict=True), vectors, strict=True):
        groups.setdefault(key, []).append(vector)
    return groups


def _widths(numbers: Sequence[str]) -> dict[int, int]:
    """By the length of a number the width that it is padded to, 0 for not at all.

    What is longer than the padding needs none of it, and goes with the widest: `[098-1002]`.
    """
    padded = {len(number) for number in numbers if number[0] == "0"} - {1}
    return {
        length: max((width for width in padded if width <= length), default=0)
        for length in set(map(len, numbers))
    }


Axes = tuple[tuple[int, ...], ...]


def _folded_axes(vectors: list[tuple[int, ...]]) -> list[Axes]:
    """Vectors as products of sorted numbers: no vector is lost, none is added."""
    places = [
        place for place, numbers in enumerate(zip(*vectors, strict=True)) if len(set(numbers)) > 1
    ]
    vectors = sorted(vectors)
    folded = _merged(vectors, places[::-1])
    if len(folded) > 1:
        # Which number is folded first decides how few products there are.
        folded = min(folded, _merged(vectors, places), key=len)
    return folded


def _merged(vectors: list[tuple[int, ...]], order: list[int]) -> list[Axes]:
    """Fold one place after the other; places not in `order` are the same in all."""
    if not order:
        return [tuple((number,) for number in vectors[0])]
    place, *others = order
    lines: dict[tuple[int, ...], list[int]] = {}
    for vector in vectors:
        lines.setdefault(vector[:place] + vector[place + 1 :], []).append(vector[place])
    cells = [
        (*[(number,) for number in rest[:place]], tuple(numbers), *[(n,) for n in rest[place:]])
        for rest, numbers in lines.items()
    ]
    for place in others:
        groups: dict[Axes, list[int]] = {}
        for cell in cells:
            groups.setdefault((*cell[:place], (), *cell[place + 1 :]), []).extend(cell[place])
        cells = [
            (*rest[:place], tuple(sorted(numbers)), *rest[place + 1 :])
            for rest, numbers in groups.items()
        ]
    return cells


def _ranges(numbers: Sequence[int], width: int) -> tuple[Range, ...]:
    """Sorted numbers as runs."""
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        return (_range(numbers[0], numbers[-1], width),)
    ranges: list[Range] = []
    first = last = numbers[0]
    for number in numbers[1:]:
        if number != last + 1:
            ranges.append(_range(first, last, width))
            first = number
        last = number
    ranges.append(_range(first, last, width))
    return tuple(ranges)


def _range(first: int, last: int, width: int) -> Range:
    return str(first).zfill(width), str(last).zfill(width)


# Writing and reading


def _place(part: Part) -> tuple[str, list[int], Part]:
    """Where a part stands: by its text, then by its first numbers."""
    return part.texts[0], [int(ranges[0][0]) for ranges in part.ranges], part


def _range_text(one: Range) -> str:
    first, last = one
    return first if first == last else f"{first}-{last}"


def _length(one: Range) -> int:
    return int(one[1]) - int(one[0]) + 1


def _bracketed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 and "-" not in texts[0] else f"[{','.join(texts)}]"


def _more(count: int, words: str) -> str:
    return f"{words} {count:,} more" if count > 0 else ""


def _numbers(one: Range) -> Iterator[str]:
    width = len(one[0])
    return (str(number).zfill(width) for number in range(int(one[0]), int(one[1]) + 1))


_ITEM = re.compile(
    r'(?P<quoted>"(?:[^"\\]|\\.)*")(?:×(?P<often>[0-9]+))?'
    r'|(?P<pattern>(?:[^\[\],"×\s]|\[[0-9,-]+\])+)(?:×(?P<times>[0-9]+))?'
)
_BRACKET = re.compile(r"\[([0-9,-]+)\]")
_RANGE = re.compile(r"([0-9]+)(?:-([0-9]+))?")


def _items(text: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(text):
        item = _ITEM.match(text, place)
        if item is None or (item.end() < len(text) and text[item.end()] != ","):
            raise ValueError(f"not a node set from character {place + 1} on")
        yield item
        place = item.end() + 1


def _expanded(item: re.Match[str]) -> list[str]:
    times = int(item["often"] or item["times"] or 1)
    if item["quoted"]:
        return [json.loads(item["quoted"])] * times
    pieces = _BRACKET.split(item["pattern"])
    numbers = [_bracket_numbers(bracket) for bracket in pieces[1::2]]
    texts = pieces[::2]
    return [
        "".join(map("".join, zip(texts, (*chosen, ""), strict=True)))
        for chosen in product(*numbers)
    ] * times


def _bracket_numbers(bracket: str) -> list[str]:
    numbers: list[str] = []
    for text in bracket.split(","):
        one = _RANGE.fullmatch(text)
        if one is None:
            raise ValueError(f"not a range: {text}")
        numbers += _numbers((one[1], one[2] or one[1]))
    return numbers
