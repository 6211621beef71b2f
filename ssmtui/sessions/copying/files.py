"""What a copy does with files on this side: parts, checksums, and putting things in place."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain

_PIECE: Final = 1 << 20


class Content(msgspec.Struct, frozen=True):
    """A file's size in bytes, the SHA-256 of what is in it in hexadecimal, its permission bits."""

    size: int
    sha256: str
    mode: int = 0o600


def content_of(path: Path) -> Content:
    """Read a file through. ProblemError if it cannot be read. Blocking."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return Content(file.tell(), digest.hexdigest(), os.fstat(file.fileno()).st_mode & 0o777)
    except OSError as error:
        raise unreadable(path, error) from error


def begins_with(path: Path, size: int, sha256: str) -> bool:
    """Whether the first `size` bytes of a file have that checksum. ProblemError. Blocking."""
    digest = hashlib.sha256()
    rest = size
    try:
        with path.open("rb") as file:
            while rest > 0 and (data := file.read(min(rest, _PIECE))):
                digest.update(data)
                rest -= len(data)
    except OSError as error:
        raise unreadable(path, error) from error
    return size > 0 and not rest and digest.hexdigest() == sha256


def unreadable(path: Path, error: OSError) -> Exception:
    """A local file that cannot be read, as a sentence."""
    return input_problem(f"{plain(str(path))} cannot be read: {error.strerror}")


def part_of(destination: Path, sha256: str) -> Path:
    """Where what has come of a file is kept, of that very content."""
    return destination.with_name(f".{destination.name}.{sha256[:16]}.part")


def prepare(part: Path, block: int) -> int:
    """The whole blocks that are there already, in bytes; the rest is cut off. ProblemError."""
    try:
        with part.open("ab") as file:
            part.chmod(0o600)
            begun = file.tell() // block * block
            file.truncate(begun)
    except OSError as error:
        raise input_problem(f"{plain(str(part))} cannot be written: {error.strerror}") from error
    return begun


def append(piece: Path, part: Path, size: int) -> None:
    """Put a piece of that many bytes at the end of a part. ProblemError. Blocking."""
    try:
        if piece.stat().st_size != size:
            raise input_problem(f"{plain(str(part))} did not get all of a piece", "Try again")
        with piece.open("rb") as source, part.open("ab") as file:
            shutil.copyfileobj(source, file, _PIECE)
    except OSError as error:
        raise input_problem(f"{plain(str(part))} cannot be written: {error.strerror}") from error


def put_in_place(part: Path, destination: Path, *, overwrite: bool) -> None:
    """Give a part its name. ProblemError if something is there (unless `overwrite`)."""
    if overwrite:
        part.replace(destination)
        return
    try:
        # Unlike a rename, a link never takes the place of a file that has come meanwhile.
        os.link(part, destination)
    except FileExistsError:
        raise exists(destination) from None
    part.unlink()


def exists(destination: Path | str) -> Exception:
    """Something is where a copy would go."""
    return input_problem(f"{plain(str(destination))} exists", "Overwrite it with --force")
