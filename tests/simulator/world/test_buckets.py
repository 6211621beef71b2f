from __future__ import annotations

import pytest

from ssmtui.simulator.world import World
from ssmtui.simulator.world.buckets import LEAST_PART, Bucket, Buckets, UploadError, etag_of


@pytest.fixture
def bucket() -> Bucket:
    return Bucket("outputs", "111122223333", "eu-west-1", 0.0)


def keys(bucket: Bucket, prefix: str = "", after: str = "") -> list[str]:
    return [stored.key for stored in bucket.objects(prefix, after)]


def test_every_account_has_a_bucket_in_each_region() -> None:
    world = World.generate(nodes=0, accounts=2, regions=2)
    buckets = world.part(Buckets)
    names = [bucket.name for account in world.accounts for bucket in buckets.of(account.id)]
    assert len(set(names)) == 4
    usual = buckets.usual(world.accounts[1].id, world.regions[0])
    assert (usual.account, usual.region) == (world.accounts[1].id, world.regions[0])
    assert buckets.named(usual.name) is usual
    with pytest.raises(ValueError, match="there is a bucket"):
        buckets.create(usual.name, world.accounts[0].id, world.regions[0], 0.0)


def test_objects_are_listed_in_the_order_of_their_bytes(bucket: Bucket) -> None:
    for key in ("b", "ä", "a/2", "a/10", "B"):
        bucket.put(key, b"", 0.0)
    assert keys(bucket) == ["B", "a/10", "a/2", "b", "ä"]
    assert keys(bucket, "a/") == ["a/10", "a/2"]
    assert keys(bucket, after="a/10") == ["a/2", "b", "ä"]
    bucket.delete("a/2")
    bucket.delete("a/2")
    assert keys(bucket) == ["B", "a/10", "b", "ä"]


def test_an_object_takes_the_place_of_another(bucket: Bucket) -> None:
    bucket.put("key", b"old", 1.0)
    new = bucket.put("key", b"new", 2.0, content_type="text/plain", metadata={"by": "test"})
    assert bucket.get("key") is new
    assert keys(bucket) == ["key"]
    assert (new.data, new.modified, new.content_type) == (b"new", 2.0, "text/plain")
    assert new.etag == '"22af645d1859cb5ca6da0c484f1f37ea"'
    assert bucket.get("other") is None


def test_parts_become_an_object(bucket: Bucket) -> None:
    upload = bucket.begin("big", 0.0, "text/plain", {})
    parts = {1: b"a" * LEAST_PART, 3: b"end"}
    upload.parts.update(parts)
    stored = bucket.complete(upload, [(n, etag_of(part)) for n, part in parts.items()], 5.0)
    assert stored.data == parts[1] + parts[3]
    assert stored.etag.endswith('-2"')
    assert bucket.uploads == {}
    assert bucket.begin("big", 0.0, "", {}).id != upload.id


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ([(1, etag_of(b"small")), (2, etag_of(b"end"))], "EntityTooSmall"),
        ([(2, etag_of(b"end")), (1, etag_of(b"small"))], "InvalidPartOrder"),
        ([(1, etag_of(b"other"))], "InvalidPart"),
        ([(7, etag_of(b"small"))], "InvalidPart"),
    ],
)
def test_wrong_parts_make_no_object(
    bucket: Bucket, wanted: list[tuple[int, str]], code: str
) -> None:
    upload = bucket.begin("big", 0.0, "", {})
    upload.parts.update({1: b"small", 2: b"end"})
    with pytest.raises(UploadError) as refused:
        bucket.complete(upload, wanted, 0.0)
    assert refused.value.code == code
    assert bucket.get("big") is None
    assert upload.id in bucket.uploads
