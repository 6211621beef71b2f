"""A shell at a terminal: prompt, read, run, and again."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell.bash.flow import ShellExit
from ssmtui.simulator.shell.terminal.editor import Editor, Ended, Interrupted
from ssmtui.simulator.shell.terminal.tty import SIGINT, Tty


class Language(Protocol):
    """What a shell speaks. `execute` raises ShellExit when the shell is to end."""

    @property
    def history(self) -> Sequence[str]: ...

    @property
    def prompt(self) -> str: ...

    @property
    def continuation(self) -> str:
        """The prompt of a further line of the same command."""
        ...

    @property
    def last_status(self) -> int: ...

    def remember(self, line: str) -> None:
        """Add a line to the history."""
        ...

    def incomplete(self, text: str) -> bool: ...

    def complete(self, line: str) -> Sequence[str]: ...

    async def execute(self, text: str) -> int: ...

    def interrupted(self, signal: int) -> None:
        """The command that ran was ended by a signal."""
        ...

    def notices(self) -> list[str]:
        """What is to be said before the next prompt: jobs that are done."""
        ...


class Repl:
    def __init__(self, language: Language, tty: Tty) -> None:
        self._language = language
        self._tty = tty
        self._editor = Editor(tty, language.complete)

    async def run(self) -> int:
        """Until the shell exits or nothing more is typed: the exit status."""
        while True:
            for notice in self._language.notices():
                self._show(notice + "\n")
            self._tty.start_editing()
            try:
                text = await self._command()
            except Interrupted:
                self._language.interrupted(SIGINT)
                continue
            except Ended:
                self._show("exit\n")
                return self._language.last_status
            if not text.strip():
                continue
            self._language.remember(text)
            self._tty.start_program(self._editor.typed_ahead())
            try:
                await self._foreground(self._language.execute(text))
            except ShellExit as leaving:
                return leaving.status

    async def _command(self) -> str:
        """A line, and those that belong to it."""
        history = self._language.history
        text = await self._editor.read(self._language.prompt, history)
        while self._language.incomplete(text + "\n"):
            line = await self._editor.read(self._language.continuation, history)
            text = f"{text}\n{line}"
        return text

    async def _foreground(self, work: Coroutine[Any, Any, int]) -> None:
        """Run a command that the terminal's signals end."""
        task = spawn(work, "toy foreground job")
        signals: list[int] = []

        def on_signal(signal: int) -> None:
            signals.append(signal)
            task.cancel()

        before, self._tty.on_signal = self._tty.on_signal, on_signal
        try:
            await asyncio.wait({task})
        finally:
            self._tty.on_signal = before
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        if task.cancelled():
            signal = signals[-1] if signals else SIGINT
            self._tty.interrupted(signal)
            self._language.interrupted(signal)
        else:
            task.result()

    def _show(self, text: str) -> None:
        self._tty.output.put(text.encode("utf-8", "surrogateescape").replace(b"\n", b"\r\n"))
