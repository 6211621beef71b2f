"""S3: buckets and objects, whole and in parts. What is stored is in `world.buckets`."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.world.buckets import (
    Bucket,
    Buckets,
    StoredObject,
    Upload,
    UploadError,
    etag_of,
)

_PAGE = 1000
_MOST_PARTS = 10_000
_NAME = re.compile(r"(?!xn--|\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class S3:
    """The operations that copies and outputs need, as S3 answers them."""

    def CreateBucket(self, call: Call) -> dict[str, Any]:
        """A bucket in the Region that it is asked for in."""
        name = call.params["Bucket"]
        if not _NAME.fullmatch(name) or ".." in name:
            raise ServiceError(
                "InvalidBucketName", "The specified bucket is not valid.", 400, {"BucketName": name}
            )
        where = call.params.get("CreateBucketConfiguration", {}).get("LocationConstraint")
        if where != (None if call.region == "us-east-1" else call.region):
            raise ServiceError(
                "IllegalLocationConstraintException",
                f"The {where or 'unspecified'} location constraint is incompatible for the region "
                "specific endpoint this request was sent to.",
            )
        buckets = call.world.part(Buckets)
        there = buckets.named(name)
        if there is not None:
            raise _taken(name, ours=there.account == call.account)
        buckets.create(name, call.account, call.region, call.now)
        return {"Location": f"/{name}"}

    def ListBuckets(self, call: Call) -> dict[str, Any]:
        """The account's own, in all Regions."""
        owned = call.world.part(Buckets).of(call.account)
        return {
            "Owner": {"ID": hashlib.sha256(call.account.encode()).hexdigest()},
            "Buckets": [
                {"Name": one.name, "CreationDate": one.created, "BucketRegion": one.region}
                for one in owned
            ],
        }

    def HeadBucket(self, call: Call) -> dict[str, Any]:
        """Whether there is such a bucket, and where."""
        return {"BucketRegion": _bucket(call).region}

    def PutObject(self, call: Call) -> dict[str, Any]:
        """Store an object whole."""
        bucket, data = _bucket(call), call.params.get("Body", b"")
        there = bucket.get(call.params["Key"])
        if call.params.get("IfNoneMatch") == "*" and there is not None:
            raise _precondition("If-None-Match")
        checksums = _checked(call, data)
        stored = bucket.put(
            call.params["Key"],
            data,
            call.now,
            content_type=call.params.get("ContentType", "binary/octet-stream"),
            metadata=call.params.get("Metadata", {}),
            checksums=checksums,
        )
        return {"ETag": stored.etag, "ServerSideEncryption": "AES256", **checksums}

    def GetObject(self, call: Call) -> dict[str, Any]:
        """An object, or the bytes of a Range."""
        stored = _object(call, _bucket(call))
        if call.params.get("IfMatch", stored.etag).strip('"') != stored.etag.strip('"'):
            raise _precondition("If-Match")
        start, end = _range(call.params.get("Range", ""), len(stored.data))
        part = stored.data[start:end]
        found = {**_about(call, stored), "ContentLength": len(part), "Body": part}
        if len(part) < len(stored.data):
            found["ContentRange"] = f"bytes {start}-{end - 1}/{len(stored.data)}"
            for name in stored.checksums:  # they are the whole object's
                found.pop(name, None)
        return found

    def HeadObject(self, call: Call) -> dict[str, Any]:
        """What GetObject would say, without the bytes."""
        stored = _object(call, _bucket(call))
        return {**_about(call, stored), "ContentLength": len(stored.data)}

    def DeleteObject(self, call: Call) -> dict[str, Any]:
        """Remove an object; S3 does not say whether there was one."""
        _bucket(call).delete(call.params["Key"])
        return {}

    def ListObjectsV2(self, call: Call) -> dict[str, Any]:
        """Keys in their order; those that share what is up to a delimiter are one prefix."""
        bucket, params = _bucket(call), call.params
        prefix, delimiter = params.get("Prefix", ""), params.get("Delimiter", "")
        most = min(params.get("MaxKeys", _PAGE), _PAGE)
        after = params.get("StartAfter", "")
        if "ContinuationToken" in params:
            after = _after(params["ContinuationToken"])
        contents: list[StoredObject] = []
        common: list[str] = []
        last, more = after, False
        for stored in bucket.objects(prefix, after):
            cut = stored.key.find(delimiter, len(prefix)) if delimiter else -1
            group = stored.key[: cut + len(delimiter)] if cut >= 0 else ""
            if group and (group in common[-1:] or (after and after.startswith(group))):
                last = stored.key
                continue
            if len(contents) + len(common) == most:
                more = True
                break
            if group:
                common.append(group)
            else:
                contents.append(stored)
            last = stored.key
        encode = _encoder(params.get("EncodingType"))
        return {
            "Name": bucket.name,
            "Prefix": encode(prefix),
            "Delimiter": encode(delimiter) if delimiter else None,
            "EncodingType": params.get("EncodingType"),
            "MaxKeys": params.get("MaxKeys", _PAGE),
            "KeyCount": len(contents) + len(common),
            "IsTruncated": more,
            "ContinuationToken": params.get("ContinuationToken"),
            "NextContinuationToken": _token(last) if more else None,
            "StartAfter": encode(params["StartAfter"]) if "StartAfter" in params else None,
            "Contents": [
                {
                    "Key": encode(stored.key),
                    "LastModified": stored.modified,
                    "ETag": stored.etag,
                    "Size": len(stored.data),
                    "StorageClass": "STANDARD",
                }
                for stored in contents
            ],
            "CommonPrefixes": [{"Prefix": encode(group)} for group in common],
        }

    # Uploads in parts.

    def CreateMultipartUpload(self, call: Call) -> dict[str, Any]:
        """Begin an upload in parts."""
        bucket = _bucket(call)
        upload = bucket.begin(
            call.params["Key"],
            call.now,
            call.params.get("ContentType", "binary/octet-stream"),
            call.params.get("Metadata", {}),
        )
        return {
            "Bucket": bucket.name,
            "Key": upload.key,
            "UploadId": upload.id,
            "ServerSideEncryption": "AES256",
        }

    def UploadPart(self, call: Call) -> dict[str, Any]:
        """One part; another one of its number takes its place."""
        upload, data = _upload(call, _bucket(call)), call.params.get("Body", b"")
        number = call.params["PartNumber"]
        if not 1 <= number <= _MOST_PARTS:
            raise ServiceError(
                "InvalidArgument",
                f"Part number must be an integer between 1 and {_MOST_PARTS}, inclusive",
            )
        checksums = _checked(call, data)
        upload.parts[number] = data
        return {"ETag": etag_of(data), "ServerSideEncryption": "AES256", **checksums}

    def ListParts(self, call: Call) -> dict[str, Any]:
        """The parts that have come."""
        bucket = _bucket(call)
        upload = _upload(call, bucket)
        after = call.params.get("PartNumberMarker", 0)
        most = min(call.params.get("MaxParts", _PAGE), _PAGE)
        numbers = [number for number in sorted(upload.parts) if number > after]
        shown = numbers[:most]
        return {
            "Bucket": bucket.name,
            "Key": upload.key,
            "UploadId": upload.id,
            "IsTruncated": len(numbers) > most,
            "MaxParts": most,
            "NextPartNumberMarker": shown[-1] if shown else None,
            "Parts": [
                {
                    "PartNumber": number,
                    "ETag": etag_of(upload.parts[number]),
                    "Size": len(upload.parts[number]),
                    "LastModified": upload.started,
                }
                for number in shown
            ],
            "StorageClass": "STANDARD",
        }

    def CompleteMultipartUpload(self, call: Call) -> dict[str, Any]:
        """Make an object of the parts."""
        bucket = _bucket(call)
        upload = _upload(call, bucket)
        parts = call.params.get("MultipartUpload", {}).get("Parts", [])
        wanted = [(part.get("PartNumber", 0), part.get("ETag", "")) for part in parts]
        if not wanted:
            raise ServiceError("InvalidRequest", "You must specify at least one part")
        try:
            stored = bucket.complete(upload, wanted, call.now)
        except UploadError as error:
            raise ServiceError(error.code, str(error)) from None
        return {
            "Location": f"http://{call.host}/{bucket.name}/{stored.key}",
            "Bucket": bucket.name,
            "Key": stored.key,
            "ETag": stored.etag,
        }

    def AbortMultipartUpload(self, call: Call) -> dict[str, Any]:
        """Forget an upload and its parts."""
        bucket = _bucket(call)
        del bucket.uploads[_upload(call, bucket).id]
        return {}


