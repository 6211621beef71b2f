from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell.bash.flow import ShellExit
from ssmtui.simulator.shell.terminal.repl import Repl
from ssmtui.simulator.shell.terminal.tty import Tty


class Parrot:
    """A language that remembers what it is told; a line that ends with + goes on."""

    prompt = "> "
    continuation = "+ "
    last_status = 4

    def __init__(self) -> None:
        self.history: list[str] = []
        self.told: list[str] = []
        self.signals: list[int] = []

    def remember(self, line: str) -> None:
        self.history.append(line)

    def incomplete(self, text: str) -> bool:
        return text.endswith("+\n")

    def complete(self, line: str) -> Sequence[str]:
        return ()

    async def execute(self, text: str) -> int:
        self.told.append(text)
        if text == "exit":
            raise ShellExit(9)
        if text == "wait":
            await asyncio.Event().wait()
        return 0

    def interrupted(self, signal: int) -> None:
        self.signals.append(signal)

    def notices(self) -> list[str]:
        return ["notice"] if len(self.told) == 1 else []


async def say(*pieces: bytes) -> tuple[int, Parrot, bytes]:
    language, tty = Parrot(), Tty(80, 24)
    running = spawn(Repl(language, tty).run(), "repl")
    for piece in pieces:
        for _ in range(20):
            await asyncio.sleep(0)
        await tty.receive(piece)
    tty_end = spawn(asyncio.wait({running}), "waiting")
    for _ in range(20):
        await asyncio.sleep(0)
    tty.hang_up()
    await tty_end
    return running.result(), language, tty.output.take()


async def test_lines_are_run_until_the_end() -> None:
    status, language, shown = await say(b"one\r", b"two+\r", b"more\r", b"\r", b"\x04")
    assert language.told == language.history == ["one", "two+\nmore"]
    assert status == 4
    assert b"notice\r\n> " in shown
    assert b"\r\n+ more" in shown


async def test_leaving_by_a_command() -> None:
    status, _, _ = await say(b"exit\r")
    assert status == 9


async def test_interrupting_a_command_and_a_line() -> None:
    status, language, shown = await say(b"wait\r", b"\x03", b"half\x03", b"last\r", b"\x04")
    assert language.signals == [2, 2]
    assert language.told == ["wait", "last"]
    assert b"half^C\r\n" in shown
    assert status == 4
