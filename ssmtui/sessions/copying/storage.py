"""A file through S3: for large ones, which a session carries slowly.

This side and the node both speak to a bucket; the node does so by a presigned address, which it is
told over a session. A file goes in pieces, each an object of its own, so that one that was cut goes
on after its last piece. Objects are removed as soon as they have been fetched; only a piece that
the node has failed to fetch is left, for the next attempt, under a name that this finds again.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from ssmtui.aws import transfer
from ssmtui.core.problem import input_problem
from ssmtui.core.secret import Secret
from ssmtui.core.tasks import settled, spawn
from ssmtui.core.text import plain
from ssmtui.sessions.copying import download as by_session
from ssmtui.sessions.copying import files
from ssmtui.sessions.copying.asking import Node, failed
from ssmtui.sessions.copying.download import AGAIN, RemoteFile
from ssmtui.sessions.copying.files import Content
from ssmtui.sessions.copying.pace import Progress, unwatched
from ssmtui.sessions.copying.scripts import BLOCK, Code, Piece
from ssmtui.sessions.copying.upload import Place, send

# How long an address is good: the node begins at once, and S3 looks at the beginning only.
_ADDRESS_SECONDS: Final = 900
# So much goes at once: of a file that was cut, whole pieces are kept. A slow line has one in a few
# minutes, and a session for each of them costs little beside it. One PUT may bring no more than
# 5 GiB (quotas of S3).
_PIECE: Final = 64 << 20
# "General purpose bucket naming rules" of S3's user guide, as far as letters go.
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class Bucket(msgspec.Struct, frozen=True):
    """A place in S3; `prefix` is "" or ends with a slash."""

    name: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}"


class _Object(NamedTuple):
    bucket: Bucket
    key: str


def parse_bucket(text: str) -> Bucket:
    """`s3://bucket/prefix`, or the name of a bucket. ProblemError for what is none."""
    name, _, prefix = text.removeprefix("s3://").partition("/")
    if not _NAME.fullmatch(name):
        raise input_problem(f"{plain(text)} is no place in S3", "Write it as s3://BUCKET/PREFIX")
    prefix = prefix.strip("/")
    return Bucket(name, f"{prefix}/" if prefix else "")


async def upload(
    node: Node,
    source: Path,
    content: Content,
    place: Place,
    bucket: Bucket,
    *,
    progress: Progress = unwatched,
) -> None:
    """Bring a local file to its part on the node, piece by piece.

    ProblemError. What the node has fetched until a failure or cancellation is kept, and so is the
    piece that it was fetching: the next attempt sends neither again.
    """
    size = content.size
    if not size:
        return await send(node, source, content, place, progress)
    name = _name_of(node, content, place)
    # Of what is there already, the last piece's object may be left.
    for at in range(max(place.begun - 1, 0) // _PIECE * _PIECE, size, _PIECE):
        piece = Piece(at, min(_PIECE, size - at), secrets.token_hex(8))
        there = _Object(bucket, f"{bucket.prefix}{name}-{at}")
        begun = max(at, place.begun)
        if begun < at + piece.size:
            progress(begun, size)
            await _put(node, source, piece, there, partial(_further, progress, size, at, begun))
            await _fetched(node, place, begun, piece, there)
            progress(at + piece.size, size)
        await _remove(node, there)
    return None


async def _put(
    node: Node, source: Path, piece: Piece, to: _Object, progress: transfer.Progress
) -> None:
    """See that a piece is in the bucket, where an earlier attempt may have left it."""
    name, key = to.bucket.name, to.key
    intent = f"look for a piece of {plain(source.name)}"
    if await transfer.size_of(node.scope, name, key, intent=intent) == piece.size:
        return
    try:
        await transfer.upload_file(
            node.scope,
            source,
            name,
            key,
            at=piece.at,
            size=piece.size,
            intent=f"copy {plain(source.name)} to {plain(node.key.id)}",
            progress=progress,
        )
    except BaseException:
        await _remove(node, to)  # it may have come to its end all the same
        raise


async def _fetched(node: Node, place: Place, begun: int, piece: Piece, there: _Object) -> None:
    """Have the node append to its part what that lacks of a piece."""
    where = f"{plain(place.path)} on {plain(node.key.id)}"
    intent = f"let {plain(node.key.id)} fetch it"
    address = await transfer.presigned(
        node.scope, "GetObject", there.bucket.name, there.key, _ADDRESS_SECONDS, intent=intent
    )
    script = node.dialect.fetch(place.part, begun, piece)
    code, said = await _told(node, script, address, piece.token)
    _check(code, said, f"{where} could not be fetched from {there.bucket}")


async def download(
    node: Node,
    remote: RemoteFile,
    destination: Path,
    bucket: Bucket,
    *,
    overwrite: bool = False,
    progress: Progress = unwatched,
) -> int:
    """Copy a file from the node, piece by piece. As `download.download`, whose parts go on."""
    where = f"{plain(remote.path)} on {plain(node.key.id)}"
    part = files.part_of(destination, remote.sha256)
    at = begun = await asyncio.to_thread(files.prepare, part, BLOCK)
    while at < remote.size:
        size = min(_PIECE, remote.size - at)
        progress(at, remote.size)
        async with _piece_sent(node, remote, at, size, bucket) as key, _beside(part) as piece:
            await transfer.download_file(
                node.scope,
                bucket.name,
                key,
                piece,
                intent=f"copy {where}",
                progress=partial(_further, progress, remote.size, at, at),
            )
            await asyncio.to_thread(files.append, piece, part, size)
        at += size
    await by_session.finish(remote, part, destination, overwrite=overwrite)
    return begun


@asynccontextmanager
async def _piece_sent(
    node: Node, remote: RemoteFile, at: int, size: int, bucket: Bucket
) -> AsyncIterator[str]:
    """The key of an object with that piece of a file, which the node has sent. ProblemError."""
    where = f"{plain(remote.path)} on {plain(node.key.id)}"
    token = secrets.token_hex(8)
    whole = size == remote.size
    script = node.dialect.send(remote.path, None if whole else Piece(at, size, token))
    async with _object(node, bucket) as key:
        address = await transfer.presigned(
            node.scope,
            "PutObject",
            bucket.name,
            key,
            _ADDRESS_SECONDS,
            intent=f"let {plain(node.key.id)} send {plain(remote.path)}",
        )
        code, said = await _told(node, script, address, "" if whole else token)
        _check(code, said, f"{where} could not be sent to {bucket}")
        yield key


@asynccontextmanager
async def _beside(part: Path) -> AsyncIterator[Path]:
    """A file for a piece, which is gone afterwards."""
    piece = part.with_suffix(".piece")
    try:
        await asyncio.to_thread(files.prepare, piece, 1)
        yield piece
    finally:
        await asyncio.to_thread(piece.unlink, missing_ok=True)


@asynccontextmanager
async def _object(node: Node, bucket: Bucket) -> AsyncIterator[str]:
    """The key of an object that is gone afterwards, also if there was none or all was cancelled."""
    made = _Object(bucket, f"{bucket.prefix}ssmtui-{secrets.token_hex(8)}")
    try:
        yield made.key
    finally:
        await _remove(node, made)


async def _remove(node: Node, gone: _Object) -> None:
    """Remove an object, also when cancelled; one that is not there is no error. ProblemError."""
    name, key, intent = gone.bucket.name, gone.key, f"remove what was copied by {gone.bucket}"
    removing = transfer.delete_object(node.scope, name, key, intent=intent)
    await settled(spawn(removing, "removing a copy's object"))


def _name_of(node: Node, content: Content, place: Place) -> str:
    """What the pieces of a copy are called: as before, if it is made again, and as no other one."""
    whole = "\0".join((*node.scope.key, node.key.id, place.part, content.sha256))
    return f"ssmtui-{hashlib.sha256(whole.encode(errors='surrogateescape')).hexdigest()[:32]}"


def _further(progress: Progress, size: int, at: int, begun: int, done: int) -> None:
    """How far a copy is when so much of the piece at byte `at` has moved."""
    progress(max(at + done, begun), size)


async def _told(node: Node, script: str, address: Secret, token: str) -> tuple[int | None, str]:
    """Have a script use an address; one that was cut off does not tidy up its piece by itself.

    `token` "" is for a script that has no piece. Returns as `Node.tell` does.
    """
    code: int | None = None
    try:
        code, said = await node.tell(script, _entered(node, address))
    finally:
        if code is None and token:
            await settled(spawn(node.answer(node.dialect.unsent(token)), "removing a piece"))
    return code, said


async def _entered(node: Node, address: Secret) -> AsyncIterator[bytes]:
    yield node.dialect.entered(address.reveal())


def _check(code: int | None, said: str, what: str) -> None:
    if code == Code.NO_FETCHER:
        raise failed(what, "there is no curl on it", "Copy it with --via session")
    if code != 0:
        raise failed(what, said, AGAIN)
