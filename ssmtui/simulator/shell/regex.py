"""Regular expressions that take time in proportion to the text, whatever the expression.

Python's own may take for ever on a hostile expression, and a script may hold one. An expression is
compiled to a small program; all ways through it are followed side by side (a Pike machine), and
the sets of places reached are remembered, so that a plain search looks up one table a character.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ssmtui.simulator.shell.bash.limits import Exhausted
from ssmtui.simulator.shell.bash.patterns import CharacterClass, bracket_end

LONGEST = 2_000  # characters of an expression
MOST_PLACES = 4_000  # of its program: {n,m} multiplies
_DEEPEST = 20
_MOST_STATES = 2_000
_MOST_REPEATS = 255
_MOST_EXAMINED = 100_000

_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_SHORT: dict[str, Callable[[str], bool]] = {
    "w": lambda char: char in _WORD,
    "W": lambda char: char not in _WORD,
    "d": str.isdigit,
    "D": lambda char: not char.isdigit(),
    "s": str.isspace,
    "S": lambda char: not char.isspace(),
}


class RegexProblem(Exception):
    """An expression that is none: grep's words for it."""


# Nodes of the expression's tree are tuples: ("char", test), ("empty",), ("cat", nodes),
# ("or", nodes), ("repeat", node, least, most or None, greedy), ("group", node, number),
# ("at", which).
_Node = tuple[Any, ...]
_Place = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Where an expression and its groups matched: slots 2n and 2n + 1 are group n's ends."""

    slots: tuple[int | None, ...]

    @property
    def start(self) -> int:
        return self.slots[0] or 0

    @property
    def end(self) -> int:
        return self.slots[1] or 0

    def group(self, text: str, number: int) -> str | None:
        if 2 * number + 1 >= len(self.slots):
            return None
        start, end = self.slots[2 * number], self.slots[2 * number + 1]
        return None if start is None or end is None else text[start:end]


