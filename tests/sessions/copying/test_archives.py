from __future__ import annotations

import io
import tarfile

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying.archives import pack, unpack


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "folder"
    (made / "sub").mkdir(parents=True)
    (made / "a").write_text("one")
    (made / "sub" / "b").write_text("two")
    return made


@pytest.fixture
def archive(tmp_path):
    return tmp_path / ".archive.tar"


def made_of(archive, *members):
    with tarfile.open(archive, "w") as packed:
        for name, kind, target in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            member.size = 3 if kind == tarfile.REGTYPE else 0
            packed.addfile(member, io.BytesIO(b"abc"))


def test_the_same_content_makes_the_same_archive(folder, tmp_path):
    pack(folder, tmp_path / "1")
    pack(folder, tmp_path / "2")
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    with tarfile.open(tmp_path / "1") as packed:
        assert {(member.uid, member.uname) for member in packed} == {(0, "")}


def test_what_was_packed_is_unpacked(folder, archive, tmp_path):
    pack(folder, archive)
    assert unpack(archive, tmp_path / "new", overwrite=False) == []
    assert (tmp_path / "new" / "sub" / "b").read_text() == "two"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == [
        "folder", "new",
    ]  # fmt: skip


def test_what_leads_outside_is_left_out(archive, tmp_path):
    made_of(
        archive,
        ("./good", tarfile.REGTYPE, ""),
        ("../evil", tarfile.REGTYPE, ""),
        ("/tmp/evil", tarfile.REGTYPE, ""),
        ("./link", tarfile.SYMTYPE, "/etc/passwd"),
        ("./up", tarfile.SYMTYPE, "../../x"),
        ("./device", tarfile.CHRTYPE, ""),
    )
    left_out = unpack(archive, tmp_path / "new", overwrite=False)
    assert set(left_out) >= {"../evil", "./link", "./up", "./device"}
    assert not (tmp_path / "evil").exists()
    assert {path.name for path in (tmp_path / "new").iterdir()} <= {"good", "tmp"}


def test_a_directory_that_is_there_is_kept_unless_asked(folder, archive, tmp_path):
    pack(folder, archive)
    (folder / "a").write_text("mine")
    (folder / "c").write_text("stays")
    with pytest.raises(ProblemError, match=r"folder exists\. Overwrite it with --force"):
        unpack(archive, folder, overwrite=False)
    assert (folder / "a").read_text() == "mine"
    assert unpack(archive, folder, overwrite=True) == []
    assert (folder / "a").read_text() == "one"
    assert (folder / "c").read_text() == "stays"
    assert not archive.exists()


def test_what_is_no_archive_leaves_nothing(archive, tmp_path):
    archive.write_bytes(b"no archive" * 100)
    with pytest.raises(ProblemError, match="What came is no archive"):
        unpack(archive, tmp_path / "new", overwrite=False)
    assert not (tmp_path / "new").exists()


def test_what_cannot_be_read_is_said(archive, tmp_path):
    with pytest.raises(ProblemError, match="nothing cannot be read"):
        pack(tmp_path / "nothing", archive)
