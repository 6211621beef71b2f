from __future__ import annotations

import asyncio
import hashlib

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying import storage
from ssmtui.sessions.copying.download import RemoteFile
from ssmtui.sessions.copying.scripts import BLOCK
from ssmtui.sessions.copying.storage import Bucket, parse_bucket
from ssmtui.simulator.world.buckets import Buckets


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


@pytest.fixture
def bucket(place):
    return Bucket(place.fleet.world.part(Buckets).usual(*place.scope.key).name)


@pytest.fixture
def remote(place, content, monkeypatch):
    """A file of the node that goes in two pieces."""
    monkeypatch.setattr(storage, "_PIECE", 2 * BLOCK)
    place.puts("x", content)
    return RemoteFile(place.path("x"), len(content), hashlib.sha256(content).hexdigest())


async def test_a_large_file_comes_in_pieces(place, remote, bucket, content, tmp_path):
    seen = []

    def watch(done, size):
        seen.append(done)

    begun = await storage.download(place.node, remote, tmp_path / "x", bucket, progress=watch)
    assert (tmp_path / "x").read_bytes() == content
    assert begun == 0
    assert seen == sorted(seen)
    assert {0, 2 * BLOCK, len(content)} <= set(seen)
    assert place.fleet.endpoint.calls["s3:PutObject"] == 2
    assert place.names == ["x"]


async def test_a_download_that_was_cut_goes_on_from_its_last_piece(
    place, remote, bucket, content, tmp_path
):
    place.fleet.endpoint.faults.add("denied s3:GetObject after=1 count=1")
    with pytest.raises(ProblemError):
        await storage.download(place.node, remote, tmp_path / "x", bucket)
    assert not (tmp_path / "x").exists()
    assert len(list(tmp_path.glob(".x.*"))) == 1
    before = place.fleet.endpoint.calls["s3:PutObject"]
    begun = await storage.download(place.node, remote, tmp_path / "x", bucket)
    assert begun == 2 * BLOCK
    assert place.fleet.endpoint.calls["s3:PutObject"] - before == 1
    assert (tmp_path / "x").read_bytes() == content
    assert list(tmp_path.glob(".x.*")) == []


async def test_a_piece_that_cannot_be_sent_is_not_left_on_the_node(place, remote, bucket, tmp_path):
    place.fleet.endpoint.faults.add("denied s3:PutObject")
    with pytest.raises(ProblemError, match=r"could not be sent to s3://.*go on from there"):
        await storage.download(place.node, remote, tmp_path / "x", bucket)
    assert place.names == ["x"]


async def test_a_cancelled_download_leaves_no_piece_on_the_node(place, remote, bucket, tmp_path):
    place.fleet.endpoint.faults.add("hang s3:PutObject")
    copying = asyncio.ensure_future(storage.download(place.node, remote, tmp_path / "x", bucket))
    while not place.fleet.endpoint.calls["s3:PutObject"]:
        await asyncio.sleep(0)
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert place.names == ["x"]


async def test_where_there_is_no_curl_the_session_is_named(open_place, tmp_path):
    async with open_place() as place:
        await place.runs("rm /usr/bin/curl; echo x > /tmp/x")
        name = f"ssm-{place.scope.key.account}-{place.scope.key.region}"
        remote = RemoteFile("/tmp/x", 2, "ab" * 32)
        with pytest.raises(ProblemError, match=r"there is no curl on it.*--via session"):
            await storage.download(place.node, remote, tmp_path / "x", Bucket(name))
