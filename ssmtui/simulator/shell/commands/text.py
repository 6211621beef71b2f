"""Programs that pick and change lines: grep, sort, uniq, cut, tr, rev, paste."""

from __future__ import annotations

from collections.abc import Callable

from ssmtui.simulator.shell.bash.formatting import unescape
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.options import Options, natural

_MOST_SORTED = 300_000  # lines


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


PROGRAMS: dict[str, Program] = { "sort": sort, "uniq": uniq, "cut": cut, "tr": tr,
    "rev": rev, "paste": paste, "column": column, "diff": diff,
}  # fmt: skip
