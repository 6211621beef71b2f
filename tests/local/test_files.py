from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ssmtui.local import files
from ssmtui.local.files import append_private, create_private, private_dir, rotate, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_are_made_private_with_their_parents(tmp_path: Path) -> None:
    made = private_dir(tmp_path / "a" / "b")
    assert made == tmp_path / "a" / "b"
    assert (mode(made), mode(made.parent)) == (0o700, 0o700)


def test_an_open_folder_is_repaired(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    private_dir(folder)
    assert mode(folder) == 0o700


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        private_dir(tmp_path / "file")


def test_what_belongs_to_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_private(tmp_path / "file")
    monkeypatch.setattr(files.os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(PermissionError, match="another user"):
        private_dir(tmp_path)


def test_a_file_of_somebody_else_is_not_appended_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append_private(tmp_path / "audit", "one\n")
    uid = os.getuid()
    # The folder is ours, and the file then is not.
    monkeypatch.setattr(files.os, "geteuid", iter([uid, uid + 1]).__next__)
    with pytest.raises(PermissionError):
        append_private(tmp_path / "audit", "two\n")
    assert (tmp_path / "audit").read_text() == "one\n"


def test_a_write_is_private_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "state" / "file"
    write_private(path, b"one")
    write_private(path, b"two")
    assert path.read_bytes() == b"two"
    assert mode(path) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state" / "file"
    write_private(path, b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_replaces_a_link_and_does_not_follow_it(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("theirs")
    link.symlink_to(target)
    write_private(link, b"ours")
    assert target.read_text() == "theirs"
    assert not link.is_symlink()


def test_appending_adds_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    append_private(path, "one\n")
    path.chmod(0o644)
    append_private(path, "two \ud800\n")
    assert path.read_text() == "one\ntwo \\ud800\n"
    assert mode(path) == 0o600


def test_appending_follows_no_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("theirs")
    link.symlink_to(target)
    with pytest.raises(OSError, match="link"):
        append_private(link, "ours\n")
    assert target.read_text() == "theirs"


def test_a_file_is_rotated_before_it_grows_too_large(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    for number in range(6):
        append_private(path, f"line {number}\n", max_bytes=14)
    assert path.read_text() == "line 4\nline 5\n"
    assert (tmp_path / "audit.1").read_text() == "line 2\nline 3\n"
    assert (tmp_path / "audit.2").read_text() == "line 0\nline 1\n"


def test_rotation_keeps_a_few(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    for number in range(5):
        path.write_text(str(number))
        rotate(path, keep=2)
    assert sorted(entry.name for entry in tmp_path.glob("audit*")) == ["audit.1", "audit.2"]
    assert (tmp_path / "audit.1").read_text() == "4"


def test_creating_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "database"
    create_private(path)
    assert mode(path) == 0o600
    path.write_text("data")
    path.chmod(0o666)
    create_private(path)
    assert path.read_text() == "data"
    assert mode(path) == 0o600
