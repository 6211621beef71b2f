from __future__ import annotations

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying import archives, folders
from ssmtui.sessions.copying.files import content_of
from ssmtui.sessions.copying.upload import send


@pytest.fixture
async def place(open_place):
    async with open_place() as made:
        yield made


@pytest.fixture
def packed(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("<html>")
    (tmp_path / "packed").mkdir()
    archive = tmp_path / "packed" / "site"
    archives.pack(folder, archive)
    return archive


async def test_an_archive_on_the_node_is_gone_afterwards(place):
    place.puts("a", b"1")
    async with folders.packed_there(place.node, "/tmp") as packed:
        assert packed.path.startswith("/tmp/")
        assert packed.path.removeprefix("/tmp/") in place.names
    assert place.names == ["a"]


async def test_what_is_no_directory_there_is_said(place):
    place.puts("a", b"1")
    for path in ("/tmp/a", "/no/such"):
        with pytest.raises(ProblemError, match=f"There is no directory {path}"):
            async with folders.packed_there(place.node, path):
                pass


async def test_where_there_is_no_tar_it_is_said(place, packed):
    await place.runs("rm /usr/bin/tar")
    with pytest.raises(ProblemError, match="There is no tar on"):
        async with folders.packed_there(place.node, "/tmp"):
            pass
    with pytest.raises(ProblemError, match="There is no tar on"):
        await folders.find_place(place.node, packed, content_of(packed), "/tmp")


async def test_a_place_is_found_and_a_wrong_archive_is_not_unpacked(place, packed):
    content = content_of(packed)
    there = await folders.find_place(place.node, packed, content, "/tmp")
    assert (there.path, there.taken, there.begun) == ("/tmp/site", False, 0)
    with pytest.raises(ProblemError, match="There is no directory for /no/such"):
        await folders.find_place(place.node, packed, content, "/no/such/site")
    place.puts(there.part.removeprefix("/tmp/"), b"something else")
    with pytest.raises(ProblemError, match="its checksum differs"):
        await folders.finish(place.node, content, there, overwrite=False)
    assert place.names == []


async def test_a_directory_that_has_come_meanwhile_is_kept(place, packed):
    content = content_of(packed)
    there = await folders.find_place(place.node, packed, content, "/tmp")
    await send(place.node, packed, content, there, lambda done, size: None)
    await place.runs("mkdir /tmp/site; echo theirs > /tmp/site/index.html")
    with pytest.raises(ProblemError, match="exists"):
        await folders.finish(place.node, content, there, overwrite=False)
    assert place.holds("site/index.html") == b"theirs\n"
