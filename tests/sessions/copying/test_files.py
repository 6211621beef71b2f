from __future__ import annotations

import hashlib

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.copying import files
from ssmtui.sessions.copying.files import Content


def test_a_file_is_read_through(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"content")
    path.chmod(0o640)
    digest = hashlib.sha256(b"content").hexdigest()
    assert files.content_of(path) == Content(7, digest, 0o640)
    assert files.begins_with(path, 3, hashlib.sha256(b"con").hexdigest())
    assert files.begins_with(path, 7, digest)
    assert not files.begins_with(path, 99, digest)
    assert not files.begins_with(path, 0, hashlib.sha256(b"").hexdigest())


@pytest.mark.parametrize("read", [files.content_of, lambda path: files.begins_with(path, 1, "")])
def test_what_cannot_be_read_is_said(tmp_path, read):
    with pytest.raises(ProblemError, match="cannot be read: No such file"):
        read(tmp_path / "x")


def test_a_part_is_cut_to_whole_blocks_and_private(tmp_path):
    part = files.part_of(tmp_path / "x", "ab" * 32)
    assert part.name == ".x.abababababababab.part"
    assert files.prepare(part, 10) == 0
    part.write_bytes(b"0123456789abc")
    assert files.prepare(part, 10) == 10
    assert part.read_bytes() == b"0123456789"
    assert part.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ProblemError, match="cannot be written"):
        files.prepare(tmp_path / "no" / "such", 10)


def test_only_asked_for_something_takes_the_place_of_another(tmp_path):
    part, there = tmp_path / "part", tmp_path / "there"
    part.write_text("new")
    there.write_text("old")
    with pytest.raises(ProblemError, match=r"there exists\. Overwrite it with --force"):
        files.put_in_place(part, there, overwrite=False)
    assert (part.read_text(), there.read_text()) == ("new", "old")
    files.put_in_place(part, there, overwrite=True)
    assert there.read_text() == "new"
    part.write_text("newer")
    files.put_in_place(part, tmp_path / "free", overwrite=False)
    assert (tmp_path / "free").read_text() == "newer"
    assert not part.exists()


def test_a_piece_is_put_at_the_end_if_it_is_whole(tmp_path):
    piece, part = tmp_path / "piece", tmp_path / "part"
    piece.write_bytes(b"def")
    part.write_bytes(b"abc")
    with pytest.raises(ProblemError, match="did not get all of a piece"):
        files.append(piece, part, 4)
    assert part.read_bytes() == b"abc"
    files.append(piece, part, 3)
    assert part.read_bytes() == b"abcdef"
    with pytest.raises(ProblemError, match="cannot be written"):
        files.append(piece, tmp_path, 3)
