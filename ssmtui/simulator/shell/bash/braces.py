"""Brace expansion: {a,b} and {1..5}, before everything else."""

from __future__ import annotations

from itertools import pairwise

from ssmtui.simulator.shell.bash.syntax import Part, Text, Word

MOST_WORDS = 10_000

_Item = str | Part  # a character that was not quoted, or anything else


def braces(word: Word) -> list[Word]:
    """The words that a word stands for; itself if it has no braces, or too many."""
    if not any(isinstance(part, Text) and not part.quoted and "{" in part.text for part in word):
        return [word]
    waiting: list[tuple[list[_Item], int]] = [(_items(word), 0)]
    done: list[Word] = []
    while waiting:
        items, start = waiting.pop()
        found = _first(items, start)
        if found is None:
            done.append(_word(items))
        else:
            opening, closing, choices = found
            before, after = items[:opening], items[closing + 1 :]
            # The last comes off first. What has been chosen may hold braces: look there again.
            waiting += [([*before, *choice, *after], opening) for choice in reversed(choices)]
        if len(waiting) + len(done) > MOST_WORDS:
            return [word]
    return done


def _items(word: Word) -> list[_Item]:
    items: list[_Item] = []
    for part in word:
        if isinstance(part, Text) and not part.quoted:
            items += part.text
        else:
            items.append(part)
    return items


def _word(items: list[_Item]) -> Word:
    parts: list[Part] = []
    plain: list[str] = []
    for item in [*items, None]:
        if isinstance(item, str):
            plain.append(item)
            continue
        if plain:
            parts.append(Text("".join(plain)))
            plain = []
        if item is not None:
            parts.append(item)
    return tuple(parts)


def _first(items: list[_Item], start: int) -> tuple[int, int, list[list[_Item]]] | None:
    """The first brace that is one: where it opens and closes, and the choices."""
    opened: list[int] = []
    closing_of: dict[int, int] = {}
    commas: dict[int, list[int]] = {}
    for at in range(start, len(items)):
        item = items[at]
        if item == "{":
            opened.append(at)
        elif item == "}" and opened:
            closing_of[opened.pop()] = at
        elif item == "," and opened:
            commas.setdefault(opened[-1], []).append(at)
    for opening in sorted(closing_of):
        closing = closing_of[opening]
        if opening in commas:
            edges = [opening, *commas[opening], closing]
            choices = [items[a + 1 : b] for a, b in pairwise(edges)]
            return opening, closing, choices
        sequence = _sequence(items[opening + 1 : closing])
        if sequence is not None:
            return opening, closing, [list(text) for text in sequence]
    return None


def _sequence(items: list[_Item]) -> list[str] | None:
    """What {first..last} and {first..last..step} stand for; None if it is neither."""
    text = "".join(item for item in items if isinstance(item, str))
    parts = text.split("..")
    if len(text) != len(items) or len(parts) not in (2, 3) or len(text) > 60:
        return None
    if len(parts) == 2 and all(len(part) == 1 and part.isascii() and part.isalpha()
                               for part in parts):  # fmt: skip
        first, last = map(ord, parts)
        step = 1 if first <= last else -1
        return [chr(code) for code in range(first, last + step, step)]
    if not all(_is_number(part) for part in parts):
        return None
    first, last, *steps = map(int, parts)
    step = abs(steps[0]) if steps and steps[0] else 1
    if abs(last - first) // step >= MOST_WORDS:
        return None
    width = max(map(len, parts[:2])) if any(
        part.lstrip("-").startswith("0") and len(part.lstrip("-")) > 1 for part in parts[:2]
    ) else 0  # fmt: skip
    numbers = range(first, last + 1, step) if first <= last else range(first, last - 1, -step)
    return [f"{number:0{width}d}" for number in numbers]


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit()
