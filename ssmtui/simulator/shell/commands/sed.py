"""sed: s, d, p, q, y, a, i, c and = with addresses; and the small part of awk that picks fields."""

from __future__ import annotations

from dataclasses import dataclass

from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.options import Options
from ssmtui.simulator.shell.regex import Match, Regex, RegexProblem

_LONGEST = 1 << 20
_MOST_COMMANDS = 500


@dataclass
class _Address:
    """A line number, the last line, or an expression."""

    number: int = 0
    last: bool = False
    expression: Regex | None = None

    def matches(self, number: int, text: str, *, last: bool) -> bool:
        if self.expression is not None:
            return self.expression.matches(text)
        return last if self.last else number == self.number


@dataclass
class _Step:
    """One command with its addresses."""

    command: str
    first: _Address | None = None
    second: _Address | None = None
    negated: bool = False
    expression: Regex | None = None
    text: str = ""
    flags: str = ""
    inside: bool = False

    def applies(self, number: int, text: str, *, last: bool) -> bool:
        return self._selected(number, text, last=last) != self.negated

    def _selected(self, number: int, text: str, *, last: bool) -> bool:
        if self.first is None:
            return True
        if self.second is None:
            return self.first.matches(number, text, last=last)
        if self.inside:
            over = self.second.number and number >= self.second.number
            self.inside = not (over or self.second.matches(number, text, last=last))
            return True
        if self.first.matches(number, text, last=last):
            self.inside = not (self.second.number and number >= self.second.number)
            return True
        return False


async def sed(call: Invocation) -> int:
    options = Options(
        call.args, "nErsui", "ef",
        {"quiet": "n", "regexp-extended": "E", "expression": "e", "in-place": "i"},
    )  # fmt: skip
    names = list(options.rest)
    scripts = options.all("e")
    scripts += [(await call.whole(name)).decode("utf-8", "replace") for name in options.all("f")]
    if not scripts:
        if not names:
            raise Complaint("no script specified")
        scripts = [names.pop(0)]
    steps = _Script("\n".join(scripts), extended="E" in options or "r" in options).steps()
    editor = _Editor(call, steps, quiet="n" in options)
    if "i" not in options:
        await editor.run(names or ["-"], None)
        return 0
    for name in names:
        made: list[str] = []
        await _Editor(call, steps, quiet="n" in options).run([name], made)
        await call.writable(name).write("".join(made).encode("utf-8", "surrogateescape"))
    return 0


class _Script:
    """Reads a sed script."""

    def __init__(self, text: str, *, extended: bool) -> None:
        self._text = text
        self._at = 0
        self._extended = extended
        self._count = 0

    def steps(self) -> list[_Step]:
        found: list[_Step] = []
        while True:
            self._skip(" \t\n;")
            if self._at >= len(self._text):
                return found
            found.append(self._step())
            if len(found) > _MOST_COMMANDS:
                raise self._error("too many commands")

    def _step(self) -> _Step:
        first = self._address()
        second = None
        if first is not None and self._peek() == ",":
            self._at += 1
            second = self._address()
            if second is None:
                raise self._error("unexpected `,'")
        self._skip(" ")
        negated = self._peek() == "!"
        self._at += negated
        command = self._peek()
        self._at += 1
        step = _Step(command, first, second, negated)
        if command == "s":
            self._substitution(step)
        elif command == "y":
            delimiter = self._peek()
            self._at += 1
            step.text, step.flags = self._until(delimiter), self._until(delimiter)
            if len(step.text) != len(step.flags):
                raise self._error("strings for `y' command are different lengths")
        elif command in ("a", "i", "c") and command:
            end = self._text.find("\n", self._at)
            end = len(self._text) if end < 0 else end
            step.text = self._text[self._at : end].lstrip(" \t\\")
            self._at = end
        elif not command or command not in "dpqPD=nNghGHx":
            raise self._error(f"unknown command: `{command}'" if command else "missing command")
        return step

    def _substitution(self, step: _Step) -> None:
        delimiter = self._peek()
        if not delimiter or delimiter in "\n\\":
            raise self._error("unterminated `s' command")
        self._at += 1
        pattern, step.text = self._until(delimiter), self._until(delimiter)
        while self._peek() and self._peek() in "gipIP0123456789":
            step.flags += self._peek()
            self._at += 1
        if self._peek() not in ("", ";", "\n", " ", "}"):
            raise self._error("unknown option to `s'")
        step.expression = self._compile(pattern, fold="i" in step.flags.lower())

    def _address(self) -> _Address | None:
        char = self._peek()
        if char == "$":
            self._at += 1
            return _Address(last=True)
        if char in ("/", "\\") and char:
            self._at += 1 + (char == "\\")
            return _Address(expression=self._compile(self._until(self._text[self._at - 1])))
        start = self._at
        while self._peek().isdigit():
            self._at += 1
        digits = self._text[start : self._at]
        return _Address(int(digits[:9])) if digits.isascii() and digits else None

    def _compile(self, text: str, *, fold: bool = False) -> Regex:
        try:
            return Regex(text, extended=self._extended, ignore_case=fold)
        except RegexProblem as problem:
            raise self._error(str(problem)) from None

    def _until(self, delimiter: str) -> str:
        made: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
            if char == delimiter:
                return "".join(made)
            if char == "\\" and self._at < len(self._text):
                following = self._text[self._at]
                self._at += 1
                made.append(following if following == delimiter else char + following)
            else:
                made.append(char)
        raise self._error("unterminated `s' command")

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self, chars: str) -> None:
        while self._peek() and self._peek() in chars:
            self._at += 1

    def _error(self, what: str) -> Complaint:
        return Complaint(f"-e expression #1, char {self._at}: {what}")


