"""Writing what is shown to a file: the name is asked for, and nothing is overwritten silently."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.local.files import write_private
from ssmtui.ui.screens.dialogs import AskName, Confirm

if TYPE_CHECKING:
    from ssmtui.ui.app import SsmtuiApp


async def ask_and_save(
    app: SsmtuiApp, name: str, pieces: Callable[[str], Iterator[str]], hint: str
) -> None:
    """Ask for the name, ask again before overwriting, write, and say how much went where.

    `pieces(name)` gives the text for a name (its ending may choose the form); it may raise
    ProblemError. To be run in a worker.
    """
    given = await app.push_screen_wait(AskName("Write to", name, hint))
    if given is None:
        return
    text = pieces(given)
    path = await asyncio.to_thread(Path(given).expanduser)
    if await asyncio.to_thread(path.exists):
        question = Confirm("Overwrite", [f"{path} exists already."], "Overwrite")
        if not await app.push_screen_wait(question):
            app.say(f"{path} was left as it is")
            return
    size = await asyncio.to_thread(_write, path, text)
    app.say(f"Wrote {size:,} bytes to {path}")


def _write(path: Path, pieces: Iterator[str]) -> int:
    data = "".join(pieces).encode("utf-8", "surrogateescape")
    try:
        if not path.parent.is_dir():
            raise input_problem(
                plain(f"There is no folder {path.parent}"), "Make it, or name another"
            )
        write_private(path, data)
    except OSError as error:
        raise input_problem(plain(f"{path} cannot be written: {error.strerror}")) from error
    return len(data)


def safe_stem(text: str) -> str:
    """A remote name as the beginning of a file's name: nothing that is a path or a control."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip(".-")[:60] or "text"
