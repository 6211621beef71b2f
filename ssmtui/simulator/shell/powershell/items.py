"""Cmdlets of files and texts: Get-ChildItem, Get-Content, Set-Content, Remove-Item ..."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncIterator
from functools import partial

from ssmtui.simulator.shell.machine.files import Cursor, Entry, File, Folder
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.powershell.call import Call, Cmdlet, Values, nothing, shown_path
from ssmtui.simulator.shell.powershell.objects import kept
from ssmtui.simulator.shell.powershell.operators import like
from ssmtui.simulator.shell.powershell.values import PowerShellError, Thing, Time, many, text
from ssmtui.simulator.shell.powershell.views import Shown, render
from ssmtui.simulator.shell.streams import wake


def _thing(name: str, path: str, entry: Entry) -> Thing:
    folder = isinstance(entry, Folder)
    return Thing("FileInfo", {
        "Mode": "d-----" if folder else "-a----",
        "LastWriteTime": Time(entry.modified),
        "Length": entry.size() if isinstance(entry, File) else None,
        "Name": name,
        "FullName": shown_path(path),
        "PSIsContainer": folder,
    })  # fmt: skip


async def children(call: Call, values: Values) -> Values:
    given = call.text("path") or "."
    folder_text, _, last = given.replace("/", "\\").rpartition("\\")
    pattern = last if "*" in last or "?" in last else ""
    given = (folder_text or ".") if pattern else given
    path = call.tree_path(given)
    entry = call.entry(given)
    if not isinstance(entry, Folder):
        yield _thing(path.rpartition("/")[2], path, entry)
        return
    wanted = call.text("filter") or call.text("include") or pattern or "*"
    recurse = call.has("recurse")
    found = (
        list(call.machine.tree.walk(path, entry))[1:]
        if recurse
        else sorted((f"{path.rstrip('/')}/{name}", child) for name, child in entry.entries.items())
    )
    if not call.has("name") and found:
        yield Shown(["", "", f"    Directory: {shown_path(path)}", ""])
    for below, child in found:
        await call.shell.turns.take()
        name = below.rpartition("/")[2]
        is_folder = isinstance(child, Folder)
        if (call.has("file") and is_folder) or (call.has("directory") and not is_folder):
            continue
        if like(name, wanted):
            yield name if call.has("name") else _thing(name, below, child)


async def content(call: Call, values: Values) -> Values:
    for name in call.texts("path"):
        file = call.file(name)
        cursor = file.cursor()
        if "tail" in call.named:
            for line in _tail(call, file):
                yield line
        elif call.has("raw"):
            yield await _whole(call, file)
        else:
            most = call.count("totalcount", 1 << 60)
            async for line in _lines(call, file):
                if most <= 0:
                    break
                most -= 1
                yield line
        if call.has("wait"):
            async for line in _growth(call, file, cursor):
                yield line


def _tail(call: Call, file: File) -> list[str]:
    wanted = max(0, min(call.count("tail", 10), 100_000))
    pieces = file.last_lines(wanted) if wanted else iter(())
    data = b"".join(pieces if pieces is not None else file.read())
    return list(deque(data.decode("utf-8", "replace").splitlines(), maxlen=wanted))


async def _whole(call: Call, file: File) -> str:
    data = bytearray()
    for piece in file.read():
        await call.shell.turns.take()
        data += piece
        if len(data) > 8 << 20:
            raise call.error("Exception of type 'System.OutOfMemoryException' was thrown.")
    return data.decode("utf-8", "replace")


async def _lines(call: Call, file: File) -> AsyncIterator[str]:
    rest = b""
    for piece in file.read():
        await call.shell.turns.take()
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode("utf-8", "replace")
        if len(rest) > 1 << 20:
            yield rest.decode("utf-8", "replace")
            rest = b""
    if rest:
        yield rest.decode("utf-8", "replace")


async def _growth(call: Call, file: File, cursor: Cursor) -> AsyncIterator[str]:
    """New lines, until cancelled."""
    rest = b""
    while True:
        changed = file.changed()
        for piece in cursor.more():
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                yield line.removesuffix(b"\r").decode("utf-8", "replace")
        timer = None
        if cursor.due is not None:
            timer = call.machine.clock.at(cursor.due, partial(wake, changed))
        try:
            await asyncio.wait({changed})
        finally:
            if timer is not None:
                timer.cancel()
        call.shell.turns.waited()


async def write_content(call: Call, values: Values) -> Values:
    """Set-Content and Add-Content."""
    given = many(call.named["value"]) if "value" in call.named else await kept(values)
    data = "".join(text(value) + "\r\n" for value in given)
    _write(call, call.text("path"), data, append=call.name == "Add-Content")
    async for value in nothing():
        yield value


async def out_file(call: Call, values: Values) -> Values:
    name = call.text("filepath")
    _write(call, name, "", append=call.has("append"))
    waiting: list[str] = []
    async for line in render(values):
        waiting.append(line + "\r\n")
        if len(waiting) > 100:
            _write(call, name, "".join(waiting), append=True)
            waiting = []
    _write(call, name, "".join(waiting), append=True)
    async for value in nothing():
        yield value


def _write(call: Call, name: str, data: str, *, append: bool) -> None:
    path, tree = call.tree_path(name), call.machine.tree
    try:
        file = tree.create(path, append=append)
        tree.append(path, file, data.encode("utf-8", "replace"))
    except FileProblem as problem:
        raise _denied(call, path, problem) from None


def _denied(call: Call, path: str, problem: FileProblem) -> PowerShellError:
    shown = shown_path(path)
    message = (
        f"Could not find a part of the path '{shown}'."
        if problem.reason in ("No such file or directory", "Not a directory")
        else f"{problem.reason}: '{shown}'."
    )
    return call.error(message, f"OpenError: ({shown}:String) [{call.name}], IOException",
                      "FileOpenFailure")  # fmt: skip


async def new_item(call: Call, values: Values) -> Values:
    tree, path = call.machine.tree, call.tree_path(call.text("path"))
    if "name" in call.named:
        path = f"{path}/{call.text('name')}"
    try:
        if call.text("itemtype").lower().startswith("d"):
            if not (call.has("force") and tree.exists(path)):
                tree.add_folder(path)
        else:
            file = tree.create(path, append=not call.has("force"))
            if "value" in call.named:
                tree.append(path, file, call.text("value").encode("utf-8", "replace"))
    except FileProblem as problem:
        if problem.reason == "File exists":
            raise call.error(
                f"An item with the specified name {shown_path(path)} already exists.",
                f"ResourceExists: ({shown_path(path)}:String) [New-Item], IOException",
                "DirectoryExist,Microsoft.PowerShell.Commands.NewItemCommand",
            ) from None
        raise _denied(call, path, problem) from None
    yield _thing(path.rpartition("/")[2], path, tree.find(path))


async def remove_item(call: Call, values: Values) -> Values:
    given = call.texts("path") or [text(member) for member in await kept(values)]
    for name in given:
        call.entry(name)
        path = call.tree_path(name)
        try:
            call.machine.tree.remove(path, whole=call.has("recurse"))
        except FileProblem as problem:
            raise _denied(call, path, problem) from None
    async for value in nothing():
        yield value


async def move_item(call: Call, values: Values) -> Values:
    """Copy-Item and Move-Item."""
    source, target = call.tree_path(call.text("path")), call.tree_path(call.text("destination"))
    entry, tree = call.entry(call.text("path")), call.machine.tree
    if tree.exists(target) and isinstance(tree.find(target), Folder):
        target = f"{target}/{source.rpartition('/')[2]}"
    try:
        if call.name == "Move-Item":
            tree.move(source, target)
        elif isinstance(entry, File):
            data = await _whole(call, entry)
            tree.append(target, tree.create(target, append=False), data.encode())
        else:
            tree.add_folder(target)
    except FileProblem as problem:
        raise _denied(call, target, problem) from None
    async for value in nothing():
        yield value


async def test_path(call: Call, values: Values) -> Values:
    path, tree = call.tree_path(call.text("path")), call.machine.tree
    kind = call.text("pathtype").lower()
    there = tree.exists(path)
    if there and kind in ("container", "leaf"):
        there = isinstance(tree.find(path), Folder) == (kind == "container")
    yield there


async def get_item(call: Call, values: Values) -> Values:
    entry = call.entry(call.text("path"))
    path = call.tree_path(call.text("path"))
    yield _thing(path.rpartition("/")[2], path, entry)


async def set_location(call: Call, values: Values) -> Values:
    name = call.text("path") or "C:\\Users\\ssm-user"
    if not isinstance(call.entry(name), Folder):
        raise call.error(f"Cannot find path '{name}' because it does not exist.")
    call.shell.folder = shown_path(call.tree_path(name))
    async for value in nothing():
        yield value


async def get_location(call: Call, values: Values) -> Values:
    yield Thing("PathInfo", {"Path": call.shell.folder})


async def file_hash(call: Call, values: Values) -> Values:
    algorithm = call.text("algorithm", "SHA256").lower()
    if algorithm not in ("sha256", "sha1", "md5", "sha512", "sha384"):
        raise call.error(f"The algorithm {algorithm.upper()} is not supported.")
    digest = hashlib.new(algorithm, usedforsecurity=False)
    for piece in call.file(call.text("path")).read():
        await call.shell.turns.take()
        digest.update(piece)
    yield Thing("FileHash", {"Algorithm": algorithm.upper(), "Hash": digest.hexdigest().upper(),
                             "Path": shown_path(call.tree_path(call.text("path")))})  # fmt: skip


async def join_path(call: Call, values: Values) -> Values:
    yield f"{call.text('path').rstrip(chr(92))}\\{call.text('childpath').lstrip(chr(92))}"


async def split_path(call: Call, values: Values) -> Values:
    folder, _, leaf = call.text("path").replace("/", "\\").rstrip("\\").rpartition("\\")
    folder += "\\" if folder.endswith(":") else ""
    yield leaf if call.has("leaf") else folder


CMDLETS = (
    Cmdlet("Get-ChildItem", ("Path", "Filter", "[Include]", "Recurse?", "File?", "Directory?",
                             "Name?", "Force?"), children),
    Cmdlet("Get-Content", ("Path", "[Tail]", "[TotalCount]", "[Encoding]", "Wait?", "Raw?"),
           content),
    Cmdlet("Set-Content", ("Path", "Value", "[Encoding]", "Force?"), write_content),
    Cmdlet("Add-Content", ("Path", "Value", "[Encoding]"), write_content),
    Cmdlet("Out-File", ("FilePath", "[Encoding]", "Append?", "Force?"), out_file),
    Cmdlet("New-Item", ("Path", "[Name]", "[ItemType]", "[Value]", "Force?"), new_item),
    Cmdlet("Remove-Item", ("Path", "Recurse?", "Force?"), remove_item),
    Cmdlet("Move-Item", ("Path", "Destination", "Force?"), move_item),
    Cmdlet("Copy-Item", ("Path", "Destination", "Recurse?", "Force?"), move_item),
    Cmdlet("Test-Path", ("Path", "[PathType]"), test_path),
    Cmdlet("Get-Item", ("Path", "Force?"), get_item),
    Cmdlet("Set-Location", ("Path",), set_location),
    Cmdlet("Get-Location", (), get_location),
    Cmdlet("Get-FileHash", ("Path", "[Algorithm]"), file_hash),
    Cmdlet("Split-Path", ("Path", "Leaf?", "Parent?"), split_path),
    Cmdlet("Join-Path", ("Path", "ChildPath"), join_path),
)  # fmt: skip
