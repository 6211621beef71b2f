"""A text in the user's own editor, for which the explorer steps aside."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from textual.app import SuspendNotSupported

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.sessions.handoff import put_down
from ssmtui.sessions.tty import settings_restored
from ssmtui.ui.shells import SETTLE_SECONDS

if TYPE_CHECKING:
    from ssmtui.ui.app import SsmtuiApp

_USUAL: Final = ("vim", "vi", "nano")


async def edit(app: SsmtuiApp, text: str, suffix: str) -> str | None:
    """The text as the editor left it; None where it was not changed.

    The file is private, in a folder of its own, and gone afterwards. ProblemError: there is no
    editor, it fails, or the terminal cannot be handed over.
    """
    command = editor(os.environ)
    with tempfile.TemporaryDirectory(prefix="ssmtui-") as folder:
        path = Path(folder) / f"script{suffix}"
        await asyncio.to_thread(_write, path, text)
        try:
            code = await app.lend(_edited(app, [*command, str(path)]), "the editor")
        except SuspendNotSupported:
            raise input_problem(
                "This terminal cannot be handed over to an editor", "Type here, or load a file"
            ) from None
        app.ignore_keys(SETTLE_SECONDS)
        if code != 0:
            raise input_problem(
                plain(f"The editor {command[0]} failed"), "Set $EDITOR to one that is installed"
            )
        edited = await asyncio.to_thread(_read, path)
    return None if edited == text else edited


async def _edited(app: SsmtuiApp, command: Sequence[str]) -> int | None:
    """Give the terminal to an editor until it ends: its exit code, None if it cannot be started."""
    ended: int | BaseException | None
    with app.suspend(), app.batch_update(), app.unseen(), _ours_deaf(), settings_restored():
        # Nothing may escape from here: the screen would never come back.
        try:
            child = await asyncio.create_subprocess_exec(*command)
            try:
                ended = await child.wait()
            finally:
                await put_down(child)
        except OSError:
            ended = None
        except BaseException as error:  # noqa: BLE001 - raised again outside
            ended = error
    if isinstance(ended, BaseException):
        raise ended
    return ended


def editor(environ: dict[str, str] | os._Environ[str]) -> list[str]:
    """The editor's command by $VISUAL, $EDITOR, or what is usual. ProblemError: there is none."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environ.get(name, ""))
        except ValueError:
            words = []
        if words and shutil.which(words[0]):
            return words
    found = next((name for name in _USUAL if shutil.which(name)), None)
    if found is None:
        raise input_problem("There is no editor here", "Set $EDITOR, or load a file")
    return [found]


@contextmanager
def _ours_deaf() -> Iterator[None]:
    """The terminal's signals are the editor's; a Python handler is not inherited by it."""

    def nothing(number: int, frame: FrameType | None) -> None:
        del number, frame

    numbers = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)
    before = {number: signal.signal(number, nothing) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text + ("" if text.endswith("\n") or not text else "\n"), encoding="utf-8")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").rstrip("\n")
