"""What a script is, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass, field


class ShellSyntaxError(Exception):
    """A script that bash would refuse; the message is bash's own."""


class Incomplete(ShellSyntaxError):
    """The text ends in the middle of a command: at a prompt, there is more to come."""


@dataclass(frozen=True, slots=True)
class Text:
    """Characters that stand for themselves; unquoted ones may be patterns."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name`, `${name}` and `${name op word}`. `op` is "#" before the name for its length."""

    name: str
    quoted: bool
    op: str = ""
    word: Word = ()
    second: Word = ()  # of ${name/pattern/second} and ${name:word:second}
    length: bool = False


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(program)`."""

    program: Program
    quoted: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((word))`."""

    word: Word
    quoted: bool


Part = Text | Parameter | Substitution | Arithmetic
Word = tuple[Part, ...]


@dataclass(slots=True)
class Redirect:
    """`fd op word`; of a here-document, `word` is its text, which is read after its line."""

    fd: int | None
    op: str
    word: Word


@dataclass(frozen=True, slots=True)
class Assignment:
    name: str
    word: Word
    append: bool = False


@dataclass(slots=True)
class Simple:
    assignments: list[Assignment]
    words: list[Word]
    redirects: list[Redirect]
    line: int = 1


@dataclass(slots=True)
class Group:
    body: Program
    redirects: list[Redirect] = field(default_factory=list)


@dataclass(slots=True)
class Subshell:
    body: Program
    redirects: list[Redirect] = field(default_factory=list)


@dataclass(slots=True)
class If:
    branches: list[tuple[Program, Program]]
    otherwise: Program | None
    redirects: list[Redirect] = field(default_factory=list)


@dataclass(slots=True)
class Loop:
    """while, or with `until`, until."""

    condition: Program
    body: Program
    until: bool
    redirects: list[Redirect] = field(default_factory=list)


@dataclass(slots=True)
class For:
    """`words` is None for the positional parameters."""

    name: str
    words: list[Word] | None
    body: Program
    redirects: list[Redirect] = field(default_factory=list)


@dataclass(slots=True)
class CountingFor:
    """`for ((start; condition; step))`."""

    start: Word
    condition: Word
    step: Word
    body: Program
    redirects: list[Redirect] = field(default_factory=list)


@dataclass(slots=True)
class Case:
    word: Word
    clauses: list[tuple[list[Word], Program]]
    redirects: list[Redirect] = field(default_factory=list)


@dataclass(slots=True)
class Function:
    name: str
    body: Command
    redirects: list[Redirect] = field(default_factory=list)


@dataclass(slots=True)
class Condition:
    """`[[ ... ]]`: its words; operators are Text words too."""

    words: list[Word]
    redirects: list[Redirect] = field(default_factory=list)


@dataclass(slots=True)
class Calculation:
    """`(( ... ))`."""

    word: Word
    redirects: list[Redirect] = field(default_factory=list)


Command = (
    Simple
    | Group
    | Subshell
    | If
    | Loop
    | For
    | CountingFor
    | Case
    | Function
    | Condition
    | Calculation
)


@dataclass(slots=True)
class Pipeline:
    commands: list[Command]
    negated: bool = False


@dataclass(slots=True)
class Item:
    """Pipelines joined by && and ||; `operators[i]` stands before `pipelines[i + 1]`."""

    pipelines: list[Pipeline]
    operators: list[str]
    text: str = ""
    background: bool = False


Program = list[Item]
