from __future__ import annotations

import base64
import hashlib
import zlib
from typing import Any

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import ClientError

from ssmtui.simulator.server import running
from ssmtui.simulator.world import World
from ssmtui.simulator.world.buckets import LEAST_PART, Bucket, Buckets


@pytest.fixture
def bucket(aws: Any) -> Bucket:
    return aws.world.part(Buckets).usual(aws.account, aws.region)


@pytest.fixture
def stored(aws: Any, bucket: Bucket) -> dict[str, str]:
    """Where an object of ten digits is."""
    place = {"Bucket": bucket.name, "Key": "digits"}
    aws("s3:PutObject", **place, Body=b"0123456789", ContentType="text/plain", Metadata={"a": "b"})
    return place


def test_what_was_put_is_got(aws: Any, stored: dict[str, str]) -> None:
    got = aws("s3:GetObject", **stored)
    assert got["Body"] == b"0123456789"
    assert (got["ContentType"], got["Metadata"]) == ("text/plain", {"a": "b"})
    head = aws("s3:HeadObject", **stored)
    assert head["ContentLength"] == 10
    assert head["ETag"] == got["ETag"] == '"781e5e245d69b566979b86e28d23f2c7"'
    assert "Body" not in head
    aws("s3:DeleteObject", **stored)
    assert aws.refusal("s3:GetObject", **stored) == "NoSuchKey"
    assert aws.refusal("s3:HeadObject", **stored) == "NoSuchKey"


@pytest.mark.parametrize(
    ("asked", "got", "said"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
        ("bytes=0-", b"0123456789", None),
        ("bytes=-", b"0123456789", None),
        ("lines=1-2", b"0123456789", None),
    ],
)
def test_a_range_is_a_part(
    aws: Any, stored: dict[str, str], asked: str, got: bytes, said: str | None
) -> None:
    answer = aws("s3:GetObject", **stored, Range=asked)
    assert (answer["Body"], answer.get("ContentRange")) == (got, said)


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=5-3", "bytes=-0"])
def test_a_range_outside_is_refused(aws: Any, stored: dict[str, str], asked: str) -> None:
    assert aws.refusal("s3:GetObject", **stored, Range=asked) == "InvalidRange"


def test_conditions_are_kept(aws: Any, stored: dict[str, str]) -> None:
    assert aws.refusal("s3:PutObject", **stored, IfNoneMatch="*") == "PreconditionFailed"
    assert aws.refusal("s3:GetObject", **stored, IfMatch='"0"') == "PreconditionFailed"
    aws("s3:GetObject", **stored, IfMatch=aws("s3:HeadObject", **stored)["ETag"])


def sums(data: bytes) -> dict[str, str]:
    digests = {
        "ContentMD5": hashlib.md5(data).digest(),
        "ChecksumCRC32": zlib.crc32(data).to_bytes(4, "big"),
        "ChecksumSHA1": hashlib.sha1(data).digest(),
        "ChecksumSHA256": hashlib.sha256(data).digest(),
    }
    return {name: base64.b64encode(digest).decode() for name, digest in digests.items()}


@pytest.mark.parametrize("name", list(sums(b"")))
def test_checksums_are_checked(aws: Any, bucket: Bucket, name: str) -> None:
    place = {"Bucket": bucket.name, "Key": "sum"}
    right, wrong = sums(b"data")[name], sums(b"other")[name]
    assert aws.refusal("s3:PutObject", **place, Body=b"data", **{name: wrong}) == "BadDigest"
    assert bucket.get("sum") is None
    aws("s3:PutObject", **place, Body=b"data", **{name: right})
    if name != "ContentMD5":
        assert aws("s3:GetObject", **place, ChecksumMode="ENABLED")[name] == right
        assert name not in aws("s3:GetObject", **place)
        assert name not in aws("s3:GetObject", **place, ChecksumMode="ENABLED", Range="bytes=1-1")


def test_keys_are_listed_by_page(aws: Any, bucket: Bucket) -> None:
    for number in range(7):
        bucket.put(f"a/{number}", b"x" * number, aws.world.now)
    bucket.put("b", b"", aws.world.now)
    pages: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while not pages or pages[-1]["IsTruncated"]:
        pages.append(aws("s3:ListObjectsV2", Bucket=bucket.name, Prefix="a/", MaxKeys=3, **token))
        token = {"ContinuationToken": pages[-1].get("NextContinuationToken", "")}
    keys = [[item["Key"] for item in page["Contents"]] for page in pages]
    assert keys == [["a/0", "a/1", "a/2"], ["a/3", "a/4", "a/5"], ["a/6"]]
    assert [page["KeyCount"] for page in pages] == [3, 3, 1]
    assert pages[2]["Contents"][0]["Size"] == 6


def test_what_shares_a_prefix_is_one(aws: Any, bucket: Bucket) -> None:
    for key in ("a/1", "a/2", "b", "c/1", "c/2/3", "d"):
        bucket.put(key, b"", aws.world.now)
    seen: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = aws("s3:ListObjectsV2", Bucket=bucket.name, Delimiter="/", MaxKeys=1, **token)
        seen += [item["Key"] for item in page["Contents"]]
        seen += [item["Prefix"] for item in page["CommonPrefixes"]]
        if not page["IsTruncated"]:
            break
        token = {"ContinuationToken": page["NextContinuationToken"]}
    assert seen == ["a/", "b", "c/", "d"]
    assert (
        aws.refusal("s3:ListObjectsV2", Bucket=bucket.name, ContinuationToken="ä")
        == "InvalidArgument"
    )
    below = aws("s3:ListObjectsV2", Bucket=bucket.name, Delimiter="/", Prefix="c/")
    assert [item["Key"] for item in below["Contents"]] == ["c/1"]
    assert below["CommonPrefixes"] == [{"Prefix": "c/2/"}]
    rest = aws("s3:ListObjectsV2", Bucket=bucket.name, StartAfter="b", EncodingType="url")
    assert [item["Key"] for item in rest["Contents"]] == ["c/1", "c/2/3", "d"]


