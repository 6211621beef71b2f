"""The small part of awk that picks columns."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ssmtui.simulator.shell.bash.formatting import printf, unescape
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.options import Options
from ssmtui.simulator.shell.regex import Regex, RegexProblem


async def awk(call: Invocation) -> int:
    """[-F x] [condition] [{print items}]: enough to pick columns.

    A condition is /regex/, or comparisons (== != >= <= > < ~ !~) of NR, NF, $n, int($n), numbers
    and "texts", with && and || between them.
    """
    options = Options(call.args, "", "Fv", permute=False)
    if not options.rest:
        raise Complaint("usage: awk [-F fs] 'program' [file ...]", 2)
    program = _Awk(options.rest[0].strip(), unescape(options.value("F", " "))[0])
    number = 0
    for name in options.rest[1:] or ["-"]:
        async for text in call.texts(name):
            number += 1
            fields = program.split(text)
            if program.selects(number, text, fields):
                await call.out(program.show(number, text, fields))
    return 0


# What something is, and which one: ("name", "$3"), ("int", "$3"), ("text", "abc").
_Piece = tuple[str, str]


class _Awk:
    def __init__(self, text: str, separator: str) -> None:
        self._separator = separator
        condition, brace, action = text.partition("{")
        if brace and not action.rstrip().endswith("}"):
            raise Complaint("syntax error: missing }", 2)
        action = action.rstrip().removesuffix("}").strip().rstrip(";") if brace else "print"
        words = action.split(None, 1)
        if ";" in action.replace('";"', "") or not words or words[0] not in ("print", "printf"):
            raise Complaint("only { print ... } is understood on a simulated machine", 2)
        self._format = words[0] == "printf"
        self._items = _items(words[1]) if len(words) > 1 else [[("name", "$0")]]
        # Any of them must hold, and all within one; with none at all every line is selected.
        self._either = [
            [_Test(test) for test in _parted(all_of, "&&")]
            for all_of in _parted(condition.strip(), "||")
            if condition.strip()
        ]

    def split(self, text: str) -> list[str]:
        if self._separator == " ":
            return text.split()
        return text.split(self._separator) if self._separator else list(text)

    def selects(self, number: int, text: str, fields: list[str]) -> bool:
        def value(piece: _Piece) -> str:
            return _value(piece, number, text, fields)

        return not self._either or any(
            all(test.holds(value) for test in tests) for tests in self._either
        )

    def show(self, number: int, text: str, fields: list[str]) -> str:
        values = [
            "".join(_value(piece, number, text, fields) for piece in item) for item in self._items
        ]
        if self._format:
            return printf(values[0], values[1:])
        return " ".join(values) + "\n"


_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, ">=": operator.ge, "<=": operator.le,
    ">": operator.gt, "<": operator.lt,
}  # fmt: skip
_TEST = re.compile(r'("[^"]*"|[^"=!<>~]+?)\s*(==|!=|>=|<=|!~|>|<|~)\s*(/.*/|"[^"]*"|[^"=<>~]+)')


class _Test:
    """One comparison, or one regular expression that the line is held against."""

    def __init__(self, text: str) -> None:
        found = _TEST.fullmatch(text)
        if _is_regex(text):
            self._left, self._op, right = ("name", "$0"), "~", text
        elif found is not None:
            self._left, self._op, right = _operand(found[1]), found[2], found[3]
        else:
            raise _not_understood(text)
        self._regex: Regex | None = None
        if self._op in ("~", "!~"):
            try:
                self._regex = Regex(
                    right.strip('"').removeprefix("/").removesuffix("/"), extended=True
                )
            except RegexProblem as problem:
                raise Complaint(str(problem), 2) from None
        else:
            self._right = _operand(right)

    def holds(self, value: Callable[[_Piece], str]) -> bool:
        left = value(self._left)
        if self._regex is not None:
            return self._regex.matches(left) == (self._op == "~")
        right = value(self._right)
        compared = _COMPARED[self._op]
        if "text" not in (self._left[0], self._right[0]):
            with suppress(ValueError):
                return compared(float(left or 0), float(right or 0))
        return compared(left, right)


def _is_regex(text: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] == "/"


def _parted(text: str, between: str) -> list[str]:
    """Text cut at && or ||, except within quotes and regular expressions."""
    pieces = re.split(r'("(?:[^"\\]|\\.)*"|/(?:[^/\\]|\\.)*/)', text)
    cut = "".join(
        piece if index % 2 else piece.replace(between, "\0") for index, piece in enumerate(pieces)
    )
    return [part.strip() for part in cut.split("\0")]


_OPERAND = re.compile(r"NR|NF|\$\d+|\$NF|\$\(NF-\d+\)|-?\d+(\.\d+)?")


def _operand(text: str) -> _Piece:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return "text", unescape(text[1:-1])[0]
    kind = "name"
    if text.startswith("int(") and text.endswith(")"):
        kind, text = "int", text[4:-1].strip()
    if not _OPERAND.fullmatch(text):
        raise _not_understood(text)
    return kind, text.replace("(", "").replace(")", "")


def _not_understood(text: str) -> Complaint:
    return Complaint(f"syntax error at source line 1: {text[:40]}", 2)


def _value(piece: _Piece, number: int, text: str, fields: list[str]) -> str:
    kind, what = piece
    if kind == "text":
        return what
    if kind == "int":
        whole = re.match(r"\s*[+-]?\d+", _value(("name", what), number, text, fields))
        return str(int(whole[0])) if whole else "0"
    if what in ("NR", "NF"):
        return str(number if what == "NR" else len(fields))
    if not what.startswith("$"):
        return what if _OPERAND.fullmatch(what) else ""
    name = what[1:]
    if name.startswith("NF"):
        back = name[2:].removeprefix("-")
        name = str(len(fields) - (int(back[:6]) if back.isdigit() else 0))
    if not (name.isascii() and name.isdigit()):
        return ""
    at = int(name[:6])
    return text if at == 0 else fields[at - 1] if at <= len(fields) else ""


def _items(text: str) -> list[list[_Piece]]:
    """What print prints: items between commas, each of pieces side by side."""
    items: list[list[_Piece]] = [[]]
    at = 0
    while at < len(text):
        char = text[at]
        if char == '"':
            end = at + 1
            while end < len(text) and text[end] != '"':
                end += 1 + (text[end] == "\\")
            items[-1].append(("text", unescape(text[at + 1 : end])[0]))
            at = end + 1
        elif char == ",":
            items.append([])
            at += 1
        elif text.startswith("int(", at):
            close = text.find(")", at)
            if close < 0:
                raise _not_understood(text[at:])
            items[-1].append(_operand(text[at : close + 1]))
            at = close + 1
        elif char in " \t()":
            at += 1
        else:
            end = at + 1
            while end < len(text) and text[end] not in ' \t,"$()':
                end += 1
            if text.startswith("(NF-", end):
                close = text.find(")", end)
                items[-1].append(("name", "$" + text[end + 1 : close]))
                end = close + 1 if close > 0 else len(text)
            else:
                items[-1].append(("name", text[at:end]))
            at = end
    return items


PROGRAMS: dict[str, Program] = {"awk": awk, "gawk": awk, "mawk": awk}
