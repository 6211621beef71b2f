"""One run of a cmdlet: its arguments by name, and what it may use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ssmtui.simulator.shell.machine.files import Entry, File, Folder
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.powershell.syntax import Block
from ssmtui.simulator.shell.powershell.values import PowerShellError, Value, many, number, text

if TYPE_CHECKING:
    from ssmtui.simulator.shell.powershell.interpreter import Interpreter

Values = AsyncIterator[Value]


@dataclass
class Call:
    """`named` are the parameters that were given, by the full name in lower case; a switch is
    True. `rest` are the positional ones that no parameter took.
    """

    name: str
    named: dict[str, Value]
    rest: list[Value]
    shell: Interpreter
    machine: Machine
    read: list[Value] = field(default_factory=list)

    def has(self, name: str) -> bool:
        return bool(self.named.get(name))

    def text(self, name: str, default: str = "") -> str:
        return text(self.named[name]) if name in self.named else default

    def texts(self, name: str) -> list[str]:
        return [text(one) for one in many(self.named.get(name))]

    def count(self, name: str, default: int) -> int:
        return int(number(self.named[name])) if name in self.named else default

    def block(self, name: str) -> Block | None:
        value = self.named.get(name)
        return value if isinstance(value, Block) else None

    def error(self, message: str, category: str = "", identifier: str = "") -> PowerShellError:
        """An error of this cmdlet."""
        return PowerShellError(message, source=self.name, category=category, identifier=identifier)

    # Paths: C:\Windows is /C:/Windows of the machine's tree, whatever its case.

    def tree_path(self, path: str) -> str:
        path = path.strip().replace("\\", "/") or "."
        if path.startswith("/"):
            path = "C:" + path
        if path[1:2] != ":":
            path = f"{self.shell.folder}/{path}".replace("\\", "/")
        parts: list[str] = []
        for part in path.split("/"):
            if part == "..":
                del parts[max(1, len(parts) - 1) :]
            elif part not in ("", "."):
                parts.append(part)
        parts[0] = parts[0].upper()
        return self._as_it_is_written(parts)

    def _as_it_is_written(self, parts: list[str]) -> str:
        folder: Entry = self.machine.tree.root
        found = ""
        for part in parts:
            name = part
            if isinstance(folder, Folder):
                wanted = part.casefold()
                name = next((one for one in folder.entries if one.casefold() == wanted), part)
                folder = folder.entries.get(name, folder)
            found += "/" + name
        return found

    def entry(self, path: str) -> Entry:
        """PowerShellError if it is not there."""
        found = self.tree_path(path)
        if not self.machine.tree.exists(found):
            shown = shown_path(found)
            raise self.error(
                f"Cannot find path '{shown}' because it does not exist.",
                f"ObjectNotFound: ({shown}:String) [{self.name}], ItemNotFoundException",
                f"PathNotFound,Microsoft.PowerShell.Commands.{self.name.replace('-', '')}Command",
            )
        return self.machine.tree.find(found)

    def file(self, path: str) -> File:
        entry = self.entry(path)
        if not isinstance(entry, File):
            raise self.error(
                f"Access to the path '{shown_path(self.tree_path(path))}' is denied.",
                f"PermissionDenied: ({path}:String) [{self.name}], UnauthorizedAccessException",
                "GetContentReaderUnauthorizedAccessError",
            )
        return entry


def shown_path(path: str) -> str:
    """/C:/Windows as C:\\Windows."""
    shown = path.strip("/").replace("/", "\\")
    return shown + "\\" if shown.endswith(":") else shown


@dataclass(frozen=True)
class Cmdlet:
    """A cmdlet. `parameters` in the order of their positions; those that end in "?" are switches,
    those in brackets have no position.
    """

    name: str
    parameters: tuple[str, ...]
    run: Callable[[Call, Values], Values]

    @property
    def names(self) -> dict[str, bool]:
        """Every parameter in lower case, and whether it is a switch."""
        return {one.strip("?[]").lower(): one.endswith("?") for one in self.parameters}

    @property
    def positions(self) -> list[str]:
        return [one.lower() for one in self.parameters if one[-1] not in "?]"]


async def nothing() -> Values:
    """No input."""
    empty: tuple[Value, ...] = ()
    for value in empty:
        yield value
