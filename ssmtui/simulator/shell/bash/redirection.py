"""Redirections: which streams a command gets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ssmtui.simulator.shell.bash.syntax import Redirect, Word
from ssmtui.simulator.shell.invocation import FileSink, FileSource, Streams
from ssmtui.simulator.shell.machine.files import File
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.paths import join
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.streams import Bytes, LineReader, Nothing, Sink, Turns, encode


class BadDescriptor(Exception):
    """The message is bash's: "5: Bad file descriptor"."""


@dataclass
class Redirector:
    machine: Machine
    user: str
    cwd: str
    turns: Turns
    text: Callable[[Word], Awaitable[str]]
    no_clobber: bool = False

    async def apply(self, streams: Streams, redirects: list[Redirect]) -> Streams:
        """The streams after all of them, from left to right. FileProblem for a file that cannot
        be opened, BadDescriptor for one that is not.
        """
        if not redirects:
            return streams
        streams = streams.copy()
        for redirect in redirects:
            await self._one(streams, redirect)
        return streams

    async def _one(self, streams: Streams, redirect: Redirect) -> None:
        op, word = redirect.op, await self.text(redirect.word)
        if op in ("<<", "<<<"):
            data = encode(word + ("\n" if op == "<<<" else ""))
            streams.sources[redirect.fd or 0] = LineReader(Bytes(data))
        elif op in ("<", "<>"):
            file = self.machine.tree.file(join(self.cwd, word), self.user)
            streams.sources[redirect.fd or 0] = LineReader(FileSource(file, self.turns))
        elif op == "<&":
            self._duplicate_source(streams, redirect.fd or 0, word)
        elif op == ">&" and (word.isdigit() or word == "-"):
            self._duplicate_sink(streams, 1 if redirect.fd is None else redirect.fd, word)
        elif op in ("&>", "&>>", ">&"):
            streams.sinks[1] = streams.sinks[2] = self._open(word, append=op == "&>>")
        else:
            fd = 1 if redirect.fd is None else redirect.fd
            streams.sinks[fd] = self._open(word, append=op == ">>")

    def _open(self, name: str, *, append: bool) -> Sink:
        if not name:
            raise FileProblem("", "No such file or directory")
        if join(self.cwd, name) == "/dev/null":
            return Nothing()
        path = join(self.cwd, name)
        return FileSink(self.machine, name, self._create(path, name, append))

    def _create(self, path: str, name: str, append: bool) -> File:
        try:
            return self.machine.tree.create(path, self.user, append=append)
        except FileProblem as problem:
            raise FileProblem(name, problem.reason) from None

    def _duplicate_source(self, streams: Streams, fd: int, word: str) -> None:
        if word == "-":
            streams.sources.pop(fd, None)
        elif word.isdigit() and int(word) in streams.sources:
            streams.sources[fd] = streams.sources[int(word)]
        else:
            raise BadDescriptor(f"{word}: Bad file descriptor")

    def _duplicate_sink(self, streams: Streams, fd: int, word: str) -> None:
        if word == "-":
            streams.sinks.pop(fd, None)
        elif int(word) in streams.sinks:
            streams.sinks[fd] = streams.sinks[int(word)]
        else:
            raise BadDescriptor(f"{word}: Bad file descriptor")
