"""grep: lines that match."""

from __future__ import annotations

from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.files import File
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.options import Options
from ssmtui.simulator.shell.regex import Regex, RegexProblem


class _Grep:
    """What grep looks for and how it shows it."""

    def __init__(self, call: Invocation) -> None:
        self.call = call
        self.options = options = Options(
            call.args, "EFGPivclLnqhHorRswxa", "eABCm",
            {"ignore-case": "i", "invert-match": "v", "count": "c", "line-number": "n",
             "extended-regexp": "E", "fixed-strings": "F", "quiet": "q", "silent": "q",
             "recursive": "r", "only-matching": "o", "word-regexp": "w", "line-regexp": "x",
             "color": "s", "colour": "s", "text": "a", "no-filename": "h",
             "files-with-matches": "l", "max-count": "m", "after-context": "A",
             "before-context": "B", "context": "C", "regexp": "e"},
            status=2,
        )  # fmt: skip
        patterns = options.all("e")
        self.files = list(options.rest)
        if not patterns:
            if not self.files:
                raise Complaint("usage: grep [OPTION]... PATTERNS [FILE]...", 2)
            patterns = [self.files.pop(0)]
        self.expressions = [self._compile(one) for text in patterns for one in text.split("\n")]
        self.most = options.number("m", 1 << 60)
        context = options.number("C", 0)
        self.after = options.number("A", context)
        self.before = min(options.number("B", context), 1000)

    def _compile(self, text: str) -> Regex:
        options = self.options
        extended = "E" in options or "P" in options or self.call.name == "egrep"
        fixed = "F" in options or self.call.name == "fgrep"
        if "w" in options and not fixed:
            text = rf"\b({text})\b" if extended else rf"\b\({text}\)\b"
        if "x" in options and not fixed:
            text = f"^({text})$" if extended else rf"^\({text}\)$"
        try:
            return Regex(text, extended=extended, fixed=fixed, ignore_case="i" in options)
        except RegexProblem as problem:
            raise Complaint(str(problem), 2) from None

    def matches(self, text: str) -> bool:
        found = any(expression.matches(text) for expression in self.expressions)
        return found != ("v" in self.options)

    async def search(self, name: str, *, named: bool) -> bool:
        """One file: whether it has what is looked for."""
        call, options = self.call, self.options
        label = "(standard input)" if name == "-" else name
        prefix = f"{label}:" if named else ""
        count = number = trailing = 0
        before: list[tuple[int, str]] = []
        async for text in call.texts(name):
            number += 1
            if count < self.most and self.matches(text):
                count += 1
                if "q" in options:
                    return True
                if not any(letter in options for letter in "clL"):
                    for at, line in before:
                        await self._show(prefix.replace(":", "-"), at, line, "-")
                    await self._found(prefix, number, text)
                before, trailing = [], self.after
            elif trailing:
                trailing -= 1
                await self._show(prefix.replace(":", "-"), number, text, "-")
            elif self.before:
                before = [*before, (number, text)][-self.before :]
            if count >= self.most and not trailing:
                break
        if "c" in options:
            await call.line(f"{prefix}{count}")
        elif ("l" in options and count) or ("L" in options and not count):
            await call.line(label)
        return count > 0

    async def _found(self, prefix: str, number: int, text: str) -> None:
        if "o" not in self.options:
            await self._show(prefix, number, text, ":")
            return
        at = 0
        while at <= len(text):
            found = [one for expression in self.expressions if (one := expression.search(text, at))]
            if not found:
                break
            first = min(found, key=lambda one: (one.start, -one.end))
            if first.end > first.start:
                await self._show(prefix, number, text[first.start : first.end], ":")
            at = max(first.end, first.start + 1)

    async def _show(self, prefix: str, number: int, text: str, mark: str) -> None:
        place = f"{number}{mark}" if "n" in self.options else ""
        await self.call.line(f"{prefix}{place}{text}")


async def grep(call: Invocation) -> int:
    search = _Grep(call)
    options = search.options
    recursive = "r" in options or "R" in options
    names = search.files or (["."] if recursive else ["-"])
    if recursive:
        names = [path for name in names for path in below(call, name)]
    named = ("H" in options or recursive or len(names) > 1) and "h" not in options
    found = failed = False
    for name in names:
        try:
            found = await search.search(name, named=named) or found
        except FileProblem as problem:
            failed = True
            if "s" not in options:
                await call.complain(f"{name}: {problem.reason}")
    return 2 if failed and not ("q" in options and found) else int(not found)


def below(call: Invocation, name: str) -> list[str]:
    """The paths of all plain files under a path, as they are shown."""
    entry = call.machine.tree.find(call.path(name), call.user.name)
    return [
        path
        for path, child in call.machine.tree.walk(name, entry)
        if isinstance(child, File) and child.kind == "regular file"
    ]


PROGRAMS: dict[str, Program] = {"grep": grep, "egrep": grep, "fgrep": grep}
