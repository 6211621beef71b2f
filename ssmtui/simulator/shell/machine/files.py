"""What a file of the toy machine is: kept bytes, text made when it is read, or a device."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, MutableMapping
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from ssmtui.simulator.shell.machine.hashing import number
from ssmtui.simulator.shell.streams import wake

CHUNK = 8192


class Cursor(Protocol):
    """A place in a growing file, for `tail -f`."""

    def more(self) -> Iterator[bytes]:
        """What has come since the last time. A file that shrank starts over."""
        ...

    @property
    def due(self) -> float | None:
        """When there will be more without anybody writing; None if that is not so."""
        ...


@dataclass(eq=False, slots=True)
class Entry:
    """What every entry of a folder has. `mode` is the permission bits; times are epoch seconds."""

    owner: str = "root"
    group: str = "root"
    mode: int = 0o644
    modified: float = 0.0


@dataclass(eq=False, slots=True)
class Folder(Entry):
    entries: MutableMapping[str, Entry] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Link(Entry):
    target: str = ""


class Stock(MutableMapping[str, Entry]):
    """The entries of a folder that many machines have alike: one is made when it is looked at.

    `names` may be shared; what is added, replaced or removed is this folder's own.
    """

    def __init__(self, names: Collection[str], make: Callable[[str], Entry]) -> None:
        self._names = names
        self._make = make
        self._own: dict[str, Entry | None] = {}  # None: removed

    def __getitem__(self, name: str) -> Entry:
        if name not in self._own and name in self._names:
            self._own[name] = self._make(name)
        entry = self._own.get(name)
        if entry is None:
            raise KeyError(name)
        return entry

    def __contains__(self, name: object) -> bool:
        return self._own[name] is not None if name in self._own else name in self._names

    def __setitem__(self, name: str, entry: Entry) -> None:
        self._own[name] = entry

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self._own[name] = None

    def __iter__(self) -> Iterator[str]:
        names = [*self._names, *(name for name in self._own if name not in self._names)]
        return iter([name for name in names if name in self])

    def __len__(self) -> int:
        return sum(1 for _ in self)


class File(Entry):
    """A file. Subclasses say what is in it and whether it can be written."""

    __slots__ = ("_waiting",)
    kind = "regular file"

    def __init__(
        self, *, owner: str = "root", group: str = "root", mode: int = 0o644, modified: float = 0.0
    ) -> None:
        super().__init__(owner, group, mode, modified)
        self._waiting: list[asyncio.Future[None]] | None = None

    def size(self) -> int:
        raise NotImplementedError

    def read(self) -> Iterator[bytes]:
        """Its content in pieces; infinite for some devices."""
        raise NotImplementedError

    def write(self, data: bytes) -> None:
        """Append bytes."""
        raise NotImplementedError

    def truncate(self) -> None:
        raise NotImplementedError

    def cursor(self, *, at_end: bool = True) -> Cursor:
        return _ByteCursor(self, self.size() if at_end else 0)

    def last_lines(self, lines: int) -> Iterator[bytes] | None:
        """The last lines, if there is a shorter way to them than reading everything."""
        return None

    def changed(self) -> asyncio.Future[None]:
        """A future that is done at the next write or truncation."""
        future = asyncio.get_running_loop().create_future()
        waiting = [one for one in self._waiting or () if not one.done()]
        self._waiting = [*waiting, future]
        return future

    def _notify(self) -> None:
        for future in self._waiting or ():
            wake(future)
        self._waiting = None


class Kept(File):
    """A file whose bytes are in memory once somebody has written it.

    Until then `origin` makes them: the many files of a fresh machine cost nothing.
    """

    __slots__ = ("_content",)

    def __init__(self, data: bytes | Callable[[], str] = b"", **entry: object) -> None:
        super().__init__(**entry)  # type: ignore[arg-type]
        self._content: bytes | bytearray | Callable[[], str] = data

    @property
    def data(self) -> bytes | bytearray:
        content = self._content
        return content if isinstance(content, bytes | bytearray) else content().encode()

    def size(self) -> int:
        return len(self.data)

    def read(self) -> Iterator[bytes]:
        data = self.data
        start = 0
        while start < len(data):  # it may grow while it is read
            yield bytes(data[start : start + CHUNK])
            start += CHUNK

    def write(self, data: bytes) -> None:
        if not isinstance(self._content, bytearray):
            self._content = bytearray(self.data)
        self._content += data
        self._notify()

    def truncate(self) -> None:
        self._content = b""
        self._notify()


class Live(Kept):
    """A file of /proc or /sys: made anew for each reader; what is written to it is ignored."""

    __slots__ = ()

    def size(self) -> int:
        return 0

    def write(self, data: bytes) -> None:
        pass

    def truncate(self) -> None:
        pass


class Device(File):
    """A character device: null, zero, urandom and the like."""

    __slots__ = ("name",)
    kind = "character special file"

    def __init__(self, name: str, **entry: object) -> None:
        super().__init__(mode=0o666, **entry)  # type: ignore[arg-type]
        self.name = name

    def size(self) -> int:
        return 0

    def read(self) -> Iterator[bytes]:
        if self.name == "zero":
            while True:
                yield bytes(CHUNK)
        if self.name in ("random", "urandom"):
            for index in count():
                yield b"".join(number(self.name, index, i).to_bytes(8, "big") for i in range(64))

    def write(self, data: bytes) -> None:
        pass

    def truncate(self) -> None:
        pass


class _ByteCursor:
    """A place in a file of bytes."""

    def __init__(self, file: File, offset: int) -> None:
        self._file = file
        self._offset = offset

    due = None

    def more(self) -> Iterator[bytes]:
        size = self._file.size()
        if size < self._offset:
            self._offset = 0
        skip = self._offset
        self._offset = size
        for piece in self._file.read():
            if skip < len(piece):
                yield piece[skip:]
            skip = max(0, skip - len(piece))
