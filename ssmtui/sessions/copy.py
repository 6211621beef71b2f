"""A file from a node, over a session: as base64 lines, checked by its SHA-256, resumed if cut.

Sessions carry text: what is not UTF-8 may be damaged by agents, so bytes go as base64. What has
come is kept beside the destination under a name that holds the checksum of the whole, so that
only the same content is ever continued.
"""

from __future__ import annotations

import asyncio
import binascii
import hashlib
import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from ssmtui.aws.scope import Scope
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind, input_problem
from ssmtui.core.text import plain
from ssmtui.sessions.command import Result, Sink, run_command
from ssmtui.sessions.specs import command_spec

# Where a transfer can be taken up again: `dd` skips whole blocks fast.
BLOCK: Final = 64 * 1024
_MISSING: Final = 64
_DIRECTORY: Final = 65
_UNREADABLE: Final = 66
_REPORT: Final = re.compile(rb"\s*(\d+)\s+([0-9a-f]{64})\b")
_LONGEST_COMPLAINT: Final = 2_000

Progress = Callable[[int, int], None]


class RemoteFile(msgspec.Struct, frozen=True):
    """A file on a node: its size in bytes and the SHA-256 of its content, in hexadecimal."""

    path: str
    size: int
    sha256: str


async def look_at(scope: Scope, node: RowKey, path: str, reason: str = "") -> RemoteFile:
    """The file's size and checksum, as the node computes them. ProblemError if it cannot be read.

    For nodes with a POSIX shell.
    """
    file = shlex.quote(path)
    script = (
        f"f={file}; "
        f'if [ -d "$f" ]; then exit {_DIRECTORY}; fi; '
        f'if [ ! -f "$f" ]; then exit {_MISSING}; fi; '
        f'if [ ! -r "$f" ]; then exit {_UNREADABLE}; fi; '
        'wc -c < "$f" && '
        'if command -v sha256sum > /dev/null; then sha256sum < "$f"; '
        'else shasum -a 256 < "$f"; fi'
    )
    told = bytearray()

    async def hear(data: bytes) -> None:
        told.extend(data)

    result, complaint = await _run(scope, node, script, hear, reason)
    where = f"{plain(path)} on {plain(node.id)}"
    refusals = {
        _MISSING: f"There is no file {where}",
        _DIRECTORY: f"{where} is a directory: files are copied one by one",
        _UNREADABLE: f"{where} may not be read",
    }
    if result.code in refusals:
        raise input_problem(refusals[result.code])
    found = _REPORT.match(told)
    if result.code != 0 or found is None:
        raise _failed(f"{where} could not be looked at", result, complaint)
    return RemoteFile(path, int(found[1]), found[2].decode())


async def download(
    scope: Scope,
    node: RowKey,
    remote: RemoteFile,
    destination: Path,
    *,
    overwrite: bool = False,
    reason: str = "",
    progress: Progress = lambda done, size: None,
) -> int:
    """Copy a file from the node; returns how many bytes of it were there from an earlier attempt.

    `progress` is told the bytes that are there, and the size. The destination appears only when it
    is whole and its checksum is right; unless `overwrite`, one that exists then is left alone.
    ProblemError; what has come until a failure or cancellation is kept for the next attempt.
    """
    part = part_of(destination, remote)
    begun = await asyncio.to_thread(_prepare, part)
    if begun < remote.size or not remote.size:
        await _receive(scope, node, remote, part, begun=begun, reason=reason, progress=progress)
    size, digest = await asyncio.to_thread(_digest, part)
    if (size, digest) != (remote.size, remote.sha256):
        part.unlink()
        raise _problem(
            f"{plain(remote.path)} did not arrive as it was: its checksum differs",
            "It may have changed meanwhile. Try again",
        )
    await asyncio.to_thread(_put_in_place, part, destination, overwrite)
    return begun


def part_of(destination: Path, remote: RemoteFile) -> Path:
    """Where what has come is kept, of that very content."""
    return destination.with_name(f".{destination.name}.{remote.sha256[:16]}.part")


async def _receive(
    scope: Scope,
    node: RowKey,
    remote: RemoteFile,
    part: Path,
    *,
    begun: int,
    reason: str,
    progress: Progress,
) -> None:
    script = f"dd if={shlex.quote(remote.path)} bs={BLOCK} skip={begun // BLOCK} 2>/dev/null"
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
                raise _problem(f"{plain(remote.path)} grows while it is copied")
            await asyncio.to_thread(file.write, decoded)
            progress(done, remote.size)

        result, complaint = await _run(scope, node, f"{script} | base64", write, reason)
    if result.code != 0 or done < remote.size:
        words = f"{plain(remote.path)} arrived only in part: {done:,} of {remote.size:,} bytes"
        raise _failed(words, result, complaint, "Do it again to go on from there")


def _decoded(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True) if text else b""
    except binascii.Error:
        raise _problem("What came from the node is not base64") from None


def _prepare(part: Path) -> int:
    """The whole blocks that are there already, in bytes; the rest is cut off. ProblemError."""
    try:
        with part.open("ab") as file:
            part.chmod(0o600)
            begun = file.tell() // BLOCK * BLOCK
            file.truncate(begun)
    except OSError as error:
        raise input_problem(f"{plain(str(part))} cannot be written: {error.strerror}") from error
    return begun


def _digest(part: Path) -> tuple[int, str]:
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


def _put_in_place(part: Path, destination: Path, overwrite: bool) -> None:
    if overwrite:
        part.replace(destination)
        return
    try:
        # Unlike a rename, a link never takes the place of a file that has come meanwhile.
        os.link(part, destination)
    except FileExistsError:
        raise input_problem(
            f"{plain(str(destination))} exists", "Overwrite it with --force"
        ) from None
    part.unlink()


async def _run(
    scope: Scope,
    node: RowKey,
    script: str,
    hear: Sink,
    reason: str,
) -> tuple[Result, str]:
    """Run a script; its end, and what it complained of."""
    complaint = bytearray()

    async def stderr(data: bytes) -> None:
        complaint.extend(data[: _LONGEST_COMPLAINT - len(complaint)])

    spec = command_spec(node, script, reason)
    result = await run_command(scope, spec, stdout=hear, stderr=stderr)
    return result, plain(complaint.decode(errors="replace").strip())


def _failed(what: str, result: Result, complaint: str, remedy: str = "") -> ProblemError:
    why = complaint or result.sentence
    return _problem(f"{what} ({why})" if why else what, remedy)


def _problem(what: str, remedy: str = "") -> ProblemError:
    return ProblemError(Problem(ProblemKind.SERVICE, what, remedy))
