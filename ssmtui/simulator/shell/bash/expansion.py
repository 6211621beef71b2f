"""From words to arguments: braces, tilde, parameters, commands, arithmetic, fields, file names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ssmtui.simulator.shell.bash.arithmetic import evaluate
from ssmtui.simulator.shell.bash.braces import braces
from ssmtui.simulator.shell.bash.limits import LONGEST_VALUE, MOST_FIELDS, Exhausted
from ssmtui.simulator.shell.bash.patterns import Pattern
from ssmtui.simulator.shell.bash.state import State
from ssmtui.simulator.shell.bash.syntax import (
    Arithmetic,
    Parameter,
    Part,
    Program,
    Substitution,
    Text,
    Word,
)
from ssmtui.simulator.shell.machine.tree import FileProblem, Tree

_BLANK = " \t\n"

Field = list[tuple[str, bool]]  # pieces of text, and whether each was quoted


# After these, `name=$value` is an assignment: the value is one word, whatever is in it.
_DECLARATIONS = tuple(
    (Text(name),) for name in ("export", "local", "declare", "typeset", "readonly")
)


class ExpansionProblem(Exception):
    """A word that cannot be expanded (`${x:?}`, an unset name under set -u): the message."""


class Surroundings(Protocol):
    """What an expansion needs of its shell."""

    state: State

    def special(self, name: str) -> str | None:
        """$?, $RANDOM and the like; None for a name that is not special."""
        ...

    async def output_of(self, program: Program) -> str:
        """What a program prints, for $(...)."""
        ...


class Expander:
    def __init__(self, shell: Surroundings, tree: Tree) -> None:
        self._shell = shell
        self._tree = tree

    async def arguments(self, words: list[Word]) -> list[str]:
        """All words of a command; Exhausted if they come to too much."""
        found: list[str] = []
        size = 0
        declaring = bool(words) and words[0] in _DECLARATIONS
        for word in words:
            if declaring and _assigns(word):
                found.append(await self.text(word))
                continue
            for single in braces(word):
                fields = await self._fields(single)
                for field in fields:
                    found += self._file_names(field)
                    size += sum(len(text) for text, _ in field)
                if len(found) > MOST_FIELDS or size > 4 * LONGEST_VALUE:
                    raise Exhausted("Argument list too long")
        return found

    async def text(self, word: Word) -> str:
        """One text, whatever it holds: the right side of an assignment, a here-document."""
        return "".join(text for text, _ in await self._pieces(word))

    async def pattern(self, word: Word) -> Pattern:
        """A pattern in which what is quoted stands for itself."""
        return Pattern(await self._pieces(word))

    async def number(self, word: Word) -> int:
        """ArithmeticProblem if it is none."""
        return evaluate(await self.text(word), self._number_of, self._shell.state.set)

    def _number_of(self, name: str) -> str:
        return self._parameter_value(name) or ""

    # Pieces.

    async def _pieces(self, word: Word) -> Field:
        """The word without splitting."""
        field: Field = []
        size = 0
        for part in self._tilde(word):
            if isinstance(part, Text):
                piece = (part.text, part.quoted)
            else:
                piece = (await self._value(part), part.quoted)
            field.append(piece)
            size += len(piece[0])
            if size > LONGEST_VALUE:
                raise Exhausted(f"xrealloc: cannot allocate {size} bytes")
        return field

    def _tilde(self, word: Word) -> Word:
        first = word[0] if word else None
        if not isinstance(first, Text) or first.quoted or not first.text.startswith("~"):
            return word
        name, slash, rest = first.text[1:].partition("/")
        if name or (len(word) > 1 and not slash):
            return word
        home = self._shell.state.get("HOME") or self._shell.state.user.home
        return (Text(home, quoted=True), Text(slash + rest), *word[1:])

    async def _fields(self, word: Word) -> list[Field]:
        fields = _Fields(self._separators())
        for part in self._tilde(word):
            if isinstance(part, Text):
                fields.add(part.text, part.quoted)
            elif isinstance(part, Parameter) and part.name in "@*" and not part.op:
                self._positional(part, fields)
            elif part.quoted:
                fields.add(await self._value(part), quoted=True)
            elif isinstance(part, Parameter) and part.op in ("-", ":-", "+", ":+"):
                await self._default(part, fields)
            else:
                fields.split(await self._value(part))
            if fields.size > 4 * LONGEST_VALUE or len(fields.done) > MOST_FIELDS:
                raise Exhausted("Argument list too long")
        return fields.finish()

    def _separators(self) -> str:
        separators = self._shell.state.get("IFS")
        return _BLANK if separators is None else separators

    def _positional(self, part: Parameter, fields: _Fields) -> None:
        arguments = self._shell.state.positional
        if part.length:
            fields.add(str(len(arguments)), part.quoted)
        elif part.quoted and part.name == "*":
            fields.add(self._separators()[:1].join(arguments), quoted=True)
        else:
            for index, argument in enumerate(arguments):
                if index:
                    fields.end()
                if part.quoted:
                    fields.add(argument, quoted=True)
                else:
                    fields.split(argument)

    async def _default(self, part: Parameter, fields: _Fields) -> None:
        """`${x:-word}`, whose word may have quotes of its own."""
        word = await self._chosen(part)
        if word is None:
            fields.split(self._parameter_value(part.name) or "" if "-" in part.op else "")
            return
        for inner in word:
            if isinstance(inner, Text):
                if inner.quoted:
                    fields.add(inner.text, quoted=True)
                else:
                    fields.split(inner.text)
            elif inner.quoted:
                fields.add(await self._value(inner), quoted=True)
            else:
                fields.split(await self._value(inner))

    async def _chosen(self, part: Parameter) -> Word | None:
        """The word of ${x-word} or ${x+word} if it is used."""
        value = self._parameter_value(part.name)
        unset = value is None or (part.op.startswith(":") and not value)
        return part.word if unset == ("-" in part.op) else None

    # Values.

    async def _value(self, part: Part) -> str:
        if isinstance(part, Text):
            return part.text
        if isinstance(part, Substitution):
            return (await self._shell.output_of(part.program)).rstrip("\n")
        if isinstance(part, Arithmetic):
            return str(await self.number(part.word))
        return await self._parameter(part)

    def _parameter_value(self, name: str) -> str | None:
        state = self._shell.state
        if name in ("@", "*"):
            return " ".join(state.positional) if state.positional else None
        if name == "#":
            return str(len(state.positional))
        if name.isdigit():
            index = int(name[:6])
            if index == 0:
                return state.name
            return state.positional[index - 1] if index <= len(state.positional) else None
        special = self._shell.special(name)
        return special if special is not None else state.get(name)

    async def _parameter(self, part: Parameter) -> str:
        value = self._parameter_value(part.name)
        if part.length:
            return str(len(value or ""))
        op = part.op
        if op in ("-", ":-", "+", ":+"):
            word = await self._chosen(part)
            if word is not None:
                return await self.text(word)
            return value or "" if "-" in op else ""
        if op in ("=", ":=", "?", ":?"):
            return await self._demanded(part, value)
        if value is None:
            if "u" in self._shell.state.options and not op:
                raise ExpansionProblem(f"{part.name}: unbound variable")
            return ""
        return await self._changed(part, value) if op else value

    async def _demanded(self, part: Parameter, value: str | None) -> str:
        if value is not None and (value or not part.op.startswith(":")):
            return value
        text = await self.text(part.word)
        if "?" in part.op:
            raise ExpansionProblem(f"{part.name}: {text or 'parameter null or not set'}")
        self._shell.state.set(part.name, text)
        return text

    async def _changed(self, part: Parameter, value: str) -> str:
        op = part.op
        if op in ("^", "^^", ",", ",,"):
            change: Callable[[str], str] = str.upper if "^" in op else str.lower
            return change(value) if len(op) == 2 else change(value[:1]) + value[1:]
        if op == ":":
            return await self._slice(part, value)
        pattern = await self.pattern(part.word)
        if op in ("#", "##"):
            size = pattern.prefix(value, longest=op == "##")
            return value[size:] if size else value
        if op in ("%", "%%"):
            size = pattern.suffix(value, longest=op == "%%")
            return value[: len(value) - size] if size else value
        return _replace(pattern, value, await self.text(part.second), everywhere=op == "//")

    async def _slice(self, part: Parameter, value: str) -> str:
        start = await self.number(part.word)
        start = max(0, start + len(value)) if start < 0 else start
        if not part.second:
            return value[start:]
        length = await self.number(part.second)
        return value[start : len(value) + length] if length < 0 else value[start : start + length]

    # File names.

    def _file_names(self, field: Field) -> list[str]:
        plain = "".join(text for text, _ in field)
        if "f" in self._shell.state.options or not Pattern(field).magic:
            return [plain]
        slash = "/" if plain.startswith("/") else ""
        user = self._shell.state.user.name
        found = [(slash, slash or self._shell.state.cwd)]  # as it is shown, and where it is
        for component in _components(field):
            pattern = Pattern(component)
            text = "".join(piece for piece, _ in component)
            found = [
                (f"{shown}{name}/", f"{folder.rstrip('/')}/{name}")
                for shown, folder in found
                for name in (self._names(folder, pattern) if pattern.magic else [text])
            ][:MOST_FIELDS]
        end = "/" if plain.endswith("/") else ""
        names = [shown[:-1] + end for shown, path in found if self._tree.exists(path, user)]
        return sorted(names) or [plain]

    def _names(self, folder: str, pattern: Pattern) -> list[str]:
        try:
            entry = self._tree.folder(folder, self._shell.state.user.name)
        except FileProblem:
            return []  # a pattern that leads nowhere just matches nothing
        return [
            name
            for name in entry.entries
            if (pattern.shows_dot or not name.startswith(".")) and pattern.matches(name)
        ]


def _assigns(word: Word) -> bool:
    first = word[0]
    return isinstance(first, Text) and not first.quoted and "=" in first.text[1:]


class _Fields:
    """Fields as they come to be. `size` is in characters."""

    def __init__(self, separators: str) -> None:
        self.done: list[Field] = []
        self.size = 0
        self._current: Field | None = None
        self._separators = separators

    def add(self, text: str, quoted: bool) -> None:
        if text or quoted:
            self.size += len(text)
            self._piece(text, quoted)

    def end(self) -> None:
        if self._current is not None:
            self.done.append(self._current)
            self._current = None

    def split(self, value: str) -> None:
        """A value that was not quoted: blanks between fields are as good as one."""
        self.size += len(value)
        start = None
        blank = [char for char in self._separators if char in _BLANK]
        for at, char in enumerate(value):
            if char not in self._separators:
                start = at if start is None else start
                continue
            if start is not None:
                self._piece(value[start:at])
                start = None
                self.end()
            elif char in blank:
                self.end()
            else:
                self._current = self._current or []
                self.end()
        if start is not None:
            self._piece(value[start:])

    def finish(self) -> list[Field]:
        self.end()
        return self.done

    def _piece(self, text: str, quoted: bool = False) -> None:
        if self._current is None:
            self._current = []
        self._current.append((text, quoted))


def _components(field: Field) -> list[Field]:
    """A field cut at its slashes."""
    components: list[Field] = [[]]
    for text, quoted in field:
        first, *rest = text.split("/")
        components[-1].append((first, quoted))
        components += [[(piece, quoted)] for piece in rest]
    return [component for component in components if any(text for text, _ in component)]


def _replace(pattern: Pattern, value: str, by: str, *, everywhere: bool) -> str:
    made: list[str] = []
    at = size = 0
    while (found := pattern.find(value, at)) is not None:
        made += [value[at : found[0]], by]
        size += found[0] - at + len(by)
        at = found[1]
        if not everywhere or size > LONGEST_VALUE:
            break
    return "".join(made) + value[at:]
