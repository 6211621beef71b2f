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
) -> tuple[bool, str]:
    """Copy `text`; whether that was done, and where it went or why it did not.

    Over SSH the system's clipboard is that of the wrong machine, so only OSC 52 is used there.
    `terminal` writes OSC 52; it has no answer, so it is said that the terminal must allow it.
    """
    if way is Way.OFF:
        return False, "the clipboard is switched off in the configuration"
    remote = bool(environ.get("SSH_TTY") or environ.get("SSH_CONNECTION"))
    trouble = "over SSH" if remote else ""
    if way is Way.SYSTEM or (way is Way.AUTO and not remote):
        trouble = await asyncio.to_thread(system or system_copy, text)
        if not trouble and way is Way.SYSTEM:
            return True, "to the system clipboard"
        if way is Way.SYSTEM:
            return False, trouble
    terminal(text)
    hint = "; tmux needs set-clipboard on" if environ.get("TMUX") else ""
    if way is Way.AUTO and not trouble:
        return True, "to the system clipboard"
    because = f", {trouble}" if trouble else ""
    return True, f"through the terminal (OSC 52){because}{hint}"


def system_copy(text: str) -> str:
    """Copy through the system's own tool; blocking. The trouble in a few words, "" if none."""
    import pyperclip

    try:
        pyperclip.copy(text)
    except pyperclip.PyperclipException:
        return "there is no system clipboard here"
    return ""
