"""tar: archives that real ones read, and the other way round."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.files import Entry, File, Folder, Link
from ssmtui.simulator.shell.machine.paths import join
from ssmtui.simulator.shell.machine.tree import LARGEST_FILE, FileProblem
from ssmtui.simulator.shell.options import Options

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
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz" if "z" in options else "w") as packed:
        for name in options.rest:
            entry = call.machine.tree.find(at.path(name), call.user.name, follow=False)
            for path, child in list(call.machine.tree.walk(name, entry)):
                await call.turns.take()
                packed.addfile(*_member(path.removeprefix("/"), child))
                if made.tell() > LARGEST_FILE:
                    raise FileProblem(archive, "File too large")
                if "v" in options:
                    await call.line(path)
    data = made.getvalue()
    if archive == "-":
        await call.write(data)
    else:
        await call.writable(archive).write(data)
    return 0


def _member(path: str, entry: Entry) -> tuple[tarfile.TarInfo, io.BytesIO | None]:
    member = tarfile.TarInfo(path)
    member.mode, member.mtime = entry.mode, int(entry.modified)
    member.uname, member.gname = entry.owner, entry.group
    if isinstance(entry, Folder):
        member.type = tarfile.DIRTYPE
    elif isinstance(entry, Link):
        member.type, member.linkname = tarfile.SYMTYPE, entry.target
    elif isinstance(entry, File):
        data = _bytes(entry)
        member.size = len(data)
        return member, io.BytesIO(data)
    return member, None


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
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            for member in packed:
                await call.turns.take()
                if "t" in options or "v" in options:
                    await call.line(member.name + ("/" if member.isdir() else ""))
                if "x" in options:
                    await _extract(at, packed, member)
    except tarfile.TarError:
        await call.complain("This does not look like a tar archive")
        await call.complain("Exiting with failure status due to previous errors")
        return _FAILED
    return 0


async def _extract(at: Invocation, packed: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    """As root would; a name cannot lead outside of the folder."""
    tree, user = at.machine.tree, at.user.name
    path = join(at.cwd, "./" + "/".join(_inside(member.name)))
    if member.isdir():
        if not tree.exists(path, user):
            tree.add_folder(path, user)
        tree.find(path, user).mode = member.mode & 0o7777
    elif member.issym():
        if path.rpartition("/")[2] in tree.folder(path.rpartition("/")[0] or "/", user).entries:
            tree.remove(path, user)
        tree.add_link(path, member.linkname, user)
    elif member.isfile():
        content = packed.extractfile(member)
        await at.writable(path).write(content.read() if content is not None else b"")
        tree.find(path, user).mode = member.mode & 0o7777


def _inside(name: str) -> Iterator[str]:
    return (part for part in name.split("/") if part not in ("", ".", ".."))


PROGRAMS: dict[str, Program] = {"tar": tar}