def _bucket(call: Call) -> Bucket:
    name = call.params["Bucket"]
    bucket = call.world.part(Buckets).named(name)
    if bucket is None:
        raise ServiceError(
            "NoSuchBucket", "The specified bucket does not exist", 404, {"BucketName": name}
        )
    if bucket.account != call.account:
        raise ServiceError("AccessDenied", "Access Denied", 403)
    if bucket.region != call.region:
        raise ServiceError(
            "AuthorizationHeaderMalformed",
            f"The authorization header is malformed; the region '{call.region}' is wrong; "
            f"expecting '{bucket.region}'",
            400,
            {"Region": bucket.region},
        )
    return bucket


def _taken(name: str, *, ours: bool) -> ServiceError:
    what = (
        "Your previous request to create the named bucket succeeded and you already own it."
        if ours
        else "The requested bucket name is not available. The bucket namespace is shared by all "
        "users of the system. Please select a different name and try again."
    )
    code = "BucketAlreadyOwnedByYou" if ours else "BucketAlreadyExists"
    return ServiceError(code, what, 409, {"BucketName": name})


def _object(call: Call, bucket: Bucket) -> StoredObject:
    stored = bucket.get(call.params["Key"])
    if stored is None:
        facts = {"Key": call.params["Key"]}
        raise ServiceError("NoSuchKey", "The specified key does not exist.", 404, facts)
    return stored


