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
from ssmtui.sessions.copying.dialects import Code
from ssmtui.sessions.copying.download import AGAIN, RemoteFile
from ssmtui.sessions.copying.files import Content
from ssmtui.sessions.copying.pace import Progress, unwatched
from ssmtui.sessions.copying.upload import Place

# How long an address is good: the node begins at once, and S3 looks at the beginning only.
_ADDRESS_SECONDS: Final = 900
# What one PUT may bring (S3's quotas).
_LARGEST_PUT: Final = 5 << 30
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
) -> None:
    """Copy a file from the node. As `download.download`, but a cut one begins anew."""
    where = f"{plain(remote.path)} on {plain(node.key.id)}"
    if remote.size > _LARGEST_PUT:
        raise input_problem(
            f"{where} has more than 5 GiB, which a node cannot send to S3 at once",
            "Copy it over the session with --via session",
        )
    part = files.part_of(destination, remote.sha256)
    async with _object(node, bucket) as key:
        address = await transfer.presigned(
            node.scope,
            "PutObject",
            bucket.name,
            key,
            _ADDRESS_SECONDS,
            intent=f"let {plain(node.key.id)} send {plain(remote.path)}",
        )
        progress(0, remote.size)
        code, said = await node.tell(node.dialect.send(remote.path), _entered(node, address))
        _check(code, said, f"{where} could not be sent to {bucket}")
        await asyncio.to_thread(files.prepare, part, 1)
        await transfer.download_file(
            node.scope,
            bucket.name,
            key,
            part,
            intent=f"copy {where}",
            progress=lambda done: progress(done, remote.size),
        )
    await by_session.finish(remote, part, destination, overwrite=overwrite)


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
