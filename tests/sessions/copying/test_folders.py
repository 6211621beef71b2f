from __future__ import annotations

import re

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying import archives, folders
from ssmtui.sessions.copying.files import content_of
from ssmtui.sessions.copying.upload import send


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
    async with folders.packed_there(place.node, place.path("")) as packed:
        assert packed.path.removeprefix(place.path("")) in place.names
    assert place.names == ["a"]


async def test_what_is_no_directory_there_is_said(place):
    place.puts("a", b"1")
    for path in (place.path("a"), place.path("no such")):
        with pytest.raises(ProblemError, match=re.escape(f"There is no directory {path}")):
            async with folders.packed_there(place.node, path):
                pass


async def test_where_there_is_no_tar_it_is_said(place, packed):
    windows = place.platform == "windows"
    program = "Remove-Item C:\\Windows\\System32\\tar.exe" if windows else "rm /usr/bin/tar"
    await place.runs(program)
    with pytest.raises(ProblemError, match="There is no tar on"):
        async with folders.packed_there(place.node, place.path("")):
            pass
    with pytest.raises(ProblemError, match="There is no tar on"):
        await folders.find_place(place.node, packed, content_of(packed), place.path(""))


async def test_a_place_is_found_and_a_wrong_archive_is_not_unpacked(place, packed):
    content = content_of(packed)
    there = await folders.find_place(place.node, packed, content, place.path(""))
    assert (there.path, there.taken, there.begun) == (place.path("site"), False, 0)
    nowhere = place.node.dialect.join(place.path("no"), "site")
    with pytest.raises(ProblemError, match="There is no directory for"):
        await folders.find_place(place.node, packed, content, nowhere)
    place.puts(there.part.removeprefix(place.path("")), b"something else")
    with pytest.raises(ProblemError, match="its checksum differs"):
        await folders.finish(place.node, content, there, overwrite=False)
    assert place.names == []


async def test_a_directory_that_has_come_meanwhile_is_kept(place, packed):
    content = content_of(packed)
    there = await folders.find_place(place.node, packed, content, place.path(""))
    await send(place.node, packed, content, there, lambda done, size: None)
    windows = place.platform == "windows"
    program = "New-Item -ItemType Directory -Path" if windows else "mkdir"
    await place.runs(f"{program} {place.path('site')}")
    place.puts("site/index.html", b"theirs\n")
    with pytest.raises(ProblemError, match="exists"):
        await folders.finish(place.node, content, there, overwrite=False)
    assert place.holds("site/index.html") == b"theirs\n"
