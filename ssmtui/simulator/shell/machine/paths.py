"""Paths of the toy machine: absolute, with slashes, and never those of the host."""

from __future__ import annotations

from functools import lru_cache

TMP = "/tmp"  # noqa: S108 - a folder of the toy machine


@lru_cache(maxsize=16_384)
def normalize(path: str) -> str:
    """An absolute path without ".", ".." and doubled slashes."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def join(folder: str, path: str) -> str:
    """`path` as seen from `folder`, normalized."""
    return normalize(path if path.startswith("/") else f"{folder}/{path}")


def split(path: str) -> tuple[str, str]:
    """The folder and the last name of a normalized path; ("/", "") for the root."""
    folder, _, name = path.rpartition("/")
    return folder or "/", name


def base(path: str) -> str:
    """What `basename` prints."""
    return path.rstrip("/").rpartition("/")[2] or "/"
