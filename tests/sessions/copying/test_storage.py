from __future__ import annotations

import asyncio
import hashlib

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying import files, storage
from ssmtui.sessions.copying.download import RemoteFile
from ssmtui.sessions.copying.scripts import BLOCK
from ssmtui.sessions.copying.storage import Bucket, parse_bucket
from ssmtui.sessions.copying.upload import find_place, finish
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


@pytest.fixture
def source(content, tmp_path, monkeypatch):
    """A local file that goes in two pieces."""
    monkeypatch.setattr(storage, "_PIECE", 2 * BLOCK)
    path = tmp_path / "big"
    path.write_bytes(content)
    return path


@pytest.fixture
def send(place, source, bucket):
    """Bring the file to the node once, as far as that goes; what is there of it afterwards."""

    async def sent(**more):
        whole = files.content_of(source)
        there = await find_place(place.node, source, whole, place.path("big"))
        await storage.upload(place.node, source, whole, there, bucket, **more)
        await finish(place.node, whole, there, overwrite=False)
        assert place.holds("big") == source.read_bytes()
        assert objects(place, bucket) == []
        assert place.names == ["big"]
        return there.begun

    return sent


def objects(place, bucket):
    return [one.key for one in place.fleet.world.part(Buckets).named(bucket.name).objects()]


@pytest.fixture
def calls(place):
    return place.fleet.endpoint.calls


async def test_a_large_file_goes_in_pieces(send, calls, content):
    seen = []
    assert await send(progress=lambda done, size: seen.append(done)) == 0
    assert seen == sorted(seen)
    assert {0, 2 * BLOCK, len(content)} <= set(seen)
    assert calls["s3:PutObject"] == calls["s3:DeleteObject"] == 2


@pytest.mark.parametrize("fault", ["denied", "truncate"])
async def test_no_piece_that_was_sent_is_sent_again_after_a_cut(
    place, bucket, send, calls, content, fault
):
    place.fleet.endpoint.faults.add(f"{fault} s3:GetObject after=1 count=1")
    with pytest.raises(ProblemError, match=r"could not be fetched from s3://.*go on from there"):
        await send()
    assert calls["s3:PutObject"] == 2
    assert len(objects(place, bucket)) == 1  # the one that the node has not got whole
    begun = await send()
    # curl keeps what has come of a piece; Windows gets that one again.
    came = (len(content) - 2 * BLOCK) // 2 if fault == "truncate" else 0
    assert begun == 2 * BLOCK + (came if place.platform == "linux" else 0)
    assert calls["s3:PutObject"] == 2


async def test_a_piece_that_was_not_sent_is_the_only_one_that_is(place, bucket, send, calls):
    place.fleet.endpoint.faults.add("denied s3:PutObject after=1 count=1")
    with pytest.raises(ProblemError, match="PutObject"):
        await send()
    assert objects(place, bucket) == []
    before = calls["s3:PutObject"]
    assert await send() == 2 * BLOCK
    assert calls["s3:PutObject"] - before == 1


async def test_an_upload_that_is_cancelled_while_the_node_fetches_keeps_that_piece(
    place, bucket, send, calls
):
    rule = place.fleet.endpoint.faults.add("hang s3:GetObject after=1")
    copying = asyncio.ensure_future(send())
    while not rule.hits:
        await asyncio.sleep(0)
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert [name for name in place.names if not name.endswith(".part")] == []
    assert len(objects(place, bucket)) == 1
    place.fleet.endpoint.faults.clear()
    assert await send() == 2 * BLOCK
    assert calls["s3:PutObject"] == 2


async def test_an_upload_that_is_cancelled_while_it_sends_leaves_no_object(place, bucket, send):
    copying = None

    def watch(done, size):
        if done > 2 * BLOCK and copying is not None:
            copying.cancel()

    copying = asyncio.ensure_future(send(progress=watch))
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert objects(place, bucket) == []
    copying = None
    assert await send() == 2 * BLOCK


async def test_an_object_whose_removal_was_cut_off_goes_with_the_next_attempt(
    place, bucket, send, calls
):
    place.fleet.endpoint.faults.add("denied s3:DeleteObject count=1")
    with pytest.raises(ProblemError, match="DeleteObject"):
        await send()
    assert len(objects(place, bucket)) == 1
    assert await send() == 2 * BLOCK  # which looks that nothing is left
    assert calls["s3:PutObject"] == 2


async def test_who_may_not_look_for_a_piece_sends_it(place, send, calls):
    place.fleet.endpoint.faults.add("denied s3:HeadObject")
    await send()
    assert calls["s3:PutObject"] == 2


async def test_an_object_of_another_size_is_no_piece(place, bucket, send, calls):
    place.fleet.endpoint.faults.add("denied s3:GetObject count=1")
    with pytest.raises(ProblemError):
        await send()
    (key,) = objects(place, bucket)
    place.fleet.world.part(Buckets).named(bucket.name).put(key, b"short", 0.0)
    await send()
    assert calls["s3:PutObject"] == 3


async def test_an_empty_file_takes_the_session(source, send, calls):
    source.write_bytes(b"")
    await send()
    assert calls["s3:PutObject"] == 0


async def test_where_there_is_no_curl_the_session_is_named(open_place, tmp_path):
    async with open_place() as place:
        await place.runs("rm /usr/bin/curl; echo x > /tmp/x")
        name = f"ssm-{place.scope.key.account}-{place.scope.key.region}"
        remote = RemoteFile("/tmp/x", 2, "ab" * 32)
        with pytest.raises(ProblemError, match=r"there is no curl on it.*--via session"):
            await storage.download(place.node, remote, tmp_path / "x", Bucket(name))