class Regex:
    """POSIX basic or extended, with GNU's \\+ \\? \\| \\b \\w \\s \\d. RegexProblem if it is wrong.

    Of several matches at one place, the one that Perl would choose is found.
    """

    def __init__(
        self, text: str, *, extended: bool = False, fixed: bool = False, ignore_case: bool = False
    ) -> None:
        if len(text) > LONGEST:
            raise RegexProblem("Regular expression too big")
        self._fold = ignore_case
        parser = _Parser(text, extended, ignore_case)
        tree = ("cat", [parser.literal(char) for char in text]) if fixed else parser.parse()
        self._examined = 0
        self._program: list[_Place] = []
        self.groups = parser.groups
        self._emit(("group", tree, 0))
        self._program.append(("match",))
        self._known: dict[tuple[frozenset[int], str, bool], frozenset[int]] = {}

    def matches(self, text: str) -> bool:
        """Whether it is found anywhere."""
        if self._fold:
            text = text.casefold()
        places: frozenset[int] = frozenset()
        last = len(text)
        before = ""
        for at in range(last + 1):
            after = text[at] if at < last else ""
            places = self._closure(places | {0}, before, after)
            if len(self._program) - 1 in places:
                return True
            if at < last:
                places = self._step(places, after)
            before = after
        return False

    def search(self, text: str, start: int = 0) -> Match | None:
        """The first match from there on. Exhausted if all searches of one text, which begins with
        that from 0, come to too much.
        """
        self._examined = self._examined if start else 0
        folded = text.casefold() if self._fold else text
        if len(folded) != len(text):  # a letter that becomes two: places would be wrong
            folded = text
        return self._run(folded, start)

    # The table-driven search.

    def _closure(self, places: frozenset[int], before: str, after: str) -> frozenset[int]:
        """All places that can be reached without a character."""
        key = (places, f"{_side(before)}|{_side(after)}", True)
        if (known := self._known.get(key)) is not None:
            return known
        reached: set[int] = set()
        waiting = list(places)
        while waiting:
            at = waiting.pop()
            if at in reached:
                continue
            reached.add(at)
            waiting += self._onward(at, before, after)
        return self._remember(key, frozenset(reached))

    def _step(self, places: frozenset[int], char: str) -> frozenset[int]:
        key = (places, char, False)
        if (known := self._known.get(key)) is not None:
            return known
        following = frozenset(
            at + 1 for at in places if self._program[at][0] == "char" and self._program[at][1](char)
        )
        return self._remember(key, following)

    def _remember(
        self, key: tuple[frozenset[int], str, bool], places: frozenset[int]
    ) -> frozenset[int]:
        if len(self._known) > _MOST_STATES:
            self._known.clear()
        self._known[key] = places
        return places

    def _onward(self, at: int, before: str, after: str) -> tuple[int, ...]:
        place = self._program[at]
        match place[0]:
            case "jump":
                return (place[1],)
            case "split":
                return (place[1], place[2])
            case "save":
                return (at + 1,)
            case "at":
                return (at + 1,) if _holds(str(place[1]), before, after) else ()
        return ()

    # The search that knows where.

    def _run(self, text: str, start: int) -> Match | None:
        empty: tuple[int | None, ...] = (None,) * (2 * (self.groups + 1))
        threads: list[tuple[int, tuple[int | None, ...]]] = []
        found: Match | None = None
        for at in range(start, len(text) + 1):
            self._examined += 1
            if self._examined > _MOST_EXAMINED:
                raise Exhausted("regular expression takes too long")
            before = text[at - 1] if at else ""
            after = text[at] if at < len(text) else ""
            if found is None:
                threads.append((0, empty))
            elif not threads:
                break
            threads, matched = self._advance(threads, at, before, after)
            found = matched or found
        return found

    def _advance(
        self, threads: list[tuple[int, tuple[int | None, ...]]], at: int, before: str, after: str
    ) -> tuple[list[tuple[int, tuple[int | None, ...]]], Match | None]:
        """One character: the threads after it, best first, and a match that ends before it."""
        following: list[tuple[int, tuple[int | None, ...]]] = []
        seen: set[int] = set()
        for thread in threads:
            waiting = [thread]
            while waiting:
                place, slots = waiting.pop()
                if place in seen:
                    continue
                seen.add(place)
                kind, *rest = self._program[place]
                if kind == "match":
                    return following, Match(slots)
                if kind == "char":
                    if after and rest[0](after):
                        following.append((place + 1, slots))
                elif kind == "save":
                    number = int(rest[0])
                    waiting.append((place + 1, (*slots[:number], at, *slots[number + 1 :])))
                else:
                    onward = self._onward(place, before, after)
                    waiting += [(target, slots) for target in reversed(onward)]
        return following, None

    # Compiling.

    def _emit(self, node: _Node) -> None:
        if len(self._program) > MOST_PLACES:
            raise RegexProblem("Regular expression too big")
        program = self._program
        kind, *rest = node
        match kind:
            case "char" | "at":
                program.append((kind, rest[0]))
            case "cat":
                for child in rest[0]:
                    self._emit(child)
            case "group":
                child, number = rest
                program.append(("save", 2 * number))
                self._emit(child)
                program.append(("save", 2 * number + 1))
            case "or":
                self._emit_choice(rest[0])
            case "repeat":
                self._emit_repeat(*rest)

    def _emit_choice(self, nodes: list[_Node]) -> None:
        program = self._program
        jumps = []
        for node in nodes[:-1]:
            split = len(program)
            program.append(("split", split + 1, 0))
            self._emit(node)
            jumps.append(len(program))
            program.append(("jump", 0))
            program[split] = ("split", split + 1, len(program))
        self._emit(nodes[-1])
        for jump in jumps:
            program[jump] = ("jump", len(program))

    def _emit_repeat(self, node: _Node, least: int, most: int | None) -> None:
        program = self._program
        for _ in range(least):
            self._emit(node)
        if most is None:
            split = len(program)
            program.append(("split", 0, 0))
            self._emit(node)
            program.append(("jump", split))
            program[split] = ("split", split + 1, len(program))
            return
        splits = []
        for _ in range(most - least):
            splits.append(len(program))
            program.append(("split", 0, 0))
            self._emit(node)
        for split in splits:
            program[split] = ("split", split + 1, len(program))


def _side(char: str) -> str:
    """As much of a neighbour as the anchors want to know."""
    return "" if not char else "w" if char in _WORD else "-"


def _holds(which: str, before: str, after: str) -> bool:
    inside_before = before in _WORD
    inside_after = after in _WORD
    match which:
        case "^":
            return not before
        case "$":
            return not after
        case "<":
            return inside_after and not inside_before
        case ">":
            return inside_before and not inside_after
        case "B":
            return inside_before == inside_after
    return inside_before != inside_after


