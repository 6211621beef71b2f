"""Whole copies: files and directories, over sessions and through the simulated S3."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying.copy import CopySpec, Road, copy
from ssmtui.sessions.copying.storage import Bucket
from ssmtui.simulator.world.buckets import Buckets


@pytest.fixture
def source(tmp_path, content):
    made = tmp_path / "source.bin"
    made.write_bytes(content)
    return made


@pytest.fixture
def bucket(place):
    return place.fleet.world.part(Buckets).usual(*place.scope.key)


@pytest.fixture
def roads(bucket):
    """Both of them: the session alone, and the bucket for everything."""
    return {"session": Road(), "bucket": Road(Bucket(bucket.name, "copies/"))}


async def yes(where):
    return True


async def no(where):
    return False


@pytest.mark.parametrize("by", ["session", "bucket"])
async def test_a_file_goes_there_and_comes_back(
    place, bucket, roads, source, content, tmp_path, by
):
    up = await copy(place.node, CopySpec(True, source, place.path("x"), road=roads[by]))
    assert place.holds("x") == content
    assert up.where == place.path("x")
    assert up.words.startswith(f"{place.path('x')}: 250.0 KiB")
    assert ("through s3://" in up.words) == (by == "bucket")
    down = await copy(place.node, CopySpec(False, tmp_path, place.path("x"), road=roads[by]))
    assert (tmp_path / "x").read_bytes() == content
    assert down.sha256 == up.sha256
    assert [*bucket.objects()] == []
    assert [name for name in place.names if name.endswith(".part")] == []
    assert [path.name for path in tmp_path.glob(".*.part")] == []


@pytest.mark.parametrize("by", ["session", "bucket"])
async def test_only_asked_for_is_anything_overwritten(place, roads, source, content, by):
    place.puts("x", b"theirs")
    spec = CopySpec(True, source, place.path("x"), road=roads[by])
    with pytest.raises(ProblemError, match="exists"):
        await copy(place.node, spec)
    assert await copy(place.node, spec, agree=no) is None
    assert place.holds("x") == b"theirs"
    assert await copy(place.node, spec, agree=yes) is not None
    assert place.holds("x") == content
    source.write_bytes(b"mine")
    back = CopySpec(False, source, place.path("x"), road=roads[by])
    with pytest.raises(ProblemError, match="exists"):
        await copy(place.node, back)
    assert await copy(place.node, back, agree=no) is None
    assert source.read_bytes() == b"mine"
    assert await copy(place.node, back, agree=yes) is not None
    assert source.read_bytes() == content


def test_a_small_file_takes_the_session_and_a_large_one_the_bucket():
    road = Road(Bucket("b"), threshold=100)
    assert road.bucket_for(99) is None
    assert road.bucket_for(100) == Bucket("b")
    assert Road(None, 0).bucket_for(100) is None


@pytest.fixture
def tree(tmp_path):
    made = tmp_path / "tree"
    (made / "sub" / "empty").mkdir(parents=True)
    (made / "a b.txt").write_text("one")
    (made / "sub" / "b.bin").write_bytes(bytes(range(256)))
    (made / "sub" / "b.bin").chmod(0o750)
    (made / "link").symlink_to("sub/b.bin")
    return made


def shape(folder: Path) -> dict[str, bytes | str | None]:
    """What is in a directory: contents of files, targets of links, None for directories."""
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else None
        for path in sorted(folder.rglob("*"))
    }


async def test_a_directory_goes_there_and_comes_back(place, tree, tmp_path):
    up = await copy(place.node, CopySpec(True, tree, place.path(""), recursive=True))
    assert up.where == place.path("tree")
    assert place.holds("tree/a b.txt") == b"one"
    spec = CopySpec(False, tmp_path / "back", place.path("tree"), recursive=True)
    down = await copy(place.node, spec)
    assert shape(tmp_path / "back") == shape(tree)
    if place.platform == "linux":
        assert (tmp_path / "back" / "sub" / "b.bin").stat().st_mode & 0o777 == 0o750
    assert down.left_out == ()
    assert place.names == ["tree"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


async def test_a_directory_that_is_there_gets_what_is_new_if_asked(place, tree):
    await copy(place.node, CopySpec(True, tree, place.path(""), recursive=True))
    (tree / "a b.txt").write_text("two")
    place.puts("tree/theirs", b"stays")
    again = CopySpec(True, tree, place.path(""), recursive=True)
    with pytest.raises(ProblemError, match="exists"):
        await copy(place.node, again)
    assert place.holds("tree/a b.txt") == b"one"
    assert await copy(place.node, again, agree=yes) is not None
    assert place.holds("tree/a b.txt") == b"two"
    assert place.holds("tree/theirs") == b"stays"


async def test_a_cancelled_copy_leaves_no_object_and_no_session(place, bucket, roads, source):
    begun = asyncio.Event()

    def watch(done, size):
        begun.set()

    spec = CopySpec(True, source, place.path("x"), road=roads["bucket"])
    copying = asyncio.ensure_future(copy(place.node, spec, progress=watch))
    await begun.wait()
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert [*bucket.objects()] == []
    assert bucket.uploads == {}
    assert place.open == []
    assert place.holds("x") is None


async def test_the_address_is_nowhere_to_be_read(place, roads, source, tmp_path, caplog):
    caplog.set_level("DEBUG")
    await copy(place.node, CopySpec(True, source, place.path("x"), road=roads["bucket"]))
    audit = (tmp_path / "audit.jsonl").read_text()
    operations = {json.loads(line)["operation"] for line in audit.splitlines()}
    assert {"s3:PutObject", "s3:GetObject", "s3:DeleteObject"} <= operations
    assert "X-Amz-Signature" not in audit
    assert "X-Amz-Signature" not in caplog.text


@pytest.mark.parametrize("fault", ["truncate", "denied"])
async def test_what_a_node_could_not_fetch_is_said_and_taken_up_again(
    place, bucket, roads, source, content, fault
):
    place.fleet.endpoint.faults.add(f"{fault} s3:GetObject count=1")
    spec = CopySpec(True, source, place.path("x"), road=roads["bucket"])
    with pytest.raises(ProblemError, match=r"could not be fetched from s3://.*go on from there"):
        await copy(place.node, spec)
    assert len([*bucket.objects()]) == 1  # the piece that it did not get
    assert place.holds("x") is None
    again = await copy(place.node, spec)
    assert [*bucket.objects()] == []
    assert place.fleet.endpoint.calls["s3:PutObject"] == 1
    if fault == "truncate" and place.platform == "linux":
        assert again.begun == len(content) // 2
    assert place.holds("x") == content


async def test_a_bucket_that_is_not_there_is_said(place, source):
    road = Road(Bucket("no-such-bucket"))
    with pytest.raises(ProblemError, match="bucket does not exist"):
        await copy(place.node, CopySpec(True, source, place.path("x"), road=road))


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"upload": True, "local": "nothing"}, "There is no file"),
        ({"upload": True, "local": "."}, "is a directory. Copy it with --recursive"),
        ({"upload": True, "local": "file", "recursive": True}, "is not a directory"),
        ({"upload": False, "local": "no/such"}, "There is no directory"),
        ({"upload": False, "local": ".", "remote": ""}, "path on the node is missing"),
        ({"upload": False, "local": ".", "reason": "a\nb"}, "A reason is one line"),
    ],
)
def test_what_cannot_be_copied_is_said_at_once(tmp_path, spec, words):
    (tmp_path / "file").touch()
    given = {"remote": "/x", **spec, "local": tmp_path / spec["local"]}
    with pytest.raises(ProblemError, match=words):
        CopySpec(**given)
