"""Programs that look at the file tree: ls, find, stat, du, file, tree."""

from __future__ import annotations

from datetime import UTC, datetime

from ssmtui.simulator.shell.bash.formatting import quoted
from ssmtui.simulator.shell.commands.making import formatted
from ssmtui.simulator.shell.invocation import Invocation, Program
from ssmtui.simulator.shell.machine.files import Entry, File, Folder, Link
from ssmtui.simulator.shell.machine.hashing import number
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.options import Options

_HALF_YEAR = 182 * 86400.0


def mode_text(entry: Entry) -> str:
    """As `ls -l` begins: drwxr-xr-x."""
    kind = "d" if isinstance(entry, Folder) else "l" if isinstance(entry, Link) else "-"
    if isinstance(entry, File) and entry.kind != "regular file":
        kind = "c"
    bits = "".join(
        letter if entry.mode >> (8 - at) & 1 else "-" for at, letter in enumerate("rwxrwxrwx")
    )
    if entry.mode & 0o1000:
        bits = bits[:-1] + ("t" if entry.mode & 1 else "T")
    return kind + bits


def entry_size(entry: Entry) -> int:
    """In bytes; of a folder, as most file systems count it."""
    if isinstance(entry, File):
        return entry.size()
    return len(entry.target) if isinstance(entry, Link) else 4096


def human(amount: float) -> str:
    """As `ls -h` and `du -h` write it: 512, 4.0K, 23M."""
    for unit in ("", "K", "M", "G", "T"):
        if amount < 1024 or unit == "T":
            break
        amount /= 1024
    if not unit:
        return f"{amount:.0f}"
    return f"{amount:.1f}{unit}" if amount < 10 else f"{amount:.0f}{unit}"


def when_text(when: float, now: float) -> str:
    """As `ls -l` shows a time: with the year instead of the hour if it is long ago."""
    moment = datetime.fromtimestamp(when, UTC)
    recent = now - _HALF_YEAR < when <= now
    return formatted(moment, "%b %e %H:%M" if recent else "%b %e  %Y")


async def ls(call: Invocation) -> int:
    options = Options(
        call.args, "laA1hrtSRdFin", "I",
        {"all": "a", "almost-all": "A", "human-readable": "h", "reverse": "r", "recursive": "R",
         "directory": "d", "color": "1", "time-style": "n"}, status=2,
    )  # fmt: skip
    status = 0
    files: list[tuple[str, Entry]] = []
    folders: list[tuple[str, Folder]] = []
    tree, user = call.machine.tree, call.user.name
    for name in options.rest or ["."]:
        try:
            long = "l" in options or "d" in options
            entry = tree.find(call.path(name), user, follow=not long)
            if isinstance(entry, Folder) and "d" not in options:
                folders.append((name, tree.folder(call.path(name), user)))
            else:
                files.append((name, entry))
        except FileProblem as problem:
            where = "open directory" if problem.reason == "Permission denied" else "access"
            await call.complain(f"cannot {where} '{name}': {problem.reason}")
            status = 2
    await _list(call, options, files, total=False)
    many = len(options.rest) > 1 or "R" in options
    waiting = folders[::-1]
    first = not files
    while waiting:
        name, folder = waiting.pop()
        if many:
            await call.line(("" if first else "\n") + f"{name}:")
        first = False
        entries = _shown(folder, name, options)
        await _list(call, options, entries, total=True)
        if "R" in options:
            below = [(f"{name.rstrip('/')}/{at}", entry) for at, entry in entries]
            waiting += [
                (path, entry)
                for path, entry in reversed(below)
                if isinstance(entry, Folder) and not path.endswith(("/.", "/.."))
            ]
    return status


def _shown(folder: Folder, name: str, options: Options) -> list[tuple[str, Entry]]:
    hidden = "a" in options or "A" in options
    entries = [(at, entry) for at, entry in folder.entries.items() if hidden or at[:1] != "."]
    return [(".", folder), ("..", folder), *entries] if "a" in options else entries


