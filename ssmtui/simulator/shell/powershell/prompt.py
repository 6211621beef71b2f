"""PowerShell at a prompt."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from ssmtui.simulator.shell.bash.flow import ShellExit
from ssmtui.simulator.shell.invocation import Streams
from ssmtui.simulator.shell.powershell.interpreter import Leave
from ssmtui.simulator.shell.powershell.parser import parse
from ssmtui.simulator.shell.powershell.session import PowerShell
from ssmtui.simulator.shell.powershell.syntax import Incomplete, ParseError
from ssmtui.simulator.shell.terminal.tty import Tty, TtyInput


class PowerShellPrompt:
    """PowerShell as a language of a terminal."""

    def __init__(self, powershell: PowerShell, tty: Tty) -> None:
        self._powershell = powershell
        self._tty = tty
        self._history: deque[str] = deque(maxlen=500)

    @property
    def history(self) -> Sequence[str]:
        return list(self._history)

    @property
    def prompt(self) -> str:
        return f"PS {self._powershell.shell.folder}> "

    @property
    def continuation(self) -> str:
        return ">> "

    @property
    def last_status(self) -> int:
        return self._powershell.shell.status or 0

    def remember(self, line: str) -> None:
        if not self._history or self._history[-1] != line:
            self._history.append(line)

    def incomplete(self, text: str) -> bool:
        try:
            parse(text)
        except Incomplete:
            return True
        except ParseError:
            return False
        return text.endswith("`\n")

    def complete(self, line: str) -> Sequence[str]:
        """Cmdlets, for a first word with a dash in it."""
        word = line.rsplit(" ", maxsplit=1)[-1].casefold()
        if not word or " " in line.strip():
            return []
        names = {cmdlet.name for cmdlet in self._powershell.shell.cmdlets.values()}
        return sorted(name[len(word) :] for name in names if name.casefold().startswith(word))

    async def execute(self, text: str) -> int:
        tty = self._tty
        self._powershell.streams = Streams.of(TtyInput(tty), tty, tty)
        try:
            return await self._powershell.execute(text)
        except Leave as leaving:
            raise ShellExit(leaving.status) from None

    def interrupted(self, signal: int) -> None:
        self._powershell.shell.succeeded = False

    def notices(self) -> list[str]:
        return []