class _Editor:
    """Runs a script over lines."""

    def __init__(self, call: Invocation, steps: list[_Step], *, quiet: bool) -> None:
        self._call = call
        self._steps = steps
        self._quiet = quiet

    async def run(self, names: list[str], made: list[str] | None) -> None:
        """Over all files as one; what comes out goes to stdout, or into `made`."""
        number = 0
        waiting: str | None = None
        for name in names:
            async for text in self._call.texts(name):
                if waiting is not None:
                    number += 1
                    if not await self._line(number, waiting, made, last=False):
                        return
                waiting = text
        if waiting is not None:
            await self._line(number + 1, waiting, made, last=True)

    async def _line(self, number: int, text: str, made: list[str] | None, *, last: bool) -> bool:
        """Whether to go on."""
        going, shown, after = True, not self._quiet, []
        out: list[str] = []
        for step in self._steps:
            if not step.applies(number, text, last=last):
                continue
            match step.command:
                case "s":
                    text, changed = _substitute(step, text)
                    if changed and "p" in step.flags:
                        out.append(text)
                case "y":
                    text = text.translate(str.maketrans(step.text, step.flags))
                case "p" | "P":
                    out.append(text)
                case "=":
                    out.append(str(number))
                case "i":
                    out.append(step.text)
                case "a":
                    after.append(step.text)
                case "c":
                    out.append(step.text)
                    shown = False
                    break
                case "d" | "D":
                    shown = False
                    break
                case "q":
                    going = False
                    break
        await self._put([*out, *([text] if shown else []), *after], made)
        return going

    async def _put(self, lines: list[str], made: list[str] | None) -> None:
        text = "".join(f"{line}\n" for line in lines)
        if made is None:
            if text:
                await self._call.out(text)
        else:
            made.append(text)


def _substitute(step: _Step, text: str) -> tuple[str, bool]:
    """The text after s/// and whether anything was changed."""
    if step.expression is None:
        return text, False
    digits = "".join(char for char in step.flags if char.isdigit())
    wanted = int(digits[:6]) if digits else 1
    made: list[str] = []
    at = copied = count = size = 0
    end = -1
    while at <= len(text) and size < _LONGEST:
        found = step.expression.search(text, at)
        if found is None:
            break
        if found.start == found.end == end:  # nothing, right behind a match: not another one
            at = found.end + 1
            continue
        end = found.end
        count += 1
        if count >= wanted:
            piece = _replacement(step.text, text, found)
            made += [text[copied : found.start], piece]
            size += found.start - copied + len(piece)
            copied = found.end
            if "g" not in step.flags:
                break
        at = found.end if found.end > found.start else found.end + 1
    return "".join(made) + text[copied:], bool(made)


def _replacement(template: str, text: str, found: Match) -> str:
    made: list[str] = []
    at = 0
    while at < len(template):
        char = template[at]
        if char == "\\" and at + 1 < len(template):
            at += 1
            char = template[at]
            if char in "0123456789":
                made.append(found.group(text, int(char)) or "")
            else:
                made.append({"n": "\n", "t": "\t"}.get(char, char))
        elif char == "&":
            made.append(found.group(text, 0) or "")
        else:
            made.append(char)
        at += 1
    return "".join(made)


PROGRAMS: dict[str, Program] = {"sed": sed}
