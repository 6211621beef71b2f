"""What a shell can run: its builtins, the machine's programs, and scripts in files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ssmtui.simulator.shell.invocation import Invocation, Program
from ssmtui.simulator.shell.machine.files import File, Folder
from ssmtui.simulator.shell.machine.layout import BINARIES
from ssmtui.simulator.shell.machine.paths import join, split
from ssmtui.simulator.shell.machine.tree import EXECUTE, READ, FileProblem, allowed

if TYPE_CHECKING:
    from ssmtui.simulator.shell.bash.interpreter import Bash

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LONGEST_SCRIPT = 1 << 20


class Found(NamedTuple):
    """A program, or why there is none and what the shell then exits with."""

    program: Program | None
    problem: str = ""
    status: int = 127
    path: str = ""


class Programs:
    """`builtins` are the shell's own, `files` what is behind the names in /usr/bin.

    Those of `looking` change nothing but the files that the machine's tree knows of.
    """

    def __init__(
        self,
        builtins: Mapping[str, Program],
        files: Mapping[str, Program],
        looking: Collection[str] = (),
    ) -> None:
        self._builtins = builtins
        self._files = files
        self._looking = looking

    def builtin(self, name: str) -> Program | None:
        return self._builtins.get(name)

    @property
    def names(self) -> list[str]:
        return sorted({*self._builtins, *self._files})

    def find(self, name: str, shell: Bash) -> Found:
        """By its path, or along $PATH."""
        if "/" in name:
            return self._at(join(shell.state.cwd, name), shell)
        for folder in (shell.state.get("PATH") or "").split(":"):
            found = self._at(join(folder or "/", name), shell) if name else Found(None)
            if found.program is not None:
                return found
        return Found(None, "command not found")

    def _at(self, path: str, shell: Bash) -> Found:
        tree, user = shell.machine.tree, shell.state.user.name
        try:
            real = tree.real(path, user)
            entry = tree.find(real, user)
        except FileProblem as problem:
            return Found(None, problem.reason, 126 if "denied" in problem.reason else 127)
        if isinstance(entry, Folder):
            return Found(None, "Is a directory", 126)
        if not (entry.mode & 0o111 and allowed(entry, user, EXECUTE)):
            return Found(None, "Permission denied", 126)
        folder, name = split(real)
        if folder == BINARIES and name in self._files:
            if name not in self._looking:
                shell.machine.touched = True
            return Found(self._files[name], path=path)
        if not isinstance(entry, File) or not allowed(entry, user, READ):
            return Found(None, "Permission denied", 126)
        return Found(_script(path, entry), path=path)


def _script(path: str, file: File) -> Program:
    async def run(invocation: Invocation) -> int:
        """A file that bash reads as a script, whatever its first line says."""
        data = bytearray()
        for piece in file.read():
            data += piece
            if len(data) > _LONGEST_SCRIPT:
                break
        if data.startswith(b"\x7fELF") or b"\0" in data[:512]:
            await invocation.err(f"bash: {path}: cannot execute binary file: Exec format error")
            return 126
        shell = invocation.shell.fork(invocation.streams)
        shell.state.name = path
        shell.state.positional = list(invocation.args)
        return await shell.run(data.decode("utf-8", "surrogateescape"))

    return run
