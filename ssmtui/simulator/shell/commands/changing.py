"""Programs that change the file tree: touch, mkdir, rm, cp, mv, ln, chmod, chown, dd ..."""

from __future__ import annotations

from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.files import Entry, File, Folder
from ssmtui.simulator.shell.machine.hashing import number
from ssmtui.simulator.shell.machine.paths import TMP, base, split
from ssmtui.simulator.shell.machine.tree import LARGEST_FILE, FileProblem
from ssmtui.simulator.shell.options import Options, natural, size


async def touch(call: Invocation) -> int:
    for name in Options(call.args, "acm", "dtr").rest:
        path = call.path(name)
        tree = call.machine.tree
        if tree.exists(path, call.user.name):
            entry = tree.find(path, call.user.name)
            _owned(call, entry, name)
            entry.modified = call.machine.now
        else:
            try:
                tree.create(path, call.user.name)
            except FileProblem as problem:
                raise Complaint(f"cannot touch '{name}': {problem.reason}") from None
    return 0


def _owned(call: Invocation, entry: Entry, name: str) -> None:
    if not call.root and entry.owner != call.user.name:
        raise FileProblem(name, "Permission denied")


async def mkdir(call: Invocation) -> int:
    options = Options(call.args, "pv", "m", {"parents": "p", "mode": "m"})
    status = 0
    for name in options.rest:
        try:
            _make_folder(call, call.path(name), parents="p" in options)
        except FileProblem as problem:
            await call.complain(f"cannot create directory '{name}': {problem.reason}")
            status = 1
            continue
        if "m" in options:
            call.machine.tree.find(call.path(name)).mode = _octal(options.value("m"))
    return status


def _make_folder(call: Invocation, path: str, *, parents: bool) -> None:
    tree, user = call.machine.tree, call.user.name
    if not parents:
        tree.add_folder(path, user)
        return
    parts = path.strip("/").split("/")
    for count in range(1, len(parts) + 1):
        above = "/" + "/".join(parts[:count])
        if not tree.exists(above, user):
            tree.add_folder(above, user)
        elif not isinstance(tree.find(above, user), Folder):
            raise FileProblem(path, "File exists")


def _octal(text: str) -> int:
    try:
        return int(text, 8) & 0o7777
    except ValueError:
        raise Complaint(f"invalid mode: '{text}'") from None


async def rm(call: Invocation) -> int:
    options = Options(call.args, "rRfvid", long={"recursive": "r", "force": "f"})
    tree, user, status = call.machine.tree, call.user.name, 0
    whole = "r" in options or "R" in options
    for name in options.rest:
        path = call.path(name)
        try:
            if path == "/":
                raise Complaint("it is dangerous to operate recursively on '/'")
            entry = tree.find(path, user, follow=False)
            if isinstance(entry, Folder) and not whole:
                raise FileProblem(name, "Is a directory")
            tree.remove(path, user, whole=whole)
            if "v" in options:
                await call.line(f"removed '{name}'")
        except FileProblem as problem:
            if "f" not in options or problem.reason != "No such file or directory":
                await call.complain(f"cannot remove '{name}': {problem.reason}")
                status = 1
    return status


async def rmdir(call: Invocation) -> int:
    status = 0
    for name in Options(call.args, "p").rest:
        try:
            call.machine.tree.folder(call.path(name), call.user.name)
            call.machine.tree.remove(call.path(name), call.user.name)
        except FileProblem as problem:
            await call.complain(f"failed to remove '{name}': {problem.reason}")
            status = 1
    return status


async def cp(call: Invocation) -> int:
    options = Options(call.args, "rRafpvu", long={"recursive": "r", "archive": "a"})
    whole = any(letter in options for letter in "rRa")
    status = 0
    for source, target in _pairs(call, options.rest):
        try:
            await _copy(call, source, target, whole=whole)
        except FileProblem as problem:
            await call.complain(f"cannot copy '{source}': {problem.reason}")
            status = 1
    return status


def _pairs(call: Invocation, names: list[str]) -> list[tuple[str, str]]:
    """What goes where; a folder as the target gets everything into it."""
    if len(names) < 2:
        what = f"destination file operand after '{names[0]}'" if names else "file operand"
        raise Complaint(f"missing {what}")
    *sources, target = names
    tree, path = call.machine.tree, call.path(target)
    into = tree.exists(path, call.user.name) and isinstance(tree.find(path), Folder)
    if len(sources) > 1 and not into:
        raise Complaint(f"target '{target}': No such file or directory")
    if not into:
        return [(sources[0], target)]
    return [(source, f"{target.rstrip('/')}/{base(call.path(source))}") for source in sources]