def _upload(call: Call, bucket: Bucket) -> Upload:
    upload = bucket.uploads.get(call.params["UploadId"])
    if upload is None or upload.key != call.params["Key"]:
        raise ServiceError(
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may "
            "have been aborted or completed.",
            404,
            {"UploadId": call.params["UploadId"]},
        )
    return upload


def _about(call: Call, stored: StoredObject) -> dict[str, Any]:
    asked = call.params.get("ChecksumMode") == "ENABLED"
    return {
        "AcceptRanges": "bytes",
        "LastModified": float(int(stored.modified)),
        "ETag": stored.etag,
        "ContentType": stored.content_type,
        "ServerSideEncryption": "AES256",
        "Metadata": dict(stored.metadata),
        **(stored.checksums if asked else {}),
    }


def _range(text: str, size: int) -> tuple[int, int]:
    """Where a Range begins and ends. One that is none is ignored, as RFC 9110 wants it."""
    found = _RANGE.fullmatch(text)
    if found is None or found.group(0) == "bytes=-":
        return 0, size
    first, last = found.groups()
    if first:
        start, end = int(first), min(int(last), size - 1) + 1 if last else size
    else:
        start, end = max(0, size - int(last)), size
    if start >= size or start >= end:
        raise ServiceError(
            "InvalidRange",
            "The requested range is not satisfiable",
            416,
            {"RangeRequested": text, "ActualObjectSize": size},
        )
    return start, end


def _precondition(condition: str) -> ServiceError:
    return ServiceError(
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
        412,
        {"Condition": condition},
    )


def _crc32(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "big")


def _sha(name: str) -> Callable[[bytes], bytes]:
    return lambda data: hashlib.new(name, data).digest()


# The checksums that can be computed here, by their members' names.
_SUMS: dict[str, Callable[[bytes], bytes]] = {
    "ContentMD5": _sha("md5"),
    "ChecksumCRC32": _crc32,
    "ChecksumSHA1": _sha("sha1"),
    "ChecksumSHA256": _sha("sha256"),
}


def _checked(call: Call, data: bytes) -> dict[str, str]:
    """The checksums that came along, once they have been found right."""
    for name, compute in _SUMS.items():
        told = call.params.get(name)
        if told is not None and told != base64.b64encode(compute(data)).decode():
            what = "Content-MD5" if name == "ContentMD5" else name.removeprefix("Checksum")
            sentence = f"The {what} you specified did not match the calculated checksum."
            raise ServiceError("BadDigest", sentence)
    return {
        name: call.params[name] for name in _SUMS if name != "ContentMD5" and name in call.params
    }


def _encoder(kind: str | None) -> Callable[[str], str]:
    return (lambda text: quote(text, safe="/")) if kind == "url" else str


def _token(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _after(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token).decode()
    except ValueError:
        raise ServiceError(
            "InvalidArgument", "The continuation token provided is incorrect"
        ) from None
