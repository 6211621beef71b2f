"""Programs that show files: cat, head, tail, tac, wc, tee, nl."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from functools import partial
from itertools import pairwise

from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.files import Cursor, File
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.options import Options, size
from ssmtui.simulator.shell.streams import decode, wake

_COUNTS = ("-n", "-c", "--lines", "--bytes")
_MOST_KEPT = 100_000  # lines that `tail -n` of a pipe keeps


async def cat(call: Invocation) -> int:
    options = Options(call.args, "nbEAsTvet", long={"number": "n", "show-all": "A"})
    status, number = 0, 0
    for name in options.rest or ["-"]:
        try:
            source = call.source(name)
        except FileProblem as problem:
            await call.complain(f"{name}: {problem.reason}")
            status = 1
            continue
        if "n" not in options and "E" not in options and "A" not in options:
            while data := await source.read():
                await call.write(data)
            continue
        while data := await source.line():
            number += 1
            text = decode(data.removesuffix(b"\n"))
            if "A" in options:
                text = "".join(visible(char) for char in text)
            head = f"{number:>6}\t" if "n" in options else ""
            await call.out(f"{head}{text}{'$' if 'n' not in options else ''}\n")
    return status


def visible(char: str) -> str:
    """As `cat -v` shows it."""
    code = ord(char)
    if code < 32:
        return "^" + chr(code + 64)
    return "^?" if code == 127 else char


def _counting(args: list[str]) -> list[str]:
    """-5 is -n 5, unless it is the value of an option."""
    return [
        f"-n{arg[1:]}" if arg[:1] == "-" and arg[1:].isdigit() and before not in _COUNTS else arg
        for before, arg in pairwise(["", *args])
    ]


async def head(call: Invocation) -> int:
    options = Options(_counting(call.args), "qv", "nc", {"lines": "n", "bytes": "c"})
    status = 0
    for index, name in enumerate(options.rest or ["-"]):
        try:
            if len(options.rest) > 1:
                await call.line(("\n" if index else "") + f"==> {name} <==")
            await _head(call, name, options)
        except FileProblem as problem:
            await call.complain(f"cannot open '{name}' for reading: {problem.reason}")
            status = 1
    return status


async def _head(call: Invocation, name: str, options: Options) -> None:
    source = call.source(name)
    if "c" in options:
        left = size(options.value("c"))
        while left > 0 and (data := await source.read()):
            await call.write(data[:left])
            left -= len(data)
        return
    left = options.number("n", 10)
    if left < 0:
        kept: deque[bytes] = deque()
        while data := await source.line():
            kept.append(data)
            if len(kept) > -left:
                await call.write(kept.popleft())
        return
    while left > 0 and (data := await source.line()):
        await call.write(data)
        left -= 1


async def tail(call: Invocation) -> int:
    options = Options(
        _counting(call.args), "fFqv", "ncs", {"lines": "n", "bytes": "c", "follow": "f"}
    )
    status = 0
    cursors: list[tuple[str, Cursor, File]] = []
    names = options.rest or ["-"]
    for index, name in enumerate(names):
        try:
            if len(names) > 1 and "q" not in options:
                await call.line(("\n" if index else "") + f"==> {name} <==")
            file = None if name == "-" else call.file(name)
            # The place to follow from is taken first, so that no line is lost or told twice.
            cursor = file.cursor() if file is not None else None
            await _tail(call, name, file, options)
            if file is not None and cursor is not None:
                cursors.append((name, cursor, file))
        except FileProblem as problem:
            await call.complain(f"cannot open '{name}' for reading: {problem.reason}")
            status = 1
    if ("f" in options or "F" in options) and cursors:
        await follow(call, cursors, named=len(names) > 1 and "q" not in options)
    elif "F" in options or "f" in options:
        await call.complain("no files remaining")
        status = 1
    return status


async def _tail(call: Invocation, name: str, file: File | None, options: Options) -> None:
    if "c" in options:
        wanted = size(options.value("c").lstrip("-+"))
        await call.write((await call.whole(name))[-wanted:] if wanted else b"")
        return
    text = options.value("n", "10")
    count = options.number("n", 10)
    if text.startswith("+"):
        number = 0
        source = call.source(name)
        while data := await source.line():
            number += 1
            if number >= count:
                await call.write(data)
        return
    count = min(abs(count), _MOST_KEPT)
    if file is not None and (pieces := file.last_lines(count)) is not None:
        for piece in pieces:
            await call.write(piece)
        return
    kept: deque[bytes] = deque(maxlen=count)
    source = call.source(name)
    while data := await source.line():
        kept.append(data)
        await call.turns.take_line(len(data))
    for data in kept:
        await call.write(data)


async def follow(call: Invocation, cursors: list[tuple[str, Cursor, File]], *, named: bool) -> None:
    """Show what comes to files, until cancelled."""
    shown = cursors[-1][0]
    async for name, data in _growth(call, cursors):
        if named and name != shown:
            shown = name
            await call.line(f"\n==> {name} <==")
        await call.write(data)


async def _growth(
    call: Invocation, cursors: list[tuple[str, Cursor, File]]
) -> AsyncIterator[tuple[str, bytes]]:
    while True:
        changed = [file.changed() for _, _, file in cursors]
        for name, cursor, _ in cursors:
            for data in cursor.more():
                yield name, data
        due = min((cursor.due for _, cursor, _ in cursors if cursor.due is not None), default=None)
        timed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = None if due is None else call.machine.clock.at(due, partial(wake, timed))
        try:
            await asyncio.wait([timed, *changed], return_when=asyncio.FIRST_COMPLETED)
        finally:
            timed.cancel()
            if timer is not None:
                timer.cancel()
            for future in changed:
                future.cancel()
        call.turns.waited()


async def tac(call: Invocation) -> int:
    for name in call.args or ["-"]:
        data = await call.whole(name)
        for line in reversed(data.splitlines(keepends=True)):
            await call.write(line)
    return 0


async def number_lines(call: Invocation) -> int:
    number = 0
    for name in Options(call.args, "ba").rest or ["-"]:
        async for text in call.texts(name):
            number += 1
            await call.line(f"{number:>6}\t{text}")
    return 0


async def wc(call: Invocation) -> int:
    options = Options(
        call.args, "lwcm", long={"lines": "l", "words": "w", "bytes": "c", "chars": "m"}
    )
    shown = [letter for letter in "lwcm" if letter in options] or ["l", "w", "c"]
    total = dict.fromkeys("lwcm", 0)
    status = 0
    for name in options.rest or ["-"]:
        try:
            counts = await _count(call, name)
        except FileProblem as problem:
            await call.complain(f"{name}: {problem.reason}")
            status = 1
            continue
        for letter, count in counts.items():
            total[letter] += count
        await call.line(_counts(counts, shown, name if options.rest else "", len(options.rest)))
    if len(options.rest) > 1:
        await call.line(_counts(total, shown, "total", 2))
    return status


async def _count(call: Invocation, name: str) -> dict[str, int]:
    counts = dict.fromkeys("lwcm", 0)
    source = call.source(name)
    inside = False
    while data := await source.read():
        await call.turns.take()
        counts["l"] += data.count(b"\n")
        counts["c"] += len(data)
        counts["m"] += sum(byte & 0xC0 != 0x80 for byte in data)
        counts["w"] += len(data.split()) - (inside and not data[:1].isspace())
        inside = not data[-1:].isspace()
    return counts


def _counts(counts: dict[str, int], shown: list[str], name: str, files: int) -> str:
    width = 1 if len(shown) == 1 and files < 2 else 7
    return (" ".join(f"{counts[letter]:>{width}}" for letter in shown) + f" {name}").rstrip()


async def tee(call: Invocation) -> int:
    options = Options(call.args, "ai", long={"append": "a"})
    sinks = []
    status = 0
    for name in options.rest:
        try:
            sinks.append(call.writable(name, append="a" in options))
        except FileProblem as problem:
            await call.complain(f"{name}: {problem.reason}")
            status = 1
    while data := await call.streams.stdin.read():
        for sink in sinks:
            await sink.write(data)
        await call.write(data)
    return status


async def more(call: Invocation) -> int:
    """This pager of a simulated machine shows everything at once."""
    names = [arg for arg in call.args if not arg.startswith(("-", "+"))]
    return await cat(call.having(args=names))


async def strings(call: Invocation) -> int:
    for name in call.args or ["-"]:
        found = "".join(
            char if char.isprintable() else "\n" for char in decode(await call.whole(name))
        )
        await call.lines([line for line in found.splitlines() if len(line) >= 4])
    return 0


async def from_nowhere(call: Invocation) -> int:
    raise Complaint("cannot be used here: there is no editor on a simulated machine")


PROGRAMS: dict[str, Program] = {
    "cat": cat, "head": head, "tail": tail, "tac": tac, "nl": number_lines, "wc": wc, "tee": tee,
    "more": more, "strings": strings, "vi": from_nowhere, "vim": from_nowhere,
    "nano": from_nowhere,
}  # fmt: skip