async def _copy(call: Invocation, source: str, target: str, *, whole: bool) -> None:
    tree, user = call.machine.tree, call.user.name
    entry = tree.find(call.path(source), user)
    if not isinstance(entry, Folder):
        await _copy_file(call, source, target)
        return
    if not whole:
        raise Complaint(f"-r not specified; omitting directory '{source}'")
    if (call.path(target) + "/").startswith(call.path(source).rstrip("/") + "/"):
        raise Complaint(f"cannot copy a directory, '{source}', into itself, '{target}'")
    for path, child in list(tree.walk(source, entry)):
        await call.turns.take()
        there = target + path[len(source) :]
        if isinstance(child, Folder):
            if not tree.exists(call.path(there), user):
                tree.add_folder(call.path(there), user, child.mode)
        elif isinstance(child, File):
            await _copy_file(call, path, there)


async def _copy_file(call: Invocation, source: str, target: str) -> None:
    if call.path(source) == call.path(target):
        raise Complaint(f"'{source}' and '{target}' are the same file")
    file = call.file(source)
    data = bytearray()
    for piece in file.read():
        await call.turns.take()
        data += piece
        if len(data) > LARGEST_FILE:
            raise FileProblem(target, "File too large")
    sink = call.writable(target)
    await sink.write(bytes(data))
    call.machine.tree.find(call.path(target)).mode = file.mode


async def mv(call: Invocation) -> int:
    status = 0
    for source, target in _pairs(call, Options(call.args, "fvnu").rest):
        try:
            call.machine.tree.move(call.path(source), call.path(target), call.user.name)
        except FileProblem as problem:
            await call.complain(f"cannot move '{source}' to '{target}': {problem.reason}")
            status = 1
    return status


async def ln(call: Invocation) -> int:
    options = Options(call.args, "sfnv")
    if not options.rest:
        raise Complaint("missing file operand")
    target = options.rest[0]
    name = options.rest[1] if len(options.rest) > 1 else base(target)
    path, tree, user = call.path(name), call.machine.tree, call.user.name
    if tree.exists(path, user) and isinstance(tree.find(path, user), Folder):
        path = f"{path.rstrip('/')}/{base(target)}"
    if "f" in options and split(path)[1] in tree.folder(split(path)[0], user).entries:
        tree.remove(path, user)
    try:
        tree.add_link(path, target if "s" in options else call.path(target), user)
    except FileProblem as problem:
        raise Complaint(f"failed to create symbolic link '{name}': {problem.reason}") from None
    return 0


async def chmod(call: Invocation) -> int:
    args = [arg for arg in call.args if arg not in ("-R", "-v", "-f", "--")]
    if len(args) < 2:
        raise Complaint("missing operand")
    for name, entry in _entries(call, args[1:], whole="-R" in call.args):
        if not call.root and entry.owner != call.user.name:
            raise Complaint(f"changing permissions of '{name}': Operation not permitted")
        entry.mode = _new_mode(args[0], entry)
    return 0


def _entries(call: Invocation, names: list[str], *, whole: bool) -> list[tuple[str, Entry]]:
    found = []
    for name in names:
        try:
            entry = call.machine.tree.find(call.path(name), call.user.name)
        except FileProblem as problem:
            raise Complaint(f"cannot access '{name}': {problem.reason}") from None
        found += list(call.machine.tree.walk(name, entry)) if whole else [(name, entry)]
    return found


def _new_mode(text: str, entry: Entry) -> int:
    if text.isdigit():
        return _octal(text)
    mode = entry.mode
    for clause in text.split(","):
        at = next((at for at, char in enumerate(clause) if char in "+-="), -1)
        letters = clause[at + 1 :]
        if at < 0 or not set(letters) <= set("rwxXst") or not set(clause[:at]) <= set("ugoa"):
            raise Complaint(f"invalid mode: '{text}'")
        who = set(clause[:at]) or {"a"}
        execute = "x" in letters or ("X" in letters and (isinstance(entry, Folder) or mode & 0o111))
        bits = 4 * ("r" in letters) + 2 * ("w" in letters) + bool(execute)
        shifts = [shift for group, shift in (("u", 6), ("g", 3), ("o", 0)) if who & {group, "a"}]
        mask = sum(bits << shift for shift in shifts) | (0o1000 if "t" in letters else 0)
        if clause[at] == "+":
            mode |= mask
        elif clause[at] == "-":
            mode &= ~mask
        else:
            mode = mode & ~sum(7 << shift for shift in shifts) | mask
    return mode


