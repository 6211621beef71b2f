"""A file through S3: for large ones, which a session carries slowly.

This side and the node both speak to a bucket; the node does so by a presigned address, which it is
told over a session. The object is removed afterwards, however the copy ends.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

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
from ssmtui.sessions.copying.upload import Place

# How long an address is good: the node begins at once, and S3 looks at the beginning only.
_ADDRESS_SECONDS: Final = 900
# A node sends so much at once: of a file that was cut, whole pieces are kept. One PUT may bring no
# more than 5 GiB (quotas of S3).
_PIECE: Final = 128 << 20
# "General purpose bucket naming rules" of S3's user guide, as far as letters go.
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class Bucket(msgspec.Struct, frozen=True):
    """A place in S3; `prefix` is "" or ends with a slash."""

    name: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}"


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
    """Bring a local file to its part on the node; what is there of that already is not fetched.

    ProblemError; what the node has fetched until a failure or cancellation is kept.
    """
    if content.size and place.begun == content.size:
        return
    where = f"{plain(place.path)} on {plain(node.key.id)}"
    async with _object(node, bucket) as key:
        await transfer.upload_file(
            node.scope,
            source,
            bucket.name,
            key,
            intent=f"copy {plain(source.name)} to {where}",
            progress=lambda done: progress(done, content.size),
        )
        address = await transfer.presigned(
            node.scope,
            "GetObject",
            bucket.name,
            key,
            _ADDRESS_SECONDS,
            intent=f"let {plain(node.key.id)} fetch it",
        )
        code, said = await node.tell(
            node.dialect.fetch(place.part, place.begun), _entered(node, address)
        )
    _check(code, said, f"{where} could not be fetched from {bucket}")


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
                progress=lambda done, at=at: progress(at + done, remote.size),  # type: ignore[misc]
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
        code: int | None = None
        try:
            code, said = await node.tell(script, _entered(node, address))
        finally:
            if code is None and not whole:  # it was cut off, and could not tidy up
                await settled(spawn(node.answer(node.dialect.unsent(token)), "removing a piece"))
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
    key = f"{bucket.prefix}ssmtui-{secrets.token_hex(8)}"
    try:
        yield key
    finally:
        removing = transfer.delete_object(
            node.scope, bucket.name, key, intent=f"remove what was copied by {bucket}"
        )
        await settled(spawn(removing, "removing a copy's object"))


async def _entered(node: Node, address: Secret) -> AsyncIterator[bytes]:
    yield node.dialect.entered(address.reveal())


def _check(code: int | None, said: str, what: str) -> None:
    if code == Code.NO_FETCHER:
        raise failed(what, "there is no curl on it", "Copy it with --via session")
    if code != 0:
        raise failed(what, said, AGAIN)
