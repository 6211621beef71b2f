"""The small part of awk that picks columns."""

from __future__ import annotations

from ssmtui.simulator.shell.bash.formatting import printf, unescape
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.options import Options
from ssmtui.simulator.shell.regex import Regex, RegexProblem


async def awk(call: Invocation) -> int:
    """[-F x] [/regex/ | NR==n | NR>n | $n == "text"] [{print items}]: enough to pick columns."""
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
        self._items = _items(words[1]) if len(words) > 1 else [[("field", "0")]]
        self._regex: Regex | None = None
        self._test: tuple[str, str, str] | None = None
        self._condition(condition.strip())

    def _condition(self, text: str) -> None:
        if not text:
            return
        if text.startswith("/") and text.endswith("/") and len(text) > 1:
            try:
                self._regex = Regex(text[1:-1], extended=True)
            except RegexProblem as problem:
                raise Complaint(str(problem), 2) from None
            return
        for op in ("==", "!=", ">=", "<=", ">", "<", "~"):
            left, found, right = text.partition(op)
            if found:
                self._test = (left.strip(), op, right.strip().strip('"/'))
                return
        raise Complaint(f"syntax error at source line 1: {text[:40]}", 2)

    def split(self, text: str) -> list[str]:
        if self._separator == " ":
            return text.split()
        return text.split(self._separator) if self._separator else list(text)

    def selects(self, number: int, text: str, fields: list[str]) -> bool:
        if self._regex is not None:
            return self._regex.matches(text)
        if self._test is None:
            return True
        left, op, right = self._test
        value = self._value(("name", left), number, text, fields)
        if op == "~":
            return right in value
        try:
            first: float | str = float(value)
            second: float | str = float(right)
        except ValueError:
            first, second = value, right
        return {
            "==": first == second, "!=": first != second,
            ">": str(first) > str(second) if isinstance(first, str) else first > float(second),
            "<": str(first) < str(second) if isinstance(first, str) else first < float(second),
            ">=": first == second or (not isinstance(first, str) and first > float(second)),
            "<=": first == second or (not isinstance(first, str) and first < float(second)),
        }[op]  # fmt: skip

    def show(self, number: int, text: str, fields: list[str]) -> str:
        values = [
            "".join(self._value(piece, number, text, fields) for piece in item)
            for item in self._items
        ]
        if self._format:
            return printf(values[0], values[1:])
        return " ".join(values) + "\n"

    def _value(self, piece: tuple[str, str], number: int, text: str, fields: list[str]) -> str:
        kind, what = piece
        if kind == "text":
            return what
        name = what.removeprefix("$")
        if what == "NR":
            return str(number)
        if what == "NF":
            return str(len(fields))
        if name.startswith("NF"):
            back = name[2:].removeprefix("-")
            name = str(len(fields) - (int(back[:6]) if back.isdigit() else 0))
        if not (name.isascii() and name.isdigit()):
            return ""
        at = int(name[:6])
        return text if at == 0 else fields[at - 1] if at <= len(fields) else ""


def _items(text: str) -> list[list[tuple[str, str]]]:
    """What print prints: items between commas, each of pieces side by side."""
    items: list[list[tuple[str, str]]] = [[]]
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