async def chown(call: Invocation) -> int:
    args = [arg for arg in call.args if arg not in ("-R", "-v", "-f", "-h")]
    if len(args) < 2:
        raise Complaint("missing operand")
    owner, _, group = args[0].partition(":")
    if owner and owner not in call.machine.users:
        raise Complaint(f"invalid user: '{args[0]}'")
    for name, entry in _entries(call, args[1:], whole="-R" in call.args):
        if not call.root:
            raise Complaint(f"changing ownership of '{name}': Operation not permitted")
        if call.name == "chgrp":
            entry.group = args[0]
        else:
            entry.owner, entry.group = owner or entry.owner, group or entry.group
    return 0


async def dd(call: Invocation) -> int:
    values = dict(word.partition("=")[::2] for word in call.args)
    unknown = set(values) - {"if", "of", "bs", "count", "skip", "conv", "status", "ibs", "obs"}
    if unknown:
        raise Complaint(f"unrecognized operand '{min(unknown)}'")
    block = size(values.get("bs", "512"))
    if not block:
        raise Complaint("invalid number: '0'")
    wanted = natural(values["count"]) * block if "count" in values else None
    source = call.source(values.get("if", "-"))
    sink = call.writable(values["of"]) if "of" in values else call.streams.stdout
    started = call.machine.now
    skipped = natural(values.get("skip", "0")) * block
    copied = 0
    while (wanted is None or copied < wanted) and (data := await source.read()):
        await call.turns.take()
        if skipped:
            data, skipped = data[skipped:], max(0, skipped - len(data))
        data = data if wanted is None else data[: wanted - copied]
        await sink.write(data)
        copied += len(data)
    if values.get("status") != "none":
        whole, part = divmod(copied, block)
        records = f"{whole}+{int(part > 0)}"
        took = max(copied / 1.1e9, call.machine.now - started)
        await call.err(
            f"{records} records in\n{records} records out\n"
            f"{copied} bytes copied, {took:.6g} s, 1.1 GB/s"
        )
    return 0


async def truncate(call: Invocation) -> int:
    options = Options(call.args, "c", "s", {"size": "s"})
    if "s" not in options:
        raise Complaint("you must specify either '--size' or '--reference'")
    wanted = size(options.value("s"))
    if wanted > LARGEST_FILE:
        raise Complaint(f"failed to truncate at {wanted} bytes: File too large")
    for name in options.rest:
        kept = b""
        if wanted and call.machine.tree.exists(call.path(name), call.user.name):
            kept = b"".join(call.file(name).read())[:wanted]
        await call.writable(name).write(kept.ljust(wanted, b"\0"))
    return 0


async def mktemp(call: Invocation) -> int:
    options = Options(call.args, "dqu", "p")
    template = options.rest[0] if options.rest else "tmp.XXXXXXXXXX"
    count = len(template) - len(template.rstrip("X"))
    if count < 3:
        raise Complaint(f"too few X's in template '{template}'")
    folder = options.value("p", TMP)
    tree, tries = call.machine.tree, 0
    while True:
        tries += 1
        letters = f"{number(call.machine.node.id, call.machine.now, tries):x}".ljust(count, "0")
        name = template[:-count] + letters[:count]
        path = call.path(name if "/" in name else f"{folder}/{name}")
        if not tree.exists(path):
            break
    if "d" in options:
        tree.add_folder(path, call.user.name, 0o700)
    else:
        tree.create(path, call.user.name).mode = 0o600
    await call.line(path)
    return 0


async def install(call: Invocation) -> int:
    options = Options(call.args, "dDv", "mog", {"mode": "m"})
    if "d" in options:
        return await mkdir(call.having(name="mkdir", args=["-p", *options.rest]))
    status = await cp(call.having(args=options.rest))
    if status == 0 and "m" in options and len(options.rest) == 2:
        for _, target in _pairs(call, options.rest):
            call.machine.tree.find(call.path(target)).mode = _octal(options.value("m"))
    return status


async def sync(call: Invocation) -> int:
    return 0


PROGRAMS: dict[str, Program] = {
    "touch": touch, "mkdir": mkdir, "rm": rm, "unlink": rm, "rmdir": rmdir, "cp": cp, "mv": mv,
    "ln": ln, "chmod": chmod, "chown": chown, "chgrp": chown, "dd": dd, "truncate": truncate,
    "mktemp": mktemp, "install": install, "sync": sync,
}  # fmt: skip
