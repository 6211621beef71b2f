"""What scripts use of .NET itself: streams of files, base64, byte arrays, the console's input."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING

from ssmtui.simulator.shell.machine.files import File
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.powershell.call import Call, shown_path
from ssmtui.simulator.shell.powershell.values import PowerShellError, Thing, Value, number, text
from ssmtui.simulator.shell.streams import LineReader, decode
from ssmtui.simulator.shell.terminal.tty import Tty

if TYPE_CHECKING:
    from ssmtui.simulator.shell.powershell.interpreter import Interpreter

_MOST_BYTES = 8 << 20


class ByteArray:
    """A byte[]: its length stays, its bytes change."""

    def __init__(self, data: bytes | bytearray) -> None:
        self.data = bytearray(data)

    @classmethod
    def of_length(cls, count: Value) -> ByteArray:
        length = int(number(count))
        if not 0 <= length <= _MOST_BYTES:
            raise PowerShellError("Exception of type 'System.OutOfMemoryException' was thrown.")
        return cls(bytes(length))

    def get(self, name: str) -> Value:
        """A property; None if there is none."""
        return len(self.data) if name.lower() in ("length", "count") else None

    def part(self, arguments: list[Value]) -> bytes:
        """The bytes of (array), or of (array, offset, count)."""
        start, count = (int(number(one)) for one in arguments[1:3]) if arguments[2:] else (
            0, len(self.data))  # fmt: skip
        if start < 0 or count < 0 or start + count > len(self.data):
            raise _exception("Index was out of range.", "ArgumentOutOfRangeException")
        return bytes(self.data[start : start + count])


class FileStream:
    """A System.IO.FileStream on a file of the toy machine."""

    def __init__(self, shell: Interpreter, path: str, file: File) -> None:
        self._shell = shell
        self._path = path
        self._file = file
        self._at = 0

    def get(self, name: str) -> Value:
        """A property; None if there is none."""
        return {"length": self._file.size(), "position": self._at}.get(name.lower())

    async def call(self, name: str, arguments: list[Value]) -> Value:
        """A method, by its name in lower case. PowerShellError for one that there is not."""
        match name, arguments:
            case "read", [ByteArray() as array, offset, count]:
                return await self._read(array, int(number(offset)), int(number(count)))
            case "write", [ByteArray() as array, *_]:
                self._write(array.part(arguments))
                return None
            case "seek", [offset, origin]:
                base = {"begin": 0, "current": self._at, "end": self._file.size()}
                self._at = base[text(origin).lower()] + int(number(offset))
                return self._at
            case "setlength", [length]:
                self._rewrite(self._content()[: int(number(length))])
                return None
            case "close" | "dispose" | "flush", []:
                return None
        raise PowerShellError(
            "Method invocation failed because [System.IO.FileStream] does not contain a method "
            f"named '{name}'.",
            category=f"InvalidOperation: ({name}:String) [], RuntimeException",
            identifier="MethodNotFound",
        )

    async def _read(self, array: ByteArray, offset: int, count: int) -> int:
        skip, got = self._at, 0
        for piece in self._file.read():
            await self._shell.turns.take()
            data = piece[skip : skip + count - got]
            skip = max(0, skip - len(piece))
            array.data[offset + got : offset + got + len(data)] = data
            got += len(data)
            if got >= count:
                break
        self._at += got
        return got

    def _write(self, data: bytes) -> None:
        if self._at == self._file.size():
            self._append(data)
        else:
            content = self._content()
            self._rewrite(content[: self._at] + data + content[self._at + len(data) :])
        self._at += len(data)

    def _content(self) -> bytes:
        return b"".join(self._file.read())

    def _rewrite(self, data: bytes) -> None:
        self._shell.machine.tree.create(self._path, append=False)
        self._append(data)

    def _append(self, data: bytes) -> None:
        try:
            self._shell.machine.tree.append(self._path, self._file, data)
        except FileProblem:
            raise _exception("There is not enough space on the disk.", "IOException") from None


def static(shell: Interpreter, kind: str, name: str, arguments: list[Value]) -> Value:
    """A static method of a type, both in lower case. KeyError if it is not here."""
    if (kind, name) == ("io.file", "open"):
        return open_file(shell, arguments)
    if (kind, name) == ("io.file", "openread"):
        return open_file(shell, [*arguments[:1], "Open"])
    if (kind, name) == ("io.path", "gettempfilename"):
        return temporary_file(shell)
    return _STATIC[kind, name](arguments)


def open_file(shell: Interpreter, arguments: list[Value]) -> FileStream:
    """[IO.File]::Open(path, mode, ...): Open, OpenOrCreate, Create or Append."""
    call = Call("Open", {}, [], shell, shell.machine)
    given, mode, *_ = *(text(one) for one in arguments), "", ""
    path, tree = call.tree_path(given), shell.machine.tree
    shown = shown_path(path)
    if mode.lower() == "open" and not tree.exists(path):
        raise _exception(f"Could not find file '{shown}'.", "FileNotFoundException")
    try:
        stream = FileStream(shell, path, tree.create(path, append=mode.lower() != "create"))
    except FileProblem as problem:
        missing = problem.reason in ("No such file or directory", "Not a directory")
        message = (
            f"Could not find a part of the path '{shown}'."
            if missing
            else f"Access to the path '{shown}' is denied."
        )
        raise _exception(message, "IOException" if missing else "UnauthorizedAccessException") \
            from None  # fmt: skip
    if mode.lower() == "append":
        stream._at = stream._file.size()
    return stream


def temporary_file(shell: Interpreter) -> str:
    """[IO.Path]::GetTempFileName(): the path of a new, empty file."""
    call, folder = Call("Open", {}, [], shell, shell.machine), text(shell.variable("env:temp"))
    for count in range(1, 0x10000):
        shown = f"{folder}\\tmp{count:X}.tmp"
        if not shell.machine.tree.exists(call.tree_path(shown)):
            open_file(shell, [shown, "Create"])
            return shown
    raise _exception("The file exists.", "IOException")


def to_base64(arguments: list[Value]) -> str:
    """[Convert]::ToBase64String(bytes), or of a part of them."""
    match arguments:
        case [ByteArray() as array, *_]:
            return base64.b64encode(array.part(arguments)).decode()
    raise _exception("Value cannot be null.", "ArgumentNullException")


def from_base64(arguments: list[Value]) -> ByteArray:
    """[Convert]::FromBase64String(text)."""
    try:
        return ByteArray(base64.b64decode(text(arguments[0]) if arguments else "", validate=True))
    except (binascii.Error, ValueError):
        raise _exception(
            "The input is not a valid Base-64 string as it contains a non-base 64 character.",
            "FormatException",
        ) from None


class Console:
    """What a session's scripts read from: a terminal, or what stands in its place.

    A Windows console shows what is typed when it is read as a line, and not what is read as keys.
    """

    def __init__(self, stdin: LineReader, tty: Tty | None) -> None:
        self._stdin = stdin
        self._tty = tty
        self._keys = ""

    async def read_line(self) -> Value:
        """[Console]::ReadLine(): a line without its end; nothing at the end of the input."""
        line = await self._stdin.line()
        if line and self._tty is not None and not self._tty.echo:
            await self._tty.write(line)
        return decode(line.rstrip(b"\r\n")) if line else None

    async def read_key(self) -> Thing:
        """[Console]::ReadKey(): the next key. PowerShellError at the end of the input."""
        if not self._keys:
            self._keys = decode(await self._stdin.line()).replace("\n", "\r")
        if not self._keys:
            raise _exception("Cannot read keys when console input is closed.",
                             "InvalidOperationException")  # fmt: skip
        key, self._keys = self._keys[0], self._keys[1:]
        name = "Enter" if key == "\r" else key.upper()
        return Thing("ConsoleKeyInfo", {"KeyChar": key, "Key": name})


_STATIC: dict[tuple[str, str], Callable[[list[Value]], Value]] = {
    ("convert", "tobase64string"): to_base64,
    ("convert", "frombase64string"): from_base64,
}


def _exception(message: str, kind: str) -> PowerShellError:
    return PowerShellError(
        f'Exception calling a method: "{message}"',
        category=f"NotSpecified: (:) [], {kind}",
        identifier=kind,
    )
