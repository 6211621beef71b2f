"""What is in S3: buckets, their objects, and uploads in parts that are not complete yet.

One `Buckets` is part of a world: `world.part(Buckets)`. Every account has a bucket in each Region
from the start (`usual_name`), for outputs and for files on their way.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssmtui.simulator.world.world import World

# All but the last part of an upload have at least so many bytes.
LEAST_PART = 5 * 1024 * 1024


class UploadError(Exception):
    """Parts that make no object: `code` is S3's word for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object. `modified` is in seconds since the epoch, `checksums` by S3's member names."""

    key: str
    data: bytes
    modified: float
    etag: str  # with its quotes
    content_type: str = "binary/octet-stream"
    metadata: Mapping[str, str] = field(default_factory=dict)
    checksums: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Upload:
    """An upload in parts: bytes by number, from 1 on."""

    id: str
    key: str
    started: float
    content_type: str
    metadata: Mapping[str, str]
    parts: dict[int, bytes] = field(default_factory=dict)


class Bucket:
    """One bucket. Its keys are kept in the order in which they are listed: that of their UTF-8."""

    def __init__(self, name: str, account: str, region: str, created: float) -> None:
        self.name = name
        self.account = account
        self.region = region
        self.created = created
        self.uploads: dict[str, Upload] = {}
        self._begun = 0
        self._objects: dict[str, StoredObject] = {}
        self._order: list[tuple[bytes, str]] = []

    def put(
        self,
        key: str,
        data: bytes,
        now: float,
        *,
        content_type: str = "binary/octet-stream",
        metadata: Mapping[str, str] | None = None,
        checksums: Mapping[str, str] | None = None,
        etag: str = "",
    ) -> StoredObject:
        """Store an object, in the place of one of that key. `now` is the simulated time."""
        stored = StoredObject(
            key=key,
            data=data,
            modified=now,
            etag=etag or f'"{_md5(data)}"',
            content_type=content_type,
            metadata=metadata or {},
            checksums=checksums or {},
        )
        if key not in self._objects:
            insort(self._order, (key.encode(), key))
        self._objects[key] = stored
        return stored

    def get(self, key: str) -> StoredObject | None:
        return self._objects.get(key)

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        if self._objects.pop(key, None) is not None:
            self._order.remove((key.encode(), key))

    def objects(self, prefix: str = "", after: str = "") -> Iterator[StoredObject]:
        """The objects whose keys begin with `prefix`, in their order, behind the key `after`."""
        start = bisect_right(self._order, (after.encode(), after)) if after else 0
        for _, key in self._order[start:]:
            if key.startswith(prefix):
                yield self._objects[key]

    def begin(self, key: str, now: float, content_type: str, metadata: Mapping[str, str]) -> Upload:
        """Begin an upload in parts."""
        self._begun += 1
        upload_id = hashlib.sha256(f"{self.name} {self._begun} {key}".encode()).hexdigest()
        upload = Upload(upload_id, key, now, content_type, metadata)
        self.uploads[upload_id] = upload
        return upload

    def complete(self, upload: Upload, wanted: list[tuple[int, str]], now: float) -> StoredObject:
        """Make the object of the wanted parts (number and ETag). UploadError."""
        numbers = [number for number, _ in wanted]
        if numbers != sorted(set(numbers)):
            raise UploadError("InvalidPartOrder", "The list of parts was not in ascending order.")
        for number, etag in wanted:
            part = upload.parts.get(number)
            if part is None or etag.strip('"') != _md5(part):
                raise UploadError(
                    "InvalidPart", "One or more of the specified parts could not be found."
                )
        parts = [upload.parts[number] for number in numbers]
        if any(len(part) < LEAST_PART for part in parts[:-1]):
            raise UploadError(
                "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"
            )
        digests = b"".join(bytes.fromhex(_md5(part)) for part in parts)
        del self.uploads[upload.id]
        return self.put(
            upload.key,
            b"".join(parts),
            now,
            content_type=upload.content_type,
            metadata=upload.metadata,
            etag=f'"{_md5(digests)}-{len(parts)}"',
        )


class Buckets:
    """All buckets: their names are unique over all accounts and Regions."""

    def __init__(self, world: World) -> None:
        self._named: dict[str, Bucket] = {}
        for scope in world.scopes:
            name = usual_name(scope.account.id, scope.region)
            self.create(name, scope.account.id, scope.region, world.now)

    def named(self, name: str) -> Bucket | None:
        return self._named.get(name)

    def usual(self, account: str, region: str) -> Bucket:
        """The bucket that an account has in a Region from the start. KeyError if it is gone."""
        return self._named[usual_name(account, region)]

    def of(self, account: str) -> list[Bucket]:
        """An account's buckets, by name."""
        owned = [bucket for bucket in self._named.values() if bucket.account == account]
        return sorted(owned, key=lambda bucket: bucket.name)

    def create(self, name: str, account: str, region: str, now: float) -> Bucket:
        """A new bucket. ValueError if there is one of that name."""
        if name in self._named:
            raise ValueError(f"there is a bucket {name}")
        bucket = self._named[name] = Bucket(name, account, region, now)
        return bucket


def usual_name(account: str, region: str) -> str:
    """The name of an account's own bucket in a Region."""
    return f"ssm-{account}-{region}"


def etag_of(data: bytes) -> str:
    """The ETag of an object or a part that came in one piece, with its quotes."""
    return f'"{_md5(data)}"'


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
