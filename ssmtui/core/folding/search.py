"""A pattern looked for in all outputs: every different text once, a slice at a time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Sequence

import msgspec

from ssmtui.core.expressions import TooSlowError, expression
from ssmtui.core.folding.blocks import Block, Stream
from ssmtui.core.folding.folder import Folder
from ssmtui.core.folding.outputs import Which
from ssmtui.core.problem import Problem

MOST_HITS = 100
"""Lines kept of each text, the first ones; the others are counted."""
MOST_KEPT = 10_000
"""Lines kept of all texts."""
EXCERPT = 240
"""Characters kept of a line, around what was found."""

_SLICE = 0.005  # seconds
_CHUNK = 32 * 1024  # characters between two looks at the clock
_WINDOW = 256 * 1024  # a longer line is searched in pieces,
_OVERLAP = 1024  # and what is found may be that long where two of them meet


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A line in which the pattern was found, for the first time at `start` to `stop` of `text`.

    `line` counts from 0. `text` is raw, and only a part of a long line.
    """

    which: Which
    line: int
    text: str
    start: int
    stop: int


class Found(msgspec.Struct, frozen=True):
    """Identical outputs in which the pattern was found: their block, the first lines, and how many
    lines it was found in."""

    block: Block
    hits: tuple[Hit, ...]
    lines: int


class Search:
    """Looks for a regular expression, line by line, in everything that is folded when it begins.

    Case is ignored unless the pattern has a capital. A wrong pattern is a ProblemError at once.
    `step` does the work; `found` grows meanwhile, in the order of the blocks. A pattern that takes
    too long ends it, and `problem` says so.
    """

    def __init__(
        self, folder: Folder, pattern: str, *, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.found: list[Found] = []
        self.problem: Problem | None = None
        self._pattern = expression(pattern, re.MULTILINE)
        self._folder = folder
        self._clock = clock
        self._kept = 0
        self._texts: dict[int, tuple[Sequence[tuple[int, str, int, int]], int]] = {}
        self._work = self._searching(folder.identical())
        self._done = False

    @property
    def done(self) -> bool:
        """Whether everything has been looked at."""
        return self._done

    @property
    def nodes(self) -> int:
        """How many nodes it was found on."""
        return sum(len(found.block.nodes) for found in self.found)

    @property
    def lines(self) -> int:
        """In how many lines of different outputs it was found."""
        return sum(found.lines for found in self.found)

    def step(self, seconds: float = _SLICE) -> bool:
        """Work for about so many seconds; False when nothing is left to do."""
        until = self._clock() + seconds
        try:
            for _ in self._work:
                if self._clock() >= until:
                    return True
        except TooSlowError as error:
            self.problem = error.problem
        self._done = True
        return False

    def drain(self) -> None:
        """Do everything now: not for the event loop."""
        while self.step(1.0):
            pass

    def _searching(self, blocks: Sequence[Block]) -> Generator[None, None, None]:
        for block in blocks:
            hits: list[Hit] = []
            lines = 0
            for which, stream in ((Which.STDOUT, block.stdout), (Which.STDERR, block.stderr)):
                found, count = yield from self._searched(stream)
                hits += (Hit(which, *one) for one in found)
                lines += count
            if lines:
                self.found.append(Found(block, tuple(hits), lines))
            yield

    def _searched(
        self, stream: Stream
    ) -> Generator[None, None, tuple[Sequence[tuple[int, str, int, int]], int]]:
        known = self._texts.get(stream.text)
        if known is None and stream.chars:
            text = self._folder.held(stream)
            if text is not None:
                known = yield from self._lines(text)
                self._texts[stream.text] = known
        return known or ((), 0)

    def _lines(
        self, text: str
    ) -> Generator[None, None, tuple[Sequence[tuple[int, str, int, int]], int]]:
        kept: list[tuple[int, str, int, int]] = []
        count = line = counted = begin = 0
        while begin <= len(text):
            stop, whole = _chunk(text, begin)
            at = begin
            while match := self._pattern.search(text, at, stop, patient=True):
                if not whole and match.end() == stop and match.start() > stop - _OVERLAP:
                    break  # it may go on: the next piece has all of it
                start = text.rfind("\n", 0, match.start()) + 1
                line += text.count("\n", counted, start)
                counted = start
                end = text.find("\n", match.start())
                end = len(text) if end < 0 else end
                count += 1
                if len(kept) < MOST_HITS and self._kept < MOST_KEPT:
                    self._kept += 1
                    kept.append((line, *_excerpt(text, start, end, match)))
                at = end + 1  # once a line is enough
                if at > stop:
                    break
                yield
            if stop >= len(text):
                break
            begin = max(at, stop + 1 if whole else stop - _OVERLAP)
            yield
        return kept, count


def _chunk(text: str, begin: int) -> tuple[int, bool]:
    """Where the piece ends that begins there, and whether that is the end of a line."""
    stop = text.find("\n", begin + _CHUNK, begin + _WINDOW)
    if stop >= 0:
        return stop, True
    if begin + _WINDOW >= len(text):
        return len(text), True
    return begin + _WINDOW, False


def _excerpt(text: str, start: int, end: int, match: re.Match[str]) -> tuple[str, int, int]:
    """A part of the line with what was found, and where in it that is."""
    first = start if match.start() - start < EXCERPT // 2 else match.start() - EXCERPT // 4
    part = text[first : min(end, first + EXCERPT)]
    return part, match.start() - first, min(match.end() - first, len(part))
