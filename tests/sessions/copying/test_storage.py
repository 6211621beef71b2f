from __future__ import annotations

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying import storage
from ssmtui.sessions.copying.download import RemoteFile
from ssmtui.sessions.copying.storage import Bucket, parse_bucket


@pytest.mark.parametrize(
    ("text", "bucket", "shown"),
    [
        ("s3://my-copies", Bucket("my-copies"), "s3://my-copies/"),
        ("my-copies", Bucket("my-copies"), "s3://my-copies/"),
        ("s3://my.copies/a/b/", Bucket("my.copies", "a/b/"), "s3://my.copies/a/b/"),
        ("s3://my-copies//x", Bucket("my-copies", "x/"), "s3://my-copies/x/"),
    ],
)
def test_a_place_in_s3(text, bucket, shown):
    assert parse_bucket(text) == bucket
    assert str(bucket) == shown


@pytest.mark.parametrize(
    "text", ["", "s3://", "s3:///x", "s3://Up", "s3://a_b", "https://a/b", "x"]
)
def test_what_is_no_place_is_said(text):
    with pytest.raises(ProblemError, match="is no place in S3"):
        parse_bucket(text)


async def test_more_than_one_put_can_bring_is_said(place, tmp_path):
    huge = RemoteFile("/huge", (5 << 30) + 1, "ab" * 32)
    with pytest.raises(ProblemError, match=r"more than 5 GiB.*--via session"):
        await storage.download(place.node, huge, tmp_path / "x", Bucket("b-b"))
    assert place.fleet.endpoint.calls["s3:PutObject"] == 0


async def test_where_there_is_no_curl_the_session_is_named(open_place, tmp_path):
    async with open_place() as place:
        await place.runs("rm /usr/bin/curl; echo x > /tmp/x")
        name = f"ssm-{place.scope.key.account}-{place.scope.key.region}"
        remote = RemoteFile("/tmp/x", 2, "ab" * 32)
        with pytest.raises(ProblemError, match=r"there is no curl on it.*--via session"):
            await storage.download(place.node, remote, tmp_path / "x", Bucket(name))
