"""Tar archives in memory: bytes in, members out, and the other way round. No file is touched."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a member is; the values are tar's own."""

    FILE = tarfile.REGTYPE
    FOLDER = tarfile.DIRTYPE
    LINK = tarfile.SYMTYPE


class NoTarballError(Exception):
    """These bytes are no archive."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member: `target` is a link's, `modified` in seconds since the epoch."""

    name: str
    kind: Kind
    mode: int
    modified: float
    owner: str = "root"
    group: str = "root"
    target: str = ""
    data: bytes = b""


def packed(members: Iterable[Member], *, zipped: bool = False) -> bytes:
    """An archive of these members, as any tar reads it."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz" if zipped else "w") as archive:
        for member in members:
            info = tarfile.TarInfo(member.name)
            info.type, info.linkname = member.kind.value, member.target
            info.mode, info.mtime = member.mode, int(member.modified)
            info.uname, info.gname, info.size = member.owner, member.group, len(member.data)
            archive.addfile(info, io.BytesIO(member.data))
    return made.getvalue()


def members_of(data: bytes) -> Iterator[Member]:
    """The files, folders and symbolic links of an archive. NoTarballError."""
    kinds = {kind.value: kind for kind in Kind}
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for info in archive:
                if info.type not in kinds:
                    continue
                content = archive.extractfile(info) if info.isfile() else None
                yield Member(
                    info.name,
                    kinds[info.type],
                    info.mode & 0o7777,
                    info.mtime,
                    info.uname,
                    info.gname,
                    info.linkname,
                    content.read() if content is not None else b"",
                )
    except tarfile.TarError:
        raise NoTarballError from None
