"""Editing a line at a prompt, as readline does it by default."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence

from ssmtui.core.text import cells
from ssmtui.simulator.shell.terminal.tty import Tty

_LONGEST = 65_536

# What keys send after ESC [ or ESC O, by the control character that does the same.
_SEQUENCES = {
    "A": "\x10", "B": "\x0e", "C": "\x06", "D": "\x02", "H": "\x01", "F": "\x05",
    "1~": "\x01", "7~": "\x01", "4~": "\x05", "8~": "\x05", "3~": "\x1b[3~",
}  # fmt: skip


_MOVES = {"\x01": -2, "\x02": -1, "\x06": 1, "\x05": 2}  # start, left, right, end


class Interrupted(Exception):
    """Ctrl-C at the prompt."""


class Ended(Exception):
    """Ctrl-D on an empty line, or nothing more to come."""


class Editor:
    """`complete(line)` gives the ways in which a line up to the cursor may go on."""

    def __init__(self, tty: Tty, complete: Callable[[str], Sequence[str]]) -> None:
        self._tty = tty
        self._complete = complete
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._waiting: list[str] = []
        self._line: list[str] = []
        self._at = 0
        self._cut = ""
        self._was_return = False

    async def read(self, prompt: str, history: Sequence[str]) -> str:
        """One line, without its end. Interrupted, Ended."""
        self._line, self._at = [], 0
        self._show(prompt)
        place = len(history)
        kept = ""
        while True:
            key = await self._key()
            if key in "\r\n":
                self._show("\r\n")
                return "".join(self._line)
            if key == "\x03":
                self._show("^C\r\n")
                raise Interrupted
            if key == "\x04" and not self._line:
                raise Ended
            if key in ("\x10", "\x0e"):
                following = place + (-1 if key == "\x10" else 1)
                if 0 <= following <= len(history):
                    kept = "".join(self._line) if place == len(history) else kept
                    place = following
                    self._replace(kept if place == len(history) else history[place])
                continue
            self._edit(key, prompt)

    def typed_ahead(self) -> bytes:
        """What was typed after the line, for the program that comes next."""
        text = "".join(reversed(self._waiting))
        self._waiting.clear()
        if self._was_return:
            text = text.removeprefix("\n")
        return text.encode("utf-8", "replace") + self._tty.keys.take()

    def _edit(self, key: str, prompt: str) -> None:
        if key in ("\x7f", "\b"):
            self._delete(self._at - 1, self._at)
        elif key in ("\x1b[3~", "\x04"):
            self._delete(self._at, self._at + 1)
        elif key in _MOVES:
            step = _MOVES[key]
            whole = len(self._line)
            self._move({-2: 0, 2: whole}.get(step, self._at + step))
        elif key in "\x0b\x15\x17":
            self._cut_out(key)
        elif key == "\x19":
            self._insert(self._cut)
        elif key == "\x0c":
            self._show("\x1b[H\x1b[2J" + prompt)
            self._redraw(0)
        elif key == "\t":
            self._try_to_complete()
        elif key.isprintable():
            self._insert(key)

    def _cut_out(self, key: str) -> None:
        """Ctrl-K to the end, Ctrl-U to the start, Ctrl-W the word before."""
        if key == "\x0b":
            self._delete(self._at, len(self._line), keep=True)
        else:
            self._delete(0 if key == "\x15" else self._word_start(), self._at, keep=True)

    # Keys.

    async def _key(self) -> str:
        """A character, or the control character of a longer sequence."""
        while True:
            char = await self._char()
            after_return, self._was_return = self._was_return, char == "\r"
            if char == "\n" and after_return:
                continue  # \r\n is one Enter
            if char != "\x1b":
                return char
            char = await self._char()
            if char not in ("[", "O"):
                continue  # Meta and a letter: nothing is bound
            if (meant := _SEQUENCES.get(await self._sequence())) is not None:
                return meant

    async def _sequence(self) -> str:
        """The rest of an escape sequence, up to its final byte."""
        sequence = ""
        while len(sequence) < 32:
            char = await self._char()
            sequence += char
            if "@" <= char <= "~":
                break
        return sequence

    async def _char(self) -> str:
        while not self._waiting:
            data = await self._tty.keys.read()
            if not data:
                raise Ended
            self._waiting = list(self._decoder.decode(data))[::-1]
        return self._waiting.pop()

    # The line.

    def _insert(self, text: str) -> None:
        if len(self._line) + len(text) > _LONGEST:
            self._show("\a")
            return
        self._line[self._at : self._at] = text
        at = self._at
        self._at += len(text)
        if self._at == len(self._line):
            self._show(text)
        else:
            self._show("".join(self._line[at:]))
            self._back(self._line[self._at :])

    def _delete(self, start: int, end: int, *, keep: bool = False) -> None:
        start, end = max(0, start), min(end, len(self._line))
        if start >= end:
            if not keep:
                self._show("\a")
            return
        if keep:
            self._cut = "".join(self._line[start:end])
        self._move(start)
        del self._line[start:end]
        self._redraw(start)

    def _move(self, to: int) -> None:
        to = min(max(0, to), len(self._line))
        if to < self._at:
            self._back(self._line[to : self._at])
        else:
            self._show("".join(self._line[self._at : to]))
        self._at = to

    def _replace(self, text: str) -> None:
        self._move(0)
        self._line = list(text)
        self._at = len(self._line)
        self._show(text + "\x1b[K")

    def _redraw(self, start: int) -> None:
        """Show the line from a place on; the cursor, which is at that place, goes to its own."""
        self._show("".join(self._line[start:]) + "\x1b[K")
        self._back(self._line[self._at :])

    def _back(self, characters: list[str]) -> None:
        self._show("\b" * cells("".join(characters)))

    def _word_start(self) -> int:
        at = self._at
        while at and self._line[at - 1] == " ":
            at -= 1
        while at and self._line[at - 1] != " ":
            at -= 1
        return at

    def _try_to_complete(self) -> None:
        endings = self._complete("".join(self._line[: self._at]))
        if not endings:
            self._show("\a")
            return
        common = endings[0]
        for ending in endings[1:]:
            while not ending.startswith(common):
                common = common[:-1]
        if common:
            self._insert(common)
        else:
            self._show("\a")

    def _show(self, text: str) -> None:
        self._tty.output.put(text.encode("utf-8", "surrogateescape"))