async def _list(
    call: Invocation, options: Options, entries: list[tuple[str, Entry]], *, total: bool
) -> None:
    entries = sorted(entries, key=lambda pair: pair[0])
    if "t" in options:
        entries.sort(key=lambda pair: -pair[1].modified)
    if "S" in options:
        entries.sort(key=lambda pair: -entry_size(pair[1]))
    if "r" in options:
        entries.reverse()
    marked = [(_marked(name, entry, options), entry) for name, entry in entries]
    if "l" in options or "n" in options:
        if total:
            await call.line(f"total {sum(_blocks(entry) for _, entry in entries)}")
        await call.lines(long_lines(call, marked, options))
    elif call.tty is not None and call.streams.stdout is call.tty and "1" not in options:
        await call.lines(_columns([name for name, _ in marked], call.tty.cols))
    else:
        await call.lines([name for name, _ in marked])


def _marked(name: str, entry: Entry, options: Options) -> str:
    if "F" not in options:
        return name
    if isinstance(entry, Folder):
        return name + "/"
    return name + ("@" if isinstance(entry, Link) else "*" if entry.mode & 0o111 else "")


def _blocks(entry: Entry) -> int:
    return (entry_size(entry) + 4095) // 4096 * 4


def long_lines(call: Invocation, entries: list[tuple[str, Entry]], options: Options) -> list[str]:
    sizes = [entry_size(entry) for _, entry in entries]
    shown = [human(size) if "h" in options else str(size) for size in sizes]
    width = max(map(len, shown), default=0)
    owners = max((len(entry.owner) for _, entry in entries), default=0)
    groups = max((len(entry.group) for _, entry in entries), default=0)
    rows = []
    for (name, entry), size in zip(entries, shown, strict=True):
        links = 2 if isinstance(entry, Folder) else 1
        target = f" -> {entry.target}" if isinstance(entry, Link) else ""
        inode = f"{number(call.machine.node.id, name) % 10**7} " if "i" in options else ""
        rows.append(
            f"{inode}{mode_text(entry)}. {links} {entry.owner:<{owners}} {entry.group:<{groups}} "
            f"{size:>{width}} {when_text(entry.modified, call.machine.now)} {name}{target}"
        )
    return rows


def _columns(names: list[str], width: int) -> list[str]:
    """Down the columns, as many as fit."""
    if not names:
        return []
    for rows in range(1, len(names) + 1):
        columns = [names[at : at + rows] for at in range(0, len(names), rows)]
        widths = [max(map(len, column)) for column in columns]
        if sum(widths) + 2 * (len(widths) - 1) <= width or rows == len(names):
            break
    return [
        "  ".join(
            column[row].ljust(wide) for column, wide in zip(columns, widths, strict=True)
            if row < len(column)
        ).rstrip()
        for row in range(rows)
    ]  # fmt: skip


async def stat(call: Invocation) -> int:
    options = Options(call.args, "Lt", "c", {"format": "c"})
    status = 0
    for name in options.rest:
        try:
            entry = call.machine.tree.find(call.path(name), call.user.name, follow="L" in options)
        except FileProblem as problem:
            await call.complain(f"cannot statx '{name}': {problem.reason}")
            status = 1
            continue
        if "c" in options:
            await call.line(_stat_format(options.value("c"), name, entry))
        else:
            await call.lines(_stat_text(call, name, entry))
    return status


def _kind(entry: Entry) -> str:
    if isinstance(entry, Folder):
        return "directory"
    return entry.kind if isinstance(entry, File) else "symbolic link"


def _stat_format(pattern: str, name: str, entry: Entry) -> str:
    for letter, text in {
        "%n": name, "%s": str(entry_size(entry)), "%a": f"{entry.mode:o}", "%A": mode_text(entry),
        "%U": entry.owner, "%G": entry.group, "%F": _kind(entry), "%Y": f"{entry.modified:.0f}",
    }.items():  # fmt: skip
        pattern = pattern.replace(letter, text)
    return pattern


