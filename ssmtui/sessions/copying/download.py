"""A file from a node, over a session: as lines of base64, resumed if it was cut.

Sessions carry text: what is not UTF-8 may be damaged by agents, so bytes go as base64. What has
come is kept beside the destination under a name that holds the checksum of the whole, so that
only the same content is ever continued.
"""

from __future__ import annotations

import asyncio
import binascii
import re
from pathlib import Path
from typing import Final

import msgspec

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.sessions.copying import files
from ssmtui.sessions.copying.asking import Node, failed, reason_of
from ssmtui.sessions.copying.pace import Progress, unwatched
from ssmtui.sessions.copying.scripts import BLOCK, Code

AGAIN: Final = "Do it again to go on from there"

_REPORT: Final = re.compile(r"\s*(\d+)\s+([0-9a-f]{64})\b")


class RemoteFile(msgspec.Struct, frozen=True):
    """A file on a node: its size in bytes and the SHA-256 of its content, in hexadecimal."""

    path: str
    size: int
    sha256: str


async def look_at(node: Node, path: str) -> RemoteFile:
    """A file's size and checksum, as the node computes them. ProblemError if it is none to read."""
    result, told, complaint = await node.answer(node.dialect.look(path))
    where = f"{plain(path)} on {plain(node.key.id)}"
    refusals = {
        Code.MISSING: (f"There is no file {where}", ""),
        Code.DIRECTORY: (f"{where} is a directory", "Copy it whole with --recursive"),
        Code.UNREADABLE: (f"{where} may not be read", ""),
    }
    if result.code in refusals:
        raise input_problem(*refusals[Code(result.code)])
    found = _REPORT.match(told)
    if result.code != 0 or found is None:
        raise failed(f"{where} could not be looked at", reason_of(result, complaint))
    return RemoteFile(path, int(found[1]), found[2])


async def download(
    node: Node,
    remote: RemoteFile,
    destination: Path,
    *,
    overwrite: bool = False,
    progress: Progress = unwatched,
) -> int:
    """Copy a file from the node; returns how many bytes of it were there from an earlier attempt.

    The destination appears only when it is whole and its checksum is right; unless `overwrite`,
    one that exists then is left alone. ProblemError; what has come until a failure or cancellation
    is kept for the next attempt.
    """
    part = files.part_of(destination, remote.sha256)
    begun = await asyncio.to_thread(files.prepare, part, BLOCK)
    at = begun
    while at < remote.size or not remote.size:
        done, code, why = await _receive(node, remote, part, at, progress)
        if code == 0 and done == remote.size:
            break
        # A session that was cut is followed by another one, as long as that brings anything.
        before, at = at, await asyncio.to_thread(files.prepare, part, BLOCK)
        if code is not None or at <= before:
            words = f"{plain(remote.path)} arrived only in part: {done:,} of {remote.size:,} bytes"
            raise failed(words, why, AGAIN)
    await finish(remote, part, destination, overwrite=overwrite)
    return begun


async def finish(remote: RemoteFile, part: Path, destination: Path, *, overwrite: bool) -> None:
    """Put a part that has come in place, if it is what was on the node. ProblemError."""
    content = await asyncio.to_thread(files.content_of, part)
    if (content.size, content.sha256) != (remote.size, remote.sha256):
        await asyncio.to_thread(part.unlink)
        raise failed(
            f"{plain(remote.path)} did not arrive as it was: its checksum differs",
            "",
            "It may have changed meanwhile. Try again",
        )
    await asyncio.to_thread(files.put_in_place, part, destination, overwrite=overwrite)


async def _receive(
    node: Node,
    remote: RemoteFile,
    part: Path,
    begun: int,
    progress: Progress,
) -> tuple[int, int | None, str]:
    """The bytes that are there then, the exit code of the node's script, and why it failed."""
    rest = b""
    done = begun
    with part.open("ab") as file:

        async def write(data: bytes) -> None:
            nonlocal rest, done
            text = rest + b"".join(data.split())
            whole = len(text) // 4 * 4
            decoded, rest = _decoded(text[:whole]), text[whole:]
            done += len(decoded)
            if done > remote.size:
                raise failed(f"{plain(remote.path)} grows while it is copied", "")
            try:
                await asyncio.to_thread(file.write, decoded)
            except OSError as error:
                words = f"{plain(str(part))} cannot be written: {error.strerror}"
                raise input_problem(words) from error
            progress(done, remote.size)

        result, complaint = await node.run(node.dialect.read(remote.path, begun), write)
    return done, result.code, complaint or result.sentence


def _decoded(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True) if text else b""
    except binascii.Error:
        raise failed("What came from the node is not base64", "") from None
