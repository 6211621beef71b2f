"""The line discipline of a toy terminal: echo, line editing, signals, and newlines both ways."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from ssmtui.simulator.shell.streams import Closed, Pipe

INTERRUPT, QUIT, END, ERASE, KILL, WORD_ERASE = b"\x03\x1c\x04\x7f\x15\x17"
_BACKSPACE = 8
_LONGEST_LINE = 4096  # what N_TTY keeps of a line, and of input that nobody reads

SIGINT, SIGQUIT = 2, 3


class Tty:
    """Between a session and the programs in it.

    `receive` takes what the user types. While `editing`, all of it goes to the shell's own editor
    (`keys`), as with readline; otherwise it is cooked here: lines go to `input`, and Ctrl-C and
    Ctrl-\\ call `on_signal`. What programs write through `write` comes out of `output`.
    """

    def __init__(self, cols: int, rows: int, name: str = "pts/0") -> None:
        self.name = name
        self.cols = cols
        self.rows = rows
        self.echo = True
        self.canonical = True
        self.signals = True
        self.editing = False
        self.output = Pipe()
        self.keys = Pipe()
        self.input = Pipe()
        self.on_signal: Callable[[int], None] = _nobody
        self._line = bytearray()
        self._late = bytearray()  # typed after the end of a program's input
        self._gone = False
        self._carriage_return = False

    def resize(self, cols: int, rows: int) -> None:
        self.cols, self.rows = max(1, cols), max(1, rows)

    async def receive(self, data: bytes) -> None:
        """What the user has typed."""
        if self.editing:
            await self.keys.write(data)
            return
        if not (self.canonical or self.echo or self.signals):
            # Raw: nothing is cooked, and who types faster than the program reads has to wait.
            with suppress(Closed):
                await self.input.write(data)
            return
        for start in range(0, len(data), _LONGEST_LINE):
            for byte in data[start : start + _LONGEST_LINE]:
                self._cook(byte)
            await self.input.room()

    def hang_up(self) -> None:
        """Nothing more will be typed."""
        self._gone = True
        self.keys.end()
        self.input.end()

    def interrupted(self, signal: int) -> None:
        """A program has been ended by a signal: what it had still to say is thrown away, as the
        kernel does it, and the key is shown.
        """
        self.output.clear()
        self._show(b"^C\r\n" if signal == SIGINT else b"^\\Quit (core dumped)\r\n")

    async def write(self, data: bytes) -> None:
        """A program's output, with newlines as terminals want them."""
        await self.output.write(data.replace(b"\n", b"\r\n"))

    def start_program(self, typed: bytes) -> None:
        """A program has the terminal, and gets what was typed ahead."""
        self.editing = False
        self.echo = self.canonical = self.signals = True
        self._line.clear()
        self.input = Pipe()
        if self._gone:
            self.input.end()
        for byte in typed:
            self._cook(byte)

    def start_editing(self) -> None:
        """The shell has it: what no program has read is for the shell."""
        self.keys.put(self.input.take() + bytes(self._late + self._line))
        self._late.clear()
        self._line.clear()
        self.editing = True

    # Cooking.

    def _cook(self, byte: int) -> None:
        if self.signals and byte in (INTERRUPT, QUIT):
            self._signal(byte)
        elif not self.canonical:
            self._show(bytes([byte]))
            self.input.put(bytes([byte]))
        elif byte in (ERASE, _BACKSPACE):
            self._erase()
        elif byte == KILL:
            while self._line:
                self._erase()
        elif byte == WORD_ERASE:
            self._erase_word()
        elif byte == END:
            self._end()
        elif byte in b"\r\n":
            self._enter(byte)
        elif len(self._line) < _LONGEST_LINE:
            self._line.append(byte)
            self._show(bytes([byte]) if byte >= 32 or byte == 9 else b"^" + bytes([byte + 64]))
        self._carriage_return = byte == 13

    def _signal(self, byte: int) -> None:
        self._line.clear()
        self.on_signal(SIGINT if byte == INTERRUPT else SIGQUIT)

    def _enter(self, byte: int) -> None:
        if byte == 10 and self._carriage_return:
            return  # the second half of \r\n
        line = bytes(self._line) + b"\n"
        if not self.input.ended:
            self.input.put(line)
        elif len(self._late) < _LONGEST_LINE:
            self._late += line
        self._line.clear()
        self._show(b"\r\n")

    def _end(self) -> None:
        if self._line:
            self.input.put(bytes(self._line))
            self._line.clear()
        else:
            self.input.end()

    def _erase(self) -> None:
        if not self._line:
            return
        while self._line and self._line[-1] & 0xC0 == 0x80:
            del self._line[-1]
        del self._line[-1:]
        self._show(b"\b \b")

    def _erase_word(self) -> None:
        while self._line.endswith(b" "):
            self._erase()
        while self._line and not self._line.endswith(b" "):
            self._erase()

    def _show(self, data: bytes) -> None:
        if self.echo:
            self.output.put(data)


def _nobody(signal: int) -> None:
    """A signal when nothing runs."""


class TtyInput:
    """A terminal as the stdin of whichever program has it."""

    def __init__(self, tty: Tty) -> None:
        self._tty = tty

    async def read(self) -> bytes:
        return await self._tty.input.read()