def test_parts_become_an_object(aws: Any, bucket: Bucket) -> None:
    place = {"Bucket": bucket.name, "Key": "big"}
    upload = aws("s3:CreateMultipartUpload", **place, ContentType="text/plain")["UploadId"]
    place["UploadId"] = upload
    bodies = [b"a" * LEAST_PART, b"b"]
    parts = [
        {"PartNumber": n, "ETag": aws("s3:UploadPart", **place, PartNumber=n, Body=body)["ETag"]}
        for n, body in enumerate(bodies, 1)
    ]
    listed = aws("s3:ListParts", **place, MaxParts=1)
    assert (listed["IsTruncated"], listed["NextPartNumberMarker"]) == (True, 1)
    listed = aws("s3:ListParts", **place, PartNumberMarker=1)
    assert [(part["PartNumber"], part["Size"]) for part in listed["Parts"]] == [(2, 1)]
    assert aws.refusal("s3:CompleteMultipartUpload", **place) == "InvalidRequest"
    wrong = [{"PartNumber": 1, "ETag": '"0"'}]
    refused = aws.refusal("s3:CompleteMultipartUpload", **place, MultipartUpload={"Parts": wrong})
    assert refused == "InvalidPart"
    aws("s3:CompleteMultipartUpload", **place, MultipartUpload={"Parts": parts})
    del place["UploadId"]
    assert aws("s3:GetObject", **place)["Body"] == b"".join(bodies)
    assert aws("s3:GetObject", **place)["ContentType"] == "text/plain"


def test_an_aborted_upload_is_gone(aws: Any, bucket: Bucket) -> None:
    place = {"Bucket": bucket.name, "Key": "big"}
    place["UploadId"] = aws("s3:CreateMultipartUpload", **place)["UploadId"]
    assert aws.refusal("s3:UploadPart", **place, PartNumber=0, Body=b"") == "InvalidArgument"
    other = {**place, "Key": "other"}
    assert aws.refusal("s3:AbortMultipartUpload", **other) == "NoSuchUpload"
    aws("s3:AbortMultipartUpload", **place)
    assert aws.refusal("s3:UploadPart", **place, PartNumber=1, Body=b"") == "NoSuchUpload"
    assert bucket.uploads == {}


def test_buckets_are_made_and_listed(aws: Any, bucket: Bucket) -> None:
    here = {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}
    here = here if aws.region != "us-east-1" else {}
    aws("s3:CreateBucket", Bucket="my-copies", **here)
    assert aws("s3:HeadBucket", Bucket="my-copies") == {"BucketRegion": aws.region}
    names = [found["Name"] for found in aws("s3:ListBuckets")["Buckets"]]
    assert "my-copies" in names
    assert bucket.name in names
    assert aws.refusal("s3:CreateBucket", Bucket="my-copies", **here) == "BucketAlreadyOwnedByYou"
    assert aws.refusal("s3:CreateBucket", Bucket="My_Copies", **here) == "InvalidBucketName"
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": "ap-south-1"}}
    refused = aws.refusal("s3:CreateBucket", Bucket="another", **elsewhere)
    assert refused == "IllegalLocationConstraintException"
    aws.account = aws.world.accounts[0].id
    assert aws.refusal("s3:CreateBucket", Bucket="my-copies", **here) == "BucketAlreadyExists"


def test_a_bucket_is_for_its_account_and_region_only(aws: Any, bucket: Bucket) -> None:
    assert aws.refusal("s3:HeadBucket", Bucket="nobodys-bucket") == "NoSuchBucket"
    aws.region = aws.world.regions[1]
    assert aws.refusal("s3:HeadBucket", Bucket=bucket.name) == "AuthorizationHeaderMalformed"
    aws.account = aws.world.accounts[0].id
    assert aws.refusal("s3:HeadBucket", Bucket=bucket.name) == "AccessDenied"


async def test_the_library_speaks_with_it() -> None:
    """Over HTTP: keys that need quoting, a range, a missing object, and a large body."""
    world = World.generate(nodes=0, accounts=1, regions=1)
    name = world.part(Buckets).usual(world.accounts[0].id, world.regions[0]).name
    body = bytes(range(256)) * 8192  # 2 MB, more than other services take
    async with (
        running(world) as endpoint,
        get_session().create_client(
            "s3", config=AioConfig(retries={"total_max_attempts": 1}), **endpoint.client_options()
        ) as s3,
    ):
        key = "a b/ä+&?#%/x"
        await s3.put_object(Bucket=name, Key=key, Body=body)
        got = await s3.get_object(Bucket=name, Key=key, Range="bytes=256-511")
        assert await got["Body"].read() == bytes(range(256))
        assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
        whole = await s3.get_object(Bucket=name, Key=key)
        assert await whole["Body"].read() == body
        head = await s3.head_object(Bucket=name, Key=key)
        assert head["ContentLength"] == len(body)
        listed = await s3.list_objects_v2(Bucket=name)
        assert [item["Key"] for item in listed["Contents"]] == [key]
        with pytest.raises(ClientError, match="404"):
            await s3.head_object(Bucket=name, Key="other")
        with pytest.raises(s3.exceptions.NoSuchKey):
            await s3.get_object(Bucket=name, Key="other")
        assert endpoint.mistakes == []
