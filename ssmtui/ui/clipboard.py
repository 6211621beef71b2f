"""The clipboard: the system's own and the terminal's (OSC 52), and a word on which way it went."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from enum import StrEnum


class Way(StrEnum):
    """What the configuration may ask for as `clipboard`."""

    AUTO = "auto"
    SYSTEM = "system"
    OSC52 = "osc52"
    OFF = "off"


async def copy(
    text: str,
    *,
    way: Way,
    terminal: Callable[[str], None],
    environ: Mapping[str, str] = os.environ,
    system: Callable[[str], str] | None = None,
) -> str:
    """Copy `text` and return a sentence part that says where it went.

    Over SSH the system's clipboard is that of the wrong machine, so only OSC 52 is used there.
    `terminal` writes OSC 52; it has no answer, so it is said that the terminal must allow it.
    """
    if way is Way.OFF:
        return "not copied: the clipboard is switched off in the configuration"
    remote = bool(environ.get("SSH_TTY") or environ.get("SSH_CONNECTION"))
    trouble = "over SSH" if remote else ""
    if way is Way.SYSTEM or (way is Way.AUTO and not remote):
        trouble = await asyncio.to_thread(system or system_copy, text)
        if not trouble and way is Way.SYSTEM:
            return "to the system clipboard"
        if way is Way.SYSTEM:
            return f"not copied: {trouble}"
    terminal(text)
    hint = "; tmux needs set-clipboard on" if environ.get("TMUX") else ""
    if trouble:
        return f"through the terminal (OSC 52), {trouble}{hint}"
    if way is Way.OSC52:
        return f"through the terminal (OSC 52){hint}"
    return "to the system clipboard"


def system_copy(text: str) -> str:
    """Copy through the system's own tool; blocking. The trouble in a few words, "" if none."""
    import pyperclip

    try:
        pyperclip.copy(text)
    except pyperclip.PyperclipException:
        return "as there is no system clipboard here"
    return ""
