"""Directories as tar archives on this side: packed the same way each time, unpacked with care."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path
from typing import Final

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain

_TOP: Final = "."


def pack(folder: Path, archive: Path) -> None:
    """Pack what is in a folder. The same content makes the same archive, so that a cut copy of it
    can go on; owners stay here. ProblemError. Blocking.
    """

    def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        return member

    try:
        with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as packed:
            packed.add(folder, _TOP, filter=anonymous)  # in the order of names
    except OSError as error:
        name = plain(str(error.filename or folder))
        raise input_problem(f"{name} cannot be read: {error.strerror}") from error


def unpack(archive: Path, folder: Path, *, overwrite: bool) -> list[str]:
    """Unpack an archive, which is gone then, as `folder`.

    Returns the names of what was left out: it led outside, or was no file, directory or link.

    A new folder appears as a whole. One that is there is an error unless `overwrite`: then files
    in it are replaced, and others stay. ProblemError. Blocking.
    """
    if not hasattr(tarfile, "data_filter"):
        what = "This Python cannot tell what leads outside of an archive"
        raise input_problem(what, "Use Python 3.11.4 or later")
    left_out: list[str] = []

    def safe(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo | None:
        try:
            return tarfile.data_filter(member, path)
        except tarfile.FilterError:
            left_out.append(plain(member.name))
            return None

    there = folder.exists() or folder.is_symlink()
    if there and not overwrite:
        raise input_problem(f"{plain(str(folder))} exists", "Overwrite it with --force")
    target = folder if there else archive.with_suffix(".new")
    try:
        shutil.rmtree(archive.with_suffix(".new"), ignore_errors=True)
        target.mkdir(exist_ok=True)
        with tarfile.open(archive) as packed:
            packed.extractall(target, filter=safe)  # noqa: S202 - the filter is the care
        if not there:
            target.rename(folder)
    except tarfile.TarError as error:
        raise input_problem(f"What came is no archive: {plain(str(error))}") from error
    except OSError as error:
        what = f"{plain(str(error.filename or folder))} cannot be written: {error.strerror}"
        raise input_problem(what) from error
    finally:
        archive.unlink(missing_ok=True)
        if not there:
            shutil.rmtree(target, ignore_errors=True)
    return left_out
