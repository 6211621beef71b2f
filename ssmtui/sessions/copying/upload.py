"""A file to a node, over a session: typed as base64, checked by its SHA-256, resumed if cut.

What has come is kept on the node beside its place, under a name that holds the checksum of the
whole. It is moved into place by the node itself, once that has found the checksum right.
"""

from __future__ import annotations

import asyncio
import binascii
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import msgspec

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.sessions.copying import files
from ssmtui.sessions.copying.asking import Node, failed, reason_of
from ssmtui.sessions.copying.download import AGAIN
from ssmtui.sessions.copying.files import Content
from ssmtui.sessions.copying.pace import Progress, unwatched
from ssmtui.sessions.copying.scripts import Code

# Bytes that are read and typed at once: a multiple of 3, so that pieces of base64 join.
_PIECE: Final = 24 * 1024
SURVEY: Final = re.compile(r"\s*(into|as)\s+(there|free)\s+(\d+)\s+([0-9a-f]{64}|-)")


class Place(msgspec.Struct, frozen=True):
    """Where a file goes on a node, whether something is there, and what has come of it before."""

    path: str
    taken: bool
    part: str
    begun: int


async def find_place(node: Node, source: Path, content: Content, path: str) -> Place:
    """Where a local file goes: `path`, or below it where that is a folder. ProblemError."""
    inside = node.dialect.join(path, source.name)
    where = f"{plain(path)} on {plain(node.key.id)}"
    result, told, complaint = await node.answer(node.dialect.survey(path, inside, content.sha256))
    refusals = {
        Code.DIRECTORY: f"{plain(inside)} on {plain(node.key.id)} is a directory",
        Code.NO_FOLDER: f"There is no directory for {where}",
    }
    if result.code in refusals:
        raise input_problem(refusals[Code(result.code)])
    found = SURVEY.match(told)
    if result.code != 0 or found is None:
        raise failed(f"{where} could not be looked at", reason_of(result, complaint))
    if found[1] == "as" and path.endswith(("/", "\\")):
        raise input_problem(f"There is no directory {where}")
    target = inside if found[1] == "into" else path
    size, sha256 = int(found[3]), found[4]
    same = await asyncio.to_thread(files.begins_with, source, size, sha256)
    part = node.dialect.part(target, content.sha256)
    return Place(target, found[2] == "there", part, size if same else 0)


async def upload(
    node: Node,
    source: Path,
    content: Content,
    place: Place,
    *,
    overwrite: bool = False,
    progress: Progress = unwatched,
) -> None:
    """Copy a local file to its place on the node.

    ProblemError; what has come until a failure or cancellation is kept for the next attempt.
    """
    await send(node, source, content, place, progress)
    await finish(node, content, place, overwrite=overwrite)


async def finish(node: Node, content: Content, place: Place, *, overwrite: bool) -> None:
    """Have the node put a part in place, if it is what was sent. ProblemError."""
    script = node.dialect.place(
        place.part, place.path, content.sha256, mode=content.mode, overwrite=overwrite
    )
    result, _, complaint = await node.answer(script)
    where = f"{plain(place.path)} on {plain(node.key.id)}"
    if result.code == Code.EXISTS:
        raise files.exists(where)
    if result.code == Code.DIFFERS:
        what = f"{where} did not arrive as it is here: its checksum differs"
        raise failed(what, "", "The file may have changed meanwhile. Try again")
    if result.code != 0:
        raise failed(f"{where} could not be put in place", reason_of(result, complaint))


async def send(
    node: Node, source: Path, content: Content, place: Place, progress: Progress
) -> None:
    """Bring a local file to its part on the node, from where that ends. ProblemError."""
    done = place.begun
    size = content.size
    if size and done == size:
        return

    async def typed() -> AsyncIterator[bytes]:
        nonlocal done
        try:
            file = await asyncio.to_thread(source.open, "rb")
        except OSError as error:
            raise files.unreadable(source, error) from error
        with file:
            file.seek(done)
            progress(done, size)
            while done < size:
                data = await asyncio.to_thread(file.read, min(_PIECE, size - done))
                if not data:
                    raise input_problem(f"{plain(str(source))} shrinks while it is copied")
                yield node.dialect.typed(binascii.b2a_base64(data, newline=False))
                done += len(data)
                progress(done, size)
        yield node.dialect.end()

    coming = -(-(size - place.begun) // 3) * 4
    code, said = await node.tell(node.dialect.receive(place.part, place.begun, coming), typed())
    if code != 0:
        where = f"{plain(place.path)} on {plain(node.key.id)}"
        sure = f" after {done:,} of {size:,} bytes" if done else ""
        raise failed(f"{where} could not be written{sure}", said, AGAIN)
