"""One run of a command: its arguments, its streams, and the machine it runs on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ssmtui.simulator.shell.machine.files import File
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.paths import join
from ssmtui.simulator.shell.machine.tree import READ, WRITE, FileProblem
from ssmtui.simulator.shell.machine.users import User
from ssmtui.simulator.shell.streams import LineReader, Nothing, Sink, Source, Turns, decode, encode

if TYPE_CHECKING:
    from ssmtui.simulator.shell.bash.interpreter import Bash
    from ssmtui.simulator.shell.terminal.tty import Tty

_SMALLEST_WRITE = 4096


class Complaint(Exception):
    """A command that cannot go on: it says "name: message" on stderr and exits with `status`."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Streams:
    """The open descriptors of a process, by number."""

    sources: dict[int, LineReader] = field(default_factory=dict)
    sinks: dict[int, Sink] = field(default_factory=dict)

    @classmethod
    def of(cls, stdin: Source, stdout: Sink, stderr: Sink) -> Streams:
        return cls({0: _reader(stdin)}, {1: stdout, 2: stderr})

    def copy(self) -> Streams:
        return Streams(dict(self.sources), dict(self.sinks))

    def having(
        self,
        stdin: Source | None = None,
        stdout: Sink | None = None,
        stderr: Sink | None = None,
    ) -> Streams:
        """A copy in which some of the three standard ones are others."""
        changed = self.copy()
        if stdin is not None:
            changed.sources[0] = _reader(stdin)
        if stdout is not None:
            changed.sinks[1] = stdout
        if stderr is not None:
            changed.sinks[2] = stderr
        return changed

    @property
    def stdin(self) -> LineReader:
        return self.sources.get(0) or _reader(Nothing())

    @property
    def stdout(self) -> Sink:
        return self.sinks.get(1) or Nothing()

    @property
    def stderr(self) -> Sink:
        return self.sinks.get(2) or Nothing()


def _reader(source: Source) -> LineReader:
    return source if isinstance(source, LineReader) else LineReader(source)


@dataclass
class Invocation:
    """What a command gets. `args` do not include its name."""

    name: str
    args: list[str]
    shell: Bash
    machine: Machine
    user: User
    cwd: str
    env: dict[str, str]
    streams: Streams
    turns: Turns
    tty: Tty | None = None

    # Output.

    async def out(self, text: str) -> None:
        """Write to stdout. Closed if nobody reads it any more."""
        await self.turns.take()
        await self.streams.stdout.write(encode(text))

    async def line(self, text: str = "") -> None:
        await self.out(text + "\n")

    async def lines(self, texts: Iterator[str] | list[str]) -> None:
        """Many lines, in larger pieces."""
        waiting: list[str] = []
        size = 0
        for text in texts:
            waiting.append(text + "\n")
            size += len(text) + 1
            if size >= _SMALLEST_WRITE:
                await self.out("".join(waiting))
                waiting, size = [], 0
        if waiting:
            await self.out("".join(waiting))

    async def write(self, data: bytes) -> None:
        await self.turns.take()
        await self.streams.stdout.write(data)

    async def err(self, text: str) -> None:
        """A line on stderr as it is."""
        await self.streams.stderr.write(encode(text + "\n"))

    async def complain(self, text: str) -> None:
        """`name: text` on stderr."""
        await self.err(f"{self.name}: {text}")

    # Input and files.

    def path(self, name: str) -> str:
        """A path that was given as an argument, made absolute."""
        return join(self.cwd, name)

    def file(self, name: str, access: int = READ) -> File:
        """FileProblem if it is not there or not to be read (or written)."""
        try:
            return self.machine.tree.file(self.path(name), self.user.name, access)
        except FileProblem as problem:
            raise FileProblem(name, problem.reason) from None

    def writable(self, name: str, *, append: bool = False) -> FileSink:
        """A sink to a file, made or emptied now."""
        try:
            file = self.machine.tree.create(self.path(name), self.user.name, append=append)
        except FileProblem as problem:
            raise FileProblem(name, problem.reason) from None
        return FileSink(self.machine, name, file)

    def source(self, name: str) -> LineReader:
        """A file as input; "-" is stdin."""
        if name == "-":
            return self.streams.stdin
        return LineReader(FileSource(self.file(name), self.turns))

    async def texts(self, name: str = "-") -> AsyncIterator[str]:
        """The lines of a file or stdin, without newlines."""
        source = self.source(name)
        while data := await source.line():
            await self.turns.take_line(len(data))
            yield decode(data.removesuffix(b"\n"))

    async def whole(self, name: str = "-", limit: int = 8 << 20) -> bytes:
        """All of a file or stdin; Complaint if it is too much to keep."""
        source = self.source(name)
        data = bytearray()
        while piece := await source.read():
            await self.turns.take()
            data += piece
            if len(data) > limit:
                raise Complaint("memory exhausted", 2)
        return bytes(data)

    @property
    def root(self) -> bool:
        return self.user.name == "root"

    def having(self, **changes: Any) -> Invocation:
        return replace(self, **changes)


class FileSource:
    """A file of the toy machine as a source."""

    def __init__(self, file: File, turns: Turns) -> None:
        self._pieces = file.read()
        self._turns = turns

    async def read(self) -> bytes:
        await self._turns.take()
        return next(self._pieces, b"")


class FileSink:
    """A file of the toy machine as a sink. FileProblem when the disk is full."""

    def __init__(self, machine: Machine, name: str, file: File) -> None:
        self._machine = machine
        self._name = name
        self._file = file

    async def write(self, data: bytes) -> None:
        self._machine.tree.append(self._name, self._file, data)


Program = Callable[[Invocation], Awaitable[int]]

__all__ = ["READ", "WRITE", "Complaint", "FileSink", "Invocation", "Program", "Streams"]
