"""tar: archives that real ones read, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.files import Entry, File, Folder, Link
from ssmtui.simulator.shell.machine.paths import join
from ssmtui.simulator.shell.machine.tree import LARGEST_FILE, FileProblem
from ssmtui.simulator.shell.options import Options
from ssmtui.simulator.tarballs import Kind, Member, NoTarballError, members_of, packed

_LONG = {"create": "c", "extract": "x", "list": "t", "file": "f", "directory": "C", "gzip": "z",
         "verbose": "v"}  # fmt: skip
_FAILED = 2


async def tar(call: Invocation) -> int:
    """-c, -x or -t, with -f, -C, -z and -v."""
    args = call.args
    if args and not args[0].startswith("-"):
        args = [f"-{args[0]}", *args[1:]]  # the old way: tar cf archive folder
    options = Options(args, "cxtzvpm", "fC", _LONG, status=_FAILED)
    doing = [letter for letter in "cxt" if letter in options]
    if len(doing) != 1:
        raise Complaint("You must specify one of the '-Acdtrux' options", _FAILED)
    at = call.having(cwd=call.path(options.value("C", ".")))
    archive = options.value("f", "-")
    try:
        if doing == ["c"]:
            return await _create(at, call, archive, options)
        return await _read(at, call, archive, options)
    except FileProblem as problem:
        await call.complain(f"{problem.path}: Cannot open: {problem.reason}")
        await call.complain("Error is not recoverable: exiting now")
        return _FAILED


async def _create(at: Invocation, call: Invocation, archive: str, options: Options) -> int:
    if not options.rest:
        raise Complaint("Cowardly refusing to create an empty archive", _FAILED)
    members: list[Member] = []
    size = 0
    for name in options.rest:
        entry = call.machine.tree.find(at.path(name), call.user.name, follow=False)
        for path, child in list(call.machine.tree.walk(name, entry)):
            await call.turns.take()
            members.append(member_of(path.removeprefix("/"), child))
            size += len(members[-1].data)
            if size > LARGEST_FILE:
                raise FileProblem(archive, "File too large")
            if "v" in options:
                await call.line(path)
    data = packed(members, zipped="z" in options)
    if archive == "-":
        await call.write(data)
    else:
        await call.writable(archive).write(data)
    return 0


def member_of(path: str, entry: Entry) -> Member:
    """What is in a machine's tree, as it is in an archive under the name `path`."""
    kind = Kind.FOLDER if isinstance(entry, Folder) else Kind.FILE
    target, data = "", b""
    if isinstance(entry, Link):
        kind, target = Kind.LINK, entry.target
    elif isinstance(entry, File):
        data = _bytes(entry)
    return Member(path, kind, entry.mode, entry.modified, entry.owner, entry.group, target, data)


def _bytes(file: File) -> bytes:
    data = bytearray()
    for piece in file.read():
        data += piece
        if len(data) > LARGEST_FILE:
            break
    return bytes(data)


async def _read(at: Invocation, call: Invocation, archive: str, options: Options) -> int:
    data = await call.whole(archive)
    try:
        for member in members_of(data):
            await call.turns.take()
            if "t" in options or "v" in options:
                await call.line(member.name + ("/" if member.kind is Kind.FOLDER else ""))
            if "x" in options:
                await _extract(at, member)
    except NoTarballError:
        await call.complain("This does not look like a tar archive")
        await call.complain("Exiting with failure status due to previous errors")
        return _FAILED
    return 0


async def _extract(at: Invocation, member: Member) -> None:
    """As root would; a name cannot lead outside of the folder."""
    tree, user = at.machine.tree, at.user.name
    path = join(at.cwd, "./" + "/".join(inside(member.name)))
    if member.kind is Kind.FOLDER:
        if not tree.exists(path, user):
            tree.add_folder(path, user)
        tree.find(path, user).mode = member.mode
    elif member.kind is Kind.LINK:
        if path.rpartition("/")[2] in tree.folder(path.rpartition("/")[0] or "/", user).entries:
            tree.remove(path, user)
        tree.add_link(path, member.target, user)
    else:
        await at.writable(path).write(member.data)
        tree.find(path, user).mode = member.mode


def inside(name: str) -> Iterator[str]:
    """The parts of a member's name that cannot lead outside."""
    return (part for part in name.split("/") if part not in ("", ".", ".."))


PROGRAMS: dict[str, Program] = {"tar": tar}
