"""Managed transfers with the simulated S3, under the gate."""

from __future__ import annotations

import asyncio
import json

import pytest

from ssmtui.aws import transfer
from ssmtui.aws.mode import Mode
from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.core.secret import Secret
from ssmtui.simulator.world.buckets import Buckets

SIZE = 12_000_000  # two parts


@pytest.fixture
async def fleet(open_fleet):
    async with open_fleet(nodes=0) as opened:
        yield opened


@pytest.fixture
def bucket(fleet):
    return fleet.world.part(Buckets).usual(*fleet.scopes[0].key)


@pytest.fixture
def audit(tmp_path):
    def read():
        lines = (tmp_path / "audit.jsonl").read_text().splitlines()
        return [
            (line["event"], line["operation"], line.get("outcome"))
            for line in map(json.loads, lines)
        ]

    return read


async def test_a_large_file_goes_in_parts_and_comes_back(fleet, bucket, tmp_path, audit):
    (tmp_path / "big").write_bytes(bytes(range(250)) * (SIZE // 250))
    told = []
    scope = fleet.scopes[0]
    await transfer.upload_file(
        scope, tmp_path / "big", bucket.name, "k", intent="test", progress=told.append
    )
    assert fleet.endpoint.calls["s3:UploadPart"] == 2
    await asyncio.sleep(0)
    assert told[-1] == SIZE
    await transfer.download_file(
        scope, bucket.name, "k", tmp_path / "back", intent="test", progress=told.append
    )
    assert (tmp_path / "back").read_bytes() == (tmp_path / "big").read_bytes()
    await transfer.delete_object(scope, bucket.name, "k", intent="test")
    assert [*bucket.objects()] == []
    assert audit() == [
        ("intent", "s3:PutObject", None),
        ("outcome", "s3:PutObject", "done"),
        ("intent", "s3:GetObject", None),
        ("outcome", "s3:GetObject", "done"),
        ("intent", "s3:DeleteObject", None),
        ("outcome", "s3:DeleteObject", "done"),
    ]


async def test_a_piece_of_a_file_goes_alone(fleet, bucket, tmp_path):
    (tmp_path / "x").write_bytes(bytes(range(250)) * (SIZE // 250))
    whole, scope = (tmp_path / "x").read_bytes(), fleet.scopes[0]
    for at, size in ((7, 100), (1000, SIZE - 2000), (SIZE - 5, 5)):
        told = []
        await transfer.upload_file(
            scope,
            tmp_path / "x",
            bucket.name,
            "k",
            at=at,
            size=size,
            intent="",
            progress=told.append,
        )
        await asyncio.sleep(0)
        assert bucket.get("k").data == whole[at : at + size]
        assert told[-1] == size


async def test_the_size_of_what_is_there_and_of_what_is_not(fleet, bucket):
    scope = fleet.scopes[0]
    bucket.put("k", b"12345", 0.0)
    assert await transfer.size_of(scope, bucket.name, "k", intent="") == 5
    assert await transfer.size_of(scope, bucket.name, "nope", intent="") is None
    fleet.endpoint.faults.add("denied s3:HeadObject count=1")
    assert await transfer.size_of(scope, bucket.name, "k", intent="") is None
    fleet.endpoint.faults.add("error s3:HeadObject status=500")
    with pytest.raises(ProblemError):
        await transfer.size_of(scope, bucket.name, "k", intent="")


async def test_a_part_that_was_lost_is_sent_again(fleet, bucket, tmp_path):
    (tmp_path / "big").write_bytes(bytes(SIZE))
    fleet.endpoint.faults.add("error s3:UploadPart status=503 count=1")
    await transfer.upload_file(
        fleet.scopes[0], tmp_path / "big", bucket.name, "k", intent="", progress=lambda done: None
    )
    assert len(bucket.get("k").data) == SIZE


async def test_who_is_cancelled_leaves_no_part(fleet, bucket, tmp_path, audit):
    (tmp_path / "big").write_bytes(bytes(SIZE))
    moving = asyncio.Event()
    uploading = asyncio.ensure_future(
        transfer.upload_file(
            fleet.scopes[0],
            tmp_path / "big",
            bucket.name,
            "k",
            intent="",
            progress=lambda done: moving.set(),
        )
    )
    await moving.wait()
    uploading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await uploading
    assert bucket.uploads == {}
    assert bucket.get("k") is None
    assert audit()[-1] == ("outcome", "s3:PutObject", "cancelled")


async def test_a_refusal_is_a_problem_and_on_record(fleet, tmp_path, audit):
    (tmp_path / "x").write_text("x")
    with pytest.raises(ProblemError) as refused:
        await transfer.upload_file(
            fleet.scopes[0], tmp_path / "x", "nope-nope", "k", intent="", progress=lambda n: None
        )
    assert "bucket does not exist" in refused.value.problem.what
    assert audit()[-1] == ("outcome", "s3:PutObject", "failed")


async def test_an_address_is_a_secret(fleet, bucket, tmp_path, audit):
    url = await transfer.presigned(fleet.scopes[0], "GetObject", bucket.name, "k", 60, intent="")
    assert isinstance(url, Secret)
    assert "X-Amz-Signature=" in url.reveal()
    assert "X-Amz-Expires=60" in url.reveal()
    assert "Signature" not in (tmp_path / "audit.jsonl").read_text()
    assert audit()[-1] == ("outcome", "s3:GetObject", "done")


async def test_without_leave_to_change_nothing_is_put(open_fleet, tmp_path):
    (tmp_path / "x").write_text("x")
    async with open_fleet(nodes=0, mode=Mode.CONNECT) as fleet:
        scope = fleet.scopes[0]
        for attempt in (
            transfer.upload_file(
                scope, tmp_path / "x", "b-b", "k", intent="", progress=lambda n: None
            ),
            transfer.presigned(scope, "PutObject", "b-b", "k", 60, intent=""),
            transfer.delete_object(scope, "b-b", "k", intent=""),
        ):
            with pytest.raises(ProblemError) as refused:
                await attempt
            assert refused.value.problem.kind is ProblemKind.MODE
        assert not [name for name in fleet.endpoint.calls if name.startswith("s3:")]