def _stat_text(call: Invocation, name: str, entry: Entry) -> list[str]:
    size, tree = entry_size(entry), call.machine.users
    when = formatted(datetime.fromtimestamp(entry.modified, UTC), "%F %T.000000000 +0000")
    uid = tree[entry.owner].uid if entry.owner in tree else 0
    inode = number(call.machine.node.id, name) % 10**7
    return [
        f"  File: {name}",
        f"  Size: {size:<15} Blocks: {_blocks(entry) * 2:<10} IO Block: 4096   {_kind(entry)}",
        f"Device: 259,1\tInode: {inode:<11} Links: 1",
        (
            f"Access: ({entry.mode:04o}/{mode_text(entry)})  Uid: ({uid:>5}/{entry.owner:>8})   "
            f"Gid: ({uid:>5}/{entry.group:>8})"
        ),
        *(f"{label}: {when}" for label in ("Access", "Modify", "Change")),
    ]


async def du(call: Invocation) -> int:
    options = Options(
        call.args, "shakmcx", "d", {"summarize": "s", "human-readable": "h", "max-depth": "d"}
    )
    most = 0 if "s" in options else options.number("d", 1 << 30)
    status = 0
    for name in options.rest or ["."]:
        try:
            entry = call.machine.tree.find(call.path(name), call.user.name, follow=False)
        except FileProblem as problem:
            await call.complain(f"cannot access '{name}': {problem.reason}")
            status = 1
            continue
        totals: dict[str, int] = {}
        for path, child in call.machine.tree.walk(name, entry):
            await call.turns.take()
            above = path
            while True:
                totals[above] = totals.get(above, 0) + _blocks(child)
                if above == name or "/" not in above:
                    break
                above = above.rpartition("/")[0] or "/"
        folders = {
            path
            for path, child in call.machine.tree.walk(name, entry)
            if isinstance(child, Folder) or "a" in options or path == name
        }
        for path in sorted(folders, key=lambda path: (-path.count("/"), path)):
            if path.removeprefix(name).count("/") <= most:
                size = totals[path]
                await call.line(f"{human(size * 1024) if 'h' in options else size}\t{path}")
    return status


async def file_type(call: Invocation) -> int:
    for name in Options(call.args, "bi").rest:
        try:
            entry = call.machine.tree.find(call.path(name), call.user.name, follow=False)
        except FileProblem as problem:
            await call.line(f"{name}: cannot open `{name}' ({problem.reason})")
            continue
        await call.line(f"{name}: {_content_kind(entry)}")
    return 0


def _content_kind(entry: Entry) -> str:
    if isinstance(entry, Link):
        return f"symbolic link to {entry.target}"
    if not isinstance(entry, File) or entry.kind != "regular file":
        return _kind(entry)
    start = next(iter(entry.read()), b"")
    if start.startswith(b"\x7fELF"):
        return "ELF 64-bit LSB pie executable"
    if not start:
        return "empty"
    return "data" if b"\0" in start else "ASCII text" if start.isascii() else "UTF-8 Unicode text"


async def tree_view(call: Invocation) -> int:
    options = Options(call.args, "ad", "L")
    for name in options.rest or ["."]:
        entry = call.machine.tree.find(call.path(name), call.user.name)
        await call.line(name)
        most = options.number("L", 1 << 30)
        for path, child in list(call.machine.tree.walk(name, entry))[1:]:
            depth = path.removeprefix(name.rstrip("/")).count("/")
            if depth <= most and ("d" not in options or isinstance(child, Folder)):
                await call.line("│   " * (depth - 1) + "├── " + path.rpartition("/")[2])
    return 0


async def which(call: Invocation) -> int:
    status = 0
    for name in Options(call.args, "a").rest:
        found = call.shell.programs.find(name, call.shell)
        if found.program is None:
            await call.err(f"which: no {quoted(name)} in ({call.env.get('PATH', '')})")
            status = 1
        else:
            await call.line(found.path)
    return status


PROGRAMS: dict[str, Program] = {
    "ls": ls, "dir": ls, "stat": stat, "du": du, "file": file_type,
    "tree": tree_view, "which": which,
}  # fmt: skip
