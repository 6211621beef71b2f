"""Files that are nobody else's business: 0600, in folders of 0700, and never half written.

Everything here raises OSError, whose `strerror` is fit to be shown. Symbolic links are not followed
at the last step, so nobody can lead a write elsewhere.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path

_POSIX = os.name == "posix"
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)


def private_dir(path: Path) -> Path:
    """The folder, made with its parents where they are missing, and only ours to enter.

    A folder of ours that others may enter is repaired; one that belongs to somebody else is refused
    with PermissionError.
    """
    missing = []
    place = path
    while not place.exists():
        missing.append(place)
        place = place.parent
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    status = path.stat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    if _POSIX:
        _refuse_foreign(status, path)
        if stat.S_IMODE(status.st_mode) & 0o077:
            path.chmod(0o700)
    return path


def write_private(path: Path, data: bytes) -> None:
    """Put a file in the place of the old one, whole or not at all, also when the power fails."""
    folder = private_dir(path.parent)
    # mkstemp makes the file 0600 from the beginning.
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(folder)


def append_private(path: Path, text: str, max_bytes: int | None = None) -> None:
    """Add text to the end of a file in one piece, which is rotated before it passes `max_bytes`."""
    data = text.encode("utf-8", "backslashreplace")
    private_dir(path.parent)
    if max_bytes is not None and _size(path) + len(data) > max_bytes:
        rotate(path)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NOFOLLOW, 0o600)
    try:
        make_private(handle, path)
        while data:
            data = data[os.write(handle, data) :]
    finally:
        os.close(handle)


def rotate(path: Path, keep: int = 3) -> None:
    """Rename `audit` to `audit.1`, `audit.1` to `audit.2` ...; at most `keep` old ones stay."""
    for number in range(keep, 0, -1):
        source = path if number == 1 else path.with_name(f"{path.name}.{number - 1}")
        if source.exists():
            source.replace(path.with_name(f"{path.name}.{number}"))


def create_private(path: Path) -> None:
    """Make sure that the file exists, is ours and is 0600; for libraries that open it by name."""
    private_dir(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | _NOFOLLOW, 0o600)
    try:
        make_private(handle, path)
    finally:
        os.close(handle)


def make_private(handle: int, path: Path) -> None:
    """Repair the permissions of an open file of ours; refuse somebody else's."""
    if not _POSIX:
        return
    status = os.fstat(handle)
    _refuse_foreign(status, path)
    if stat.S_IMODE(status.st_mode) & 0o077:
        os.fchmod(handle, 0o600)


def _refuse_foreign(status: os.stat_result, path: Path) -> None:
    if status.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, "It belongs to another user", str(path))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _sync_folder(folder: Path) -> None:
    """A rename lasts only when its folder is written, too."""
    if not _POSIX:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
