"""Directories between here and a node, as tar archives that travel like files.

The archive is packed beforehand, on the node in its folder for temporary files: so it has a
checksum, can be taken up again, and only what has arrived whole is unpacked.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from ssmtui.core.problem import input_problem
from ssmtui.core.tasks import settled, spawn
from ssmtui.core.text import plain
from ssmtui.sessions.copying import archives, files
from ssmtui.sessions.copying.asking import Node, failed, reason_of
from ssmtui.sessions.copying.download import RemoteFile
from ssmtui.sessions.copying.files import Content
from ssmtui.sessions.copying.scripts import Code
from ssmtui.sessions.copying.upload import SURVEY, Place

# What is removed afterwards has to look like what mktemp and GetTempFileName make.
_PATH: Final = re.compile(r"(?:/\S+|[A-Za-z]:\\[^\r\n]+\.tmp)")
_PACKED: Final = re.compile(_PATH.pattern + r"\s+(\d+)\s+([0-9a-f]{64})\b")


@asynccontextmanager
async def packed_there(node: Node, path: str) -> AsyncIterator[RemoteFile]:
    """A directory of the node as an archive, which is removed there afterwards. ProblemError."""
    result, told, complaint = await node.answer(node.dialect.pack(path))
    where = f"{plain(path)} on {plain(node.key.id)}"
    _refuse(node, result.code, {Code.MISSING: f"There is no directory {where}"})
    made, found = _PATH.match(told), _PACKED.match(told)
    try:
        if result.code != 0 or made is None or found is None:
            raise failed(f"{where} could not be packed", reason_of(result, complaint))
        yield RemoteFile(made[0], int(found[1]), found[2])
    finally:
        if made is not None:
            await settled(spawn(node.answer(node.dialect.discard(made[0])), "removing an archive"))


@asynccontextmanager
async def packed_here(folder: Path) -> AsyncIterator[tuple[Path, Content]]:
    """A local directory as an archive, which is removed afterwards. ProblemError."""
    with tempfile.TemporaryDirectory(prefix="ssmtui-") as temporary:
        # It has the directory's name, by which a place for it is found.
        archive = await asyncio.to_thread(lambda: Path(temporary) / folder.resolve().name)
        await asyncio.to_thread(archives.pack, folder, archive)
        yield archive, await asyncio.to_thread(files.content_of, archive)


async def find_place(node: Node, archive: Path, content: Content, path: str) -> Place:
    """Where a directory that is packed goes: `path`, or below it where that is one already."""
    dialect = node.dialect
    path = dialect.folder(path)
    inside = dialect.join(path, archive.name)
    where = f"{plain(path)} on {plain(node.key.id)}"
    script = dialect.survey_folder(path, inside, content.sha256)
    result, told, complaint = await node.answer(script)
    refusals = {Code.NO_FOLDER: f"There is no directory for {where}"}
    _refuse(node, result.code, refusals)
    found = SURVEY.match(told)
    if result.code != 0 or found is None:
        raise failed(f"{where} could not be looked at", reason_of(result, complaint))
    target = inside if found[1] == "into" else path
    size, sha256 = int(found[3]), found[4]
    same = await asyncio.to_thread(files.begins_with, archive, size, sha256)
    return Place(target, found[2] == "there", dialect.part(target, content.sha256), size * same)


async def finish(node: Node, content: Content, place: Place, *, overwrite: bool) -> None:
    """Have the node unpack an archive that has come, if it is what was sent. ProblemError."""
    script = node.dialect.place_folder(place.part, place.path, content.sha256, overwrite=overwrite)
    result, _, complaint = await node.answer(script)
    where = f"{plain(place.path)} on {plain(node.key.id)}"
    if result.code == Code.EXISTS:
        raise files.exists(where)
    if result.code == Code.DIFFERS:
        what = f"{where} did not arrive as it is here: its checksum differs"
        raise failed(what, "", "Try again")
    if result.code != 0:
        raise failed(f"{where} could not be unpacked", reason_of(result, complaint))


def _refuse(node: Node, code: int | None, refusals: dict[Code, str]) -> None:
    if code == Code.NO_TAR:
        raise input_problem(f"There is no tar on {plain(node.key.id)}", "Copy files one by one")
    if code in refusals:
        raise input_problem(refusals[Code(code)])
