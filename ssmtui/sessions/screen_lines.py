"""Lines of a terminal: those that are being written, and the ones that have scrolled away."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import compress, islice, pairwise
from operator import ne
from sys import getsizeof
from typing import NamedTuple

import msgspec

from ssmtui.sessions.screen_style import CellStyle, unpack
from ssmtui.sessions.screen_width import cells_of, drawn


class Span(NamedTuple):
    """Neighbours of one look: text to draw as it is, and its style."""

    text: str
    style: CellStyle


class Row:
    """A line of the screen: a character (and a packed style) for every cell.

    The cell after a wide character is "". Whoever changes one calls `touch`.
    """

    __slots__ = ("_spans", "chars", "styles", "wrapped")

    def __init__(self, chars: list[str], styles: list[int], wrapped: bool = False) -> None:
        self.chars = chars
        self.styles = styles
        self.wrapped = wrapped  # the next line goes on with this one's
        self._spans: tuple[Span, ...] | None = None

    @classmethod
    def blank(cls, columns: int, style: int = 0) -> Row:
        return cls([" "] * columns, [style] * columns)

    def touch(self) -> None:
        self._spans = None

    def spans(self) -> tuple[Span, ...]:
        """What to draw; the same object until the row changes."""
        if self._spans is None:
            self._spans = tuple(
                Span(drawn(text), unpack(style)) for text, style in runs(self.chars, self.styles)
            )
        return self._spans

    @property
    def text(self) -> str:
        """The text; without the blanks at its end, unless the next line goes on with it."""
        text = "".join(self.chars)
        return text if self.wrapped else text.rstrip(" ")

    def set_columns(self, columns: int, style: int = 0) -> None:
        """Cut or lengthen to that many cells."""
        have = len(self.chars)
        if columns < have:
            if self.chars[columns] == "":
                self.chars[columns - 1] = " "
            del self.chars[columns:], self.styles[columns:]
        else:
            self.chars += [" "] * (columns - have)
            self.styles += [style] * (columns - have)
        self.touch()


def runs(chars: Sequence[str], styles: Sequence[int]) -> list[tuple[str, int]]:
    """(text, packed style) of the neighbours of one style."""
    first = styles[0]
    if styles.count(first) == len(styles):
        return [("".join(chars), first)]
    # Where a style differs from the one before it, found without a loop of Python's own.
    edges = compress(range(1, len(styles)), map(ne, styles, islice(styles, 1, None)))
    return [
        ("".join(chars[start:end]), styles[start])
        for start, end in pairwise((0, *edges, len(styles)))
    ]


class Styled(msgspec.Struct, frozen=True, gc=False):
    """A kept line that is not just plain text.

    `runs` are pairs of a number of characters and their packed style; None if all are plain.
    """

    text: str
    runs: array[int] | None
    wrapped: bool

    def __sizeof__(self) -> int:
        return _STYLED_BYTES + getsizeof(self.text) + getsizeof(self.runs)


# Three references and the header of an object.
_STYLED_BYTES = 40


Kept = str | Styled
"""A line that has scrolled away: its text, where nothing else is to be known."""


def kept(row: Row) -> Kept:
    """The row, packed; blanks at the end that have no look of their own are left out."""
    if row.styles.count(0) == len(row.styles):
        text = "".join(row.chars)
        return Styled(text, None, True) if row.wrapped else text.rstrip(" ")
    pieces = runs(row.chars, row.styles)
    if pieces[-1][1] == 0 and not row.wrapped:
        pieces[-1] = (pieces[-1][0].rstrip(" "), 0)
    pairs = array("Q", [number for text, style in pieces for number in (len(text), style)])
    return Styled("".join(text for text, _ in pieces), pairs, row.wrapped)


def keep_text(text: str, style: int, wrapped: bool) -> Kept:
    """A line of one style that was never on the screen."""
    if not style and not wrapped:
        return text.rstrip(" ")
    return Styled(text, array("Q", (len(text), style)) if style else None, wrapped)


def row_of(line: Kept, columns: int) -> Row:
    """A kept line brought back to the screen."""
    chars = cells_of(text_of(line))
    styles: list[int] = []
    if isinstance(line, Styled) and line.runs is not None:
        for text, style in _pieces(line.text, line.runs):
            styles += [style] * len(cells_of(text))
    else:
        styles = [0] * len(chars)
    row = Row(chars, styles, is_wrapped(line))
    row.set_columns(columns)
    return row


def text_of(line: Kept) -> str:
    return line if isinstance(line, str) else line.text


def is_wrapped(line: Kept) -> bool:
    return isinstance(line, Styled) and line.wrapped


def spans_of(line: Kept) -> tuple[Span, ...]:
    """What to draw of a kept line; it may be shorter than the screen is wide."""
    if isinstance(line, Styled) and line.runs is not None:
        pieces = _pieces(line.text, line.runs)
        return tuple(Span(drawn(text), unpack(style)) for text, style in pieces if text)
    text = text_of(line)
    return (Span(drawn(text), unpack(0)),) if text else ()


def _pieces(text: str, pairs: array[int]) -> list[tuple[str, int]]:
    pieces = []
    at = 0
    for index in range(0, len(pairs), 2):
        pieces.append((text[at : at + pairs[index]], pairs[index + 1]))
        at += pairs[index]
    return pieces


class Scrollback:
    """The lines that have left the screen at its top, oldest first, bounded in number and bytes."""

    def __init__(self, most_lines: int, most_bytes: int) -> None:
        self._most_lines = most_lines
        self._most_bytes = most_bytes
        self._lines: deque[Kept] = deque()
        self._bytes = 0
        self.dropped = 0
        """How many lines have been forgotten: the number of the oldest line that is left."""

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, index: int) -> Kept:
        return self._lines[index]

    def __iter__(self) -> Iterator[Kept]:
        return iter(self._lines)

    @property
    def bytes(self) -> int:
        """What the lines take in memory, as far as they say."""
        return self._bytes

    def append(self, line: Kept) -> None:
        self._lines.append(line)
        self._bytes += getsizeof(line)
        self._trim()

    def extend(self, lines: list[Kept]) -> None:
        """Append many: of more than there is room for only the last are looked at."""
        surplus = len(lines) - self._most_lines
        if surplus > 0:
            self.dropped += len(self._lines) + surplus
            self._lines.clear()
            self._bytes = 0
            lines = lines[surplus:]
        self._lines += lines
        self._bytes += sum(map(getsizeof, lines))
        self._trim()

    def pop(self) -> Kept:
        """Take back the newest line."""
        line = self._lines.pop()
        self._bytes -= getsizeof(line)
        return line

    def clear(self) -> None:
        self.dropped += len(self._lines)
        self._lines.clear()
        self._bytes = 0

    def _trim(self) -> None:
        lines = self._lines
        while len(lines) > self._most_lines or self._bytes > self._most_bytes:
            self._bytes -= getsizeof(lines.popleft())
            self.dropped += 1
