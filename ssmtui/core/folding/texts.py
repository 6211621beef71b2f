"""Texts held once each, and near-identical ones as what they differ in."""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Generator, Iterable
from itertools import compress, count
from operator import ne

import msgspec

_SLICE = 1 << 20  # bytes digested at once: about a millisecond
# Only texts of such sizes are compared with another to be held as a difference.
_LEAST, _MOST = 512, 256 * 1024
_BASES = 16  # of that many texts the lines are kept, to compare others with


class Patch(msgspec.Struct, frozen=True, gc=False):
    """A text as another one with these lines replaced.

    There may be one for each of 10,000 nodes, so it holds bytes alone, which Python's garbage
    collector does not go through.
    """

    base: int
    numbers: bytes  # of the lines, as an array of "I"
    replaced: bytes

    @classmethod
    def of(cls, base: int, lines: Iterable[int], replaced: bytes) -> Patch:
        return cls(base, array("I", lines).tobytes(), replaced)

    def lines(self) -> array[int]:
        """The numbers of the lines that are replaced, from 0."""
        numbers = array("I")
        numbers.frombytes(self.numbers)
        return numbers


class Texts:
    """Texts by number. Equal texts have one number, and each is held until it was dropped as often
    as it was taken.

    A text that differs in few lines from an earlier one with as many lines is held as the
    difference; `size` is what all take, in bytes. From half of `limit` on new ones are deflated.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._numbers: dict[bytes, int] = {}
        self._held: dict[int, tuple[bytes, int, bytes | Patch, bool]] = {}
        self._users: dict[int, int] = {}
        self._next = count()
        # By how many lines they have: the text to compare with.
        self._bases: OrderedDict[int, tuple[int, list[bytes]]] = OrderedDict()

    def __len__(self) -> int:
        """How many different texts there are."""
        return len(self._held)

    def __contains__(self, number: object) -> bool:
        return number in self._held

    @property
    def full(self) -> bool:
        """Whether `limit` is reached."""
        return self.size >= self.limit

    def take(self, text: str) -> Generator[None, None, int]:
        """Hold a text and return its number; pauses now and then where it is very long."""
        data = text.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(data[:_SLICE])
        for start in range(_SLICE, len(data), _SLICE):
            yield
            digest.update(data[start : start + _SLICE])
        key = digest.digest()[:16]
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = next(self._next)
            self._hold(number, key, len(text), data)
        self._users[number] = self._users.get(number, 0) + 1
        return number

    def drop(self, number: int) -> None:
        """One user less."""
        self._users[number] -= 1
        if self._users[number]:
            return
        key, _, held, _ = self._held.pop(number)
        del self._users[number], self._numbers[key]
        self.size -= _size(held)
        if isinstance(held, Patch):
            self.drop(held.base)

    def digest(self, number: int) -> bytes:
        """16 bytes that no other text has."""
        return self._held[number][0]

    def chars(self, number: int) -> int:
        """How many characters the text has."""
        return self._held[number][1]

    def data(self, number: int) -> bytes:
        """The text in UTF-8; lone surrogates are written as if they were characters."""
        _, _, held, deflated = self._held[number]
        if isinstance(held, Patch):
            lines = self.data(held.base).split(b"\n")
            for line, replaced in zip(held.lines(), held.replaced.split(b"\n"), strict=True):
                lines[line] = replaced
            return b"\n".join(lines)
        return zlib.decompress(held) if deflated else held

    def patch(self, number: int) -> Patch | None:
        """How the text differs from another, if it is held so."""
        held = self._held[number][2]
        return held if isinstance(held, Patch) else None

    def text(self, number: int) -> str:
        """The text, as it was taken."""
        return self.data(number).decode("utf-8", "surrogatepass")

    def _hold(self, number: int, key: bytes, chars: int, data: bytes) -> None:
        held: bytes | Patch = data
        deflated = False
        if _LEAST <= len(data) <= _MOST:
            held = self._patch(number, data)
        if held is data and 2 * self.size > self.limit and len(data) > _LEAST:
            held, deflated = zlib.compress(data, 1), True
        self._held[number] = (key, chars, held, deflated)
        self.size += _size(held)

    def _patch(self, number: int, data: bytes) -> bytes | Patch:
        """The text as a difference, or as it is; then others are compared with it."""
        lines = data.split(b"\n")
        base, theirs = self._bases.get(len(lines), (-1, []))
        if base in self._held:
            changed = list(compress(count(), map(ne, lines, theirs)))
            replaced = b"\n".join([lines[line] for line in changed])
            if 2 * (len(replaced) + 4 * len(changed)) < len(data):
                self._users[base] += 1
                self._bases.move_to_end(len(lines))
                return Patch.of(base, changed, replaced)
        self._bases[len(lines)] = (number, lines)
        self._bases.move_to_end(len(lines))
        if len(self._bases) > _BASES:
            self._bases.popitem(last=False)
        return data


def _size(held: bytes | Patch) -> int:
    if isinstance(held, Patch):
        return len(held.replaced) + len(held.numbers) + 200
    return len(held) + 100
