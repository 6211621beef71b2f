"""A PowerShell session: scripts in, text out."""

from __future__ import annotations

from ssmtui.simulator.shell.bash.limits import Exhausted
from ssmtui.simulator.shell.invocation import Streams
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.users import User
from ssmtui.simulator.shell.powershell import archives, basics, items, objects, system, web
from ssmtui.simulator.shell.powershell.dotnet import Console
from ssmtui.simulator.shell.powershell.interpreter import Interpreter, Leave
from ssmtui.simulator.shell.powershell.values import PowerShellError
from ssmtui.simulator.shell.powershell.views import render
from ssmtui.simulator.shell.streams import Closed, encode
from ssmtui.simulator.shell.terminal.tty import Tty

CMDLETS = {
    cmdlet.name.casefold(): cmdlet
    for family in (archives, basics, items, objects, system, web)
    for cmdlet in family.CMDLETS
}


class PowerShell:
    """What one text sets, the next one finds. Lines end with \\r\\n, whose \\r a terminal adds."""

    def __init__(
        self, machine: Machine, user: User, streams: Streams, *, tty: Tty | None = None
    ) -> None:
        self.streams = streams
        self._newline = "\n" if tty is not None else "\r\n"
        self._noted: list[tuple[PowerShellError, str]] = []
        environment = {
            "COMPUTERNAME": machine.hostname, "USERNAME": user.name, "OS": "Windows_NT",
            "USERPROFILE": f"C:\\Users\\{user.name}", "SYSTEMROOT": "C:\\Windows",
            "WINDIR": "C:\\Windows", "TEMP": "C:\\Temp", "PROGRAMFILES": "C:\\Program Files",
            "PROCESSOR_ARCHITECTURE": "AMD64", "PATH": "C:\\Windows\\system32;C:\\Windows",
            "NUMBER_OF_PROCESSORS": str(machine.hardware.cpus), "SYSTEMDRIVE": "C:",
        }  # fmt: skip
        self.shell = Interpreter(machine, CMDLETS, basics.ALIASES, self._note, environment)
        self.shell.console = Console(streams.stdin, tty)

    async def run(self, text: str) -> int:
        """A whole script: its exit code; 1 if an error has ended it or nobody reads its output."""
        try:
            whole = await self._execute(text)
        except Leave as leaving:
            return leaving.status
        except Closed:
            return 1
        return (self.shell.status or 0) if whole else 1

    async def execute(self, text: str) -> int:
        """A text within the session: 0 if all went well. Leave passes through."""
        whole = await self._execute(text)
        return int(not (whole and self.shell.succeeded))

    async def _execute(self, text: str) -> bool:
        """Whether it came to its end."""
        self.shell.variables["erroractionpreference"] = "Continue"
        self.shell.turns.waited()
        try:
            await self._show(text)
        except (PowerShellError, Exhausted) as error:
            shown = error if isinstance(error, PowerShellError) else PowerShellError(str(error))
            self.shell.show(shown, text.strip().split("\n")[0])
            return False
        finally:
            await self._complain()
        return True

    async def _show(self, text: str) -> None:
        async for line in render(self.shell.top(self.shell.read(text))):
            await self._complain()
            await self.shell.turns.take()
            await self.streams.stdout.write(encode(line + self._newline))

    def _note(self, error: PowerShellError, where: str) -> None:
        self._noted.append((error, where))

    async def _complain(self) -> None:
        """Show the errors that have come up, in PowerShell's style."""
        noted, self._noted = self._noted, []
        for error, where in noted:
            first = where.split("\n")[0][:300]
            source = f"{error.source} : " if error.source else ""
            lines = [
                f"{source}{error}",
                "At line:1 char:1",
                f"+ {first}",
                f"+ {'~' * len(first)}",
                f"    + CategoryInfo          : {error.category}",
                f"    + FullyQualifiedErrorId : {error.identifier}",
                " ",
            ]
            text = self._newline.join(lines) + self._newline
            await self.streams.stderr.write(encode(text))