class _Parser:
    """Both syntaxes; in the basic one, ( ) { } | + ? are special after a backslash."""

    def __init__(self, text: str, extended: bool, fold: bool) -> None:
        self.text = text
        self.groups = 0
        self._fold = fold
        self._extended = extended
        self._at = 0
        self._depth = 0

    def parse(self) -> _Node:
        tree = self._choice()
        if self._at < len(self.text):
            raise RegexProblem("Unmatched ) or \\)")
        return tree

    def literal(self, char: str) -> _Node:
        return ("char", (char.casefold() if self._fold else char).__eq__)

    def _special(self) -> tuple[str, int]:
        """The operator that stands here, and how long it is; ("", 0) if there is none."""
        text, at = self.text, self._at
        char = text[at : at + 1]
        if char == "\\":
            following = text[at + 1 : at + 2]
            if not self._extended and following and following in "(){}|+?":
                return following, 2
            return "", 0
        if char and (char in "*.[" or (self._extended and char in "(){|+?")):
            return char, 1
        return "", 0

    def _choice(self) -> _Node:
        branches = [self._sequence()]
        while self._special()[0] == "|":
            self._at += self._special()[1]
            branches.append(self._sequence())
        return ("or", branches) if len(branches) > 1 else branches[0]

    def _sequence(self) -> _Node:
        nodes: list[_Node] = []
        while self._at < len(self.text):
            special, size = self._special()
            if special == "|" or (special == ")" and (self._depth or not self._extended)):
                break
            if special in ("*", "+", "?", "{") and nodes and nodes[-1][0] != "at":
                self._at += size
                nodes[-1] = self._repeated(nodes[-1], special, size)
            else:
                nodes.append(self._atom(special, size, first=not nodes))
        return ("cat", nodes)

    def _repeated(self, node: _Node, special: str, size: int) -> _Node:
        if special != "{":
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[special]
            if node[0] == "repeat" and node[2] in (0, 1) and node[3] in (None, 1):
                _, node, low, high = node  # a*+ and its like are one repetition
                least, most = min(least, low), None if None in (most, high) else 1
            return ("repeat", node, least, most)
        if _repeats(node) > _DEEPEST:
            raise RegexProblem("Regular expression too big")
        closing = "}" if size == 1 else "\\}"
        end = self.text.find(closing, self._at)
        first, comma, last = self.text[self._at : end].partition(",")
        if end < 0 or not _digits(first or "0") or (comma and last and not _digits(last)):
            raise RegexProblem("Invalid content of \\{\\}")
        self._at = end + len(closing)
        low = int(first or 0)
        high = (int(last) if last else None) if comma else low
        if low > _MOST_REPEATS or (high or 0) > _MOST_REPEATS or (high is not None and high < low):
            raise RegexProblem("Invalid content of \\{\\}")
        return ("repeat", node, low, high)

    def _atom(self, special: str, size: int, *, first: bool) -> _Node:
        if special == "(":
            return self._group(size)
        if special == ".":
            self._at += 1
            return ("char", lambda char: True)
        if special == "[":
            end = bracket_end(self.text, self._at)
            if end < 0:
                raise RegexProblem("Unmatched [, [^, [:, [., or [=")
            inner = self.text[self._at + 1 : end].replace("\\\\", "\\")
            self._at = end + 1
            inner = "!" + inner[1:] if inner.startswith("^") else inner
            return ("char", self._class(CharacterClass(inner)))
        char = self.text[self._at]
        if char == "\\" and self._at + 1 < len(self.text):
            self._at += 2
            return self._escaped(self.text[self._at - 1])
        if char == "\\":
            raise RegexProblem("Trailing backslash")
        self._at += 1
        if char == "^" and (first or self._extended):
            return ("at", "^")
        if char == "$" and self._ends_here():
            return ("at", "$")
        return self.literal(char)

    def _class(self, characters: CharacterClass) -> Callable[[str], bool]:
        if not self._fold:
            return characters.matches
        return lambda char: characters.matches(char) or characters.matches(char.upper())

    def _ends_here(self) -> bool:
        rest = self.text[self._at : self._at + 2]
        return self._extended or not rest or rest in ("\\)", "\\|")

    def _escaped(self, char: str) -> _Node:
        if char in "bB<>":
            return ("at", char)
        if char in _SHORT:
            return ("char", _SHORT[char])
        if char.isdigit():
            raise RegexProblem("Invalid back reference")
        return self.literal({"n": "\n", "t": "\t"}.get(char, char))

    def _group(self, size: int) -> _Node:
        self._at += size
        if self.text.startswith("?:", self._at) and self._extended:
            self._at += 2
        self.groups += 1
        number = self.groups
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RegexProblem("Regular expression too big")
        tree = self._choice()
        self._depth -= 1
        special, size = self._special()
        if special != ")":
            raise RegexProblem("Unmatched ( or \\(")
        self._at += size
        return ("group", tree, number)


def _repeats(node: _Node) -> int:
    """How many repetitions of repetitions a node is."""
    count = 0
    while node[0] == "repeat":
        node = node[1]
        count += 1
    return count


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
