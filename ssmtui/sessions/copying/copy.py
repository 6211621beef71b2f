"""One copy, whole: which way, what stands in its way, and by which road it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import msgspec

from ssmtui.core.columns import bytes_text
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.sessions.copying import archives, files, folders, storage
from ssmtui.sessions.copying.asking import Node
from ssmtui.sessions.copying.download import RemoteFile, download, look_at
from ssmtui.sessions.copying.files import Content
from ssmtui.sessions.copying.pace import Progress, unwatched
from ssmtui.sessions.copying.storage import Bucket, parse_bucket
from ssmtui.sessions.copying.upload import Place, find_place, finish, send
from ssmtui.sessions.specs import SessionSpec

# Asks whether what is there may be overwritten.
Agree = Callable[[str], Awaitable[bool]]

# A reason is checked with any target.
_ANY: Final = RowKey("", "", "node")


class Road(msgspec.Struct, frozen=True):
    """How files travel: over the session, or through a bucket from `threshold` bytes on."""

    bucket: Bucket | None = None
    threshold: int = 0

    @classmethod
    def configured(cls, bucket: str | None, threshold: int) -> Road:
        """By the [copy] table of the configuration. ProblemError for what is no bucket."""
        return cls() if bucket is None else cls(parse_bucket(bucket), threshold)

    def bucket_for(self, size: int) -> Bucket | None:
        """The bucket that a file of that size goes through; None for the session."""
        return self.bucket if self.bucket is not None and size >= self.threshold else None


class CopySpec(msgspec.Struct, frozen=True):
    """What is to be copied: `local` and `remote` are paths, `upload` says which way.

    Making one that cannot be is a ProblemError.
    """

    upload: bool
    local: Path
    remote: str
    recursive: bool = False
    overwrite: bool = False
    reason: str = ""
    road: Road = Road()

    def __post_init__(self) -> None:
        local = plain(str(self.local))
        if not self.remote:
            raise input_problem("The path on the node is missing")
        SessionSpec(_ANY, reason=self.reason)
        if self.upload:
            if not self.local.exists():
                raise input_problem(f"There is no file {local}")
            if self.local.is_dir() != self.recursive:
                raise (
                    input_problem(f"{local} is not a directory", "Leave out --recursive")
                    if self.recursive
                    else input_problem(f"{local} is a directory", "Copy it with --recursive")
                )
        elif not (self.local.is_dir() or self.local.parent.is_dir()):
            raise input_problem(f"There is no directory {plain(str(self.local.parent))}")


class Copied(msgspec.Struct, frozen=True):
    """A copy that was made: where it is, its size, what was there of it, by which bucket it went.

    `sha256` is that of the file, or of the archive in which a directory has travelled; `left_out`
    is what of that was not unpacked, as it led outside or was a device.
    """

    where: str
    size: int
    begun: int
    sha256: str
    bucket: Bucket | None = None
    left_out: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        went_on = f", of which {bytes_text(self.begun)} were there already" if self.begun else ""
        through = f" through {plain(str(self.bucket))}" if self.bucket is not None else ""
        left_out = f"; left out: {', '.join(self.left_out)}" if self.left_out else ""
        size = f"{bytes_text(self.size)}{went_on}{through}"
        return f"{plain(self.where)}: {size}, sha256 {self.sha256}{left_out}"


async def copy(
    node: Node, spec: CopySpec, *, agree: Agree | None = None, progress: Progress = unwatched
) -> Copied | None:
    """Make a copy; None if `agree` says no to overwriting what is there.

    Without `agree` that is a ProblemError. A failure, or being cancelled, leaves no session open,
    and what has come by then for the next attempt.
    """
    making = _Making(node, spec, agree, progress)
    if spec.recursive:
        return await (making.folder_up() if spec.upload else making.folder_down())
    return await (making.file_up() if spec.upload else making.file_down())


class _Making:
    """A copy that is being made."""

    def __init__(self, node: Node, spec: CopySpec, agree: Agree | None, progress: Progress) -> None:
        self._node = node
        self._spec = spec
        self._agree = agree
        self._progress = progress

    async def file_up(self) -> Copied | None:
        content = await asyncio.to_thread(files.content_of, self._spec.local)
        place = await find_place(self._node, self._spec.local, content, self._spec.remote)
        if not await self._may_write(self._there(place), taken=place.taken):
            return None
        bucket = await self._bring(self._spec.local, content, place)
        overwrite = self._spec.overwrite or place.taken
        await finish(self._node, content, place, overwrite=overwrite)
        return Copied(place.path, content.size, place.begun, content.sha256, bucket)

    async def folder_up(self) -> Copied | None:
        async with folders.packed_here(self._spec.local) as (archive, content):
            place = await folders.find_place(self._node, archive, content, self._spec.remote)
            if not await self._may_write(self._there(place), taken=place.taken):
                return None
            bucket = await self._bring(archive, content, place)
            overwrite = self._spec.overwrite or place.taken
            await folders.finish(self._node, content, place, overwrite=overwrite)
        return Copied(place.path, content.size, place.begun, content.sha256, bucket)

    async def file_down(self) -> Copied | None:
        destination, taken = await asyncio.to_thread(self._destination)
        if taken and self._agree is None:
            await self._may_write(str(destination), taken=taken)
        remote = await look_at(self._node, self._spec.remote)
        if not await self._may_write(str(destination), taken=taken):
            return None
        overwrite = self._spec.overwrite or taken
        begun, bucket = await self._fetch(remote, destination, overwrite=overwrite)
        return Copied(str(destination), remote.size, begun, remote.sha256, bucket)

    async def folder_down(self) -> Copied | None:
        destination, taken = await asyncio.to_thread(self._destination)
        if not await self._may_write(str(destination), taken=taken):
            return None
        overwrite = self._spec.overwrite or taken
        async with folders.packed_there(self._node, self._spec.remote) as packed:
            archive = destination.with_name(f".{destination.name}.{packed.sha256[:16]}.tar")
            begun, bucket = await self._fetch(packed, archive, overwrite=True)
        left_out = await asyncio.to_thread(
            archives.unpack, archive, destination, overwrite=overwrite
        )
        where = str(destination)
        return Copied(where, packed.size, begun, packed.sha256, bucket, tuple(left_out))

    async def _bring(self, source: Path, content: Content, place: Place) -> Bucket | None:
        bucket = self._spec.road.bucket_for(content.size)
        if bucket is None:
            await send(self._node, source, content, place, self._progress)
        else:
            await storage.upload(
                self._node, source, content, place, bucket, progress=self._progress
            )
        return bucket

    async def _fetch(
        self, remote: RemoteFile, destination: Path, *, overwrite: bool
    ) -> tuple[int, Bucket | None]:
        bucket = self._spec.road.bucket_for(remote.size)
        node, progress = self._node, self._progress
        if bucket is None:
            begun = await download(
                node, remote, destination, overwrite=overwrite, progress=progress
            )
            return begun, None
        begun = await storage.download(
            node, remote, destination, bucket, overwrite=overwrite, progress=progress
        )
        return begun, bucket

    async def _may_write(self, where: str, *, taken: bool) -> bool:
        """Whether to go on. ProblemError if something is there, and nobody to ask."""
        if not taken or self._spec.overwrite:
            return True
        if self._agree is None:
            raise files.exists(where)
        return await self._agree(where)

    def _there(self, place: Place) -> str:
        return f"{plain(place.path)} on {plain(self._node.key.id)}"

    def _destination(self) -> tuple[Path, bool]:
        """What is to be written here, and whether something is there. ProblemError. Blocking."""
        destination = self._spec.local
        if destination.is_dir():
            name = self._node.dialect.base(self._spec.remote)
            if not name:
                raise input_problem(f"{plain(self._spec.remote)} is not the name of a file")
            destination = destination / name
        if destination.is_dir() and not self._spec.recursive:
            raise input_problem(f"{plain(str(destination))} is a directory")
        return destination, destination.exists() or destination.is_symlink()
