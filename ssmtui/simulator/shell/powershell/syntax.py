"""What a PowerShell script is, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass

from ssmtui.simulator.shell.powershell.values import Value


class ParseError(Exception):
    """A script that is none; the message is PowerShell's."""


class Incomplete(ParseError):
    """The text ends in the middle of something."""


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A text in double quotes: pieces of text and expressions."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`, `$env:name`, `$scope:name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    of: Expression
    name: str
    arguments: tuple[Expression, ...] | None = None  # of a method


@dataclass(frozen=True, slots=True)
class Static:
    """`[type]::member`."""

    kind: str
    name: str
    arguments: tuple[Expression, ...] | None = None


@dataclass(frozen=True, slots=True)
class Index:
    of: Expression
    at: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Unary:
    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Items:
    """`a, b, c`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Nested:
    """`( ... )`, `$( ... )` and, `always_list`, `@( ... )`."""

    body: Script
    always_list: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`@{ key = value }`."""

    entries: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """`{ ... }`."""

    body: Script
    source: str


Expression = (
    Literal
    | Interpolated
    | Variable
    | Member
    | Static
    | Index
    | Binary
    | Unary
    | Items
    | Nested
    | Table
    | Block
)


@dataclass(frozen=True, slots=True)
class Argument:
    """`-name value`; a switch has no value, a positional argument no name."""

    name: str
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Redirect:
    stream: str  # 1, 2 or *
    target: Expression | None  # None: to the other stream
    append: bool = False


@dataclass(frozen=True, slots=True)
class Invoke:
    """A command with its arguments. `text` is how it was written."""

    name: Expression
    arguments: tuple[Argument, ...]
    redirects: tuple[Redirect, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    stages: tuple[Invoke | Expression, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Assign:
    target: Expression
    operator: str
    value: Statement
    text: str = ""


@dataclass(frozen=True, slots=True)
class If:
    branches: tuple[tuple[Script, Script], ...]
    otherwise: Script | None


@dataclass(frozen=True, slots=True)
class While:
    condition: Script
    body: Script


@dataclass(frozen=True, slots=True)
class ForEach:
    name: str
    over: Script
    body: Script


@dataclass(frozen=True, slots=True)
class Try:
    body: Script
    catch: Script | None
    last: Script | None


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    parameters: tuple[str, ...]
    body: Script


@dataclass(frozen=True, slots=True)
class Jump:
    """exit, return, throw, break or continue."""

    kind: str
    value: Script


Statement = Pipeline | Assign | If | While | ForEach | Try | Function | Jump
Script = tuple[Statement, ...]
