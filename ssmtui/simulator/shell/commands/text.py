"""Programs that pick and change lines: grep, sort, uniq, cut, tr, rev, paste."""

from __future__ import annotations

from collections.abc import Callable

from ssmtui.simulator.shell.bash.formatting import unescape
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.files import File
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.options import Options, natural
from ssmtui.simulator.shell.regex import Regex, RegexProblem

_MOST_SORTED = 300_000  # lines


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


async def sort(call: Invocation) -> int:
    options = Options(
        call.args, "nrufbhVgcs", "kto",
        {"numeric-sort": "n", "reverse": "r", "unique": "u", "key": "k", "field-separator": "t"},
        status=2,
    )  # fmt: skip
    lines: list[str] = []
    for name in options.rest or ["-"]:
        async for text in call.texts(name):
            lines.append(text)
            if len(lines) > _MOST_SORTED:
                raise Complaint("memory exhausted", 2)
    key = _sort_key(options)
    lines.sort(key=key, reverse="r" in options)
    if "u" in options:
        lines = [line for at, line in enumerate(lines) if not at or key(line) != key(lines[at - 1])]
    if "o" in options:
        sink = call.writable(options.value("o"))
        await sink.write("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
    else:
        await call.lines(lines)
    return 0


def _sort_key(options: Options) -> Callable[[str], tuple[object, ...]]:
    spec = options.value("k")
    letters = "".join(char for char in spec if char.isalpha())
    numeric = bool(set(letters) & set("nhg")) or any(letter in options for letter in "nhg")
    version = "V" in letters or "V" in options
    fold = "f" in letters or "f" in options
    field = spec.split(",")[0].split(".")[0].rstrip("nrfbhgV")
    if spec and not (field.isdigit() and int(field[:6]) > 0):
        raise Complaint(f"invalid number at field start: invalid count at start of '{spec}'", 2)

    def key(line: str) -> tuple[object, ...]:
        text = line
        if spec:
            parts = line.split(options.value("t") or None)
            at = int(field) - 1
            text = " ".join(parts[at : at + 1 if "," in spec else None])
        if numeric:
            return (_leading_number(text),)
        if version:
            return tuple(version_key(text))
        return (text.casefold() if fold else text,)

    return key


def _leading_number(text: str) -> float:
    text = text.strip()
    end = 0
    while end < len(text) and (text[end] in "0123456789." or (end == 0 and text[end] == "-")):
        end += 1
    try:
        number = float(text[:end])
    except ValueError:
        return 0.0
    return number * {"K": 2**10, "M": 2**20, "G": 2**30}.get(text[end : end + 1], 1)


def version_key(text: str) -> list[tuple[int, int, str]]:
    """Numbers within a text are compared as numbers."""
    parts: list[tuple[int, int, str]] = []
    digits = ""
    for char in [*text, ""]:
        if char and char in "0123456789":
            digits += char
            continue
        if digits:
            parts.append((0, int(digits[:200]), ""))
            digits = ""
        if char:
            parts.append((1, 0, char))
    return parts


async def uniq(call: Invocation) -> int:
    options = Options(call.args, "cdui", long={"count": "c", "repeated": "d", "unique": "u"})
    before: str | None = None
    count = 0

    async def show() -> None:
        if before is None or ("d" in options and count < 2) or ("u" in options and count > 1):
            return
        await call.line(f"{count:>7} {before}" if "c" in options else before)

    async for text in call.texts(options.rest[0] if options.rest else "-"):
        same = before is not None and (
            text.casefold() == before.casefold() if "i" in options else text == before
        )
        if same:
            count += 1
            continue
        await show()
        before, count = text, 1
    await show()
    return 0


async def cut(call: Invocation) -> int:
    options = Options(
        call.args, "s", "dfcb",
        {"delimiter": "d", "fields": "f", "characters": "c", "output-delimiter": "b"},
    )  # fmt: skip
    letter = next((one for one in "fcb" if one in options), "")
    if not letter:
        raise Complaint("you must specify a list of bytes, characters, or fields")
    ranges = [_range(part) for part in options.value(letter).split(",")]
    delimiter = options.value("d", "\t")
    for name in options.rest or ["-"]:
        async for text in call.texts(name):
            if letter != "f":
                await call.line("".join(_chosen(list(text), ranges)))
            elif delimiter in text:
                await call.line(delimiter.join(_chosen(text.split(delimiter), ranges)))
            elif "s" not in options:
                await call.line(text)
    return 0


def _range(part: str) -> tuple[int, int]:
    first, dash, last = part.partition("-")
    start = natural(first or "1", "field value")
    end = natural(last, "field value") if last else (1 << 60 if dash else start)
    if not start:
        raise Complaint("fields are numbered from 1")
    return start, end


def _chosen(items: list[str], ranges: list[tuple[int, int]]) -> list[str]:
    return [
        item
        for number, item in enumerate(items, 1)
        if any(first <= number <= last for first, last in ranges)
    ]


async def tr(call: Invocation) -> int:
    options = Options(call.args, "dscC")
    if not options.rest:
        raise Complaint("missing operand")
    first = _set(options.rest[0])
    second = _set(options.rest[1]) if len(options.rest) > 1 else ""
    if not second and "d" not in options and "s" not in options:
        raise Complaint(f"missing operand after '{options.rest[0]}'")
    complement = "c" in options or "C" in options
    table = dict(zip(first, second.ljust(len(first), second[-1:] or " "), strict=False))
    members = set(first)
    squeezed = set(second if len(options.rest) > 1 else first) if "s" in options else set()
    last = ""
    while data := await call.streams.stdin.line():
        made = []
        for char in data.decode("utf-8", "surrogateescape"):
            inside = (char in members) != complement
            new = char
            if inside and "d" in options:
                continue
            if inside and second:
                new = second[-1] if complement else table.get(char, char)
            if new == last and new in squeezed:
                continue
            made.append(new)
            last = new
        await call.out("".join(made))
    return 0


_SETS = {
    "[:upper:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "[:lower:]": "abcdefghijklmnopqrstuvwxyz",
    "[:digit:]": "0123456789", "[:space:]": " \t\n\r\v\f", "[:blank:]": " \t",
    "[:alpha:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "[:alnum:]": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "[:punct:]": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
}  # fmt: skip


def _set(text: str) -> str:
    for name, members in _SETS.items():
        text = text.replace(name, members)
    text = unescape(text)[0]
    made: list[str] = []
    at = 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text):
            first, last = ord(text[at]), ord(text[at + 2])
            if last < first or last - first > 5000:
                raise Complaint(f"range-endpoints of '{text[at : at + 3]}' are in reverse order")
            made += map(chr, range(first, last + 1))
            at += 3
        else:
            made.append(text[at])
            at += 1
    return "".join(made)


