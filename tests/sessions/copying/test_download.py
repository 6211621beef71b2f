"""Files copied from the toy machines of a served fleet."""

from __future__ import annotations

import hashlib

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying import download as module
from ssmtui.sessions.copying.download import RemoteFile, download, look_at
from ssmtui.sessions.copying.files import part_of
from ssmtui.sessions.copying.scripts import BLOCK
from ssmtui.simulator.agent.sessions import Sessions

NAME = "a b'c.bin"


class EnoughError(Exception):
    pass


@pytest.fixture
async def remote(place, content):
    place.puts(NAME, content)
    return await look_at(place.node, place.path(NAME))


def fetch(place, remote, destination, **more):
    return download(place.node, remote, destination, **more)


async def test_a_file_arrives_as_it_is(place, remote, content, tmp_path):
    digest = hashlib.sha256(content).hexdigest()
    assert remote == RemoteFile(place.path(NAME), len(content), digest)
    told = []
    destination = tmp_path / "copy"
    begun = await fetch(place, remote, destination, progress=lambda *each: told.append(each))
    assert begun == 0
    assert destination.read_bytes() == content
    assert told == sorted(told)
    assert told[-1] == (len(content), len(content))
    assert not part_of(destination, remote.sha256).exists()


async def test_an_empty_file_arrives(place, tmp_path):
    place.puts("empty", b"")
    remote = await look_at(place.node, place.path("empty"))
    await fetch(place, remote, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b""


async def test_what_has_come_is_not_fetched_again(place, remote, content, tmp_path):
    destination = tmp_path / "copy"
    part_of(destination, remote.sha256).write_bytes(content[: BLOCK + 1000])
    assert await fetch(place, remote, destination) == BLOCK
    assert destination.read_bytes() == content


async def test_a_cancelled_copy_keeps_what_has_come(place, remote, tmp_path):
    destination = tmp_path / "copy"

    def stop(done, size):
        raise EnoughError

    with pytest.raises(EnoughError):
        await fetch(place, remote, destination, progress=stop)
    assert part_of(destination, remote.sha256).stat().st_size > 0
    assert not destination.exists()


async def test_a_cut_session_is_followed_by_another_one(place, content, tmp_path):
    place.puts("large", content * 6)
    remote = await look_at(place.node, place.path("large"))
    started = place.fleet.endpoint.calls["ssm:StartSession"]
    cut = []

    def stop(done, size):
        if done > 2 * BLOCK and not cut:
            cut.extend(place.open)
            place.fleet.world.part(Sessions).terminate(*place.scope.key, cut[0].id)

    await fetch(place, remote, tmp_path / "copy", progress=stop)
    assert cut
    assert (tmp_path / "copy").read_bytes() == content * 6
    assert place.fleet.endpoint.calls["ssm:StartSession"] == started + 2


async def test_a_lost_connection_is_taken_up_again(place, remote, content, tmp_path):
    place.fleet.endpoint.faults.add("abort ssmmessages:InputFrame after=20 count=1")
    await fetch(place, remote, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == content


async def test_a_wrong_checksum_leaves_nothing(place, remote, tmp_path):
    wrong = RemoteFile(remote.path, remote.size, "0" * 64)
    with pytest.raises(ProblemError, match="checksum differs"):
        await fetch(place, wrong, tmp_path / "copy")
    assert list(tmp_path.glob("*copy*")) == []


@pytest.mark.parametrize(("size", "words"), [(5, "grows while"), (10**9, "arrived only in part")])
async def test_another_size_is_said(place, remote, tmp_path, size, words):
    with pytest.raises(ProblemError, match=words):
        await fetch(place, RemoteFile(remote.path, size, "0" * 64), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


async def test_nothing_is_overwritten_unless_asked(place, remote, content, tmp_path):
    destination = tmp_path / "copy"
    destination.write_bytes(b"mine")
    with pytest.raises(ProblemError, match="exists"):
        await fetch(place, remote, destination)
    assert destination.read_bytes() == b"mine"
    await fetch(place, remote, destination, overwrite=True)
    assert destination.read_bytes() == content


async def test_what_is_no_file_is_said(place):
    with pytest.raises(ProblemError, match="There is no file"):
        await look_at(place.node, place.path("nothing"))
    with pytest.raises(ProblemError, match=r"is a directory\. Copy it whole with --recursive"):
        await look_at(place.node, place.path("").rstrip("\\/"))


async def test_what_is_not_base64_is_said():
    with pytest.raises(ProblemError, match="not base64"):
        module._decoded(b"ab!=")
