"""What is typed, on its way to the node: everything as it is, but for the one key that is ours."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

ESCAPE: Final = b"\x1d"  # Ctrl-], which many keyboards also give for Ctrl-5


class Choice(StrEnum):
    """What can be chosen after Ctrl-]."""

    SEND = "send"  # a Ctrl-] to the node
    END = "end"  # the session, in order
    ABANDON = "abandon"  # it as it is: the node may be frozen
    ASK = "ask"  # it was pressed: show what can be chosen
    GO_ON = "go on"


MENU: Final = "e end the session · a abandon it · ] send Ctrl-] · any other key goes on"

_CHOICES: Final = {
    b"e": Choice.END,
    b"E": Choice.END,
    b"a": Choice.ABANDON,
    b"A": Choice.ABANDON,
    b"]": Choice.SEND,
    ESCAPE: Choice.SEND,
}


class Keys:
    """Splits what was typed into bytes for the node and choices, in their order."""

    def __init__(self) -> None:
        self._asking = False

    def feed(self, typed: bytes) -> list[bytes | Choice]:
        """What to do about these keys. The one after Ctrl-] is the answer to the menu."""
        found: list[bytes | Choice] = []
        while typed:
            if self._asking:
                self._asking = False
                key, typed = typed[:1], typed[1:]
                choice = _CHOICES.get(key, Choice.GO_ON)
                found.append(choice)
                if choice is Choice.SEND:
                    found.append(ESCAPE)
                continue
            before, escape, typed = typed.partition(ESCAPE)
            if before:
                found.append(before)
            if escape:
                self._asking = True
                found.append(Choice.ASK)
        return found