async def rev(call: Invocation) -> int:
    for name in call.args or ["-"]:
        async for text in call.texts(name):
            await call.line(text[::-1])
    return 0


async def paste(call: Invocation) -> int:
    options = Options(call.args, "s", "d")
    delimiter = unescape(options.value("d", "\t"))[0]
    columns: list[list[str]] = []
    for name in options.rest or ["-"]:
        lines = (await call.whole(name)).decode("utf-8", "surrogateescape").splitlines()
        columns.append(lines)
    if "s" in options:
        await call.lines([delimiter.join(lines) for lines in columns])
        return 0
    longest = max(map(len, columns), default=0)
    await call.lines(
        [
            delimiter.join(lines[row] if row < len(lines) else "" for lines in columns)
            for row in range(longest)
        ]
    )
    return 0


async def column(call: Invocation) -> int:
    """column -t."""
    options = Options(call.args, "t", "s")
    text = (await call.whole(options.rest[0] if options.rest else "-")).decode("utf-8", "replace")
    rows = [line.split(options.value("s") or None) for line in text.splitlines()]
    if "t" not in options:
        await call.lines(text.splitlines())
        return 0
    count = max(map(len, rows), default=0)
    widths = [max((len(row[at]) for row in rows if at < len(row)), default=0) for at in
              range(count)]  # fmt: skip
    await call.lines(
        ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
         for row in rows]
    )  # fmt: skip
    return 0


async def diff(call: Invocation) -> int:
    options = Options(call.args, "uqbBwi", status=2)
    if len(options.rest) != 2:
        raise Complaint("missing operand", 2)
    first, second = [(await call.whole(name, 1 << 20)).decode("utf-8", "replace").splitlines()
                     for name in options.rest]  # fmt: skip
    if first == second:
        return 0
    if "q" in options:
        await call.line(f"Files {options.rest[0]} and {options.rest[1]} differ")
        return 1
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    before, after = first[start : len(first) - end], second[start : len(second) - end]
    kind = "c" if before and after else "d" if before else "a"
    await call.line(f"{_span(start, before)}{kind}{_span(start, after)}")
    await call.lines([f"< {line}" for line in before])
    if kind == "c":
        await call.line("---")
    await call.lines([f"> {line}" for line in after])
    return 1


def _span(start: int, lines: list[str]) -> str:
    if len(lines) < 2:
        return str(start + len(lines))
    return f"{start + 1},{start + len(lines)}"


PROGRAMS: dict[str, Program] = {
    "grep": grep, "egrep": grep, "fgrep": grep, "sort": sort, "uniq": uniq, "cut": cut, "tr": tr,
    "rev": rev, "paste": paste, "column": column, "diff": diff,
}  # fmt: skip
