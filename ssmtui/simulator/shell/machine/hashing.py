"""Choices that look random and are the same every time: a hash of words instead of a stream."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")


def number(*words: object) -> int:
    """64 bits that depend on the words alone."""
    text = "\0".join(map(str, words)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def fraction(*words: object) -> float:
    """From 0 up to but not including 1."""
    return (number(*words) >> 11) / (1 << 53)


def pick(choices: Sequence[T], *words: object) -> T:
    return choices[number(*words) % len(choices)]


def quick(seed: int, index: int) -> int:
    """32 bits, cheap enough for each line of a log."""
    return crc32(index.to_bytes(8, "big", signed=True), seed)
