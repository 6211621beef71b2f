"""Files copied to the toy machines of a served fleet."""

from __future__ import annotations

import hashlib

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying import files
from ssmtui.sessions.copying.upload import find_place, upload


class EnoughError(Exception):
    pass


@pytest.fixture
def source(tmp_path, content):
    made = tmp_path / "a b'c.bin"
    made.write_bytes(content)
    made.chmod(0o640)
    return made


async def send(place, source, path, **more):
    told = files.content_of(source)
    there = await find_place(place.node, source, told, path)
    await upload(place.node, source, told, there, **more)
    return there


async def test_a_file_arrives_as_it_is(place, source, content):
    told = []
    there = await send(place, source, place.path("copy"), progress=lambda *each: told.append(each))
    assert (there.taken, there.begun) == (False, 0)
    assert place.holds("copy") == content
    assert place.names == sorted({*place.names} - {there.part})
    assert told == sorted(told)
    assert (told[0], told[-1]) == ((0, len(content)), (len(content), len(content)))


async def test_into_a_folder_it_keeps_its_name(place, source, content):
    there = await send(place, source, place.path("").rstrip("\\/"))
    assert there.path == place.path(source.name)
    assert place.holds(source.name) == content


async def test_an_empty_file_arrives(place, tmp_path):
    (tmp_path / "empty").touch()
    await send(place, tmp_path / "empty", place.path("copy"))
    assert place.holds("copy") == b""


async def test_a_cut_copy_goes_on_from_there(place, source, content):
    def stop(done, size):
        if done > 100_000:
            raise EnoughError

    with pytest.raises(EnoughError):
        await send(place, source, place.path("copy"), progress=stop)
    assert place.holds("copy") is None
    told = files.content_of(source)
    there = await find_place(place.node, source, told, place.path("copy"))
    assert 0 < there.begun < len(content)
    began = []
    await upload(
        place.node,
        source,
        told,
        there,
        progress=lambda done, size: began.append(done),
    )
    assert began[0] == there.begun
    assert place.holds("copy") == content


async def test_what_has_come_wrong_is_sent_again(place, source, content):
    digest = hashlib.sha256(content).hexdigest()
    part = f".copy.{digest[:16]}.part"
    place.puts(part, b"not what it was")
    there = await send(place, source, place.path("copy"))
    assert there.begun == 0
    assert place.holds("copy") == content
    assert place.holds(part) is None


async def test_a_whole_part_is_only_put_in_place(place, source, content):
    digest = hashlib.sha256(content).hexdigest()
    place.puts(f".copy.{digest[:16]}.part", content)
    there = await send(place, source, place.path("copy"))
    assert there.begun == len(content)
    assert place.holds("copy") == content


async def test_a_wrong_checksum_leaves_nothing(place, source, content):
    told = files.content_of(source)
    there = await find_place(place.node, source, told, place.path("copy"))
    source.write_bytes(content[:-1] + b"X")
    with pytest.raises(ProblemError, match="checksum differs"):
        await upload(place.node, source, told, there)
    assert place.holds("copy") is None
    assert [name for name in place.names if name.endswith(".part")] == []


async def test_a_file_that_shrinks_is_said(place, source, content):
    told = files.content_of(source)
    there = await find_place(place.node, source, told, place.path("copy"))
    source.write_bytes(content[:1000])
    with pytest.raises(ProblemError, match="shrinks while it is copied"):
        await upload(place.node, source, told, there)


async def test_nothing_is_overwritten_unless_asked(place, source, content):
    place.puts("copy", b"theirs")
    with pytest.raises(ProblemError, match=r"copy on .* exists\. Overwrite it with --force"):
        await send(place, source, place.path("copy"))
    assert place.holds("copy") == b"theirs"
    there = await send(place, source, place.path("copy"), overwrite=True)
    assert there.taken
    assert place.holds("copy") == content


async def test_where_it_cannot_go_is_said(place, source):
    with pytest.raises(ProblemError, match="There is no directory for"):
        await send(place, source, place.node.dialect.join(place.path("nowhere"), "copy"))
    with pytest.raises(ProblemError, match="There is no directory"):
        await send(place, source, place.path("nowhere") + "/")
    folder = place.node.dialect.join(place.path("").rstrip("\\/"), source.name)
    inner = "/" + folder.replace("\\", "/") if place.platform == "windows" else folder
    place.machine.tree.add_folder(inner)
    with pytest.raises(ProblemError, match="is a directory"):
        await send(place, source, place.path("").rstrip("\\/"))


async def test_a_full_disk_is_said_and_what_has_come_is_kept(open_place, tmp_path):
    async with open_place() as place:
        big = tmp_path / "big"
        big.write_bytes(bytes(9 << 20))  # a toy file has 8 MB at the most
        with pytest.raises(ProblemError, match=r"could not be written after .*File too large"):
            await send(place, big, place.path("copy"))
        assert place.holds("copy") is None
        assert any(name.endswith(".part") for name in place.names)


async def test_a_permission_that_is_missing_is_said(open_place, source, monkeypatch):
    monkeypatch.setattr("ssmtui.simulator.agent.shells._ELEVATED", "ssm-user")
    async with open_place() as place:
        with pytest.raises(ProblemError, match=r"could not be written \(.*Permission denied"):
            await send(place, source, "/etc/copy")


@pytest.mark.parametrize("frames", ["InputFrame", "OutputFrame"])
async def test_a_lost_connection_is_taken_up_again(open_place, source, content, frames):
    rules = [f"abort ssmmessages:{frames} after=30 count=1"]
    async with open_place(faults=rules) as place:
        await send(place, source, place.path("copy"))
        assert place.holds("copy") == content
        assert place.fleet.endpoint.faults.active[0].hits == 1


async def test_a_file_that_cannot_be_read_is_said(place, tmp_path):
    with pytest.raises(ProblemError, match="cannot be read: No such file"):
        await send(place, tmp_path / "nothing", place.path("copy"))
