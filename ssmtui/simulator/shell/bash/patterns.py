"""Patterns of file names and of `case`: *, ? and [...], matched in steps that are bounded by the
product of the two lengths.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ssmtui.simulator.shell.bash.limits import MOST_STEPS, Exhausted


def _is_punctuation(char: str) -> bool:
    return char.isprintable() and not char.isalnum() and not char.isspace()


_CLASSES: dict[str, Callable[[str], bool]] = {
    "alpha": str.isalpha, "digit": str.isdigit, "alnum": str.isalnum, "upper": str.isupper,
    "lower": str.islower, "space": str.isspace, "punct": _is_punctuation, "print": str.isprintable,
    "xdigit": lambda char: char in "0123456789abcdefABCDEF",
    "blank": lambda char: char in " \t",
    "cntrl": lambda char: not char.isprintable(),
    "graph": lambda char: char.isprintable() and not char.isspace(),
}  # fmt: skip


class CharacterClass:
    """What stands between [ and ]: characters, ranges, [:classes:], or with "!" all others."""

    def __init__(self, text: str) -> None:
        """`text` is what is between the brackets, with its ! or ^."""
        self.negated = text[:1] in ("!", "^") and len(text) > 1
        self._single: set[str] = set()
        self._ranges: list[tuple[str, str]] = []
        self._classes: list[str] = []
        self._read(text[self.negated :])

    def _read(self, text: str) -> None:
        at = 0
        while at < len(text):
            end = text.find(":]", at + 2) if text.startswith("[:", at) else -1
            if end > 0 and text[at + 2 : end] in _CLASSES:
                self._classes.append(text[at + 2 : end])
                at = end + 2
            elif text[at + 1 : at + 2] == "-" and at + 2 < len(text):
                self._ranges.append((text[at], text[at + 2]))
                at += 3
            else:
                self._single.add(text[at])
                at += 1

    def matches(self, char: str) -> bool:
        found = (
            char in self._single
            or any(first <= char <= last for first, last in self._ranges)
            or any(_CLASSES[name](char) for name in self._classes)
        )
        return found != self.negated


def bracket_end(text: str, at: int) -> int:
    """Where the "]" is that closes the "[" at `at`; -1 if there is none."""
    start = at + 1
    if text[start : start + 1] in ("!", "^"):
        start += 1
    end = start + (text[start : start + 1] == "]")  # one that comes first is a character
    while end < len(text):
        if text.startswith("[:", end) and (close := text.find(":]", end)) > 0:
            end = close + 2
        elif text[end] == "]":
            return end
        else:
            end += 1
    return -1


class Pattern:
    """A pattern made of segments of text, each with whether it was quoted: "*"* is not "**"."""

    def __init__(self, segments: Sequence[tuple[str, bool]]) -> None:
        self._items: list[str | CharacterClass | None] = []  # None is *, "" is ?
        self.magic = False
        self._steps = 0
        for text, quoted in segments:
            if quoted:
                self._items += text
            else:
                self._compile(text)

    def _compile(self, text: str) -> None:
        at = 0
        while at < len(text):
            char = text[at]
            if char == "*":
                if not self._items or self._items[-1] is not None:
                    self._items.append(None)
                self.magic = True
            elif char == "?":
                self._items.append("")
                self.magic = True
            elif char == "[" and (end := bracket_end(text, at)) > 0:
                self._items.append(CharacterClass(text[at + 1 : end]))
                self.magic = True
                at = end
            elif char == "\\" and at + 1 < len(text):
                at += 1
                self._items.append(text[at])
            else:
                self._items.append(char)
            at += 1

    @property
    def shows_dot(self) -> bool:
        """Whether it begins with a dot, without which hidden files are not matched."""
        return self._items[:1] == ["."]

    def matches(self, text: str) -> bool:
        """Whether all of the text matches. Exhausted if that takes too long."""
        items = self._items
        at = item = 0
        star, mark = -1, 0
        while at < len(text):
            self._step()
            if item < len(items) and items[item] is None:
                star, mark = item, at
                item += 1
            elif item < len(items) and _one(items[item], text[at]):
                item += 1
                at += 1
            elif star >= 0:
                mark += 1
                item, at = star + 1, mark
            else:
                return False
        return all(rest is None for rest in items[item:])

    def prefix(self, text: str, *, longest: bool) -> int | None:
        """How long the shortest or longest beginning is that matches; None if none does."""
        sizes = self._prefix_sizes(text)
        return (sizes[-1] if longest else sizes[0]) if sizes else None

    def suffix(self, text: str, *, longest: bool) -> int | None:
        """How long the shortest or longest ending is that matches."""
        backwards = Pattern([])
        backwards._items = self._items[::-1]
        return backwards.prefix(text[::-1], longest=longest)

    def find(self, text: str, start: int) -> tuple[int, int] | None:
        """The first, longest match that is not empty."""
        for at in range(start, len(text)):
            sizes = self._prefix_sizes(text, at)
            if sizes and sizes[-1]:
                return at, at + sizes[-1]
        return None

    def _step(self, steps: int = 1) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise Exhausted("pattern matching takes too long")

    def _prefix_sizes(self, text: str, start: int = 0) -> list[int]:
        """By simulating all ways at once: states are places in the pattern."""
        items = self._items
        sizes = []
        states = _closed(items, {0})
        for at in range(start, len(text) + 1):
            self._step(len(states))
            if len(items) in states:
                sizes.append(at - start)
            if at == len(text) or not states:
                break
            following = set()
            for state in states:
                if state == len(items):
                    continue
                if items[state] is None:
                    following.add(state)
                elif _one(items[state], text[at]):
                    following.add(state + 1)
            states = _closed(items, following)
        return sizes


def _one(item: str | CharacterClass | None, char: str) -> bool:
    if isinstance(item, CharacterClass):
        return item.matches(char)
    return item in ("", char)


def _closed(items: list[str | CharacterClass | None], states: set[int]) -> set[int]:
    closed = set()
    for state in states:
        at = state
        closed.add(at)
        while at < len(items) and items[at] is None:
            at += 1
            closed.add(at)
    return closed
