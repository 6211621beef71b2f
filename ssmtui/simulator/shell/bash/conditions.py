"""The tests of `test`, `[` and `[[`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from ssmtui.simulator.shell.bash.expansion import Expander
from ssmtui.simulator.shell.bash.syntax import Text, Word
from ssmtui.simulator.shell.machine.files import Entry, File, Folder, Link
from ssmtui.simulator.shell.machine.paths import join
from ssmtui.simulator.shell.machine.tree import EXECUTE, READ, WRITE, FileProblem, allowed
from ssmtui.simulator.shell.regex import Regex, RegexProblem

if TYPE_CHECKING:
    from ssmtui.simulator.shell.bash.interpreter import Bash

_DEEPEST = 30
_FILE_TESTS = "efdrwxshLabcpS"
_UNARY = frozenset(f"-{letter}" for letter in _FILE_TESTS + "znvt")
_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}
_TEXTS = ("=", "==", "!=", "<", ">")
_FILES = ("-nt", "-ot", "-ef")
_BINARY = frozenset((*_NUMBERS, *_TEXTS, *_FILES, "=~"))


class ConditionProblem(Exception):
    """What `test` says of a condition it cannot make sense of."""


def test(args: Sequence[str], shell: Bash) -> bool:
    """`test` and, without its last bracket, `[`. ConditionProblem for what is no condition."""
    if not args:
        return False
    if len(args) == 1:
        return bool(args[0])
    return _Test(list(args), shell).value()


class _Test:
    """A recursive descent over words that are expanded already."""

    def __init__(self, args: list[str], shell: Bash) -> None:
        self._args = args
        self._shell = shell
        self._at = 0
        self._depth = 0

    def value(self) -> bool:
        found = self._or()
        if self._at < len(self._args):
            raise ConditionProblem("too many arguments")
        return found

    def _peek(self, ahead: int = 0) -> str | None:
        at = self._at + ahead
        return self._args[at] if at < len(self._args) else None

    def _or(self) -> bool:
        found = self._and()
        while self._peek() == "-o":
            self._at += 1
            right = self._and()
            found = found or right
        return found

    def _and(self) -> bool:
        found = self._not()
        while self._peek() == "-a":
            self._at += 1
            right = self._not()
            found = found and right
        return found

    def _not(self) -> bool:
        negated = False
        while self._peek() == "!" and self._peek(1) is not None and not self._is_binary(1):
            self._at += 1
            negated = not negated
        return self._primary() != negated

    def _is_binary(self, ahead: int) -> bool:
        return self._peek(ahead) in _BINARY and self._peek(ahead + 1) is not None

    def _primary(self) -> bool:
        word = self._peek()
        if word is None:
            raise ConditionProblem("argument expected")
        if self._is_binary(1):
            left, op, right = self._args[self._at : self._at + 3]
            self._at += 3
            return binary(left, op, right, self._shell)
        following = self._peek(1)
        if word == "(" and following is not None:
            return self._bracketed()
        self._at += 1
        if word in _UNARY and following is not None:
            self._at += 1
            return unary(word, following, self._shell)
        if word.startswith("-") and following is not None and len(word) == 2:
            raise ConditionProblem(f"{word}: unary operator expected")
        return bool(word)

    def _bracketed(self) -> bool:
        self._at += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ConditionProblem("too many arguments")
        found = self._or()
        self._depth -= 1
        if self._peek() != ")":
            raise ConditionProblem("`)' expected")
        self._at += 1
        return found


def unary(op: str, word: str, shell: Bash) -> bool:
    """-f, -z and the like."""
    if op == "-z":
        return not word
    if op == "-n":
        return bool(word)
    if op == "-v":
        return shell.state.get(word) is not None
    if op == "-t":
        return shell.tty is not None and word in ("0", "1", "2")
    return _file_test(op[1], word, shell)


def _file_test(test: str, word: str, shell: Bash) -> bool:
    tree, user = shell.machine.tree, shell.state.user.name
    if not word:
        return False
    try:
        entry = tree.find(join(shell.state.cwd, word), user, follow=test not in "hL")
    except FileProblem:
        return False  # a file that cannot be reached is not there
    if test in _ACCESS:
        return allowed(entry, user, _ACCESS[test])
    return _is(test, entry)


_ACCESS = {"r": READ, "w": WRITE, "x": EXECUTE}


def _is(test: str, entry: Entry) -> bool:
    match test:
        case "f":
            return isinstance(entry, File) and entry.kind == "regular file"
        case "d":
            return isinstance(entry, Folder)
        case "h" | "L":
            return isinstance(entry, Link)
        case "s":
            return isinstance(entry, Folder) or (isinstance(entry, File) and entry.size() > 0)
        case "c":
            return isinstance(entry, File) and entry.kind != "regular file"
    return test in ("e", "a")  # there are no pipes, sockets and block devices


def binary(left: str, op: str, right: str, shell: Bash) -> bool:
    """Of `test`: texts are compared as they are."""
    if op in _NUMBERS:
        return _NUMBERS[op](_number(left), _number(right))
    if op in _FILES:
        return _compare_files(left, op, right, shell)
    match op:
        case "!=":
            return left != right
        case "<":
            return left < right
        case ">":
            return left > right
    return left == right


def _number(text: str) -> int:
    digits = text.strip().removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise ConditionProblem(f"{text}: integer expression expected")
    return int(text)


def _compare_files(left: str, op: str, right: str, shell: Bash) -> bool:
    tree, user, cwd = shell.machine.tree, shell.state.user.name, shell.state.cwd
    paths = [join(cwd, left), join(cwd, right)]
    there = [tree.exists(path, user) for path in paths]
    if not all(there):
        return (op == "-nt" and there[0]) or (op == "-ot" and there[1])
    first, second = (tree.find(path, user) for path in paths)
    if op == "-ef":
        return first is second
    return first.modified > second.modified if op == "-nt" else first.modified < second.modified


async def condition(words: list[Word], expander: Expander, shell: Bash) -> bool:
    """`[[ ... ]]`: words are not split, and the right side of == is a pattern."""
    return await _Condition(words, expander, shell).value()


class _Condition:
    def __init__(self, words: list[Word], expander: Expander, shell: Bash) -> None:
        self._words = words
        self._expander = expander
        self._shell = shell
        self._at = 0
        self._depth = 0
        self._skipping = False

    async def value(self) -> bool:
        found = await self._or()
        if self._at < len(self._words):
            raise ConditionProblem("syntax error in conditional expression")
        return found

    def _plain(self, ahead: int = 0) -> str:
        """The word there if nothing in it is quoted or expanded, else ""."""
        at = self._at + ahead
        word = self._words[at] if at < len(self._words) else ()
        one = word[0] if len(word) == 1 else None
        return one.text if isinstance(one, Text) and not one.quoted else ""

    async def _or(self) -> bool:
        found = await self._and()
        while self._plain() == "||":
            self._at += 1
            right = await self._maybe(not found, self._and)
            found = found or right
        return found

    async def _and(self) -> bool:
        found = await self._not()
        while self._plain() == "&&":
            self._at += 1
            right = await self._maybe(found, self._not)
            found = found and right
        return found

    async def _maybe(self, needed: bool, read: Callable[[], Awaitable[bool]]) -> bool:
        before, self._skipping = self._skipping, self._skipping or not needed
        found = await read()
        self._skipping = before
        return found

    async def _not(self) -> bool:
        negated = False
        while self._plain() == "!":
            self._at += 1
            negated = not negated
        return await self._primary() != negated

    async def _primary(self) -> bool:
        if self._at >= len(self._words):
            raise ConditionProblem("syntax error in conditional expression")
        if self._plain() == "(":
            return await self._bracketed()
        if self._plain() in _UNARY and self._at + 1 < len(self._words):
            op = self._plain()
            word = self._words[self._at + 1]
            self._at += 2
            return not self._skipping and unary(op, await self._expander.text(word), self._shell)
        left, op = self._words[self._at], self._plain(1)
        if op in _BINARY and self._at + 2 < len(self._words):
            right = self._words[self._at + 2]
            self._at += 3
            return not self._skipping and await self._compare(left, op, right)
        self._at += 1
        return not self._skipping and bool(await self._expander.text(left))

    async def _bracketed(self) -> bool:
        self._at += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ConditionProblem("syntax error in conditional expression")
        found = await self._or()
        self._depth -= 1
        if self._plain() != ")":
            raise ConditionProblem("syntax error in conditional expression: expected `)'")
        self._at += 1
        return found

    async def _compare(self, left: Word, op: str, right: Word) -> bool:
        text = await self._expander.text(left)
        if op in ("=", "==", "!="):
            return (await self._expander.pattern(right)).matches(text) == (op != "!=")
        if op == "=~":
            return self._match(text, await self._expander.text(right))
        other = await self._expander.text(right)
        if op in _NUMBERS:
            return _NUMBERS[op](self._shell.calculate(text), self._shell.calculate(other))
        return binary(text, op, other, self._shell)

    def _match(self, text: str, expression: str) -> bool:
        try:
            found = Regex(expression, extended=True).search(text)
        except RegexProblem as problem:
            raise ConditionProblem(f"[[: invalid regular expression: {problem}") from None
        if found is not None:
            self._shell.state.set("BASH_REMATCH", found.group(text, 0) or "")
        return found is not None
